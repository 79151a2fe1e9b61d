"""From what the user said of a place to the workspaces that are meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from amltui.azure import workspaces
from amltui.azure.errors import AzureError, NotFound
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.place import Wish

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient


class Ambiguous(AzureError):
    """Several answer to what was asked for: say which."""


async def find(
    client: AzureClient, wish: Wish, *, all_workspaces: bool = False
) -> tuple[WorkspaceId, ...]:
    """The workspaces that were asked for: exactly one, unless `all_workspaces` allows several."""
    if wish.exact is not None:
        return (wish.exact,)
    subscriptions = (wish.subscription,) if wish.subscription else ()
    listing = await workspaces.list_all(client, subscriptions=subscriptions)
    readable = [workspace.id for workspace in listing.items]
    found = tuple(place for place in readable if wish.matches(place))
    if not found:
        raise NotFound(_nothing(wish, readable))
    if len(found) > 1 and not all_workspaces:
        places = ", ".join(
            f"{place.name} (resource group {place.resource_group})" for place in found
        )
        raise Ambiguous(
            f"{len(found)} workspaces match {wish}: {places}; name one with --workspace"
        )
    return found


def near(wanted: str, names: Iterable[str]) -> str:
    """`; did you mean vision-prod or vision-dev?`, or nothing."""
    spelled = {name.lower(): name for name in names}
    close = [spelled[name] for name in get_close_matches(wanted.lower(), spelled, n=3, cutoff=0.5)]
    return f"; did you mean {' or '.join(close)}?" if close else ""


def _nothing(wish: Wish, readable: Sequence[WorkspaceId]) -> str:
    if not readable:
        return (
            f"no {str(wish).removeprefix('any ')} can be read with this sign-in: check the tenant,"
            " the subscription and your roles"
        )
    elsewhere = [place for place in readable if not wish.workspace or _same_name(wish, place)]
    if wish.workspace and elsewhere:
        where = " or ".join(f"resource group {place.resource_group}" for place in elsewhere)
        return f"there is no {wish}; a workspace of that name is in {where}"
    if wish.workspace:
        return f"there is no {wish}" + (
            near(wish.workspace, (place.name for place in readable))
            or f" among the {len(readable)} that this sign-in can read"
        )
    groups = {place.resource_group for place in readable}
    return f"there is no {str(wish).removeprefix('any ')}" + near(wish.resource_group or "", groups)


def _same_name(wish: Wish, place: WorkspaceId) -> bool:
    return (wish.workspace or "").lower() == place.name.lower()
