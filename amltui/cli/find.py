"""A resource by its name, in whatever workspace it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from amltui.azure.errors import AzureError, NotFound
from amltui.azure.places import Ambiguous, near
from amltui.cli import gather
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.query.condition import Query
from amltui.kinds.arrange import Arrangement
from amltui.kinds.kind import Kind, PerWorkspace

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient, WorkspaceClient


async def one(
    client: AzureClient, kind: Kind[Any], places: Sequence[WorkspaceId], name: str
) -> Any:
    """The resource of that name, or else of that title.

    NotFound with names like it, Ambiguous if several have it.
    """
    source = kind.source
    found: list[Any] = []
    if isinstance(source, PerWorkspace) and source.get is not None:
        found = await _asked_for(client, source.get, places, name)
    if not found:
        listed = await gather.listed(client, kind, places)
        found = _called(name, listed.items)
        if not found and not listed.failures and (away := _put_away(kind)) is not None:
            found = _called(name, (await gather.listed(client, kind, places, query=away)).items)
        if not found and listed.failures:
            raise listed.failures[0][1]
        if not found:
            known = [word for item in listed.items for word in (item.name, _title(item))]
            raise NotFound(f"there is no {kind.noun[0]} {name}{near(name, known)}")
    if len(found) > 1:
        raise Ambiguous(_several(kind, name, found))
    return found[0]


def _called(name: str, items: Sequence[Any]) -> list[Any]:
    """Those of this name, or else of this title."""
    named = [item for item in items if item.name.lower() == name.lower()]
    return named or [item for item in items if _title(item) == name]


def _put_away(kind: Kind[Any]) -> Query | None:
    """What asks for the archived ones, which no list has by itself; None where there are none."""
    if any(field.spec.name == "archived" for field in kind.fields):
        return Arrangement(text="archived:yes").query(kind.fields)
    return None


async def _asked_for(
    client: AzureClient,
    get: Callable[[WorkspaceClient, str], Awaitable[Any]],
    places: Sequence[WorkspaceId],
    name: str,
) -> list[Any]:
    """What each place has of that name; raises if it may be where none could be had."""
    answers = await asyncio.gather(*(_try(get(client.workspace(place), name)) for place in places))
    found = [answer for answer in answers if not isinstance(answer, AzureError)]
    for answer in answers:
        if isinstance(answer, AzureError) and not isinstance(answer, NotFound) and not found:
            raise answer
    return found


def _several(kind: Kind[Any], name: str, found: Sequence[Any]) -> str:
    if len({item.name for item in found}) == 1:
        where = ", ".join(item.workspace.name for item in found)
        return f"{name} is in several workspaces: {where}; name one with --workspace"
    names = ", ".join(item.name for item in found)
    return f"{len(found)} {kind.noun[1]} are called {name}: take one of {names}"


def _title(item: Any) -> str:
    """What people call it, which for a job is not its name."""
    return str(getattr(item, "title", item.name))


async def _try(asking: Awaitable[Any]) -> Any:
    try:
        return await asking
    except AzureError as error:
        return error
