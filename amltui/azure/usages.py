"""Quotas of a subscription in a region, as the workspace provider counts their use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amltui.azure import address, loose
from amltui.domain.listing import Listing, unique
from amltui.domain.quota import Limit, Usage

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient

LASTING = 60.0
"""Seconds that an answer is good enough to tell whether something fits."""
_COUNTS = {
    "vmfamily": Limit.FAMILY,
    "dedicatedcores": Limit.DEDICATED,
    "lowprioritycores": Limit.LOW_PRIORITY,
}
"""By the part of the type before `/usages`. What belongs to a workspace counts by family."""


async def list_all(client: AzureClient, subscription: str, region: str) -> Listing[Usage]:
    """Every limit of the whole subscription, and what workspaces and their computes have of it."""
    path = (
        f"/subscriptions/{address.segment(subscription)}"
        "/providers/Microsoft.MachineLearningServices"
        f"/locations/{address.segment(region)}/usages"
    )
    found: list[Usage] = []
    async for page in client.pages(path):
        found += [each for item in page.items if (each := parse(subscription, region, item))]
    return Listing(tuple(unique(found)))


async def lately(
    client: AzureClient, subscription: str, region: str
) -> tuple[tuple[Usage, ...], float]:
    """All of them, and how many seconds old they are; one request however many ask at once."""
    kept, key = client.kept, ("usages", subscription.lower(), region)

    async def ask() -> tuple[tuple[Usage, ...], float]:
        at = kept.clock()
        return (await list_all(client, subscription, region)).items, at

    usages, at = await kept.get(key, ask, LASTING)
    return usages, max(0.0, kept.clock() - at)


def parse(subscription: str, region: str, item: dict[str, Any]) -> Usage | None:
    """A limit; None for one that tells no numbers."""
    name, identity = loose.text(item, "name", "value"), loose.text(item, "id") or ""
    used, limit = loose.count(item, "currentValue"), loose.whole(item, "limit")
    if name is None or used is None or limit is None:
        return None
    if "/workspaces/" in identity.lower():
        # …/workspaces/nlp-dev/computes/nlp-gpu/usages/standardNCSv3Family
        holder = identity.rpartition("/usages/")[0] or identity
        return Usage(subscription, region, name, used, limit, Limit.FAMILY, holder)
    what = (loose.text(item, "type") or "").lower().rstrip("/").removesuffix("/usages")
    counts = _COUNTS.get(what.rpartition("/")[2], Limit.OTHER)
    return Usage(subscription, region, name, used, limit, counts)
