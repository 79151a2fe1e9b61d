"""Reading JSON whose members are not always what was documented: null, missing, another type."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from amltui.azure.times import parse_time


def obj(value: Any, *path: str) -> dict[str, Any]:
    """The object under `path`; empty where there is none."""
    found = at(value, *path)
    return found if isinstance(found, dict) else {}


def at(value: Any, *path: str) -> Any:
    """Whatever is under `path`, or None."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def objects(value: Any, *path: str) -> list[dict[str, Any]]:
    """The objects of the array under `path`; what else is in it is left out."""
    found = at(value, *path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def text(value: Any, *path: str) -> str | None:
    """The text or number under `path`, as text; None where it is empty."""
    found = at(value, *path)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    return str(found) or None


def number(value: Any, *path: str) -> float | None:
    """A number, also one that came as text; NaN and Infinity are numbers."""
    found = at(value, *path)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    try:
        return float(found)
    except (ValueError, OverflowError):
        return None


def whole(value: Any, *path: str) -> int | None:
    """A whole number, also one that came as text: `instance_count: "1"` is real."""
    found = number(value, *path)
    return int(found) if found is not None and found == found // 1 else None


def moment(value: Any, *path: str) -> datetime | None:
    """A time; None where it is missing, unreadable or year one."""
    found = at(value, *path)
    return parse_time(found) if isinstance(found, str) else None


def tags(value: Any, *path: str) -> dict[str, str | None]:
    """Tags. Their values may be null; a value that is not text is shown as text."""
    return {
        name: each if each is None or isinstance(each, str) else str(each)
        for name, each in obj(value, *path).items()
    }


def texts(value: Any, *path: str) -> dict[str, str]:
    """The members that have a value, as text."""
    return {name: str(each) for name, each in obj(value, *path).items() if each is not None}
