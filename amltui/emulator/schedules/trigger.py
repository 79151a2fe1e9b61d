"""When a schedule is due: by a cron expression, or again and again after some time."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from amltui.emulator.schedules import cron, zones
from amltui.emulator.schedules.cron import BadExpression

FREQUENCIES = ("minute", "hour", "day", "week", "month")
_SECONDS = {"minute": 60.0, "hour": 3600.0}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EMPTY_DAYS = 5 * 366
"""After so many days without a time, there is none."""


@dataclass(frozen=True)
class Trigger:
    """The times of a schedule, between its start and its end."""

    start: float
    end: float
    zone: tzinfo
    times: tuple[tuple[int, int], ...] = ()
    """(hour, minute) of the days on which it is due."""
    is_on: Callable[[date], bool] = lambda day: True
    every: float | None = None
    """Seconds from one time to the next, for those that know no days."""

    def before(self, moment: float, earliest: float) -> Iterator[float]:
        """The times up to a moment, latest first, none before the earliest."""
        earliest = max(earliest, self.start)
        latest = min(moment, self.end)
        if latest < earliest:
            return
        if self.every is not None:
            at = self.start + (latest - self.start) // self.every * self.every
            while at >= earliest:
                yield at
                at -= self.every
            return
        first, last = self._day(latest), self._day(earliest) - timedelta(days=1)
        for at in self._on(cron.days(first + timedelta(days=1), last), reverse=True):
            if at < earliest:
                return
            if at <= latest:
                yield at

    def after(self, moment: float, latest: float) -> Iterator[float]:
        """The times from a moment on, in order, none behind the latest."""
        moment, latest = max(moment, self.start), min(latest, self.end)
        if self.every is not None:
            at = self.start + -(-(moment - self.start) // self.every) * self.every
            while at <= latest:
                yield at
                at += self.every
            return
        begin = self._day(moment) - timedelta(days=1)
        for at in self._on(cron.days(begin, date.max), reverse=False):
            if at > latest:
                return
            if at >= moment:
                yield at

    def is_due(self, moment: float) -> bool:
        """Whether it is due in that very second."""
        return next(self.before(moment, moment - 0.5), None) is not None

    def _day(self, moment: float) -> date:
        return datetime.fromtimestamp(moment, self.zone).date()

    def _on(self, days: Iterator[date], *, reverse: bool) -> Iterator[float]:
        empty = 0
        times = self.times[::-1] if reverse else self.times
        for day in days:
            empty += 1
            if empty > EMPTY_DAYS:
                return
            if self.is_on(day):
                empty = 0
                for hour, minute in times:
                    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
                    yield local.timestamp()


def read(asked: Mapping[str, Any], since: float) -> Trigger:
    """The trigger as a client put it; `since` is when it begins if that is not said.

    BadExpression says what is wrong with it.
    """
    zone = zones.zone(_text(asked, "timeZone"))
    start, end = _moment(asked, "startTime", zone), _moment(asked, "endTime", zone)
    begins = since if start is None else start
    ends = float("inf") if end is None else end
    kind = str(asked.get("triggerType") or "").lower()
    if kind == "cron":
        told = cron.parse(str(asked.get("expression") or ""))
        return Trigger(begins, ends, zone, tuple(told.times()), told.is_on)
    if kind != "recurrence":
        raise BadExpression("The field trigger.triggerType must be Cron or Recurrence.")
    frequency = str(asked.get("frequency") or "").lower()
    interval = asked.get("interval")
    if frequency not in FREQUENCIES:
        raise BadExpression("The field trigger.frequency must be Minute, Hour, Day, Week or Month.")
    if not isinstance(interval, int) or isinstance(interval, bool) or interval < 1:
        raise BadExpression("The field trigger.interval must be a positive number.")
    if frequency in _SECONDS:
        return Trigger(begins, ends, zone, every=_SECONDS[frequency] * interval)
    return _by_days(asked, frequency, interval, Trigger(begins, ends, zone))


def _by_days(asked: Mapping[str, Any], frequency: str, interval: int, trigger: Trigger) -> Trigger:
    """Every so many days, weeks or months, at the times of its schedule or of its start."""
    schedule = asked.get("schedule")
    schedule = schedule if isinstance(schedule, Mapping) else {}
    begins = datetime.fromtimestamp(trigger.start, trigger.zone)
    first = begins.date()
    hours = _numbers(schedule, "hours", 23) or [begins.hour]
    minutes = _numbers(schedule, "minutes", 59) or [begins.minute]
    weekdays = _weekdays(schedule)
    monthdays = _numbers(schedule, "monthDays", 31)

    def is_on(day: date) -> bool:
        if frequency == "day":
            return (day - first).days % interval == 0 and (
                not weekdays or day.weekday() in weekdays
            )
        if frequency == "week":
            weeks = ((day - timedelta(days=day.weekday())) - _monday(first)).days // 7
            return weeks % interval == 0 and day.weekday() in (weekdays or {first.weekday()})
        months = (day.year - first.year) * 12 + day.month - first.month
        if months % interval != 0:
            return False
        if weekdays and not monthdays:
            return day.weekday() in weekdays
        last = calendar.monthrange(day.year, day.month)[1]
        return day.day in {min(each, last) for each in (monthdays or [first.day])}

    times = tuple((hour, minute) for hour in sorted(hours) for minute in sorted(minutes))
    return Trigger(trigger.start, trigger.end, trigger.zone, times, is_on)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _numbers(schedule: Mapping[str, Any], name: str, most: int) -> list[int]:
    values = schedule.get(name)
    if values is None:
        return []
    if not isinstance(values, list) or not all(
        isinstance(each, int) and 0 <= each <= most for each in values
    ):
        raise BadExpression(f"The field trigger.schedule.{name} must hold numbers up to {most}.")
    return values


def _weekdays(schedule: Mapping[str, Any]) -> set[int]:
    values = schedule.get("weekDays")
    if values is None:
        return set()
    if not isinstance(values, list) or not all(str(v).lower() in _WEEKDAYS for v in values):
        raise BadExpression("The field trigger.schedule.weekDays must hold days such as Monday.")
    return {_WEEKDAYS.index(str(each).lower()) for each in values}


def _text(asked: Mapping[str, Any], name: str) -> str | None:
    value = asked.get(name)
    if value is not None and not isinstance(value, str):
        raise BadExpression(f"The field trigger.{name} must be a string.")
    return value


def _moment(asked: Mapping[str, Any], name: str, zone: tzinfo) -> float | None:
    text = _text(asked, name)
    if not text:
        return None
    try:
        return zones.moment(text, zone)
    except (ValueError, OverflowError, OSError) as error:
        raise BadExpression(f"The field trigger.{name} must be a time.") from error
