"""Batch endpoints, and with the online ones all that answers requests in a workspace."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amltui.azure import address, endpoints, loose
from amltui.azure.errors import AzureError, NotSignedIn
from amltui.domain.endpoint import Deployment
from amltui.domain.listing import Listing, unique

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient


def now() -> datetime:
    """The end of the time that Azure Monitor is asked about."""
    return datetime.now(UTC)


async def everything(place: WorkspaceClient) -> Listing[Deployment]:
    """Deployments of online endpoints and of batch endpoints.

    Where the batch endpoints alone do not answer, a note says so.
    """
    online, batch = await asyncio.gather(endpoints.deployments(place, now()), _batch_or_why(place))
    if isinstance(batch, str):
        return Listing(online.items, notes=(*online.notes, batch))
    return Listing((*online.items, *batch), notes=online.notes)


async def _batch_or_why(place: WorkspaceClient) -> list[Deployment] | str:
    try:
        return await deployments(place)
    except NotSignedIn:
        raise
    except AzureError as error:
        return f"batch endpoints are missing: {error}"


async def deployments(place: WorkspaceClient) -> list[Deployment]:
    """Every deployment of every batch endpoint."""
    held: list[dict[str, Any]] = []
    async for page in place.pages("/batchEndpoints"):
        held += [item for item in page.items if loose.text(item, "name")]
    found = await asyncio.gather(*(_behind(place, endpoint) for endpoint in held))
    return unique(each for several in found for each in several)


async def _behind(place: WorkspaceClient, endpoint: dict[str, Any]) -> list[Deployment]:
    path = f"/batchEndpoints/{address.segment(loose.text(endpoint, 'name') or '')}/deployments"
    found: list[Deployment] = []
    async for page in place.pages(path):
        found += [each for item in page.items if (each := parse(place, endpoint, item))]
    return found


def parse(place: WorkspaceClient, endpoint: dict[str, Any], item: Any) -> Deployment | None:
    """A deployment; None for what has no name. The default one gets what names no other."""
    name = loose.text(item, "name")
    if name is None:
        return None
    properties = loose.obj(item, "properties")
    usual = loose.text(endpoint, "properties", "defaults", "deploymentName")
    machines = loose.text(properties, "compute")
    return Deployment(
        workspace=place.id,
        endpoint=loose.text(endpoint, "name") or "?",
        name=name,
        provisioning_state=loose.text(properties, "provisioningState"),
        size=machines.rsplit("/", 1)[-1] if machines else None,
        instances=loose.count(properties, "resources", "instanceCount"),
        traffic=100 if usual is not None and usual.lower() == name.lower() else 0,
        created=loose.moment(item, "systemData", "createdAt"),
        owner=loose.text(item, "systemData", "createdBy"),
        location=loose.text(item, "location") or loose.text(endpoint, "location"),
        is_batch=True,
        scoring_uri=loose.text(endpoint, "properties", "scoringUri"),
        auth=loose.text(endpoint, "properties", "authMode"),
        model=endpoints.model_of(loose.text(properties, "model", "assetId")),
    )
