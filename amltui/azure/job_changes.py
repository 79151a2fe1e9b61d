"""Changing jobs: what run history takes of them, deleting, and submitting again.

Resource Manager refuses a PUT on a job that exists, and knows no PATCH of jobs. The studio and
Microsoft's SDK archive, rename and tag through run history too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from amltui.azure import address
from amltui.azure.errors import Conflict, NotFound
from amltui.azure.operation import Operation

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.job import Job


def run_path(job: Job) -> str:
    """Of its run. Steps and trials do not know their experiment, and need not."""
    below = f"/runs/{address.segment(job.name)}"
    return f"/experiments/{address.segment(job.experiment)}{below}" if job.experiment else below


async def archive(place: WorkspaceClient, job: Job, *, hidden: bool) -> None:
    """Put it away, or take it back."""
    await place.history("PATCH", run_path(job), {"hidden": hidden})


async def rename(place: WorkspaceClient, job: Job, title: str) -> None:
    """Another display name: that in addresses stays."""
    await place.history("PATCH", run_path(job), {"displayName": title})


async def describe(place: WorkspaceClient, job: Job, text: str) -> None:
    """Another description in place of the one it has."""
    await place.history("PATCH", run_path(job), {"description": text})


async def tag(place: WorkspaceClient, job: Job, tags: Mapping[str, str]) -> None:
    """Tags are merged: others stay."""
    await place.history("PATCH", run_path(job), {"tags": dict(tags)})


async def untag(place: WorkspaceClient, job: Job, names: Collection[str]) -> None:
    """A PATCH of the run never takes tags away."""
    body = {"tagsToModify": {}, "tagsToDelete": list(names)}
    await place.history("PATCH", f"{run_path(job)}/tags", body)


async def delete(place: WorkspaceClient, job: Job) -> Operation | None:
    """Delete it for good; None where that is done already."""
    answer = await place.send("DELETE", f"/jobs/{address.segment(job.name)}")
    operation = Operation.from_answer("delete", job.name, answer)
    return operation if operation.status_url or operation.result_url else None


async def submit(place: WorkspaceClient, name: str, properties: Mapping[str, Any]) -> None:
    """A new job; Conflict where there is one of that name, which a PUT would change."""
    path = f"/jobs/{address.segment(name)}"
    try:
        await place.get(path)
    except NotFound:
        await place.put(path, json={"properties": dict(properties)})
        return
    raise Conflict(f"there is a job {name} already: another name is needed")
