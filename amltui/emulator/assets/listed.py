"""Which assets a list is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amltui.emulator.http.pairs import has
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call


def in_view(asked: str, held: Resource) -> bool:
    """Whether an asset is in a view."""
    return asked == "All" or bool(held.properties.get("isArchived")) is (asked == "ArchivedOnly")


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
