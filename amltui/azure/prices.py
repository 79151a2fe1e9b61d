"""VM sizes with their retail prices, as the workspace provider lists them for a region."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

from amltui.azure import address, loose
from amltui.domain.price import VmSize, by_name

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient

LASTING = 24 * 3600.0
"""Seconds that prices are kept."""


async def sizes(place: WorkspaceClient, location: str) -> dict[str, VmSize]:
    """The sizes of a region by lower-case name; one request however many ask at once."""
    region = location.replace(" ", "").lower()
    subscription = place.id.subscription_id

    async def ask() -> dict[str, VmSize]:
        body = await place.client.get(
            f"/subscriptions/{address.segment(subscription)}"
            "/providers/Microsoft.MachineLearningServices"
            f"/locations/{address.segment(region)}/vmSizes"
        )
        return by_name(tuple(each for item in _items(body) if (each := parse(item))))

    return await place.client.kept.get(("sizes", subscription.lower(), region), ask, LASTING)


def parse(item: dict[str, Any]) -> VmSize | None:
    """A size; None for one without a name."""
    name = loose.text(item, "name")
    if name is None:
        return None
    return VmSize(
        name=name,
        family=loose.text(item, "family"),
        vcpus=loose.count(item, "vCPUs"),
        gpus=loose.count(item, "gpus"),
        memory_gb=loose.number(item, "memoryGB"),
        prices=_prices(loose.obj(item, "estimatedVMPrices")),
    )


def _items(body: Any) -> list[dict[str, Any]]:
    # The old name of the list is still in the official examples.
    return loose.objects(body, "value") or loose.objects(body, "amlCompute")


def _prices(listed: dict[str, Any]) -> dict[str, float]:
    """USD an hour on Linux by tier. Another currency or unit would be shown as nonsense."""
    if (loose.text(listed, "billingCurrency") or "USD").upper() != "USD":
        return {}
    found: dict[str, float] = {}
    for each in loose.objects(listed, "values"):
        tier, price = loose.text(each, "vmTier"), loose.number(each, "retailPrice")
        on_linux = (loose.text(each, "osType") or "").lower() == "linux"
        if tier and on_linux and price is not None and 0 <= price < inf:
            found.setdefault(tier.lower(), price)
    return found
