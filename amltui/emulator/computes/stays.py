"""The time that jobs spend on the nodes of computes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.record import ORCHESTRATED, JobRecord

_HOLDING = timeline.ON_NODES | {"CancelRequested"}
FOR_EVER = float("inf")


@dataclass(frozen=True)
class Stay:
    """A job on its nodes, from when it takes them until it gives them back."""

    run: str
    nodes: int
    start: float
    runs: float
    """When its script begins to run."""
    end: float

    def holds(self, now: float) -> bool:
        return self.start <= now < self.end


Stays = Mapping[str, list[Stay]]
"""By the compute's name in lower case."""


def stays_of(record: JobRecord) -> Iterator[Stay]:
    """One for each time that it has nodes: a preempted job takes new ones."""
    start: float | None = None
    runs = FOR_EVER
    for phase in timeline.phases(record):
        if phase.status not in _HOLDING or (phase.status == "CancelRequested" and start is None):
            if start is not None:
                yield Stay(record.name, record.nodes, start, min(runs, phase.start), phase.start)
            start, runs = None, FOR_EVER
            continue
        start = phase.start if start is None else start
        if phase.status != "Preparing":
            runs = min(runs, phase.start)
    if start is not None:
        yield Stay(record.name, record.nodes, start, runs, FOR_EVER)


def by_compute(records: Iterable[JobRecord], now: float) -> Stays:
    """The stays that have begun by now. Sweeps and pipelines hold none: their children do."""
    found: dict[str, list[Stay]] = defaultdict(list)
    for record in records:
        if record.compute and record.type not in ORCHESTRATED:
            begun = (stay for stay in stays_of(record) if stay.start <= now)
            found[record.compute.lower()].extend(begun)
    for each in found.values():
        each.sort(key=lambda stay: (stay.start, stay.run))
    return found
