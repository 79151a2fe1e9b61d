"""What can be done to jobs."""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from amltui.domain.job import Job
from amltui.kinds import format as fmt
from amltui.kinds.job_again import RESUBMIT
from amltui.kinds.job_labels import DESCRIBE, RENAME, TAG, UNTAG
from amltui.kinds.job_words import az_job, history_request
from amltui.kinds.kind import Action, Row

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient
    from amltui.azure.operation import Operation


def cannot_cancel(job: Job) -> str | None:
    """Why this job cannot be cancelled now."""
    if job.ended_for_good:
        return f"{job.title} has already ended: {job.status}"
    if (job.status or "").lower() == "cancelrequested":
        return f"{job.title} is already being cancelled"
    return None


def cannot_archive(job: Job) -> str | None:
    """Why this job cannot be put away."""
    return f"{job.title} is archived already" if job.is_archived else None


def cannot_restore(job: Job) -> str | None:
    """Why this job cannot be taken back."""
    return None if job.is_archived else f"{job.title} is not archived"


def cannot_delete(job: Job) -> str | None:
    """Why this job cannot be deleted now."""
    if job.parent:
        return f"{job.title} belongs to {job.parent}, and goes with it"
    if job.ended_for_good:
        return None
    return f"{job.title} is {job.status or 'in an unknown state'}: cancel it before deleting it"


def _cancel_effect(row: Row[Job]) -> Sequence[str]:
    ran = fmt.duration(row.resource.seconds(row.now))
    where = row.resource.compute or "serverless compute"
    return (f"{row.resource.status} for {ran} on {where}", "what it has not saved is lost")


# The first frame has no answers: what asks for them is imported when it is asked.


async def _cancel(place: WorkspaceClient, job: Job) -> Operation | None:
    from amltui.azure import jobs

    return await jobs.cancel(place, job.name)


async def _delete(place: WorkspaceClient, job: Job) -> Operation | None:
    from amltui.azure import job_changes

    return await job_changes.delete(place, job)


def _hiding(hidden: bool) -> Callable[[WorkspaceClient, Job], Awaitable[None]]:
    async def run(place: WorkspaceClient, job: Job) -> None:
        from amltui.azure import job_changes

        await job_changes.archive(place, job, hidden=hidden)

    return run


CANCEL: Action[Job] = Action(
    name="cancel",
    key="x",
    title="Cancel",
    doing="cancelling",
    done="cancelled",
    run=_cancel,
    request=lambda job: f"POST {job.workspace.path}/jobs/{job.name}/cancel",
    command=lambda job: az_job("cancel", job),
    effect=_cancel_effect,
    refusal=cannot_cancel,
)

ARCHIVE: Action[Job] = Action(
    name="archive",
    key="",
    title="Archive",
    doing="archiving",
    done="archived",
    run=_hiding(True),
    request=lambda job: history_request(job, '{"hidden": true}'),
    command=lambda job: az_job("archive", job),
    effect=lambda row: ("leaves the lists; nothing is deleted, and it can be restored",),
    refusal=cannot_archive,
)

RESTORE: Action[Job] = Action(
    name="restore",
    key="",
    title="Restore",
    doing="restoring",
    done="restored",
    run=_hiding(False),
    request=lambda job: history_request(job, '{"hidden": false}'),
    command=lambda job: az_job("restore", job),
    effect=lambda row: ("is in the lists again",),
    refusal=cannot_restore,
)

DELETE: Action[Job] = Action(
    name="delete",
    key="X",
    title="Delete",
    doing="deleting",
    done="deleted",
    run=_delete,
    request=lambda job: f"DELETE {job.workspace.path}/jobs/{job.name}",
    command=lambda job: (
        f"az rest --method delete --url {shlex.quote(f'{job.workspace.path}/jobs/{job.name}')}"
    ),
    effect=lambda row: (
        "! the job, its metrics and its logs are gone for good",
        "archive (in a) only puts it away",
    ),
    refusal=cannot_delete,
    typed=True,
)

JOB_ACTIONS: tuple[Action[Job], ...] = (
    CANCEL,
    RESUBMIT,
    TAG,
    UNTAG,
    RENAME,
    DESCRIBE,
    ARCHIVE,
    RESTORE,
    DELETE,
)
