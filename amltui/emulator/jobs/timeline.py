"""Where a job is at a moment: its status, when it started and ended, how long it has run."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from amltui.emulator.jobs.record import JobRecord

CANCELING_SECONDS = 5.0
"""How long a job says CancelRequested before it is Canceled."""

TERMINAL = frozenset({"Completed", "Failed", "Canceled"})
WAITING = frozenset({"NotStarted", "Starting", "Queued", "Provisioning", "Paused"})
ON_NODES = frozenset({"Preparing", "Running", "Finalizing", "NotResponding"})
"""Statuses in which a job holds its nodes."""


class Phase(NamedTuple):
    """A stretch of a job's life."""

    status: str
    start: float
    end: float | None
    """None for the last one."""


def phases(record: JobRecord) -> list[Phase]:
    """The whole life as it is known now, a cancellation included."""
    marks = _marks(record)
    found = [Phase(status, start, end) for (status, start), (_, end) in pairwise(marks)]
    return [*found, Phase(*marks[-1], None)]


def _marks(record: JobRecord) -> list[tuple[str, float]]:
    """When each status is come to. Long histories are walked by this: it costs a microsecond."""
    marks = [(status, record.created + offset) for status, offset in record.timeline]
    asked = record.cancel_requested_at
    if asked is not None and marks[-1][0] in TERMINAL and marks[-1][1] <= asked:
        asked = None
    if asked is not None:
        marks = [mark for mark in marks if mark[1] <= asked]
        marks += [("CancelRequested", asked), ("Canceled", asked + CANCELING_SECONDS)]
    return marks


def status_at(record: JobRecord, now: float) -> str:
    reached = "NotStarted"
    for status, start in _marks(record):
        if start > now:
            break
        reached = status
    return reached


def is_terminal(record: JobRecord, now: float) -> bool:
    return status_at(record, now) in TERMINAL


def is_over(record: JobRecord, now: float) -> bool:
    """Whether it has come to its end, after which only a client can change it."""
    status, start = _marks(record)[-1]
    return status in TERMINAL and start <= now


def started_at(record: JobRecord, now: float) -> float | None:
    """When it first ran; None where it has not (yet)."""
    for status, start in _marks(record):
        if start <= now and status == "Running":
            return start
    return None


def ends_at(record: JobRecord) -> float:
    """When it is going to end, or has; infinity where that is not known."""
    status, start = _marks(record)[-1]
    return start if status in TERMINAL else float("inf")


def ended_at(record: JobRecord, now: float) -> float | None:
    end = ends_at(record)
    return end if end <= now else None


def running_seconds(record: JobRecord, now: float) -> float:
    """Seconds in Running until now. A preempted and requeued job goes on where it was."""
    ran = 0.0
    for (status, start), (_, end) in pairwise([*_marks(record), ("", now)]):
        if status == "Running":
            ran += max(0.0, min(now, end) - start)
    return ran


def moment(record: JobRecord, ran: float) -> float:
    """When the job had run for that many seconds."""
    left = ran
    at = record.created
    for phase in phases(record):
        if phase.status != "Running":
            continue
        if phase.end is None or left <= phase.end - phase.start:
            return phase.start + left
        left -= phase.end - phase.start
        at = phase.end
    return at
