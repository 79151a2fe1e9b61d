"""Registries: listed like workspaces, with the assets that they share.

https://learn.microsoft.com/rest/api/azureml/registries
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from amltui.azure import graph, loose, workspaces
from amltui.azure.errors import AzureError, NotSignedIn
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.asset import Asset
from amltui.domain.listing import Listing, unique
from amltui.domain.workspace import Workspace

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient
    from amltui.azure.workspace_client import WorkspaceClient

QUERY = (
    "Resources | where type =~ 'microsoft.machinelearningservices/registries'"
    " | project id, name, type, location, tags, identity, properties"
    " | order by id asc"
)
ASSETS = {
    "model": "/models",
    "environment": "/environments",
    "component": "/components",
    "data": "/data",
}


async def with_workspaces(client: AzureClient) -> Listing[Workspace]:
    """Every workspace and every registry that can be read.

    Where registries alone cannot be listed a note says so.
    """
    listing, found = await asyncio.gather(workspaces.list_all(client), _found_or_why(client))
    if isinstance(found, str):
        return Listing(listing.items, listing.more, (*listing.notes, found))
    return Listing((*listing.items, *found), listing.more, listing.notes)


async def _found_or_why(client: AzureClient) -> list[Workspace] | str:
    try:
        rows = await graph.rows(client, QUERY)
    except NotSignedIn:
        raise
    except AzureError as error:
        return f"registries are missing: {error}"
    return unique(each for row in rows if (each := parse(row)))


def parse(item: Any) -> Workspace | None:
    """A registry; None for what is something else."""
    try:
        place = WorkspaceId.parse_registry(loose.text(item, "id") or "")
    except ValueError:
        return None
    properties = loose.obj(item, "properties")
    regions = [
        name
        for each in loose.objects(properties, "regionDetails")
        if (name := loose.text(each, "location"))
    ]
    return Workspace(
        id=place,
        kind="Registry",
        location=loose.text(item, "location"),
        # Registries tell no state of their own in a list.
        provisioning_state=loose.text(properties, "provisioningState"),
        created=loose.moment(item, "systemData", "createdAt"),
        created_by=loose.text(item, "systemData", "createdBy"),
        discovery_url=loose.text(properties, "discoveryUrl"),
        mlflow_tracking_uri=loose.text(properties, "mlFlowRegistryUri"),
        tags=loose.tags(item, "tags"),
        public_access=loose.text(properties, "publicNetworkAccess"),
        identity=loose.text(item, "identity", "type"),
        regions=tuple(regions),
    )


async def assets(place: WorkspaceClient) -> Listing[Asset]:
    """Whatever is in a registry and not archived; a note for each sort that cannot be listed."""
    told = await asyncio.gather(*(_of(place, what) for what in ASSETS))
    refused = [each for each in told if isinstance(each, AzureError)]
    if len(refused) == len(told):
        raise refused[0]
    found = [asset for each in told if not isinstance(each, AzureError) for asset in each]
    notes = tuple(
        f"{what}s are missing: {each}" if what != "data" else f"data is missing: {each}"
        for what, each in zip(ASSETS, told, strict=True)
        if isinstance(each, AzureError)
    )
    return Listing(tuple(unique(found)), notes=notes)


async def _of(place: WorkspaceClient, what: str) -> list[Asset] | AzureError:
    found: list[Asset] = []
    try:
        async for page in place.pages(ASSETS[what]):
            found += [each for item in page.items if (each := parse_asset(place.id, what, item))]
    except NotSignedIn:
        raise
    except AzureError as error:
        return error
    return found


def parse_asset(place: WorkspaceId, what: str, item: Any) -> Asset | None:
    """One of them; None for what has no name, or is archived."""
    name, properties = loose.text(item, "name"), loose.obj(item, "properties")
    if name is None or loose.at(properties, "isArchived") is True:
        return None
    return Asset(
        place,
        what,
        name,
        latest=loose.text(properties, "latestVersion"),
        description=loose.text(properties, "description"),
        created=loose.moment(item, "systemData", "createdAt"),
        created_by=loose.text(item, "systemData", "createdBy"),
        tags=loose.tags(properties, "tags"),
    )
