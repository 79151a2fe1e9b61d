"""When each status of a job was first seen: the service keeps no such record for others."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from amltui.domain.timeline import Seen
from amltui.feeds.clock import Clock

MOST_JOBS = 500


class Statuses(Struct):
    """Of the jobs that were looked at while this program ran."""

    clock: Clock
    _seen: dict[str, list[Seen]] = field(default_factory=dict)

    def note(self, key: str, status: str | None) -> None:
        """The job has this status now."""
        if not status:
            return
        seen = self._seen.pop(key, [])
        self._seen[key] = seen
        for oldest in list(self._seen)[:-MOST_JOBS]:
            del self._seen[oldest]
        if not seen or seen[-1].status != status:
            seen.append(Seen(status, self.clock.now()))

    def of(self, key: str) -> Sequence[Seen]:
        """In the order in which they were seen."""
        return tuple(self._seen.get(key, ()))
