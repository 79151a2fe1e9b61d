"""What the jobs without a compute hold, and what it costs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from amltui.azure import compute_changes, computes, jobs, prices
from amltui.azure.errors import AzureError, NotSignedIn
from amltui.domain import serverless
from amltui.domain.compute import Compute
from amltui.domain.job import Job
from amltui.domain.job_cost import is_tier_spot
from amltui.domain.listing import Listing

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient

LASTING = 30.0
"""Seconds that the jobs of a workspace are good enough to tell what they hold."""
PATIENCE = 1.0
"""Seconds that a list of computes waits for what jobs hold."""
LATE = "serverless machines are not told yet: the jobs take their time"
NEWEST = 100
"""Jobs that are looked at."""


async def with_computes(place: WorkspaceClient) -> Listing[Compute]:
    """Every compute, and serverless machines where jobs hold some now.

    Where the jobs alone do not answer, or are late, a note says so.
    """
    asked = asyncio.ensure_future(_held_or_why(place))
    # Should nobody wait for it any more, what it raises is of no interest.
    asked.add_done_callback(lambda task: task.cancelled() or task.exception())
    listing = await computes.list_all(place)
    # Late, it goes on, and is kept for whoever asks next.
    await asyncio.wait([asked], timeout=PATIENCE)
    held = asked.result() if asked.done() else LATE
    if isinstance(held, str):
        return Listing(listing.items, listing.more, (*listing.notes, held))
    return Listing((*listing.items, *held), listing.more, listing.notes)


async def _held_or_why(place: WorkspaceClient) -> tuple[Compute, ...] | str:
    async def ask() -> tuple[Compute, ...]:
        newest = (await jobs.newest(place, NEWEST)).items
        priced = await priced_jobs(place, newest)
        return serverless.computes((job, priced.get(job.key)) for job in newest)

    try:
        return await place.client.kept.get(("serverless", place.id.key), ask, LASTING)
    except NotSignedIn:
        raise
    except AzureError as error:
        return f"serverless machines are missing: {error}"


async def priced_jobs(place: WorkspaceClient, told: Iterable[Job]) -> dict[str, float]:
    """Retail USD an hour of one machine, by the key of a job; those that are unknown are left out.

    Nothing is asked where no job runs on such machines.
    """
    held = [job for job in told if serverless.is_on_it(job) and not job.ended_for_good]
    found: dict[str, float] = {}
    for job in held:
        if (known := await price(place, job)) is not None:
            found[job.key] = known
    return found


async def price(place: WorkspaceClient, job: Job) -> float | None:
    """Retail USD an hour of one of its machines; None where its size or its price is unknown."""
    if not job.instance_type:
        return None
    try:
        sizes = await prices.sizes(place, await compute_changes.location(place))
    except NotSignedIn:
        raise
    except AzureError:
        return None
    size = sizes.get(job.instance_type.lower())
    return size.price(low_priority=is_tier_spot(job)) if size else None
