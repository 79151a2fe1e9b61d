"""Locks of Resource Manager: what lies under one is not deleted, or not changed at all.

They are resources like any other, with a level of CanNotDelete or ReadOnly:
`PUT {scope}/providers/Microsoft.Authorization/locks/{name}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from starlette.responses import Response

from amltui.emulator.http import errors

if TYPE_CHECKING:
    from amltui.emulator.world import World

_LOCKS = "/providers/Microsoft.Authorization/locks"
_OPERATIONS = {"DELETE": "delete", "PUT": "write", "PATCH": "write", "POST": "write"}
_ELSEWHERE = ("/providers/microsoft.authorization/", "/providers/microsoft.costmanagement/")
"""Providers whose calls are about a scope, and change nothing in it."""


def refusal(world: World, method: str, path: str) -> Response | None:
    """The answer in place of a change that a lock forbids; POSTs count as changes, as in Azure."""
    operation = _OPERATIONS.get(method)
    if operation is None or any(each in path.lower() for each in _ELSEWHERE):
        return None
    levels = {"cannotdelete", "readonly"} if operation == "delete" else {"readonly"}
    locked = [
        scope
        for scope in _scopes(path)
        for lock in world.resources.within(f"{scope}{_LOCKS}", world.now)
        if str(lock.properties.get("level")).lower() in levels
    ]
    if not locked:
        return None
    return errors.gateway(
        409,
        "ScopeLocked",
        f"The scope '{path.rstrip('/')}' cannot perform {operation} operation because following"
        f" scope(s) are locked: '{','.join(locked)}'. Please remove the lock and try again.",
    )


def _scopes(path: str) -> Iterator[str]:
    """The resource group, and each resource on the way to what a path is about."""
    parts = path.strip("/").split("/")
    for end in range(4, len(parts) + 1, 2):
        # …/resourceGroups/g, then providers/P/type/name and type/name, which are in pairs too.
        if parts[end - 2].lower() != "providers":
            yield "/" + "/".join(parts[:end])
