"""Quotas of a subscription in a region, as the workspace provider counts their use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amltui.azure import address, loose
from amltui.domain.listing import Listing, unique
from amltui.domain.quota import Usage

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient


async def list_all(client: AzureClient, subscription: str, region: str) -> Listing[Usage]:
    """Every limit on vCPUs of the whole subscription: those that workspaces were given are parts
    of it."""
    path = (
        f"/subscriptions/{address.segment(subscription)}"
        "/providers/Microsoft.MachineLearningServices"
        f"/locations/{address.segment(region)}/usages"
    )
    found: list[Usage] = []
    async for page in client.pages(path):
        found += [each for item in page.items if (each := parse(subscription, region, item))]
    return Listing(tuple(unique(found)))


def parse(subscription: str, region: str, item: dict[str, Any]) -> Usage | None:
    """A limit; None for that of a workspace, and for one that tells no numbers."""
    name = loose.text(item, "name", "value")
    used, limit = loose.count(item, "currentValue"), loose.whole(item, "limit")
    of_part = "/workspaces/" in (loose.text(item, "id") or "").lower()
    if name is None or used is None or limit is None or of_part:
        return None
    return Usage(subscription, region, name, used, limit)
