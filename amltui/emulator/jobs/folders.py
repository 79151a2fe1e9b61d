"""The folders of all jobs of a workspace in order, `{name}/`, without the jobs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from amltui.emulator.jobs.generated import Generated

if TYPE_CHECKING:
    from amltui.emulator.jobs.history import JobHistory


class Folders:
    """Those of routines are spelt out once."""

    def __init__(self, history: JobHistory) -> None:
        self._history = history
        self._held: list[str] = []
        self._through: dict[int, int] = {}
        """How many folders of each routine are held."""
        self._seen = 0
        """How many touched runs were looked at."""

    def until(self, now: float) -> Sequence[str]:
        """Those by now; some may be of jobs that are gone, or still to come."""
        routines = self._history.routines
        fresh = []
        for number, routine in enumerate(routines):
            first, last = self._through.get(number, 0), routine.count(now)
            fresh += [f"{routine.name_of(index)}/" for index in range(first, last)]
            self._through[number] = max(first, last)
        for name in islice(self._history.touched, self._seen, None):
            self._seen += 1
            if all(routine.index_of(name) is None for routine in routines):
                record = self._history.get(name, float("inf"))
                fresh.append(f"{name if record is None else record.name}/")
        if fresh:
            self._held = sorted([*self._held, *fresh])
        others = {
            f"{record.name}/"
            for source in self._history.sources
            if not isinstance(source, Generated)
            for record in source.newest_first(now, with_children=True)
            if record.name.lower() not in self._history.touched
        }
        return sorted([*self._held, *others]) if others else self._held
