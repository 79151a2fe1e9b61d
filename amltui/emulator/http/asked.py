"""Reads what clients ask for, of any JSON shape: what has another type than it must is refused.

`…_of` read a member of an object by its name; the others a value, and are told its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, overload


class Malformed(Exception):
    """What cannot be meant; says which part, in a sentence. The gateway makes a 400 of it."""


def wrong(name: str, kind: str) -> Malformed:
    """To be raised for a member that is not what it must be: `an object`."""
    return Malformed(f"The field {name} must be {kind}.")


def object_of(holder: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Empty where there is none."""
    return mapping(holder.get(name), name)


def objects_of(holder: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects: empty where there is none."""
    value = holder.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise wrong(name, "an array of objects")
    return value


@overload
def text_of(holder: Mapping[str, Any], name: str, usual: str = "") -> str: ...
@overload
def text_of(holder: Mapping[str, Any], name: str, usual: None) -> str | None: ...
def text_of(holder: Mapping[str, Any], name: str, usual: str | None = "") -> str | None:
    """A string; what is usual where there is none."""
    value = holder.get(name)
    if value is None:
        return usual
    if not isinstance(value, str):
        raise wrong(name, "a string")
    return value


def flag_of(holder: Mapping[str, Any], name: str) -> bool:
    value = holder.get(name)
    if not isinstance(value, bool):
        raise wrong(name, "true or false")
    return value


def mapping(value: Any, name: str) -> dict[str, Any]:
    """An object; empty where there is none."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong(name, "an object")
    return value


def words(value: Any, name: str) -> dict[str, str | None] | None:
    """An object of texts, as tags and properties are; None where there is none."""
    if value is None:
        return None
    held = mapping(value, name)
    for key, each in held.items():
        if each is not None and not isinstance(each, str):
            raise wrong(f"{name}.{key}", "a string")
    return held


def tags_of(holder: Mapping[str, Any]) -> dict[str, Any]:
    """The member `tags`, an object of texts: empty where there is none."""
    return words(holder.get("tags"), "tags") or {}


def whole(value: Any, name: str, least: int = 0) -> int:
    """A whole number; recorded bodies have some of them as texts."""
    if isinstance(value, str) and value.strip().lstrip("-").isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong(name, "a whole number")
    if value < least:
        raise wrong(name, f"at least {least}")
    return value


def one_of(value: Any, name: str, choices: tuple[str, ...], usual: str | None = None) -> str:
    """One of these words, as the service spells it, however the client did."""
    if value is None and usual is not None:
        return usual
    found = {each.lower(): each for each in choices}.get(str(value).lower())
    if found is None:
        raise wrong(name, f"one of {', '.join(choices)}, not {value!r}")
    return found
