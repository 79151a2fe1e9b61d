"""Cron expressions: minute, hour, day of the month, month, day of the week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo

from amltui.emulator.triggers.calendar_days import Days

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


def cron(expression: str, zone: tzinfo) -> Days:
    """When an expression is due; ValueError if it is none."""
    parts = expression.split()
    if len(parts) != 5:
        raise ValueError(f"The cron expression '{expression}' does not have five fields.")
    try:
        minutes = _field(parts[0], 0, 59)
        hours = _field(parts[1], 0, 23)
        days = _field(parts[2], 1, 31)
        months = _field(parts[3], 1, 12, _MONTHS)
        weekdays = {day % 7 for day in _field(parts[4], 0, 7, _WEEKDAYS)}
    except ValueError as error:
        raise ValueError(f"The cron expression '{expression}' is not valid: {error}.") from error
    either = not parts[2].startswith("*") and not parts[4].startswith("*")

    def picks(day: date) -> bool:
        if day.month not in months:
            return False
        in_month, in_week = day.day in days, day.isoweekday() % 7 in weekdays
        # Where both are restricted, either is enough.
        return in_month or in_week if either else in_month and in_week

    times = tuple((hour, minute, 0) for hour in sorted(hours) for minute in sorted(minutes))
    return Days(zone, picks, times)


def _field(text: str, low: int, high: int, names: Sequence[str] = ()) -> set[int]:
    """The values of `*`, `5`, `1-5`, `*/15`, `1-30/2`, and lists of these."""
    found: set[int] = set()
    for part in text.split(","):
        span, slash, step = part.partition("/")
        width = int(step) if slash else 1
        if width < 1:
            raise ValueError(f"'{part}' has no step")
        if span == "*":
            first, last = low, high
        else:
            start, dash, end = span.partition("-")
            first = _value(start, low, names)
            last = _value(end, low, names) if dash else (high if slash else first)
        if not low <= first <= last <= high:
            raise ValueError(f"'{part}' is not within {low}-{high}")
        found.update(range(first, last + 1, width))
    return found


def _value(text: str, low: int, names: Sequence[str]) -> int:
    if text.upper() in names:
        return names.index(text.upper()) + low
    if not text.isdecimal():
        raise ValueError(f"'{text}' is no number")
    return int(text)
