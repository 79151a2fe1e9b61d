"""The pairs that lists are asked for by: `tags=team=vision,urgent`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def has(held: Mapping[str, Any] | None, asked: str | None) -> bool:
    """Whether all of `name=value,name` is among them: one has that value, the other is there."""
    return all(_has(held or {}, pair) for pair in (asked or "").split(",") if pair)


def has_one(held: Mapping[str, Any] | None, asked: str | None) -> bool:
    """The same of one pair, whose value may have commas."""
    return not asked or _has(held or {}, asked)


def _has(held: Mapping[str, Any], pair: str) -> bool:
    name, equals, value = pair.partition("=")
    return name in held and (not equals or held[name] == value)
