"""Phases of a job from three moments and from what was seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.job import Job
from amltui.domain.timeline import WAITING, Seen, bars_of_children, phases

T0 = datetime(2026, 11, 24, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


QUEUED = Job(WorkspaceId("s", "g", "w"), "train1", None, None, "Command", "Queued", created=T0)
RUNNING = replace(QUEUED, status="Running", started=at(5))
DONE = replace(RUNNING, status="Completed", ended=at(20))


def told(job: Job, *seen: Seen, **more: object) -> list[tuple[str, int]]:
    spans = phases(job, seen, **more)  # type: ignore[arg-type]
    return [(span.name, round(span.seconds(at(30)) / 60)) for span in spans]


def test_three_moments_are_two_phases():
    """Nothing is said about what nobody has seen."""
    assert told(DONE) == [(WAITING, 5), ("running", 15)]
    assert told(RUNNING) == [(WAITING, 5), ("running", 25)]
    assert told(QUEUED) == [(WAITING, 30)]


def test_what_was_seen_cuts_the_phases():
    """Preparing seen at the third minute, finalizing at the eighteenth."""
    seen = (Seen("Queued", at(1)), Seen("Preparing", at(3)), Seen("Finalizing", at(18)))
    assert told(DONE, *seen) == [
        (WAITING, 1),
        ("queued", 2),
        ("preparing", 2),
        ("running", 13),
        ("finalizing", 2),
    ]


def test_a_later_attempt_is_told_apart():
    """Run history keeps when the last attempt began."""
    assert told(DONE, last_start=at(12), attempt=3) == [
        (WAITING, 5),
        ("attempts before", 7),
        ("attempt 3", 8),
    ]
    assert told(DONE, last_start=at(5), attempt=1) == [(WAITING, 5), ("running", 15)]


def test_missing_times_make_no_bars():
    """Null in any of the three: no bar that could be wrong, and no crash."""
    assert told(replace(DONE, created=None)) == []
    assert told(replace(DONE, ended=None)) == [(WAITING, 5)]
    assert told(replace(DONE, started=None)) == [(WAITING, 20)]
    assert told(replace(DONE, started=None, ended=None)) == []
    assert told(replace(DONE, status="Frozen", ended=None)) == [(WAITING, 5), ("running", 25)]


def test_children_stand_in_the_order_of_their_start():
    """Those without times are left out; what waits has not begun."""
    waits = replace(QUEUED, name="waits", created=at(6))
    early = replace(DONE, name="early")
    spans = bars_of_children([waits, replace(DONE, ended=None, name="lost"), early])
    assert [(span.name, span.begun) for span in spans] == [("early", at(5)), ("waits", None)]
