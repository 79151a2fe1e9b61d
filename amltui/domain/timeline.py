"""When a job was in which phase, as far as anybody has told or seen it.

Run history tells three moments: created, started, ended. Where between them a job was queued,
preparing or finalizing is known only from what was seen while somebody looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from amltui.domain.health import Health
from amltui.domain.job import Job, health_of

WAITING = "queued, preparing"
"""The phase before the start, where nobody has seen more of it."""


class Span(Struct, frozen=True):
    """One bar."""

    name: str
    start: datetime
    end: datetime | None
    """None while it goes on."""
    health: Health = Health.UNKNOWN
    depth: int = 0
    begun: datetime | None = None
    """Of a child that waited first: when it started."""

    def seconds(self, now: datetime) -> float:
        return max(0.0, ((self.end or now) - self.start).total_seconds())


class Seen(Struct, frozen=True):
    """A status, and when it was first seen."""

    status: str
    at: datetime


def phases(
    job: Job, seen: Sequence[Seen], last_start: datetime | None = None, attempt: int | None = None
) -> list[Span]:
    """The job's own phases, in order. `last_start` is when the attempt began that goes on."""
    if job.created is None:
        return []
    stopped = job.ended if job.ended_for_good else None
    if job.started is None:
        if job.ended_for_good and stopped is None:
            return []
        return _waiting(job.created, stopped, seen)
    spans = _waiting(job.created, job.started, seen)
    closing = next(
        (each.at for each in seen if each.status.lower() == "finalizing" and each.at > job.started),
        None,
    )
    if job.ended_for_good and stopped is None and closing is None:
        return spans
    spans += _running(job, closing or stopped, last_start, attempt)
    if closing is not None:
        spans.append(Span("finalizing", closing, stopped, Health.BUSY))
    return spans


def bars_of_children(children: Iterable[Job]) -> list[Span]:
    """One bar for each child that has begun or waits, the earliest first."""
    spans = []
    for child in children:
        first = child.created or child.started
        ended = child.ended if child.ended_for_good else None
        if first is not None and (ended is not None or not child.ended_for_good):
            spans.append(Span(child.title, first, ended, child.health, 1, child.started))
    return sorted(spans, key=lambda span: (span.begun or span.start, span.name))


def _waiting(created: datetime, until: datetime | None, seen: Sequence[Seen]) -> list[Span]:
    """What was before the start, cut where another status was seen."""
    cuts = [each for each in seen if each.at > created and (until is None or each.at < until)]
    cuts = [each for each in cuts if health_of(each.status) in {Health.WAITING, Health.BUSY}]
    if not cuts:
        return [Span(WAITING, created, until, Health.WAITING)]
    spans = [Span(WAITING, created, cuts[0].at, Health.WAITING)]
    ends = [*(each.at for each in cuts[1:]), until]
    for each, end in zip(cuts, ends, strict=True):
        spans.append(Span(each.status.lower(), each.at, end, health_of(each.status)))
    return spans


def _running(
    job: Job, until: datetime | None, last_start: datetime | None, attempt: int | None
) -> list[Span]:
    """One bar, or two where the attempts before the last one are told apart."""
    assert job.started is not None
    health = job.health if job.ended_for_good else Health.GOOD
    if last_start is None or last_start <= job.started or (until and last_start >= until):
        return [Span("running", job.started, until, health)]
    return [
        Span("attempts before", job.started, last_start, Health.ATTENTION),
        Span(f"attempt {attempt or 'now'}", last_start, until, health),
    ]
