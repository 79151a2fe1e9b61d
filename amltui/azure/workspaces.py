"""Workspaces: from Resource Graph over all subscriptions, else subscription by subscription."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amltui.azure import address, graph, loose
from amltui.azure import subscriptions as subscription_list
from amltui.azure.errors import (
    AzureError,
    BadRequest,
    NotAllowed,
    NotFound,
    NotSignedIn,
    ServiceBroken,
)
from amltui.azure.shape import Shape
from amltui.domain.arm_id import WorkspaceId, last_segment
from amltui.domain.listing import Listing
from amltui.domain.workspace import PrivateEndpoint, Workspace

if TYPE_CHECKING:
    import asyncio

    from amltui.azure.client import AzureClient

# Without the id among the columns there is no paging.
QUERY = (
    "Resources | where type =~ 'microsoft.machinelearningservices/workspaces'"
    " | project id, name, type, kind, location, resourceGroup, subscriptionId, tags, identity,"
    " properties"
    " | order by id asc"
)
WORKSPACE = {
    "id": ...,
    "kind": ...,
    "location": ...,
    "properties": {
        "provisioningState": ...,
        "friendlyName": ...,
        "creationTime": ...,
        "discoveryUrl": ...,
        "mlFlowTrackingUri": ...,
        "storageAccount": ...,
        "keyVault": ...,
        "applicationInsights": ...,
        "containerRegistry": ...,
        "hubResourceId": ...,
        "publicNetworkAccess": ...,
        "privateEndpointConnections": [
            {
                "name": ...,
                "properties": {
                    "privateEndpoint": {"id": ...},
                    "privateLinkServiceConnectionState": {"status": ...},
                },
            }
        ],
        "associatedWorkspaces": ...,
        "managedNetwork": {"isolationMode": ...},
    },
    "identity": {"type": ...},
    "systemData": {"createdAt": ..., "createdBy": ...},
    "tags": ...,
}
"""What `parse` reads."""
STANDS_ON = {
    "storage": "storageAccount",
    "key vault": "keyVault",
    "insights": "applicationInsights",
    "registry": "containerRegistry",
}
"""What a workspace stands on, by the property with its id."""
GRAPH = Shape({"data": [WORKSPACE], "$skipToken": ...})
LIST = Shape({"value": [WORKSPACE], "nextLink": ...})
AT_ONCE = 6
"""Subscriptions that are asked at the same time: real accounts have hundreds."""


async def list_all(client: AzureClient, subscriptions: Sequence[str] = ()) -> Listing[Workspace]:
    """Every workspace that can be read, or those of some subscriptions."""
    try:
        return Listing(await _from_graph(client, subscriptions))
    except (NotAllowed, NotFound, BadRequest, ServiceBroken):
        return await _one_by_one(client, subscriptions)


async def get(client: AzureClient, place: WorkspaceId) -> Workspace:
    """A workspace as it is now; Resource Graph may be a minute late."""
    body = await client.workspace(place).get("")
    workspace = parse(body)
    if workspace is None:
        raise ServiceBroken(f"the answer for workspace {place.name} is not a workspace")
    return workspace


def parse(item: Any) -> Workspace | None:
    """A workspace; None for what is something else, be it something in a workspace."""
    arm_id = loose.text(item, "id") or ""
    try:
        place = WorkspaceId.parse(arm_id)
    except ValueError:
        return None
    if last_segment(arm_id) != place.name:
        return None
    properties = loose.obj(item, "properties")
    return Workspace(
        id=place,
        # Old workspaces have no kind.
        kind=loose.text(item, "kind") or "Default",
        location=loose.text(item, "location"),
        provisioning_state=loose.text(properties, "provisioningState"),
        friendly_name=loose.text(properties, "friendlyName"),
        created=loose.moment(item, "systemData", "createdAt")
        or loose.moment(properties, "creationTime"),
        created_by=loose.text(item, "systemData", "createdBy"),
        discovery_url=loose.text(properties, "discoveryUrl"),
        mlflow_tracking_uri=loose.text(properties, "mlFlowTrackingUri"),
        tags=loose.tags(item, "tags"),
        stands_on={
            name: held for name, key in STANDS_ON.items() if (held := loose.text(properties, key))
        },
        hub=loose.text(properties, "hubResourceId"),
        public_access=loose.text(properties, "publicNetworkAccess"),
        isolation=loose.text(properties, "managedNetwork", "isolationMode"),
        identity=loose.text(item, "identity", "type"),
        private_endpoints=tuple(map(_endpoint, _connections(properties))),
        projects=tuple(_texts(loose.at(properties, "associatedWorkspaces"))),
    )


def _connections(properties: Any) -> list[Any]:
    return loose.objects(properties, "privateEndpointConnections")


def _endpoint(connection: Any) -> PrivateEndpoint:
    told = loose.obj(connection, "properties")
    identity = loose.text(told, "privateEndpoint", "id") or loose.text(connection, "name") or "?"
    return PrivateEndpoint(
        last_segment(identity) or identity,
        loose.text(told, "privateLinkServiceConnectionState", "status"),
    )


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


async def _from_graph(client: AzureClient, subscriptions: Sequence[str]) -> tuple[Workspace, ...]:
    told = await graph.rows(client, QUERY, subscriptions, GRAPH)
    found = {workspace.key: workspace for row in told if (workspace := parse(row))}
    return tuple(found.values())


async def _one_by_one(client: AzureClient, chosen: Sequence[str]) -> Listing[Workspace]:
    """What each subscription lists; those that refuse are told in the notes."""
    import asyncio

    if not chosen:
        usable = [each for each in await subscription_list.list_all(client) if each.is_usable]
        chosen = [each.id for each in usable]
    turn = asyncio.Semaphore(AT_ONCE)
    answers = await asyncio.gather(*(_of_subscription(client, each, turn) for each in chosen))
    failures = [each for each in answers if isinstance(each, AzureError)]
    if failures and len(failures) == len(answers):
        raise failures[0]
    found = {
        workspace.key: workspace
        for answer in answers
        if not isinstance(answer, AzureError)
        for workspace in answer
    }
    notes = tuple(
        f"subscription {subscription} cannot be read: {answer}"
        for subscription, answer in zip(chosen, answers, strict=True)
        if isinstance(answer, AzureError)
    )
    return Listing(tuple(found.values()), notes=notes)


async def _of_subscription(
    client: AzureClient, subscription: str, turn: asyncio.Semaphore
) -> list[Workspace] | AzureError:
    path = (
        f"/subscriptions/{address.segment(subscription)}"
        "/providers/Microsoft.MachineLearningServices/workspaces"
    )
    found: list[Workspace] = []
    try:
        async with turn:
            async for page in client.pages(path, shape=LIST):
                found += [each for item in page.items if (each := parse(item))]
    except NotSignedIn:
        raise
    except AzureError as error:
        return error
    return found
