"""The end of a workspace: put where it can be taken back from, or for good."""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from amltui.domain.workspace import Workspace
from amltui.kinds.kind import Action, Row
from amltui.kinds.shell import group

if TYPE_CHECKING:
    from amltui.azure.operation import Operation
    from amltui.azure.workspace_client import WorkspaceClient


def _refusal(workspace: Workspace) -> str | None:
    if workspace.is_registry:
        return f"{workspace.name} is a registry: it is deleted in the portal, or with `az ml`"
    state = (workspace.provisioning_state or "").lower()
    if state in {"deleting", "softdeleted"}:
        return f"{workspace.name} is being deleted already"
    return None


def _effect(purge: bool) -> Callable[[Row[Workspace]], Sequence[str]]:
    def told(row: Row[Workspace]) -> Sequence[str]:
        stays = [
            f"{name} {id_.rstrip('/').rpartition('/')[2]}"
            for name, id_ in row.resource.stands_on.items()
        ]
        back = (
            "! for good: nothing of it can be put back"
            if purge
            else "it can be put back for some days, by making one of that name and place again"
        )
        return (
            "! jobs, metrics, models, data, endpoints and computes go with it",
            back,
            f"stays, and goes on being billed: {', '.join(stays) or 'what it stood on'}",
        )

    return told


def _run(purge: bool) -> Callable[[WorkspaceClient, Workspace], Awaitable[Operation]]:
    async def run(place: WorkspaceClient, workspace: Workspace) -> Operation:
        from amltui.azure import workspace_changes

        return await workspace_changes.delete(place, purge=purge)

    return run


async def _check(place: WorkspaceClient, chosen: Sequence[Workspace]) -> Sequence[str]:
    import asyncio

    from amltui.azure import workspace_changes

    contents, bill = await asyncio.gather(
        workspace_changes.contents(place), workspace_changes.bill(place, chosen[0])
    )
    return (*contents, *bill)


def _action(name: str, key: str, title: str, *, purge: bool) -> Action[Workspace]:
    query = "?forceToPurge=true" if purge else ""
    flag = " --permanently-delete" if purge else ""
    return Action(
        name=name,
        key=key,
        title=title,
        doing="deleting",
        done="purged" if purge else "deleted",
        run=_run(purge),
        request=lambda each: f"DELETE …/workspaces/{each.name}{query}",
        command=lambda each: (
            f"az ml workspace delete -n {shlex.quote(each.name)} {group(each.id)}{flag} --yes"
        ),
        effect=_effect(purge),
        refusal=_refusal,
        typed=True,
        check=_check,
    )


WORKSPACE_ACTIONS: tuple[Action[Workspace], ...] = (
    _action("delete-workspace", "X", "Delete", purge=False),
    _action("purge-workspace", "", "Delete for good", purge=True),
)
