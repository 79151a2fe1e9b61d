"""Reads bodies of any JSON shape: what has another type than it must have is complained of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Malformed(Exception):
    """A body that cannot be meant; says which part, in a sentence."""


def mapping(value: Any, name: str) -> dict[str, Any]:
    """An object; empty where there is none."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed(f"The field {name} must be an object.")
    return value


def words(value: Any, name: str) -> dict[str, str | None] | None:
    """An object of texts, as tags and properties are; None where there is none."""
    if value is None:
        return None
    held = mapping(value, name)
    for key, each in held.items():
        if each is not None and not isinstance(each, str):
            raise Malformed(f"The value of {key} in {name} must be a string.")
    return held


def text(asked: Mapping[str, Any], name: str) -> str | None:
    value = asked.get(name)
    if value is not None and not isinstance(value, str):
        raise Malformed(f"The field {name} must be a string.")
    return value


def whole(value: Any, name: str, least: int = 0) -> int:
    """A whole number; recorded bodies have some of them as texts."""
    if isinstance(value, str) and value.strip().lstrip("-").isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Malformed(f"The field {name} must be a whole number.")
    if value < least:
        raise Malformed(f"The field {name} must be at least {least}.")
    return value


def one_of(value: Any, name: str, choices: tuple[str, ...], usual: str | None = None) -> str:
    """One of these words, as the service spells it, however the client did."""
    if value is None and usual is not None:
        return usual
    found = {each.lower(): each for each in choices}.get(str(value).lower())
    if found is None:
        raise Malformed(f"The field {name} must be one of {', '.join(choices)}, not {value!r}.")
    return found
