"""How many vCPUs of each family a subscription may use in a region, and how many it uses.

What a subscription may have is fixed; of it, a workspace may be given a part. Machines count while
they are up: preemptible ones separately, without a limit for their family.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amltui.emulator import vm_sizes
from amltui.emulator.computes.record import Compute
from amltui.emulator.computes.sight import seen
from amltui.emulator.endpoints.deployments import instances
from amltui.emulator.places import Workspace

if TYPE_CHECKING:
    from amltui.emulator.world import World

LIMITS = {"standardNCADSA100v4Family": 240, "standardNVADSA10v5Family": 36}
USUAL_LIMIT = 100
REGION, LOW_PRIORITY, CLUSTERS = 350, 100, 500
"""vCPUs of all families, preemptible vCPUs, and computes, in a region."""
ONLINE = "ManagedOnlineDeployment"
"""The type of what is no compute, and has machines all the same."""
FAMILIES = sorted({size.family for size in vm_sizes.SIZES.values()})


@dataclass(frozen=True)
class Use:
    """The vCPUs that one compute, or the machines of one online deployment, hold now."""

    place: Workspace
    compute: Compute
    family: str
    vcpus: int
    """Of one machine."""
    machines: int

    @property
    def held(self) -> int:
        return self.machines * self.vcpus

    @property
    def id(self) -> str:
        """Of who holds them."""
        if self.compute.type == ONLINE and self.compute.resource:
            return self.compute.resource
        return f"{self.place.id}/computes/{self.compute.name}"


def limit(family: str) -> int:
    """What a subscription may use of a family in a region."""
    return LIMITS.get(family, USUAL_LIMIT)


def places(world: World, subscription: str, location: str) -> list[Workspace]:
    """The workspaces of a subscription in a region."""
    return [
        each
        for each in world.workspaces_of(subscription)
        if each.location.lower() == location.lower()
    ]


def uses(world: World, within: Iterable[Workspace]) -> Iterator[Use]:
    """What the computes of these workspaces hold, those that are off included."""
    for place in within:
        held = [each for each in world.computes(place).values() if not each.is_gone(world.now)]
        for sight in seen(world, place, held):
            size = vm_sizes.SIZES.get((sight.compute.size or "").lower())
            if size is not None:
                yield Use(place, sight.compute, size.family, size.vcpus, sight.machines)
        yield from _deployed(world, place)


def _deployed(world: World, place: Workspace) -> Iterator[Use]:
    """What online deployments hold as long as they are there, broken ones as well."""
    for endpoint in world.resources.within(f"{place.id}/onlineEndpoints", world.now):
        for each in world.resources.within(f"{endpoint.id}/deployments", world.now):
            size = vm_sizes.SIZES.get(str(each.properties.get("instanceType")).lower())
            if size is None or each.properties.get("endpointComputeType") != "Managed":
                continue
            count = instances(each)
            machines = Compute(
                place.id, each.name, ONLINE, each.created, size.name, max_nodes=count,
                resource=each.id,
            )  # fmt: skip
            yield Use(place, machines, size.family, size.vcpus, count)


def used(found: Iterable[Use]) -> Counter[str]:
    """Dedicated vCPUs by family."""
    counted: Counter[str] = Counter()
    for each in found:
        if not each.compute.low_priority:
            counted[each.family] += each.held
    return counted


def of_workspace(world: World, place: Workspace, family: str) -> int:
    """The part of a family that a workspace may use: all of it unless one was set."""
    found = world.resources.get(f"{place.id}/quotas/{family}", world.now)
    return limit(family) if found is None else int(found.properties["limit"])


def left(world: World, place: Workspace, family: str) -> int:
    """How many more vCPUs of a family a workspace may use now: the tightest limit decides."""
    around = places(world, place.subscription.id, place.location)
    held = list(uses(world, around))
    own = [each for each in held if each.place.id == place.id]
    return min(
        limit(family) - used(held)[family],
        of_workspace(world, place, family) - used(own)[family],
        REGION - used(held).total(),
    )
