"""Where the data of an asset lies: from the address that the asset gives to a blob's place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amltui.emulator.blobs.account import LAST, Account
from amltui.emulator.blobs.address import place_of
from amltui.emulator.blobs.written import Key, Written
from amltui.emulator.datastores import record

if TYPE_CHECKING:
    from amltui.emulator.places import Workspace
    from amltui.emulator.world import World

_STORE = re.compile(r"azureml:.*/datastores/([^/]+)/paths/(.*)", re.IGNORECASE)
_STORE_ALONE = re.compile(r"azureml://datastores/([^/]+)/paths/(.*)", re.IGNORECASE)


def place(world: World, home: Workspace | None, uri: str) -> tuple[str, str, str] | None:
    """Account, container and the beginning of names; None where that is no blob store.

    `azureml://…/datastores/{store}/paths/{path}` is meant in `home`.
    """
    if not uri.lower().startswith("azureml:"):
        return place_of(uri)
    found = _STORE_ALONE.fullmatch(uri) or _STORE.fullmatch(uri)
    store = None if found is None or home is None else record.get(world, home, found[1])
    if found is None or store is None or "containerName" not in store.properties:
        return None
    account = str(store.properties["accountName"]).lower()
    return account, str(store.properties["containerName"]), found[2]


def uri_of(home: Workspace, store: str, path: str) -> str:
    """The address of a path in a store, as the service spells it."""
    _, _, subscription, _, group, *_ = home.id.split("/")
    return (
        f"azureml://subscriptions/{subscription}/resourcegroups/{group}/workspaces/{home.name}"
        f"/datastores/{store}/paths/{path}"
    )


def copy(
    world: World, source: tuple[str, str, str], account: str, container: str
) -> tuple[str, int]:
    """Copy a file, or all below a folder, to the top of a container: its name there, how many."""
    held = Account(world, source[0])
    path = source[2].rstrip("/")
    name, count = path.rpartition("/")[2], 0
    for blob in held.walk(source[1], path, f"{path}{LAST}"):
        rest = blob.name.removeprefix(path)
        if rest and not rest.startswith("/"):
            continue  # begins alike, lies elsewhere
        made = Written(
            Key(account, container, f"{name}{rest}"),
            blob.kind,
            world.now,
            world.now,
            "",
            md5=blob.md5,
            headers=blob.settings,
            metadata=blob.metadata,
        )
        world.storage.blobs.put(made, blob.read(0, blob.size))
        count += 1
    return name, count
