"""One condition of a filter, and the fields that conditions can be about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from msgspec import Struct


class Shape(Enum):
    """What kind of values a field has, and so how they are compared."""

    TEXT = "text"
    CHOICE = "one of"
    """One of a few words."""
    PERSON = "person"
    """Who: `me`, a sign-in name, what stands before its @, or a part of a display name."""
    AFTER = "after"
    BEFORE = "before"
    NUMBER = "number"
    SPAN = "span"
    """Seconds, typed as 90, 30m or 2h."""
    TAG = "tag"
    """`tag:team` is there, `tag:team=vision` has this value."""
    NUMBERS = "numbers"
    """Numbers by name: metrics.acc."""
    TEXTS = "texts"
    """Texts by name, compared as numbers where both are: params.lr."""

    @property
    def has_key(self) -> bool:
        """Whether a name after a dot says which of several is meant."""
        return self in {Shape.NUMBERS, Shape.TEXTS}

    @property
    def has_order(self) -> bool:
        return self in {Shape.NUMBER, Shape.SPAN, Shape.NUMBERS, Shape.TEXTS}


class Spec(Struct, frozen=True):
    """A field as far as the grammar must know it."""

    name: str
    shape: Shape
    about: str
    """For help: what it is, in a few words."""
    options: Sequence[str] = ()
    """All that a choice can be, in lower case."""
    aliases: Sequence[str] = ()

    @property
    def example(self) -> str:
        """The beginning of a condition on it."""
        return f"{self.name}." if self.shape.has_key else f"{self.name}:"


class Condition(Struct, frozen=True):
    """What a row must be, or with `unwanted` must not be. One of the values is enough."""

    text: str
    """As it was typed."""
    at: int
    """Where in the filter it begins."""
    field: str = ""
    """Name of a field; empty for all that the row shows."""
    key: str = ""
    """Which of the metrics, parameters or tags."""
    compare: str = ":"
    """`:` equals a value, `=` too; `!=`, `<`, `<=`, `>`, `>=`; `?` asks whether there is one."""
    values: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    """Instead of values: a regular expression, looked for anywhere and in either case."""
    unwanted: bool = False

    @property
    def value(self) -> str:
        """The only value of conditions that have one."""
        return self.values[0] if self.values else ""

    @property
    def is_plain(self) -> bool:
        """Whether it asks for whole values, spelled out."""
        return self.pattern is None and not any("*" in value for value in self.values)


class Query(Struct, frozen=True):
    """A filter as it was understood: all of its conditions must hold."""

    conditions: tuple[Condition, ...] = ()
    complaint: str = ""
    """What could not be understood, where, and what to do about it; one sentence, or empty."""
    with_numbers: bool = False
    """Whether numbers by name are to be told of every row, and not only of those looked at."""
    end: int = 0
    """Where what is complained of ends; 0 without a complaint."""

    def about(self, *fields: str) -> tuple[Condition, ...]:
        """The conditions on these fields."""
        return tuple(each for each in self.conditions if each.field in fields)
