"""Recurrences: every so many minutes, hours, days, weeks or months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo

from amltui.emulator.triggers.calendar_days import Days, Steps

FREQUENCIES = ("Minute", "Hour", "Day", "Week", "Month")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST = 1000
"""The longest interval, in units of the frequency."""


def recurrence(
    frequency: str,
    interval: int,
    start: float,
    zone: tzinfo,
    *,
    hours: Sequence[int] = (),
    minutes: Sequence[int] = (),
    weekdays: Sequence[str] = (),
    month_days: Sequence[int] = (),
) -> Days | Steps:
    """When it is due; what its schedule leaves open is as at its start. ValueError if never."""
    if frequency not in FREQUENCIES:
        raise ValueError(f"A recurrence is not every '{frequency}': {', '.join(FREQUENCIES)}.")
    if not 1 <= interval <= MOST:
        raise ValueError(f"The interval of a recurrence is within 1-{MOST}.")
    if frequency in {"Minute", "Hour"}:
        return Steps(start, interval * (60.0 if frequency == "Minute" else 3600.0))
    if not all(0 <= each <= 23 for each in hours) or not all(0 <= each <= 59 for each in minutes):
        raise ValueError("The hours of a schedule are within 0-23 and its minutes within 0-59.")
    if not all(each in WEEKDAYS for each in weekdays):
        raise ValueError(f"The days of a week are {', '.join(WEEKDAYS)}.")
    if not all(1 <= each <= 31 or -31 <= each <= -1 for each in month_days):
        raise ValueError("The days of a month are within 1-31.")
    first = datetime.fromtimestamp(start, UTC).astimezone(zone)
    second = 0 if hours or minutes else first.second
    times = tuple(
        (hour, minute, second)
        for hour in sorted(hours or [first.hour])
        for minute in sorted(minutes or ([0] if hours else [first.minute]))
    )
    wanted = {WEEKDAYS.index(each) for each in weekdays}

    def picks(day: date) -> bool:
        if frequency == "Day":
            return (day - first.date()).days % interval == 0
        if frequency == "Week":
            monday = day.toordinal() - day.weekday()
            since = (monday - first.date().toordinal() + first.weekday()) // 7
            return since % interval == 0 and day.weekday() in (wanted or {first.weekday()})
        since = (day.year - first.year) * 12 + day.month - first.month
        if since % interval:
            return False
        if not wanted and not month_days:
            return day.day == first.day
        return day.weekday() in wanted or any(_is(day, number) for number in month_days)

    return Days(zone, picks, times)


def _is(day: date, number: int) -> bool:
    """Whether it is that day of its month; -1 is the last."""
    if number > 0:
        return day.day == number
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (following - day).days == -number
