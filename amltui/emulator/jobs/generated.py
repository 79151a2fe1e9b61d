"""Jobs that nobody wrote down: the i-th is a pure function of (seed, i)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

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
    length: int | None = None
    """None where they keep coming."""

    def __post_init__(self) -> None:
        # Records are written once: a listing of thousands reads each of them again and again.
        object.__setattr__(self, "job", lru_cache(maxsize=20_000)(self._job))

    def created(self, index: int) -> float:
        wobble = 0.8 * noise.uniform(self.seed, index)
        return self.first + self.pace * (index + wobble)

    def job(self, index: int) -> JobRecord:
        """The job of an index."""
        return self._job(index)

    def _job(self, index: int) -> JobRecord:
        name = names.job_name(self.seed, index)
        return self.write(self.seed, index, self.created(index), name)

    def count(self, now: float) -> int:
        """How many are created by now."""
        most = max(0, int((now - self.first) / self.pace) + 1)
        if self.length is not None:
            most = min(most, self.length)
        return bisect_left(range(most), True, key=lambda index: self.created(index) > now)

    def find(self, name: str, now: float) -> JobRecord | None:
        index = names.index_of(self.seed, name)
        return self.job(index) if index is not None and index < self.count(now) else None

    def newest_first(self, before: float) -> Iterator[JobRecord]:
        """From those created at that moment backwards."""
        for index in range(self.count(before) - 1, -1, -1):
            yield self.job(index)

    def since(self, earliest: float, now: float) -> Iterator[JobRecord]:
        """Those created after a moment, newest first."""
        for record in self.newest_first(now):
            if record.created < earliest:
                return
            yield record
