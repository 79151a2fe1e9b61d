"""Times of day on the days that a rule picks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

FURTHEST = 366 * 8 + 2
"""Days that are looked through: every leap day comes round in them."""


@dataclass(frozen=True)
class Days:
    """Due on some days at some times of the day, as the clocks of a zone show them."""

    zone: tzinfo
    picks: Callable[[date], bool]
    times: tuple[tuple[int, int, int], ...]
    """Hour, minute and second, in order."""

    def forward(self, after: float) -> Iterator[float]:
        """From the first one after a moment."""
        day = _day(after, self.zone) - timedelta(days=1)
        for _ in range(FURTHEST):
            if self.picks(day):
                yield from (at for at in self._on(day) if at > after)
            day += timedelta(days=1)

    def backward(self, until: float) -> Iterator[float]:
        """From the last one that is not after a moment."""
        day = _day(until, self.zone) + timedelta(days=1)
        for _ in range(FURTHEST):
            if self.picks(day):
                yield from (at for at in reversed(self._on(day)) if at <= until)
            day -= timedelta(days=1)

    def _on(self, day: date) -> list[float]:
        moments = {
            datetime(day.year, day.month, day.day, *time, tzinfo=self.zone).timestamp()
            for time in self.times
        }
        return sorted(moments)


@dataclass(frozen=True)
class Steps:
    """Due every so many seconds from a first moment on."""

    first: float
    step: float

    def forward(self, after: float) -> Iterator[float]:
        number = max(0, int((after - self.first) // self.step) + 1)
        while True:
            yield self.first + number * self.step
            number += 1

    def backward(self, until: float) -> Iterator[float]:
        for number in range(int((until - self.first) // self.step), -1, -1):
            yield self.first + number * self.step


def _day(moment: float, zone: tzinfo) -> date:
    return (datetime.fromtimestamp(moment, UTC).astimezone(zone)).date()
