"""A resource by its name, in whatever workspace it is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amltui.azure.errors import AzureError, NotFound
from amltui.azure.places import Ambiguous, near
from amltui.cli import gather
from amltui.domain.arm_id import WorkspaceId
from amltui.kinds.kind import Kind, PerWorkspace

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient


async def one(
    client: AzureClient, kind: Kind[Any], places: Sequence[WorkspaceId], name: str
) -> Any:
    """The resource of that name; NotFound with names like it, Ambiguous if several have it."""
    source = kind.source
    assert isinstance(source, PerWorkspace)
    if source.get is not None:
        getting = source.get
        asked = [_try(getting(client.workspace(place), name)) for place in places]
        answers = await asyncio.gather(*asked)
        found = [answer for answer in answers if not isinstance(answer, AzureError)]
        broken = [
            answer
            for answer in answers
            if isinstance(answer, AzureError) and not isinstance(answer, NotFound)
        ]
        if broken and not found:
            raise broken[0]
    else:
        listed = await gather.listed(client, kind, places, None)
        found = [item for item in listed.items if item.name.lower() == name.lower()]
        if not found and listed.failures:
            raise listed.failures[0][1]
    if len(found) > 1:
        where = ", ".join(item.workspace.name for item in found)
        raise Ambiguous(f"{name} is in several workspaces: {where}; name one with --workspace")
    if not found:
        known = (await gather.listed(client, kind, places, None)).items
        raise NotFound(
            f"there is no {kind.noun[0]} {name}" + near(name, (item.name for item in known))
        )
    return found[0]


async def _try(asking: Any) -> Any:
    try:
        return await asking
    except AzureError as error:
        return error
