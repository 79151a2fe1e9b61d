"""The run that another one is compared with if nothing else is said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from amltui.azure import jobs
from amltui.domain.differing import last_that_worked

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.job import Job

LOOKED_AT = 200
"""Jobs that are asked for where none that is known will do."""


async def worked(place: WorkspaceClient, job: Job, known: Iterable[Job] = ()) -> Job | None:
    """The last run of its experiment that completed before it, asked for if none is known."""
    if (found := last_that_worked(job, known)) is not None:
        return found
    return last_that_worked(job, (await jobs.newest(place, LOOKED_AT)).items)
