"""When a cluster has room: jobs wait until those before them have given their nodes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby

from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.record import JobRecord

FOR_EVER = float("inf")


@dataclass(frozen=True)
class Hold:
    """Nodes that a job has, or will have."""

    start: float
    end: float
    nodes: int


def hold_of(record: JobRecord) -> Hold | None:
    """The nodes a job takes over its life; None where it never gets any."""
    phases = timeline.phases(record)
    begins = [each.start for each in phases if each.status in timeline.ON_NODES]
    if not begins:
        return None
    last = phases[-1]
    end = last.start if last.status in timeline.TERMINAL else FOR_EVER
    return Hold(begins[0], end, record.nodes)


def earliest(release: float, length: float, nodes: int, most: int, held: Iterable[Hold]) -> float:
    """From when on so many nodes are free for so long; infinity where they never are."""
    if nodes > most:
        return FOR_EVER
    changes = sorted(
        change
        for each in held
        if each.end > release
        for change in ((each.start, each.nodes), (each.end, -each.nodes))
    )
    at = release
    moments = [(moment, sum(n for _, n in group)) for moment, group in _by_moment(changes)]
    in_use = accumulate(change for _, change in moments)
    ends = [moment for moment, _ in moments[1:]]
    for (begin, _), used, end in zip(moments, in_use, [*ends, FOR_EVER], strict=False):
        if end <= at:
            continue
        if begin >= at + length:
            break
        if used + nodes > most:
            at = end
    return at


def _by_moment(
    changes: list[tuple[float, int]],
) -> Iterable[tuple[float, Iterable[tuple[float, int]]]]:
    return groupby(changes, key=lambda change: change[0])


def sooner(
    unfinished: Iterable[JobRecord], compute: str, most: int | None, now: float
) -> list[JobRecord]:
    """The jobs that can begin earlier than planned, since others have given up their nodes."""
    there = [each for each in unfinished if each.holds(compute)]
    waiting = [each for each in there if each.parent is None and _waits(each, now)]
    held = [hold for each in there if each not in waiting if (hold := hold_of(each)) is not None]
    found = []
    for record in sorted(waiting, key=lambda each: each.created):
        hold = hold_of(record)
        if hold is None:
            continue
        start = now + HANDED_OVER
        if most is not None:
            start = earliest(start, hold.end - hold.start, record.nodes, most, held)
        if start < hold.start:
            record = _shifted(record, start - hold.start)
            found.append(record)
        held.append(hold_of(record) or hold)
    return found


HANDED_OVER = 1.0
"""Seconds from the end of one job on a node to the beginning of the next."""


def _waits(record: JobRecord, now: float) -> bool:
    """Whether it is queued, and known to get its nodes some time."""
    hold = hold_of(record)
    return hold is not None and hold.start > now and not timeline.is_over(record, now)


def _shifted(record: JobRecord, by: float) -> JobRecord:
    """The same life, from Preparing on at other times."""
    marks = list(record.timeline)
    first = next(i for i, (status, _) in enumerate(marks) if status in timeline.ON_NODES)
    moved = [(status, at + by) for status, at in marks[first:]]
    return replace(record, timeline=(*marks[:first], *moved))


@dataclass
class Nodes:
    """The nodes of a workspace's computes, as far as they are given away."""

    most: Callable[[str], int | None] = lambda compute: None
    """How many a compute has; None where there is no end to them."""
    known: Callable[[str], Iterable[Hold]] = lambda compute: ()
    """What the jobs there are hold of a compute."""
    _held: dict[str, list[Hold]] = field(default_factory=dict)

    def start(self, compute: str | None, release: float, length: float, nodes: int) -> float:
        """When a job gets its nodes, which are taken by that; infinity if there are too few."""
        most = None if compute is None else self.most(compute)
        if compute is None or most is None:
            return release
        held = self._held.get(compute.lower())
        if held is None:
            held = self._held[compute.lower()] = list(self.known(compute))
        at = earliest(release, length, nodes, most, held)
        if at < FOR_EVER:
            held.append(Hold(at, at + length, nodes))
        return at
