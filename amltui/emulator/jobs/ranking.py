"""Orders over a whole history, worked out once: what is over does not move any more."""

from __future__ import annotations

import asyncio
from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection
from itertools import islice
from typing import Any

from amltui.emulator.http.unhurried import unhurried
from amltui.emulator.jobs.history import LONGEST_JOB, JobHistory
from amltui.emulator.jobs.record import JobRecord

Placed = tuple[Any, ...]
Place = Callable[[JobRecord], Placed | None]
"""Where a run is in an order; None for one that is not asked for."""

MOST_PLACES = 2000


class Ranking:
    """The runs that pass one question, in its order.

    Those of routines that are over are kept, by eight bytes each; the others, which are few, are
    placed among them for every page.
    """

    def __init__(self, history: JobHistory) -> None:
        self._history = history
        self._routines = history.routines
        self._held = array("Q")
        """Jobs of routines in order, each by its index and the number of its routine."""
        self._through = [0] * len(self._routines)
        """How many of each routine's jobs were looked at."""
        self._places: dict[int, Placed] = {}
        """Where some of them are: looking for a place passes by the same ones every time."""
        self._seen = 0
        """How many touched runs were taken out."""
        self._turn = asyncio.Lock()

    async def page(
        self,
        place: Place,
        experiments: Collection[str] | None,
        now: float,
        start: int,
        size: int,
    ) -> tuple[list[JobRecord], bool]:
        """Some of the runs, and whether there are more."""
        async with self._turn:
            self._leave_out()
            for number in range(len(self._routines)):
                await self._settle(number, place, experiments, now)
            self._leave_out()
            loose = self._history.loose(self._through, experiments, now)
            placed = [(place(each), each) async for each in unhurried(loose)]
            among = sorted(
                ((where, each) for where, each in placed if where is not None),
                key=lambda each: each[0],
            )
            ranks = [(self._rank(where, place), each) for where, each in among]
        return self._cut(ranks, start, start + size)

    def _job(self, code: int) -> JobRecord:
        index, number = divmod(code, len(self._routines))
        return self._routines[number].written(index)

    def _rank(self, where: Placed, place: Place) -> int:
        """How many of those that are kept come before a place."""

        def known(code: int) -> Placed:
            found = self._places.get(code)
            if found is None:
                found = self._places[code] = place(self._job(code)) or ()
            return found

        if len(self._places) > MOST_PLACES:
            self._places.clear()
        return bisect_left(self._held, where, key=known)

    def _leave_out(self) -> None:
        """Drop those to which something happened: they are placed anew for every page."""
        for name in islice(self._history.touched, self._seen, None):
            self._seen += 1
            for number, routine in enumerate(self._routines):
                index = routine.index_of(name)
                code = None if index is None else index * len(self._routines) + number
                if code is not None and code in self._held:
                    self._held.remove(code)

    async def _settle(
        self, number: int, place: Place, experiments: Collection[str] | None, now: float
    ) -> None:
        """Take in the jobs of a routine that are over by now."""
        routine, first = self._routines[number], self._through[number]
        last = max(first, routine.count(now - LONGEST_JOB))
        found: list[tuple[Placed, int]] = []
        async for index in unhurried(range(first, last)):
            if experiments is not None and routine.experiment_of(index) not in experiments:
                continue
            record = routine.written(index)
            where = None if record.name.lower() in self._history.touched else place(record)
            if where is not None:
                found.append((where, index * len(self._routines) + number))
        if len(found) > len(self._held):
            found += [(place(self._job(code)) or (), code) for code in self._held]
            found.sort()
            self._held = array("Q", (code for _, code in found))
        else:
            for where, code in found:
                self._held.insert(self._rank(where, place), code)
        self._through[number] = last

    def _cut(
        self, ranks: list[tuple[int, JobRecord]], start: int, stop: int
    ) -> tuple[list[JobRecord], bool]:
        """A page of the kept and the others together."""
        total = len(self._held) + len(ranks)
        by_place = {rank + number: record for number, (rank, record) in enumerate(ranks)}
        before = sum(place < start for place in by_place)
        page = []
        for place in range(start, min(stop, total)):
            record = by_place.get(place)
            if record is not None:
                before += 1
            page.append(record or self._job(self._held[place - before]))
        return page, stop < total
