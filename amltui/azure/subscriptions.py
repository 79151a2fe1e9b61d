"""Subscriptions and tenants of the signed-in user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amltui.azure import loose
from amltui.domain.subscription import Subscription, Tenant

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient

API_VERSION = "2022-12-01"


async def list_all(client: AzureClient) -> tuple[Subscription, ...]:
    """Every subscription, usable or not: real accounts have hundreds."""
    found = []
    async for page in client.pages("/subscriptions", api_version=API_VERSION):
        found += [parse(item) for item in page.items]
    return tuple(each for each in found if each is not None)


async def tenants(client: AzureClient) -> tuple[Tenant, ...]:
    """Every tenant that the account can sign in to."""
    found = []
    async for page in client.pages("/tenants", api_version=API_VERSION):
        for item in page.items:
            if tenant_id := loose.text(item, "tenantId"):
                name, domain = loose.text(item, "displayName"), loose.text(item, "defaultDomain")
                found.append(Tenant(tenant_id, name, domain))
    return tuple(found)


def parse(item: dict[str, Any]) -> Subscription | None:
    """A subscription; None where not even its id is told."""
    subscription_id = loose.text(item, "subscriptionId")
    if subscription_id is None:
        return None
    return Subscription(
        subscription_id,
        loose.text(item, "displayName") or subscription_id,
        loose.text(item, "tenantId"),
        loose.text(item, "state"),
    )
