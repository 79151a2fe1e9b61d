"""The datastores of a workspace: its own follow from it, until a client changes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from amltui.emulator.blobs.run_files import CONTAINER
from amltui.emulator.places import guid
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.places import Workspace
    from amltui.emulator.world import World

BLOBS, ARTIFACTS = "workspaceblobstore", "workspaceartifactstore"
FILES, WORKING = "workspacefilestore", "workspaceworkingdirectory"
_MODES = {"identity": "None", "userdelegationsas": "Sas"}
"""Credentials of the workspace's own stores by `systemDatastoresAuthMode`; others have a key."""


def collection(place: Workspace) -> str:
    return f"{place.id}/datastores"


def container_of(place: Workspace) -> str:
    """The container that uploads go to."""
    return f"azureml-blobstore-{place.guid}"


def get(world: World, place: Workspace, name: str) -> Resource | None:
    """The datastore of a name, in any case."""
    return _known(world, place).get(name.lower())


def listed(world: World, place: Workspace) -> list[Resource]:
    """All of a workspace, the newest first."""
    held = list(_known(world, place).values())
    return sorted(held, key=lambda each: each.created, reverse=True)


def default(world: World, place: Workspace) -> str:
    """The name of the one that is taken where none is named."""
    held = _known(world, place).values()
    chosen = next((each.name for each in held if each.kept.get("is_default")), None)
    return chosen or BLOBS


def make_default(world: World, place: Workspace, chosen: Resource) -> Resource:
    """Have a datastore taken where none is named."""
    for each in _known(world, place).values():
        if each.kept.get("is_default"):
            world.resources.put(replace(each, kept={**each.kept, "is_default": False}))
    return world.resources.put(replace(chosen, kept={**chosen.kept, "is_default": True}))


def drop(world: World, held: Resource) -> None:
    """Forget a datastore, and leave what is in it. One of the workspace's own stays away."""
    if held.name in {each for each, _ in _OWN}:
        world.resources.put(replace(held, kept={"is_gone": True}))
    else:
        world.resources.drop(held)


def _known(world: World, place: Workspace) -> dict[str, Resource]:
    own = {name: _own(place, name, kind) for name, kind in _OWN}
    put = world.resources.within(collection(place), world.now)
    found = own | {each.name.lower(): each for each in put}
    return {name: each for name, each in found.items() if not each.kept.get("is_gone")}


_OWN = (
    (BLOBS, "AzureBlob"),
    (ARTIFACTS, "AzureBlob"),
    (FILES, "AzureFile"),
    (WORKING, "AzureFile"),
)


def _own(place: Workspace, name: str, kind: str) -> Resource:
    mode = str(place.properties.get("systemDatastoresAuthMode") or "").lower()
    holds: dict[str, Any] = {
        BLOBS: {"containerName": container_of(place)},
        ARTIFACTS: {"containerName": CONTAINER},
        FILES: {"fileShareName": f"azureml-filestore-{place.guid}"},
        WORKING: {"fileShareName": f"code-{guid(place.id.lower(), 'code')}"},
    }[name]
    return Resource(
        f"{collection(place)}/{name}",
        place.created,
        guid("application", "azureml"),
        {
            "description": None,
            "tags": None,
            "properties": None,
            "credentials": {"credentialsType": _MODES.get(mode, "AccountKey")},
            "datastoreType": kind,
            "accountName": place.account,
            **holds,
            "endpoint": "core.windows.net",
            "protocol": "https",
            "serviceDataAccessAuthIdentity": "None",
            "subscriptionId": place.subscription.id,
            "resourceGroup": place.group,
        },
    )
