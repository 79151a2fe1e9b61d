"""Triggers as clients put them, of schedules of jobs and of computes alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import takewhile
from typing import Any

from amltui.emulator.triggers.calendar_days import Days, Steps
from amltui.emulator.triggers.cron import cron
from amltui.emulator.triggers.recurrence import FREQUENCIES, WEEKDAYS, recurrence
from amltui.emulator.triggers.windows_zones import zone_of


@dataclass(frozen=True)
class Trigger:
    """The moments at which something is due, in epoch seconds."""

    pattern: Days | Steps
    start: float
    end: float = float("inf")

    def forward(self, after: float) -> Iterator[float]:
        """Those after a moment, soonest first."""
        found = (at for at in self.pattern.forward(max(after, self.start - 1.0)))
        return takewhile(lambda at: at < self.end, (at for at in found if at >= self.start))

    def backward(self, until: float) -> Iterator[float]:
        """Those up to a moment, latest first."""
        found = self.pattern.backward(min(until, self.end))
        return takewhile(lambda at: at >= self.start, (at for at in found if at < self.end))

    def within(self, after: float, until: float) -> Iterator[float]:
        """Those after one moment and up to another, latest first."""
        return takewhile(lambda at: at > after, self.backward(until))


def trigger_of(body: Mapping[str, Any], known_since: float) -> Trigger:
    """The trigger of a body that names its `triggerType`; ValueError says why there is none.

    What starts at no moment that the body tells, starts when it became known.
    """
    kind = _text(body, "triggerType").lower()
    if kind not in {"cron", "recurrence"}:
        raise ValueError("The triggerType has to be Cron or Recurrence.")
    zone = zone_of(_text(body, "timeZone") or "UTC")
    start = _moment(body, "startTime", zone, known_since)
    end = _moment(body, "endTime", zone, float("inf"))
    if kind == "cron":
        return Trigger(cron(_text(body, "expression"), zone), start, end)
    pattern = body.get("schedule")
    if pattern is None:
        pattern = {}
    if not isinstance(pattern, Mapping):
        raise ValueError("The schedule of a recurrence has to be an object.")
    frequency = canonical(_text(body, "frequency"), FREQUENCIES)
    interval = body.get("interval", 1)
    if not isinstance(interval, int) or isinstance(interval, bool):
        raise ValueError("The interval of a recurrence has to be a number.")
    due = recurrence(
        frequency,
        interval,
        start,
        zone,
        hours=_numbers(pattern, "hours"),
        minutes=_numbers(pattern, "minutes"),
        weekdays=[canonical(each, WEEKDAYS) for each in _list(pattern, "weekDays")],
        month_days=_numbers(pattern, "monthDays"),
    )
    return Trigger(due, start, end)


def canonical(text: Any, words: tuple[str, ...]) -> str:
    """The word as the service spells it; other text stays as it is."""
    return next((word for word in words if word.lower() == str(text).lower()), str(text))


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"The {name} has to be a string.")
    return value or ""


def _list(body: Mapping[str, Any], name: str) -> list[Any]:
    value = body.get(name)
    if value is not None and not isinstance(value, list):
        raise ValueError(f"The {name} have to be a list.")
    return value or []


def _numbers(body: Mapping[str, Any], name: str) -> list[int]:
    found = _list(body, name)
    if not all(isinstance(each, int) and not isinstance(each, bool) for each in found):
        raise ValueError(f"The {name} have to be numbers.")
    return found


def _moment(body: Mapping[str, Any], name: str, zone: tzinfo, otherwise: float) -> float:
    """A moment that is told without an offset is one of the zone."""
    text = _text(body, name).strip()
    if not text:
        return otherwise
    try:
        told = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return (told if told.tzinfo else told.replace(tzinfo=zone)).astimezone(UTC).timestamp()
    except (ValueError, OverflowError) as error:
        raise ValueError(f"The {name} '{text}' is no moment.") from error
