"""Cron expressions: minute, hour, day of the month, month, day of the week."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PART = re.compile(r"(\*|[\w]+)(?:-(\w+))?(?:/(\d+))?")


class BadExpression(ValueError):
    """What is wrong with an expression."""


@dataclass(frozen=True)
class Cron:
    """The minutes, hours and days that an expression means."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Sunday."""
    any_day: bool
    any_weekday: bool

    def is_on(self, day: date) -> bool:
        """Whether it is due at all that day."""
        if day.month not in self.months:
            return False
        on_day, on_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            return on_day and on_weekday
        return on_day or on_weekday  # with both restricted, either will do

    def times(self) -> list[tuple[int, int]]:
        """(hour, minute) of a day on which it is due, in order."""
        return [(hour, minute) for hour in sorted(self.hours) for minute in sorted(self.minutes)]


def parse(text: str) -> Cron:
    """Read an expression; BadExpression says what is wrong with it."""
    fields = text.split()
    if len(fields) != 5:
        raise BadExpression(f"The cron expression '{text}' must have five fields.")
    minute, hour, day, month, weekday = fields
    return Cron(
        frozenset(_values(minute, 0, 59)),
        frozenset(_values(hour, 0, 23)),
        frozenset(_values(day, 1, 31)),
        frozenset(_values(month, 1, 12, _MONTHS, 1)),
        frozenset(each % 7 for each in _values(weekday, 0, 7, _DAYS)),
        any_day=day == "*",
        any_weekday=weekday == "*",
    )


def days(first: date, last: date) -> Iterator[date]:
    """Every day between two, backwards where the last one is earlier."""
    step = timedelta(days=1 if first <= last else -1)
    day = first
    while (day <= last) if step.days > 0 else (day >= last):
        yield day
        day += step


def _values(
    text: str, low: int, high: int, names: tuple[str, ...] = (), first: int = 0
) -> Iterator[int]:
    for part in text.lower().split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise BadExpression(f"'{text}' is no field of a cron expression.")
        start, end, step = match.groups()
        begin = low if start == "*" else _number(start, names, first)
        until = high if start == "*" or (step and not end) else begin
        if end:
            until = _number(end, names, first)
        if not low <= begin <= until <= high or step == "0":
            raise BadExpression(f"'{part}' must lie between {low} and {high}.")
        yield from range(begin, until + 1, int(step or 1))


def _number(text: str, names: tuple[str, ...], first: int) -> int:
    if text in names:
        return names.index(text) + first
    if not text.isdigit():
        raise BadExpression(f"'{text}' is no number of a cron expression.")
    return int(text)
