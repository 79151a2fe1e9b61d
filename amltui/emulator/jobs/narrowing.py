"""Where a filter lets one look: a question about one run must not read a hundred thousand."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from amltui.emulator.jobs.history import JobHistory
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.sources import NEWEST, OLDEST, Key


@dataclass(frozen=True)
class Narrowing:
    """Which runs can pass at all. None, and infinity, stand for: it does not say."""

    names: frozenset[str] | None = None
    parents: frozenset[str] | None = None
    earliest: float = float("-inf")
    latest: float = float("inf")
    is_alive: bool = False
    """Whether only runs pass that have not ended."""
    is_root: bool = False
    """Whether only runs without a parent pass."""

    @property
    def is_timed(self) -> bool:
        """Whether it bounds when runs were created."""
        return self.earliest > float("-inf") or self.latest < float("inf")

    def __and__(self, other: Narrowing) -> Narrowing:
        return Narrowing(
            _both(self.names, other.names),
            _both(self.parents, other.parents),
            max(self.earliest, other.earliest),
            min(self.latest, other.latest),
            self.is_alive or other.is_alive,
            self.is_root or other.is_root,
        )

    def __or__(self, other: Narrowing) -> Narrowing:
        return Narrowing(
            _either(self.names, other.names),
            _either(self.parents, other.parents),
            min(self.earliest, other.earliest),
            max(self.latest, other.latest),
            self.is_alive and other.is_alive,
            self.is_root and other.is_root,
        )

    def few(self, history: JobHistory, now: float) -> list[JobRecord] | None:
        """The runs to look at where they are few; None where it takes a walk."""
        if self.names is not None:
            found = (history.get(name, now) for name in sorted(self.names))
            return [each for each in found if each is not None]
        if self.parents is not None:
            return [each for name in sorted(self.parents) for each in history.children(name, now)]
        if self.is_alive:
            return list(history.alive(now))
        return None

    def walk(
        self,
        history: JobHistory,
        now: float,
        start: Key | None,
        experiments: Collection[str] | None,
        *,
        oldest_first: bool = False,
    ) -> Iterator[JobRecord]:
        """The runs to look at, from a place in the history on."""
        if oldest_first:
            first = (self.earliest, "")
            for record in history.oldest_first(
                now,
                max(start or OLDEST, first),
                experiments,
                with_children=not self.is_root,
            ):
                if record.created > self.latest:
                    return
                yield record
            return
        # A key behind every name of that moment.
        last = (self.latest, "\U0010ffff")
        for record in history.newest_first(
            now, min(start or NEWEST, last), experiments, with_children=not self.is_root
        ):
            if record.created < self.earliest:
                return
            yield record


EVERYTHING = Narrowing()


def _both(one: frozenset[str] | None, two: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or two is None:
        return two if one is None else one
    return one & two


def _either(one: frozenset[str] | None, two: frozenset[str] | None) -> frozenset[str] | None:
    return None if one is None or two is None else one | two
