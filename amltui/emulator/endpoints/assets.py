"""The assets that a deployment names: found in the world, or known to be elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amltui.emulator.endpoints import changes
from amltui.emulator.places import PROVIDER
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

_ID = re.compile(
    r"/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/"
    + re.escape(PROVIDER)
    + r"/workspaces/([^/]+)/(\w+)/([^/]+)/(versions|labels)/([^/]+)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"([^/:@]+)[:@]([^/:@]+)")
_ELSEWHERE = ("azureml://registries/", "https://", "http://")
_CURATED = "azureml-"


def find(call: Call, segment: str, reference: str) -> Resource | None:
    """The version that an id, `azureml:name:1` or `azureml:name@latest` means; None if there is
    none, or if it lies in a registry."""
    text = reference.removeprefix("azureml:")
    if found := _ID.fullmatch(text):
        sub, group, name, kind, asset, by, version = found.groups()
        place = call.world.workspace(sub, group, name)
        if place is None or kind.lower() != segment.lower():
            return None
        latest = by.lower() == "labels"
        collection = f"{place.id}/{segment}/{asset}/versions"
    elif found := _NAMED.fullmatch(text):
        asset, version = found.groups()
        latest = "@" in text
        collection = f"{call.workspace.id}/{segment}/{asset}/versions"
    else:
        return None
    if latest:
        return next(iter(call.world.resources.within(collection, call.now)), None)
    return call.world.resources.get(f"{collection}/{version}", call.now)


def need(call: Call, segment: str, noun: str, reference: str | None) -> None:
    """Refuse a reference to what does not exist."""
    if not reference or is_elsewhere(reference):
        return
    if find(call, segment, reference) is None:
        message = f"The {noun} {reference} of the deployment was not found."
        raise changes.bad(call, message, "ResourceNotFound")


def is_elsewhere(reference: str) -> bool:
    """Whether it names what this world cannot know: a registry's asset, a curated environment."""
    text = reference.removeprefix("azureml:").lower()
    if text.startswith(_ELSEWHERE) or "/registries/" in text:
        return True
    found = _ID.fullmatch(text)
    name = found[5] if found else text
    return name.startswith(_CURATED)
