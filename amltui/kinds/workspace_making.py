"""Making a workspace: told with what is made for it and what that costs, before it is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.workspace import Workspace
from amltui.kinds import format as fmt
from amltui.kinds.kind import Action, Blank, Form, Row, Unusable
from amltui.kinds.shell import group

if TYPE_CHECKING:
    from amltui.azure.operation import Operation
    from amltui.azure.workspace_client import WorkspaceClient

FLAGS = {
    "storage": "storage-account",
    "key vault": "key-vault",
    "insights": "application-insights",
    "registry": "container-registry",
}
"""Of `az ml workspace create`, and of the command here, for what is there already."""
KINDS = {"default": "Default", "hub": "Hub"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,32}", re.ASCII)
_GROUP = re.compile(r"[-\w.()]{1,89}[-\w()]", re.ASCII)
_RESOURCE = re.compile(
    r"/subscriptions/[^/\s]+/resourceGroups/[^/\s]+/providers/([\w.]+/\w+)/[^/\s]+",
    re.ASCII | re.IGNORECASE,
)
_REGION = re.compile(r"[a-z][a-z0-9]+", re.ASCII)


def of(
    subscription: str,
    resource_group: str,
    name: str,
    region: str,
    kind: str = "default",
    uses: str = "",
) -> Workspace:
    """One that is to be made; Unusable with the first thing that is wrong with these words.

    `uses` are ids of what it is to stand on that is there already, with spaces between them.
    """
    if not _NAME.fullmatch(name.strip()):
        raise Unusable("A name has 3 to 33 letters, digits, - and _, and begins with none of these")
    if not _GROUP.fullmatch(resource_group.strip()):
        raise Unusable(f"{resource_group.strip() or 'nothing'} is no name of a resource group")
    if not _REGION.fullmatch(region.strip().lower()):
        raise Unusable(f"{region.strip() or 'nothing'} is no region: write westeurope, eastus2 …")
    if kind.strip().lower() not in KINDS:
        raise Unusable(f"{kind.strip() or 'nothing'} is no kind: write default or hub")
    place = WorkspaceId(subscription, resource_group.strip(), name.strip())
    return Workspace(
        place, KINDS[kind.strip().lower()], region.strip().lower(), None, stands_on=used(uses)
    )


def used(ids: str) -> dict[str, str]:
    """What each of these ids is for a workspace; Unusable for one of nothing it can stand on."""
    from amltui.azure.workspace_creation import USED

    found: dict[str, str] = {}
    for each in ids.replace(",", " ").split():
        identity = each.rstrip("/")
        told = _RESOURCE.fullmatch(identity)
        kind = told[1].lower() if told else ""
        what = next((what for what, (_, known, _) in USED.items() if known.lower() == kind), None)
        if what is None:
            raise Unusable(
                f"{fmt.one_line(each)} is no id of a storage account, key vault, Application"
                " Insights or container registry: /subscriptions/…/providers/…"
            )
        if what in found:
            raise Unusable(f"a workspace stands on one {what}, and two are named")
        found[what] = identity
    return found


def create(description: str = "") -> Action[Workspace]:
    """The action that makes this one."""

    async def run(place: WorkspaceClient, workspace: Workspace) -> Operation:
        from amltui.azure import workspace_creation
        from amltui.azure.errors import Conflict

        if await workspace_creation.exists(place):
            raise Conflict(f"there is a workspace {place.id.name} already: it was not changed")
        return await workspace_creation.create(place, workspace, description)

    def request(workspace: Workspace) -> str:
        from amltui.azure.workspace_creation import deployment, made_for

        things = ", ".join([*made_for(workspace).values(), workspace.name])
        return f"PUT {deployment(workspace.id)} {{template of {things}}}"

    return Action(
        name="create-workspace",
        key="",
        title="Create",
        doing="creating",
        done="created",
        run=run,
        request=request,
        command=lambda workspace: _command(workspace, description),
        effect=_effect,
        check=_check,
        form=Form((), lambda _: create(description)),
    )


def _effect(row: Row[Workspace]) -> Sequence[str]:
    from amltui.azure.workspace_creation import made_for

    made = [f"{what} {name}" for what, name in made_for(row.resource).items()]
    there = [f"{what} {_name(identity)}" for what, identity in row.resource.stands_on.items()]
    registry = "a container registry is made by the service when an image is first built"
    return (
        f"a {row.resource.kind.lower()} workspace in {row.resource.location}, within minutes",
        f"made for it: {', '.join(made) or 'nothing else'}",
        *((f"stands on, shared with whatever uses it: {', '.join(there)}",) if there else ()),
        "costs nothing by itself; what is made for it is billed by use, and computes when they run",
        *(() if "registry" in row.resource.stands_on else (registry,)),
    )


def _name(identity: str) -> str:
    return fmt.one_line(identity.rpartition("/")[2])


def _command(workspace: Workspace, description: str) -> str:
    place = workspace.id
    more = f" --description {shlex.quote(description)}" if description else ""
    used = "".join(
        f" --{FLAGS[what]} {shlex.quote(identity)}"
        for what, identity in workspace.stands_on.items()
    )
    kind = " --kind hub" if workspace.kind == "Hub" else ""
    return (
        f"az ml workspace create -n {shlex.quote(place.name)} {group(place)}"
        f" --location {shlex.quote(workspace.location or '')}{kind}{used}{more}"
    )


async def _check(place: WorkspaceClient, chosen: Sequence[Workspace]) -> Sequence[str]:
    """Whether the name is free, and the group is there."""
    from amltui.azure import workspace_creation
    from amltui.azure.errors import AzureError, NotSignedIn

    try:
        if not await workspace_creation.has_group(place):
            name = place.id.resource_group
            return [f"! there is no resource group {name}: az group create -n {name} -l REGION"]
        if await workspace_creation.exists(place):
            return [f"! there is a workspace {place.id.name} already"]
    except NotSignedIn:
        raise
    except AzureError as error:
        return [f"! whether it can be made is unknown: {fmt.one_line(str(error))}"]
    return ["the name is free, and the resource group is there"]


def blanks(near: WorkspaceId | None, region: str) -> Sequence[Blank[Any]]:
    """The lines of the form; at first it is made beside another."""
    return (
        Blank("name", "its name", str, lambda _: ""),
        Blank("subscription", "subscription", str, lambda _: near.subscription_id if near else ""),
        Blank("group", "resource group", str, lambda _: near.resource_group if near else ""),
        Blank("region", "region: westeurope", str, lambda _: region),
        Blank("kind", "default or hub", str, lambda _: "default"),
        Blank("uses", "ids it uses: storage …", str, lambda _: ""),
        Blank("description", "description", str, lambda _: ""),
    )
