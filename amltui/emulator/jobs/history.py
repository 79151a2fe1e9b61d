"""The jobs of one workspace: written down, made up on demand, or submitted by clients."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from itertools import chain

from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.generated import Generated
from amltui.emulator.jobs.record import JobRecord

Key = tuple[float, str]
"""A job's place in the history: (created, name)."""
NEWEST: Key = (float("inf"), "")
LONGEST_JOB = 6 * 3600.0
"""No generated job lives longer: older ones need not be asked whether they still run."""


def key_of(record: JobRecord) -> Key:
    return (record.created, record.name)


class JobHistory:
    """Every job of a workspace, as it is known at a moment."""

    def __init__(
        self,
        declared: Iterable[JobRecord] = (),
        generated: Iterable[Generated] = (),
    ) -> None:
        self.generated = tuple(generated)
        self._records = {record.name.lower(): record for record in declared}
        self._roots = sorted(
            (record for record in self._records.values() if record.parent is None),
            key=key_of,
            reverse=True,
        )
        self._children: dict[str, list[str]] = {}
        for record in self._records.values():
            self._adopt(record)

    def get(self, name: str, now: float) -> JobRecord | None:
        """The job of that name, if it exists by now."""
        record = self._records.get(name.lower())
        if record is None:
            found = (each.find(name, now) for each in self.generated)
            record = next((each for each in found if each is not None), None)
        if record is None or record.is_deleted or record.created > now:
            return None
        return record

    def put(self, record: JobRecord) -> None:
        """Add a job, or what has changed about one."""
        lower = record.name.lower()
        known = lower in self._records
        self._records[lower] = record
        if known:
            return
        self._adopt(record)
        if record.parent is None and not self._is_generated(record.name):
            self._roots = list(heapq.merge(self._roots, [record], key=key_of, reverse=True))

    def newest_first(self, now: float, before: Key = NEWEST) -> Iterator[JobRecord]:
        """Jobs without a parent, from those older than a place in the history."""
        latest = min(now, before[0])
        sources = [
            iter(self._roots),
            *(each.newest_first(latest) for each in self.generated),
        ]
        for record in heapq.merge(*sources, key=key_of, reverse=True):
            if record.created > now or key_of(record) >= before:
                continue
            current = self._records.get(record.name.lower(), record)
            if not current.is_deleted:
                yield current

    def children(self, name: str, now: float) -> list[JobRecord]:
        """Direct children, oldest first."""
        found = (self.get(child, now) for child in self._children.get(name.lower(), ()))
        return sorted((each for each in found if each is not None), key=key_of)

    def everything(self, now: float) -> Iterator[JobRecord]:
        """Roots newest first, then all children."""
        offspring = chain.from_iterable(
            self.children(parent, now) for parent in list(self._children)
        )
        return chain(self.newest_first(now), offspring)

    def alive(self, now: float) -> Iterator[JobRecord]:
        """Jobs that have not ended, children included. Costs what is recent, not the history."""
        recent = chain.from_iterable(each.since(now - LONGEST_JOB, now) for each in self.generated)
        current = (self._records.get(each.name.lower(), each) for each in recent)
        untouched = (each for each in current if each.name.lower() not in self._records)
        for record in chain(self._records.values(), untouched):
            if record.created > now or record.is_deleted:
                continue
            if not timeline.is_terminal(record, now):
                yield record

    def during(self, start: float, end: float) -> Iterator[JobRecord]:
        """Jobs that lived between two moments, children included. Costs what is recent."""
        recent = chain.from_iterable(
            each.since(start - LONGEST_JOB, end) for each in self.generated
        )
        untouched = (each for each in recent if each.name.lower() not in self._records)
        for record in chain(self._records.values(), untouched):
            if record.created >= end or record.is_deleted:
                continue
            ended = timeline.ended_at(record, end)
            if ended is None or ended > start:
                yield record

    def experiments(self, now: float) -> dict[str, float]:
        """Names of experiments and when each began."""
        begun: dict[str, float] = {}
        for record in self._records.values():
            if record.created <= now:
                earliest = begun.get(record.experiment, record.created)
                begun[record.experiment] = min(earliest, record.created)
        for source in self.generated:
            for name in source.experiments:
                begun[name] = min(begun.get(name, source.first), source.first)
        return begun

    def _adopt(self, record: JobRecord) -> None:
        if record.parent is not None:
            self._children.setdefault(record.parent.lower(), []).append(record.name)

    def _is_generated(self, name: str) -> bool:
        return any(each.find(name, float("1e12")) is not None for each in self.generated)
