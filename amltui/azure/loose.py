"""Reading JSON whose members are not always what was documented: null, missing, another type."""

from __future__ import annotations

import json
import re
from datetime import datetime
from math import isfinite
from typing import Any

import msgspec

from amltui.azure.shape import ANYTHING, Members, Shape
from amltui.azure.times import parse_time

_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9.]+(?:e[+-]?[0-9]+)?|nan|inf|infinity)\s*", re.I | re.ASCII)
_LARGEST = 2**63
"""Whole numbers from here on are no count of anything."""


def document(raw: bytes, shape: Shape = ANYTHING) -> Any:
    """The JSON document, also behind a byte-order mark; ValueError where it is none.

    Of objects only the members that the shape names are there. JSON can spell half a character,
    which no terminal can print: a question mark takes its place.
    """
    try:
        return shape.decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return _tolerantly(raw)


def _tolerantly(raw: bytes) -> Any:
    """The document with all its members, also where it is not quite JSON: NaN, broken UTF-8."""
    try:
        found = json.loads(raw.decode("utf-8-sig", "replace"))
        if _HALF.search(raw):
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return found


def obj(value: Any, *path: str) -> Any:
    """The object under `path`; empty where there is none."""
    found = at(value, *path)
    return found if isinstance(found, dict | Members) else {}


def at(value: Any, *path: str) -> Any:
    """Whatever is under `path`, or None."""
    for name in path:
        if type(value) is dict:
            value = value.get(name)
        elif isinstance(value, Members):
            value = getattr(value, name, None)
        else:
            return None
    return value


def mapping(value: Any, *path: str) -> dict[str, Any]:
    """The object under `path` with whatever members it has; empty where there is none."""
    found = at(value, *path)
    return found if isinstance(found, dict) else {}


def objects(value: Any, *path: str) -> list[Any]:
    """The objects of the array under `path`; what else is in it is left out."""
    found = at(value, *path)
    if not isinstance(found, list):
        return []
    return [item for item in found if isinstance(item, dict | Members)]


def text(value: Any, *path: str) -> str | None:
    """The text or number under `path`, as text; None where it is empty or blank."""
    found = at(value, *path)
    if found is None or type(found) is str:  # nearly always: long lists are read by this
        return found if found and not found.isspace() else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return None if isinstance(found, float) and not isfinite(found) else str(found)


def number(value: Any, *path: str) -> float | None:
    """A number, also one that came as text; NaN and Infinity are numbers."""
    found = at(value, *path)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    if isinstance(found, str) and not _NUMBER.fullmatch(found):
        return None
    try:
        return float(found)
    except (ValueError, OverflowError):
        return None


def whole(value: Any, *path: str) -> int | None:
    """A whole number, also one that came as text: `instance_count: "1"` is real."""
    found = number(value, *path)
    if found is None or not abs(found) < _LARGEST:
        return None
    return int(found) if found == found // 1 else None


def count(value: Any, *path: str) -> int | None:
    """How many there are of something."""
    found = whole(value, *path)
    return found if found is not None and found >= 0 else None


def moment(value: Any, *path: str) -> datetime | None:
    """A time; None where it is missing, unreadable or year one."""
    found = at(value, *path)
    return parse_time(found) if isinstance(found, str) else None


def tags(value: Any, *path: str) -> dict[str, str | None]:
    """Tags. Their values may be null; a value that is not text is shown as JSON."""
    return {
        name: None if each is None else _written(each)
        for name, each in mapping(value, *path).items()
    }


def texts(value: Any, *path: str) -> dict[str, str]:
    """The members that have a value, as text or else as JSON."""
    return {
        name: _written(each) for name, each in mapping(value, *path).items() if each is not None
    }


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "…"
