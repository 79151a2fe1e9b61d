"""The usual lives of jobs, as tables of (status, seconds it lasts)."""

from __future__ import annotations

from collections.abc import Iterable

Timeline = tuple[tuple[str, float], ...]


def timeline(stays: Iterable[tuple[str, float]], last: str) -> Timeline:
    """Marks from durations: `[("Queued", 5), ("Running", 60)], "Completed"`."""
    marks: list[tuple[str, float]] = []
    at = 0.0
    for status, seconds in stays:
        marks.append((status, at))
        at += seconds
    return (*marks, (last, at))


def command(queued: float, preparing: float, running: float, last: str = "Completed") -> Timeline:
    """A command job on a cluster."""
    return timeline(
        [
            ("NotStarted", 1.0),
            ("Starting", 1.0),
            ("Queued", queued),
            ("Preparing", preparing),
            ("Running", running),
            ("Finalizing", 4.0),
        ],
        last,
    )


def serverless(provisioning: float, preparing: float, running: float, last: str) -> Timeline:
    """A command job without a cluster of its own."""
    return timeline(
        [
            ("NotStarted", 1.0),
            ("Provisioning", provisioning),
            ("Preparing", preparing),
            ("Running", running),
            ("Finalizing", 4.0),
        ],
        last,
    )


def orchestration(running: float, last: str = "Completed") -> Timeline:
    """A sweep or a pipeline: it needs no node itself."""
    return timeline([("NotStarted", 1.0), ("Preparing", 3.0), ("Running", running)], last)


def requeued(first: float, waiting: float, second: float, last: str = "Completed") -> Timeline:
    """A job whose spot node was taken away once."""
    return timeline(
        [
            ("NotStarted", 1.0),
            ("Queued", 20.0),
            ("Preparing", 60.0),
            ("Running", first),
            ("Queued", waiting),
            ("Preparing", 45.0),
            ("Running", second),
            ("Finalizing", 4.0),
        ],
        last,
    )


def silent(running: float, quiet: float, more: float, last: str = "Completed") -> Timeline:
    """A job whose node stops answering for a while."""
    return timeline(
        [
            ("NotStarted", 1.0),
            ("Queued", 4.0),
            ("Preparing", 40.0),
            ("Running", running),
            ("NotResponding", quiet),
            ("Running", more),
            ("Finalizing", 4.0),
        ],
        last,
    )


WAITS_FOR_EVER: Timeline = (("NotStarted", 0.0), ("Queued", 2.0))
"""A job that gets no nodes."""
