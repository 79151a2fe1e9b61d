"""What runs are compared by: a job, its details, and the last values of its metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from amltui.azure import job_details, jobs, metrics
from amltui.azure.errors import AzureError, NotSignedIn
from amltui.domain.comparison import Side
from amltui.domain.job_details import JobDetails

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.job import Job

T = TypeVar("T")


async def get(place: WorkspaceClient, known: Job) -> Side:
    """One run as it is now; what cannot be had is noted."""
    job, details, values = await asyncio.gather(
        jobs.get(place, known.name),
        _or_error(job_details.get(place, known)),
        _or_error(metrics.last_values(place, known.name)),
    )
    notes = []
    if isinstance(details, AzureError):
        notes.append(f"details of {job.title} are missing: {details}")
        details = JobDetails()
    if isinstance(values, AzureError):
        notes.append(f"metrics of {job.title} are missing: {values}")
        values = {}
    return Side(job, details, values, "; ".join(notes))


async def _or_error(asking: Awaitable[T]) -> T | AzureError:
    try:
        return await asking
    except NotSignedIn:
        raise
    except AzureError as error:
        return error
