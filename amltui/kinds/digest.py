"""What has happened since the dashboard was last left, from what all workspaces tell now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from amltui.domain.burn import Burn
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.overview import Overview
from amltui.feeds.watches import Visit
from amltui.kinds import format as fmt
from amltui.kinds import money
from amltui.kinds.kind import Cell
from amltui.kinds.pulse import Line

_FIRST = {Health.BAD: 0, Health.DONE: 1}
"""Failures are looked for first."""


class Digest(Struct, frozen=True):
    """The news."""

    since: datetime
    ended: tuple[Job, ...] = ()
    """Failures first, then what has completed, then the rest; the latest first in each."""
    costing: tuple[Burn, ...] = ()
    """What was not billed then."""

    def told(self, now: datetime) -> str:
        """In one line; that there is nothing is said too."""
        failed = sum(job.health is Health.BAD for job in self.ended)
        done = sum(job.health is Health.DONE for job in self.ended)
        other = len(self.ended) - failed - done
        cost = len(self.costing)
        counts = [(failed, "failed"), (done, "finished"), (other, "canceled"), (cost, "new costs")]
        news = ", ".join(f"{count} {word}" for count, word in counts if count) or "nothing new"
        return f"last visit {visited(self.since, now)}: {news}"


def digest(overview: Overview, visit: Visit) -> Digest:
    """What is new, as far as the newest jobs of each workspace tell it."""
    ended = [
        each.job
        for each in overview.jobs
        if each.job.ended_for_good and each.job.ended is not None and each.job.ended > visit.at
    ]
    ended.sort(
        key=lambda job: (_FIRST.get(job.health, 2), -(job.ended or visit.at).timestamp(), job.key)
    )
    known, places = set(visit.costing), set(visit.places)
    fresh = {
        key: each
        for each in overview.burns
        if each.workspace.key in places and (key := burn_key(each)) not in known
    }
    return Digest(visit.at, tuple(ended), tuple(fresh.values()))


def burn_key(each: Burn) -> str:
    """Equal for the same thing from one visit to the next."""
    return f"{each.workspace.key}/{each.name}".lower()


def visited(since: datetime, now: datetime) -> str:
    """`3h ago (14:02)`, with the day where that is another one."""
    at, today = since.astimezone(), now.astimezone()
    day = "" if at.date() == today.date() else f"{at:%d %b} "
    return f"{fmt.age(since, now)} ago ({day}{at:%H:%M})"


def lines(told: Digest, now: datetime) -> Sequence[Line]:
    """In the columns of what has finished."""
    jobs = [
        Line(
            job.key,
            job.title,
            job.workspace,
            job.health,
            job,
            (
                Cell(fmt.age(job.ended, now), job.health),
                fmt.one_line(job.error.summary) if job.error else (job.status or fmt.UNKNOWN),
            ),
        )
        for job in told.ended
    ]
    costs = [
        Line(
            f"{burn_key(each)}/cost",
            each.name,
            each.workspace,
            Health.ATTENTION,
            each.workspace,
            (Cell("new", Health.ATTENTION), f"costs {money.per_hour(each.per_hour)}"),
        )
        for each in told.costing
    ]
    return [*jobs, *costs]
