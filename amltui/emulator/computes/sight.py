"""Computes as they are by now, with the time that jobs spend on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amltui.emulator.computes.nodes import nodes_of
from amltui.emulator.computes.record import CLUSTER, INSTANCE, Compute
from amltui.emulator.computes.settling import settled, watches
from amltui.emulator.computes.stays import Stay, by_compute
from amltui.emulator.places import Workspace

if TYPE_CHECKING:
    from amltui.emulator.world import World

DAY = 86_400.0
"""How far the jobs are looked back at that had nodes of a cluster."""
_WITHOUT_MACHINE = {"Stopped", "CreateFailed", "Unknown", "Deleted"}


@dataclass(frozen=True)
class Sight:
    """A compute at a moment."""

    compute: Compute
    place: Workspace
    stays: tuple[Stay, ...]
    """Oldest first: those of the last day, and all since an instance was last left alone."""
    now: float

    @property
    def has_job(self) -> bool:
        return any(stay.holds(self.now) for stay in self.stays)

    @property
    def machines(self) -> int:
        """How many it has, those on their way up or down included."""
        compute = self.compute
        if compute.type == CLUSTER:
            return nodes_of(compute, self.stays, self.now).current
        if compute.type != INSTANCE:
            return 0
        switch = compute.switch
        if switch is not None and switch.error and switch.operation in {"Create", "Start"}:
            return 0
        return int(compute.state_at(self.now) not in _WITHOUT_MACHINE)


def seen(world: World, place: Workspace, computes: Iterable[Compute]) -> Iterator[Sight]:
    """These computes of a workspace now. Its jobs are gone through once for all of them."""
    now, asked = world.now, list(computes)
    idle = (each.idle_since for each in asked if watches(each) and each.idle_since is not None)
    since = min((now - DAY, *idle))
    stays = by_compute(world.jobs.of(place.id).during(since, now), now) if asked else {}
    for each in asked:
        own = tuple(s for s in stays.get(each.name.lower(), ()) if s.start >= each.created)
        yield Sight(settled(each, own, now), place, own, now)
