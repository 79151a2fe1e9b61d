"""The end of computes: deleted with what they hold, or only detached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from amltui.domain.compute import Compute, ComputeKind
from amltui.kinds.compute_words import az_compute, nothing_to_change, request
from amltui.kinds.kind import Action, Row

if TYPE_CHECKING:
    from amltui.azure.operation import Operation
    from amltui.azure.workspace_client import WorkspaceClient


def is_attached(compute: Compute) -> bool:
    """Whether it is somebody else's, so that it is let go of and goes on where it is."""
    return not compute.is_billed


def cannot_delete(compute: Compute) -> str | None:
    """Why this compute cannot be deleted now."""
    if reason := nothing_to_change(compute):
        return reason
    state = (compute.provisioning_state or "").lower()
    return f"{compute.name} is being deleted already" if state == "deleting" else None


def _effect(row: Row[Compute]) -> Sequence[str]:
    compute = row.resource
    if is_attached(compute):
        what = compute.attached or f"the {compute.type}"
        return (f"is detached from the workspace; {what.rpartition('/')[2]} itself goes on",
                "jobs and deployments that name it can run there no more")  # fmt: skip
    if compute.kind is ComputeKind.INSTANCE:
        job = (compute.state or "").lower() == "jobrunning"
        return (
            "! its disk goes for good; files in the workspace's file share stay",
            *(("! a job is running on it and will be lost",) if job else ()),
            "its disk, IP and load balancer are billed no more",
        )
    busy = compute.nodes.running if compute.nodes else 0
    return (
        *((f"! {busy} of its nodes run jobs, which will be lost",) if busy else ()),
        "jobs that name it can run there no more",
    )


async def _run(place: WorkspaceClient, compute: Compute) -> Operation:
    from amltui.azure import compute_changes

    return await compute_changes.delete(place, compute.name, detach=is_attached(compute))


def _request(compute: Compute) -> str:
    action = "Detach" if is_attached(compute) else "Delete"
    return f"{request('DELETE', compute)}?underlyingResourceAction={action}"


DELETE_COMPUTE: Action[Compute] = Action(
    name="delete-compute",
    key="X",
    title="Delete",
    doing="deleting",
    done="deleted",
    run=_run,
    request=_request,
    command=lambda c: az_compute("detach" if is_attached(c) else "delete", c, " --yes"),
    effect=_effect,
    refusal=cannot_delete,
    saves=lambda compute: compute.burn_per_hour,
    typed=True,
)
