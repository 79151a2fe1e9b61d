"""The text of what clients uploaded as the code of their jobs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amltui.emulator.blobs.account import Account

if TYPE_CHECKING:
    from amltui.emulator.places import Workspace
    from amltui.emulator.world import World

LARGEST = 200_000
"""Bytes of a script that is read."""
_PLACE = re.compile(
    r"https?://[^/]+/(?:[^/]+\.blob\.[^/]+/)?(?P<container>[^/]+)(?P<folder>/.+?)?/*$"
)


def text(world: World, place: Workspace, identity: str, path: str) -> str | None:
    """A file of a version of code; None where there is none, or it is no text."""
    version = world.resources.get(identity.removeprefix("azureml:"), world.now)
    found = _PLACE.match(str(version.properties.get("codeUri"))) if version is not None else None
    if found is None:
        return None
    name = f"{found['folder'] or ''}/{path}".removeprefix("/")
    blob = Account(world, place.account).get(found["container"], name)
    if blob is None or blob.size > LARGEST:
        return None
    try:
        return blob.read(0, blob.size).decode()
    except UnicodeDecodeError:
        return None
