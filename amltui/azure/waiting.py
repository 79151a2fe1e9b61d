"""What is asked to tell why a job waits: its compute, its neighbours, the quota, its logs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from amltui.azure import computes, jobs, logs, prices, usages
from amltui.azure.errors import AzureError, NotSignedIn
from amltui.domain.compute import Compute, ComputeKind
from amltui.domain.log import LogKind
from amltui.domain.quota import Fit, Need, fit
from amltui.domain.waiting import Facts, Why, why_waiting

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.job import Job

T = TypeVar("T")

LASTING = 30.0
"""Seconds that one answer does for all jobs of a workspace that wait."""
NEWEST = 100
"""Jobs that are looked through for those ahead."""


async def why(place: WorkspaceClient, job: Job) -> Why:
    """One sentence and its evidence; what could not be had is named there."""
    listed, neighbours, building = await asyncio.gather(
        _or_error(_computes(place)), _or_error(_jobs(place)), _or_error(_builds(place, job))
    )
    missing = [
        f"{what} ({answer})"
        for what, answer in (
            ("its compute", listed),
            ("jobs ahead", neighbours),
            ("an image build", building),
        )
        if isinstance(answer, AzureError)
    ]
    compute, is_gone = None, False
    if not isinstance(listed, AzureError) and job.compute:
        name = job.compute.lower()
        compute = next((each for each in listed if each.name.lower() == name), None)
        is_gone = compute is None
    room: Fit | AzureError | None = None
    if compute is not None:
        room = await _or_error(_room(place, job, compute))
        if isinstance(room, AzureError):
            missing.append(f"the quota ({room})")
    facts = Facts(
        compute=compute,
        is_gone=is_gone,
        jobs=() if isinstance(neighbours, AzureError) else neighbours,
        fit=None if isinstance(room, AzureError) else room,
        builds_image=building is True,
        missing=tuple(missing),
    )
    return why_waiting(job, facts)


async def _computes(place: WorkspaceClient) -> tuple[Compute, ...]:
    async def ask() -> tuple[Compute, ...]:
        return (await computes.list_all(place)).items

    return await place.client.kept.get(("waiting computes", place.id.key), ask, LASTING)


async def _jobs(place: WorkspaceClient) -> tuple[Job, ...]:
    async def ask() -> tuple[Job, ...]:
        return (await jobs.newest(place, NEWEST)).items

    return await place.client.kept.get(("waiting jobs", place.id.key), ask, LASTING)


async def _builds(place: WorkspaceClient, job: Job) -> bool:
    """Whether there is the log of an image build. A job that is queued has none yet."""
    if (job.status or "").lower() not in {"preparing", "starting", "provisioning"}:
        return False
    return any(each.kind is LogKind.BUILD for each in await logs.files(place, job.name))


async def _room(place: WorkspaceClient, job: Job, compute: Compute) -> Fit | None:
    """Whether the quota lets the cluster have the nodes that the job lacks."""
    nodes, region = compute.nodes, (compute.location or "").replace(" ", "").lower()
    if compute.kind is not ComputeKind.CLUSTER or nodes is None or not compute.size or not region:
        return None
    lacking = (job.node_count or 1) - nodes.idle
    size = (await prices.sizes(place, region)).get(compute.size.lower())
    if lacking <= 0 or size is None or size.family is None or size.vcpus is None:
        return None
    found, _ = await usages.lately(place.client, place.id.subscription_id, region)
    need = Need(place.id, region, size.family, lacking * size.vcpus, compute.low_priority)
    return fit(need, found)


async def _or_error(asking: Awaitable[T]) -> T | AzureError:
    try:
        return await asking
    except NotSignedIn:
        raise
    except AzureError as error:
        return error
