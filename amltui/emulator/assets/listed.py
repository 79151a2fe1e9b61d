"""Which assets a list is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amltui.emulator.http.pairs import has
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call


def in_view(call: Call, held: Resource) -> bool:
    """Whether `listViewType` asks for it: ActiveOnly unless said otherwise."""
    view = call.query.get("listviewtype", "ActiveOnly").lower()
    return view == "all" or bool(held.properties.get("isArchived")) is (view == "archivedonly")


def is_wanted(call: Call, held: Resource) -> bool:
    """Whether it is the version, and has the tags, that are asked for."""
    version = call.query.get("version")
    if version is not None and held.name != version:
        return False
    known = held.properties.get("properties") or {}
    for parameter, name in (("hash", "hash_sha256"), ("hashversion", "hash_version")):
        asked = call.query.get(parameter)
        if asked is not None and str(known.get(name)) != asked:
            return False
    tags = call.query.get("tags") or call.query.get("$tags")
    return has(held.properties.get("tags"), tags) and has(known, call.query.get("properties"))
