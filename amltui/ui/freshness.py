"""How old what is shown is, in words that stay the same as long as all is well.

A clock that ticks costs bytes over SSH: so the words promise an age while answers come in time, and
tell ages in steps once they do not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from amltui.azure.errors import AzureError, Throttled
from amltui.domain.health import Health
from amltui.feeds.board import View
from amltui.feeds.feed import Snapshot
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell

LATE = 3.0
"""Paces without an answer after which data that should be live is told to be old."""
GRACE = 30.0
"""Seconds that are never called late: a slow answer is not an old one."""
STEP = 10
"""Seconds between two ages shown."""
WITHIN = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Answer times are told in these steps."""
NAMED = 3
"""Places told by name before they are counted."""


class Freshness(Struct, frozen=True):
    """For the header, and for the status line."""

    badge: Cell
    status: tuple[Cell, ...] = ()


def freshness(
    view: View[Any],
    pace: Callable[[Sequence[Any]], float],
    now: datetime,
    noun: str,
    name: Callable[[str], str],
) -> Freshness:
    """`live 10s` promises that no row is older than about ten seconds; else the age and why.

    `noun` is what is listed, `name` tells a place by its key.
    """
    problems = troubles(view, now, name)
    recalled = any(part.recalled for part in view.parts.values())
    if view.answered == 0:
        badge = Cell("no data", Health.BAD) if problems else Cell("loading", Health.BUSY)
        return Freshness(badge, problems or (Cell(f"asking for {noun}", dim=True),))
    old = (now - (view.oldest or now)).total_seconds()
    if problems:
        well = len(view.parts) - len(view.failing)
        rest = (Cell(f"{well} ok", dim=True),) if well else ()
        known = _cached(old) if recalled else f"stale {stepped(old)}"
        return Freshness(Cell(known, Health.ATTENTION), (*problems, *rest))
    missing = [
        name(place) for place, part in view.parts.items() if part.recalled or not part.loaded
    ]
    if recalled:
        asking = f"asking {_named(missing)}".strip()
        told = f"{noun} {_cached(old)}, {asking}"
        return Freshness(Cell(_cached(old), Health.STALLED), (Cell(told),))
    if missing:
        badge = Cell(f"{view.answered}/{len(view.parts)} answered", Health.BUSY)
        return Freshness(badge, (Cell(f"asking {_named(missing)}", dim=True),))
    if any(_is_late(part, pace, now) for part in view.parts.values()):
        age = f"{stepped(old)} old"
        return Freshness(Cell(age, Health.STALLED), (Cell(f"{noun} {age}, asking again"),))
    slowest = max(pace(part.items) for part in view.parts.values())
    places = f" of {len(view.parts)} workspaces" if len(view.parts) > 1 else ""
    ok = f"ok · {noun}{places} every {fmt.duration(slowest)} · {_within(view)}"
    return Freshness(Cell(f"live {fmt.duration(slowest)}", Health.GOOD), (Cell(ok, dim=True),))


def signed_out(problem: str, known: Cell | None = None) -> Freshness:
    """While there is no session: why, and how old the rows are that are known all the same.

    `problem` is empty while it is being signed in. A list without rows tells all of it in their
    place, and only its last line, what comes next, is repeated in the status line.
    """
    if not problem:
        signing = Cell("signing in", Health.BUSY)
        return Freshness(signing) if known is None else Freshness(known, (signing,))
    if known is None:
        next_step = problem.rpartition("\n")[2]
        told = (Cell(fmt.one_line(next_step), Health.ATTENTION),)
        return Freshness(Cell("no session", Health.BAD), told)
    reason = fmt.one_line(" · ".join(problem.split("\n")))
    return Freshness(known, (Cell(f"no session: {reason}", Health.BAD),))


def troubles(view: View[Any], now: datetime, name: Callable[[str], str]) -> tuple[Cell, ...]:
    """What went wrong where; places with the same trouble are told together."""
    alike: dict[str, list[str]] = {}
    for place, part in view.failing.items():
        alike.setdefault(reason(part.error), []).append(place)
    return tuple(
        problem(_named([name(place) for place in places]), view.failing[places[0]], now)
        for places in alike.values()
    )


def problem(where: str, part: Snapshot[Any], now: datetime) -> Cell:
    """How old the rows of a place are, when it is asked again, and why: the reason may be long."""
    wait = (part.retry_at - now).total_seconds() if part.retry_at else 0.0
    retry = f"retry in {stepped(max(wait, 1))}"
    known = "no data yet"
    if part.at is not None:
        old = (now - part.at).total_seconds()
        known = _cached(old) if part.recalled else f"stale {stepped(old)}"
    told = f"{where} " if where else ""
    return Cell(f"{told}{known}, {retry}: {reason(part.error)}", Health.ATTENTION)


def reason(error: AzureError | None) -> str:
    """A failure in a few words."""
    if isinstance(error, Throttled):
        return "throttled"
    return fmt.one_line(str(error))


def stepped(seconds: float) -> str:
    """A duration that does not change every second."""
    return fmt.duration(seconds - seconds % STEP if seconds >= STEP else seconds)


def _cached(seconds: float) -> str:
    """Rows of an earlier run are seldom seconds old: one unit says enough."""
    return f"cached {stepped(seconds).partition(' ')[0]} ago"


def _is_late(part: Snapshot[Any], pace: Callable[[Sequence[Any]], float], now: datetime) -> bool:
    allowed = max(GRACE, LATE * pace(part.items))
    return part.at is not None and (now - part.at).total_seconds() > allowed


def _within(view: View[Any]) -> str:
    slowest = max(part.took for part in view.parts.values())
    limit = next((limit for limit in WITHIN if slowest <= limit), None)
    return f"answers within {limit:g}s" if limit else f"answers take {fmt.duration(slowest)}"


def _named(places: Sequence[str]) -> str:
    if len(places) > NAMED:
        return f"{len(places)} workspaces"
    return ", ".join(place for place in places if place)
