"""How old what is shown is, in words that stay the same as long as all is well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amltui.azure.errors import AzureError, Throttled
from amltui.domain.health import Health
from amltui.feeds.board import View
from amltui.feeds.feed import Snapshot
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell

LATE = 3.0
"""Paces without an answer after which data that should be live is told to be old."""
STEP = 10
"""Seconds between two ages shown: a clock that ticks costs bytes over SSH."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """For the header, and for the status line."""

    badge: Cell
    problems: tuple[Cell, ...] = ()


def freshness(view: View[Any], pace: float, now: datetime, name: Callable[[str], str]) -> Freshness:
    """`live 10s` says that no row is older than about ten seconds; else the age and the reason."""
    problems = tuple(
        problem(name(place), part, now) for place, part in view.failing.items() if part.error
    )
    if view.answered == 0:
        badge = Cell("no data", Health.BAD) if problems else Cell("loading", Health.BUSY)
        return Freshness(badge, problems)
    old = (now - (view.oldest or now)).total_seconds()
    if problems:
        return Freshness(Cell(f"stale {_stepped(old)}", Health.ATTENTION), problems)
    if view.answered < len(view.parts):
        count = f"{view.answered}/{len(view.parts)} answered"
        return Freshness(Cell(count, Health.BUSY))
    if old > LATE * pace:
        return Freshness(Cell(f"{_stepped(old)} old", Health.STALLED))
    return Freshness(Cell(f"live {fmt.duration(pace)}", Health.GOOD))


def problem(place: str, part: Snapshot[Any], now: datetime) -> Cell:
    """What went wrong somewhere, how old the rows are, and when it is asked again."""
    wait = (part.retry_at - now).total_seconds() if part.retry_at else 0.0
    retry = f"retry in {_stepped(max(wait, 1))}"
    known = f"stale {_stepped((now - part.at).total_seconds())}" if part.at else "never answered"
    where = f"{place}: " if place else ""
    return Cell(f"{where}{reason(part.error)} ({known}, {retry})", Health.ATTENTION)


def reason(error: AzureError | None) -> str:
    """A failure in a few words."""
    if isinstance(error, Throttled):
        return "throttled"
    return fmt.one_line(str(error))


def _stepped(seconds: float) -> str:
    return fmt.duration(seconds - seconds % STEP if seconds >= STEP else seconds)
