"""Jobs that nobody wrote down: the i-th is a pure function of (seed, i)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count as counting

from amltui.emulator.jobs import names, noise
from amltui.emulator.jobs.record import JobRecord

Write = Callable[[int, int, float, str], JobRecord]
"""(seed, index, created, name) → the job."""


@dataclass(frozen=True)
class Generated:
    """Jobs created one after the other at a steady, slightly irregular pace."""

    seed: int
    first: float
    """When the job with index 0 is created, at the earliest."""
    pace: float
    """Seconds from one to the next."""
    write: Write
    experiments: tuple[str, ...]
    """The experiments these jobs belong to."""
    experiment: Callable[[int, int], str]
    """(seed, index) → the experiment of a job, for less than writing it costs."""
    length: int | None = None
    """None where they keep coming."""

    def __post_init__(self) -> None:
        # Records are written once: a listing of thousands reads each of them again and again.
        object.__setattr__(self, "job", lru_cache(maxsize=20_000)(self.written))

    def created(self, index: int) -> float:
        wobble = 0.8 * noise.uniform(self.seed, index)
        return self.first + self.pace * (index + wobble)

    def job(self, index: int) -> JobRecord:
        """The job of an index, kept for the next listing."""
        return self.written(index)

    def written(self, index: int) -> JobRecord:
        """The job of an index, for somebody who passes by all of them."""
        return self.write(self.seed, index, self.created(index), self.name_of(index))

    def count(self, now: float) -> int:
        """How many are created by now."""
        if now == float("inf"):
            return self.length if self.length is not None else 1 << 40
        most = max(0, int((now - self.first) / self.pace) + 1) if now > self.first else 0
        if self.length is not None:
            most = min(most, self.length)
        return bisect_left(range(most), True, key=lambda index: self.created(index) > now)

    def index_of(self, name: str) -> int | None:
        """The index that has this name; None where no job of these could have it."""
        return names.index_of(self.seed, name)

    def name_of(self, index: int) -> str:
        return names.job_name(self.seed, index)

    def experiment_of(self, index: int) -> str:
        return self.experiment(self.seed, index)

    def find(self, name: str, now: float) -> JobRecord | None:
        index = self.index_of(name)
        return self.job(index) if index is not None and index < self.count(now) else None

    def newest_first(
        self,
        before: float,
        experiments: Collection[str] | None = None,
        *,
        with_children: bool = False,
    ) -> Iterator[JobRecord]:
        """From those created at that moment backwards."""
        del with_children  # none of these has any
        if self._has(experiments):
            yield from self._jobs(range(self.count(before) - 1, -1, -1), experiments)

    def oldest_first(
        self,
        after: float,
        experiments: Collection[str] | None = None,
        *,
        with_children: bool = False,
    ) -> Iterator[JobRecord]:
        """From those created at that moment on."""
        del with_children  # none of these has any
        if self._has(experiments):
            first = max(0, self.count(after) - 1)
            jobs = counting(first) if self.length is None else range(first, self.length)
            yield from self._jobs(jobs, experiments)

    def from_index(
        self, first: int, experiments: Collection[str] | None, now: float
    ) -> Iterator[JobRecord]:
        """Those created by now, from an index on."""
        return self._jobs(range(first, self.count(now)), experiments)

    def since(self, earliest: float, now: float) -> Iterator[JobRecord]:
        """Those created after a moment, newest first."""
        for record in self.newest_first(now):
            if record.created < earliest:
                return
            yield record

    def children(self, name: str, now: float) -> list[JobRecord]:
        del name, now
        return []

    def begun(self, now: float) -> dict[str, float]:
        return dict.fromkeys(self.experiments, self.first) if self.first <= now else {}

    def _has(self, experiments: Collection[str] | None) -> bool:
        return experiments is None or any(each in experiments for each in self.experiments)

    def _jobs(
        self, indices: range | counting[int], experiments: Collection[str] | None
    ) -> Iterator[JobRecord]:
        for index in indices:
            if experiments is None or self.experiment_of(index) in experiments:
                yield self.job(index)
