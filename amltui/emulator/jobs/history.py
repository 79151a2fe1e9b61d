"""The jobs of one workspace: written down, made up on demand, or submitted by clients."""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.folders import Folders
from amltui.emulator.jobs.generated import Generated
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.sources import NEWEST, OLDEST, Key, Source, key_of

if TYPE_CHECKING:
    from amltui.emulator.jobs.ranking import Ranking

LONGEST_JOB = 6 * 3600.0
"""No generated job lives longer: older ones need not be asked whether they still run."""


class JobHistory:
    """Every job of a workspace, as it is known at a moment."""

    def __init__(self, declared: Iterable[JobRecord] = (), sources: Iterable[Source] = ()) -> None:
        self.sources = list(sources)
        self.follows_schedules = False
        self._records: dict[str, JobRecord] = {}
        self._order: list[Key] = []
        """The places of all that is written down here, and of those without a parent."""
        self._roots: list[Key] = []
        self._children: dict[str, list[str]] = {}
        self._unfinished: dict[str, None] = {}
        """Names of records that may not be over."""
        self.unregistered: dict[str, JobRecord] = {}
        """Records whose outputs are to become assets, by their names in lower case."""
        self._ends: dict[str, float] = {}
        """When each of the records ends."""
        self._begun: dict[str, float] = {}
        self.rankings: dict[Hashable, Ranking] = {}
        """What is known of orders over all jobs, that of the latest question last."""
        self.folders = Folders(self)
        self.touched: dict[str, None] = {}
        """Names, in lower case, of runs that are not as a source made them up."""
        for record in declared:
            self.put(record)

    def get(self, name: str, now: float) -> JobRecord | None:
        """The job of that name, if it exists by now."""
        record = self._records.get(name.lower())
        if record is None:
            found = (each.find(name, now) for each in self.sources)
            record = next((each for each in found if each is not None), None)
        if record is None or record.is_deleted or record.created > now:
            return None
        return record

    def put(self, record: JobRecord) -> None:
        """Add a job, or what has changed about one."""
        lower = record.name.lower()
        known = self._records.get(lower)
        self._records[lower] = record
        self.touched[lower] = None
        self._unfinished[lower] = None
        self._ends[lower] = timeline.ends_at(record)
        if record.outputs and record.named_outputs():
            self.unregistered[lower] = record
        if known is not None and key_of(known) == key_of(record):
            return
        if known is not None:  # the name of a deleted job is used again
            for keys in (self._order, self._roots):
                _remove(keys, key_of(known))
        earliest = self._begun.get(record.experiment, record.created)
        self._begun[record.experiment] = min(earliest, record.created)
        insort(self._order, key_of(record))
        if record.parent is None:
            insort(self._roots, key_of(record))
        else:
            self._children.setdefault(record.parent.lower(), []).append(record.name)

    @property
    def routines(self) -> list[Generated]:
        """The sources whose jobs are known by an index."""
        return [each for each in self.sources if isinstance(each, Generated)]

    def loose(
        self, through: Sequence[int], experiments: Collection[str] | None, now: float
    ) -> Iterator[JobRecord]:
        """All jobs but those of routines that nobody touched and whose index is below a number."""
        for name in list(self.touched):
            record = self.get(name, now)
            if record is not None and (experiments is None or record.experiment in experiments):
                yield record
        fresh = (
            routine.from_index(first, experiments, now)
            for routine, first in zip(self.routines, through, strict=True)
        )
        made = (
            each.newest_first(now, experiments, with_children=True)
            for each in self.sources
            if not isinstance(each, Generated)
        )
        for record in chain.from_iterable(chain(fresh, made)):
            if record.name.lower() not in self.touched and record.created <= now:
                yield record

    def newest_first(
        self,
        now: float,
        before: Key = NEWEST,
        experiments: Collection[str] | None = None,
        *,
        with_children: bool = False,
    ) -> Iterator[JobRecord]:
        """Jobs older than a place in the history; without their children unless asked for."""
        latest = min(now, before[0])
        keys = self._order if with_children else self._roots
        made = (
            each.newest_first(latest, experiments, with_children=with_children)
            for each in self.sources
        )
        # What is written down of a source's job comes twice, one after the other.
        last = before
        for record in heapq.merge(self._before(keys, before), *made, key=key_of, reverse=True):
            if record.created <= now and key_of(record) < last:
                last = key_of(record)
                yield from self._current(record, experiments)

    def oldest_first(
        self,
        now: float,
        after: Key = OLDEST,
        experiments: Collection[str] | None = None,
        *,
        with_children: bool = False,
    ) -> Iterator[JobRecord]:
        """The same from the other end: jobs younger than a place in the history."""
        keys = self._order if with_children else self._roots
        made = (
            each.oldest_first(after[0], experiments, with_children=with_children)
            for each in self.sources
        )
        last = after
        for record in heapq.merge(self._after(keys, after), *made, key=key_of):
            if record.created > now:
                return
            if key_of(record) > last:
                last = key_of(record)
                yield from self._current(record, experiments)

    def children(self, name: str, now: float) -> list[JobRecord]:
        """Direct children, oldest first."""
        written = (self.get(child, now) for child in self._children.get(name.lower(), ()))
        made = (
            self._records.get(child.name.lower(), child)
            for source in self.sources
            for child in source.children(name, now)
        )
        found = {each.name: each for each in chain(made, written) if each is not None}
        return sorted((each for each in found.values() if not each.is_deleted), key=key_of)

    def family(self, name: str, now: float) -> Iterator[JobRecord]:
        """What is below a job, children of children included."""
        for child in self.children(name, now):
            yield child
            yield from self.family(child.name, now)

    def alive(self, now: float) -> Iterator[JobRecord]:
        """Jobs that have not ended, children included. Costs what is recent, not the history."""
        return (record for record in self.unfinished(now) if record.created <= now)

    def unfinished(self, now: float) -> Iterator[JobRecord]:
        """Jobs that have not ended, with the children that are still to come."""
        for name in list(self._unfinished):
            record = self._records[name]
            if record.is_deleted or timeline.is_over(record, now):
                del self._unfinished[name]
            else:
                yield record
        for source in self.sources:
            for record in source.since(now - LONGEST_JOB, now):
                written = record.name.lower() in self._records
                if not written and not timeline.is_terminal(record, now):
                    yield record

    def during(self, start: float, end: float) -> Iterator[JobRecord]:
        """Jobs that lived between two moments, children included. Costs what is recent."""
        recent = chain.from_iterable(each.since(start - LONGEST_JOB, end) for each in self.sources)
        made = (each for each in recent if each.name.lower() not in self._records)
        written = (self._records[name] for name, ends in self._ends.items() if ends > start)
        lived = (each for each in made if timeline.ends_at(each) > start)
        for record in chain(written, lived):
            if record.created < end and not record.is_deleted:
                yield record

    def experiments(self, now: float) -> dict[str, float]:
        """Names of experiments and when each began."""
        begun = {name: at for name, at in self._begun.items() if at <= now}
        for source in self.sources:
            for name, at in source.begun(now).items():
                begun[name] = min(begun.get(name, at), at)
        return begun

    def _current(
        self, record: JobRecord, experiments: Collection[str] | None
    ) -> Iterator[JobRecord]:
        """The record as it is by now, if it is still there and in one of the experiments."""
        current = self._records.get(record.name.lower(), record)
        if current.is_deleted:
            return
        if experiments is None or current.experiment in experiments:
            yield current

    def _before(self, keys: list[Key], before: Key) -> Iterator[JobRecord]:
        for index in range(bisect_left(keys, before) - 1, -1, -1):
            yield self._records[keys[index][1].lower()]

    def _after(self, keys: list[Key], after: Key) -> Iterator[JobRecord]:
        for index in range(bisect_right(keys, after), len(keys)):
            yield self._records[keys[index][1].lower()]

    def is_written(self, name: str) -> bool:
        """Whether a job of that name is kept here, wherever it came from."""
        return name.lower() in self._records


def _remove(keys: list[Key], key: Key) -> None:
    at = bisect_left(keys, key)
    if at < len(keys) and keys[at] == key:
        del keys[at]
