"""The jobs that the schedules of a workspace create: nothing is made before it is asked for."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from amltui.emulator import intakes
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.sources import key_of
from amltui.emulator.jobs.submissions import submitted
from amltui.emulator.resources import Resource
from amltui.emulator.triggers.trigger import Trigger, trigger_of

if TYPE_CHECKING:
    from amltui.emulator.world import World

STAMP = "%Y%m%d%H%M%S"
LATE = 1.0
"""Seconds from the moment a schedule is due to the creation of its job."""


@dataclass(frozen=True)
class Due:
    """A schedule as it is now, and since when it is so."""

    resource: Resource
    trigger: Trigger
    since: float

    @property
    def asked(self) -> Mapping[str, Any]:
        found = (self.resource.properties.get("action") or {}).get("jobDefinition")
        return found if isinstance(found, Mapping) else {}

    @property
    def experiment(self) -> str:
        return str(self.asked.get("experimentName") or "Default")

    def before(self, moment: float) -> Iterator[float]:
        """When it was due, latest first."""
        return takewhile(lambda at: at >= self.since, self.trigger.backward(moment - LATE))

    def after(self, moment: float) -> Iterator[float]:
        """When it is due from a moment on."""
        return self.trigger.forward(max(moment - LATE, self.since) - 1e-3)

    def is_due(self, moment: float) -> bool:
        return next(self.trigger.backward(moment), None) == moment and moment >= self.since


class ScheduledJobs:
    """A source of jobs: what the enabled schedules of one workspace have come to."""

    def __init__(self, world: World, workspace: str) -> None:
        self._world = world
        self._workspace = workspace
        """The workspace's id, in any case."""
        # Families are worked out once: every listing asks for the same ones again.
        self._families = lru_cache(maxsize=5000)(self._made)

    def find(self, name: str, now: float) -> JobRecord | None:
        """By a name that ends in the moment when it was due; children by their parents'."""
        schedule, _, stamp = name.rpartition("-")
        for due in self._due():
            if due.resource.name.lower() == schedule.lower():
                at = _moment(stamp)
                if at is not None and at + LATE <= now and due.is_due(at):
                    return self._family(due, at)[0]
        return self._child(name, min(now, self._world.now))

    def newest_first(
        self,
        before: float,
        experiments: Collection[str] | None = None,
        *,
        with_children: bool = False,
    ) -> Iterator[JobRecord]:
        """Jobs from those created at that moment backwards."""
        walks = (
            self._backwards(due, before, with_children=with_children)
            for due in self._due()
            if experiments is None or due.experiment in experiments
        )
        return heapq.merge(*walks, key=key_of, reverse=True)

    def oldest_first(
        self,
        after: float,
        experiments: Collection[str] | None = None,
        *,
        with_children: bool = False,
    ) -> Iterator[JobRecord]:
        """Jobs from those created at that moment on."""
        walks = (
            self._forwards(due, after, with_children=with_children)
            for due in self._due()
            if experiments is None or due.experiment in experiments
        )
        return heapq.merge(*walks, key=key_of)

    def since(self, earliest: float, now: float) -> Iterator[JobRecord]:
        """Those created after a moment, their children included."""
        for record in self.newest_first(now, with_children=True):
            if record.created < earliest:
                return
            yield record

    def children(self, name: str, now: float) -> list[JobRecord]:
        """What a job of a schedule has begun."""
        root = self.find(name, now)
        if root is None:
            return []
        parent = root.root or root.parent or root.name
        family = self._family_of(parent, now)
        wanted = name.lower()
        return [
            each for each in family if (each.parent or "").lower() == wanted and each.created <= now
        ]

    def begun(self, now: float) -> dict[str, float]:
        """Its experiments, and when each began."""
        found: dict[str, float] = {}
        for due in self._due():
            first = next(due.after(0.0), None)
            if first is not None and first + LATE <= now:
                at = first + LATE
                found[due.experiment] = min(at, found.get(due.experiment, at))
        return found

    def fired(self, schedule: Resource, now: float) -> Iterator[JobRecord]:
        """All that a schedule has created by now, children included, those to come as well."""
        for due in self._due():
            if due.resource.id.lower() == schedule.id.lower():
                for at in due.before(now):
                    yield from self._family(due, at)

    # How a firing becomes jobs

    def _due(self) -> list[Due]:
        held = self._world.resources.within(f"{self._workspace}/schedules", self._world.now)
        return [due for each in held if (due := due_of(each)) is not None]

    def _family(self, due: Due, at: float) -> list[JobRecord]:
        """The job of one moment, and its children."""
        return self._families(due.resource.id, due.since, at)

    def _made(self, identity: str, since: float, at: float) -> list[JobRecord]:
        del since  # every change of a schedule has another one
        schedule = self._world.resources.get(identity, self._world.now)
        due = due_of(schedule) if schedule is not None else None
        if schedule is None or due is None:
            return []
        intake = intakes.alone(self._world, self._workspace, at + LATE, schedule)
        return submitted(intake, f"{schedule.name}-{_stamp(at)}", due.asked)

    def _family_of(self, name: str, now: float) -> list[JobRecord]:
        schedule, _, stamp = name.rpartition("-")
        at = _moment(stamp)
        for due in self._due():
            if due.resource.name.lower() == schedule.lower() and at is not None and at <= now:
                return self._family(due, at)
        return []

    def _child(self, name: str, now: float) -> JobRecord | None:
        """A child's name says nothing of its parent: the recent families are searched for it."""
        for due in self._due():
            if str(due.asked.get("jobType")).lower() in {"command", "spark"}:
                continue
            for count, at in enumerate(due.before(now)):
                if count > RECENT:
                    break
                for each in self._family(due, at)[1:]:
                    if each.name.lower() == name.lower() and each.created <= now:
                        return each
        return None

    def _backwards(self, due: Due, before: float, *, with_children: bool) -> Iterator[JobRecord]:
        pending: list[tuple[float, str, JobRecord]] = []
        for at in due.before(before):
            family = self._family(due, at)
            if not with_children:
                yield family[0]
                continue
            # Children are younger than later parents may be: they wait until none can be.
            for each in family:
                heapq.heappush(pending, (-each.created, each.name, each))
            spread = max(each.created for each in family) - family[0].created
            while pending and -pending[0][0] > at + LATE + spread:
                yield heapq.heappop(pending)[2]
        while pending:
            yield heapq.heappop(pending)[2]

    def _forwards(self, due: Due, after: float, *, with_children: bool) -> Iterator[JobRecord]:
        pending: list[tuple[float, str, JobRecord]] = []
        for at in due.after(after):
            while pending and pending[0][0] < at + LATE:
                yield heapq.heappop(pending)[2]
            family = self._family(due, at)
            for each in family if with_children else family[:1]:
                heapq.heappush(pending, (each.created, each.name, each))
        while pending:
            yield heapq.heappop(pending)[2]


RECENT = 200
"""Firings of a schedule that are searched for a child."""


def due_of(schedule: Resource) -> Due | None:
    """A schedule that creates jobs; None for one that is disabled, or does something else."""
    action = schedule.properties.get("action") or {}
    if not schedule.properties.get("isEnabled") or action.get("actionType") != "CreateJob":
        return None
    if not isinstance(action.get("jobDefinition"), Mapping):
        return None
    since = float(schedule.kept.get("since") or schedule.created)
    try:
        return Due(schedule, trigger_of(schedule.properties.get("trigger") or {}, since), since)
    except ValueError:
        return None


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime(STAMP)


def _moment(stamp: str) -> float | None:
    try:
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
