"""What a workspace stands on, as Resource Graph knows it, and what each of them was billed.

One question for all of them: asked one by one, each provider would want a version of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from amltui.azure import costs, graph, loose
from amltui.domain.dependent import Cost, Dependent
from amltui.domain.listing import Listing

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient
    from amltui.domain.workspace import Workspace

LASTING = 3600.0
"""Seconds that a bill is kept: Cost Management refuses who asks often."""


async def of(client: AzureClient, workspace: Workspace) -> Listing[Dependent]:
    """The workspace's own resources, in the order in which it names them.

    What the graph does not show is gone, or not to be seen by this account.
    """
    ids = list(workspace.stands_on.values())
    if not ids:
        return Listing(())
    query = (
        f"Resources | where id in~ ({', '.join(map(graph.quoted, ids))})"
        " | project id, name, type, location, sku, kind, properties"
    )
    known = {
        (loose.text(row, "id") or "").lower(): row
        for row in await graph.rows(client, query, sorted({_subscription(each) for each in ids}))
    }
    return Listing(
        tuple(
            parse(workspace, what, each, known.get(each.lower()))
            for what, each in workspace.stands_on.items()
        )
    )


def parse(workspace: Workspace, what: str, identity: str, row: Any) -> Dependent:
    """One of them, from a row of the graph; None is one that it does not know."""
    if row is None:
        return Dependent(workspace.id, what, identity, is_gone=True)
    properties = loose.obj(row, "properties")
    rule = loose.text(properties, "networkAcls", "defaultAction") or loose.text(
        properties, "networkRuleSet", "defaultAction"
    )
    access = loose.text(properties, "publicNetworkAccess") or loose.text(
        properties, "publicNetworkAccessForQuery"
    )
    closed = (access or "").lower() != "disabled" and (rule or "").lower() == "deny"
    return Dependent(
        workspace.id,
        what,
        identity,
        state=loose.text(properties, "provisioningState"),
        sku=loose.text(row, "sku", "name") or loose.text(properties, "sku", "name"),
        location=loose.text(row, "location"),
        access=rule if closed else access,
    )


async def bills(client: AzureClient, ids: Sequence[str]) -> dict[str, Cost]:
    """What was billed since the first of the month, by lower-case id; kept for an hour.

    Without an entry is what nothing was billed for, as far as it is told.
    """
    found: dict[str, Cost] = {}
    for subscription in sorted({_subscription(each) for each in ids}):
        mine = tuple(sorted(each.lower() for each in ids if _subscription(each) == subscription))

        async def ask(
            subscription: str = subscription, mine: tuple[str, ...] = mine
        ) -> Mapping[str, Cost]:
            return await costs.of_resources(client, subscription, mine)

        found |= await client.kept.get(("bills", subscription, mine), ask, LASTING)
    return found


def _subscription(identity: str) -> str:
    """In lower case; empty for what is no id."""
    parts = identity.lower().split("/")
    return parts[2] if parts[1:2] == ["subscriptions"] and len(parts) > 2 else ""


def with_bills(listed: Iterable[Dependent], told: Mapping[str, Cost]) -> list[Dependent]:
    """The same, each with what it was billed."""
    from msgspec.structs import replace

    return [replace(each, billed=told.get(each.id.rstrip("/").lower())) for each in listed]
