"""What a workspace says to a job that comes in: its computes, environments and components."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from amltui.emulator import quotas, vm_sizes
from amltui.emulator.computes.record import CLUSTER, INSTANCE
from amltui.emulator.jobs.capacity import Hold, Nodes, hold_of
from amltui.emulator.jobs.record import ORCHESTRATED, JobRecord
from amltui.emulator.jobs.submissions.intake import Intake, whole
from amltui.emulator.places import Workspace
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.world import World

_ENVIRONMENT = re.compile(
    r"(?:azureml:)?(?:/.*/environments/(?P<name>[^/]+)/versions/(?P<version>[^/]+)"
    r"|(?P<short>[^/:@]+)[:@](?P<short_version>[^/:]+))",
    re.IGNORECASE,
)
_CURATED = ("azureml-", "acpt-", "acft-", "sklearn-", "pytorch-", "tensorflow-", "minimal-")
"""How the environments begin that Microsoft keeps in its registry, and that are everywhere."""


def intake(world: World, place: Workspace, now: float, who: str) -> Intake:
    """The workspace as a job meets it now."""
    return Intake(
        workspace=place.id.lower(),
        now=now,
        who=who,
        nodes=Nodes(partial(most, world, place), partial(_held, world, place, now)),
        component=partial(_component, world, place.id, now),
        problem=partial(_problem, world, place, now),
        filed=partial(world.jobs.experiments.filed, place.id),
    )


def alone(world: World, workspace: str, now: float, schedule: Resource) -> Intake:
    """The workspace as a schedule's job meets it: nothing there can change what it came to."""
    return Intake(
        workspace=workspace.lower(),
        now=now,
        who=schedule.created_by or "",
        component=partial(_component, world, workspace, world.now),
        filed=partial(world.jobs.experiments.filed, workspace),
        schedule=schedule.name,
    )


def most(world: World, place: Workspace, name: str) -> int | None:
    """The nodes that a compute can have at most; None where there is no such number."""
    compute = world.compute(place, name)
    if compute is None or compute.type not in {CLUSTER, INSTANCE}:
        return None
    return compute.max_nodes if compute.type == CLUSTER else 1


def is_environment(world: World, place: Workspace, now: float, identity: str) -> bool:
    """Whether a job can run in it; images that are named outright always are."""
    found = _ENVIRONMENT.fullmatch(identity.strip())
    if found is None or "/registries/" in identity.lower():
        return True
    name = found["name"] or found["short"]
    version = found["version"] or found["short_version"]
    if name.lower().startswith(_CURATED):
        return True
    container = f"{place.id}/environments/{name}"
    if "@" in identity or version.lower() == "latest":
        return world.resources.get(container, now) is not None
    return world.resources.get(f"{container}/versions/{version}", now) is not None


def _held(world: World, place: Workspace, now: float, compute: str) -> Iterator[Hold]:
    for record in world.jobs.of(place.id).unfinished(now):
        if record.holds(compute) and (hold := hold_of(record)) is not None:
            yield hold


def _component(world: World, workspace: str, now: float, identity: str) -> Mapping[str, Any]:
    """The specification of a component, by its id or as `azureml:name:version`."""
    path = identity.removeprefix("azureml:")
    if not path.startswith("/"):
        name, _, version = path.partition(":")
        path = f"{workspace}/components/{name}/versions/{version}"
    found = world.resources.get(path, now)
    spec = found.properties.get("componentSpec") if found is not None else None
    return spec if isinstance(spec, Mapping) else {}


def _problem(
    world: World, place: Workspace, now: float, record: JobRecord
) -> tuple[str, str] | None:
    """The failure that keeps a job from running, and what it says."""
    if record.environment and not is_environment(world, place, now, record.environment):
        return "environment", f"The environment '{record.environment}' was not found."
    if record.type in ORCHESTRATED:
        return None
    if record.compute is None:
        return _quota(world, place, record)
    compute = world.compute(place, record.compute)
    if compute is None:
        return "compute", f"The compute '{record.compute}' was not found in the workspace."
    if compute.type == INSTANCE and compute.state_at(now) in {"Stopped", "Stopping"}:
        return "compute", f"The compute instance {compute.name} is stopped: start it first."
    return None


def _quota(world: World, place: Workspace, record: JobRecord) -> tuple[str, str] | None:
    asked = record.specification.get("resources") or {}
    size = vm_sizes.SIZES.get(str(asked.get("instanceType")).lower())
    if size is None:
        return None
    wanted = size.vcpus * whole(asked.get("instanceCount"), 1)
    region = quotas.places(world, place.subscription.id, place.location)
    used = quotas.used(quotas.uses(world, region))[size.family]
    limit = quotas.of_workspace(world, place, size.family)
    if wanted + used <= limit:
        return None
    return "quota", (
        f"The job needs {wanted} vCPUs of {size.family}, of which {used} are in use:"
        f" the quota of {limit} vCPUs would be exceeded."
    )
