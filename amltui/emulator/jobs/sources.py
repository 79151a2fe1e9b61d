"""Where a workspace's jobs come from besides what is written down."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Protocol

from amltui.emulator.jobs.record import JobRecord

Key = tuple[float, str]
"""A job's place in the history: (created, name)."""
NEWEST: Key = (float("inf"), "")
OLDEST: Key = (float("-inf"), "")


def key_of(record: JobRecord) -> Key:
    return (record.created, record.name)


class Source(Protocol):
    """Jobs that follow from something else: a routine, a schedule."""

    def find(self, name: str, now: float) -> JobRecord | None:
        """The job of that name, parent or child, if it exists by now."""

    def newest_first(
        self,
        before: float,
        experiments: Collection[str] | None = None,
        *,
        with_children: bool = False,
    ) -> Iterator[JobRecord]:
        """Jobs from those created at that moment backwards."""

    def oldest_first(
        self,
        after: float,
        experiments: Collection[str] | None = None,
        *,
        with_children: bool = False,
    ) -> Iterator[JobRecord]:
        """Jobs from those created at that moment on, without an end."""

    def since(self, earliest: float, now: float) -> Iterator[JobRecord]:
        """Those created after a moment, their children included."""

    def children(self, name: str, now: float) -> list[JobRecord]:
        """What a job of this source has begun."""

    def begun(self, now: float) -> dict[str, float]:
        """Its experiments, and when each began."""
