"""Registered models and their versions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amltui.azure import address, loose
from amltui.domain.arm_id import last_segment
from amltui.domain.listing import Listing, unique
from amltui.domain.model import Model, ModelVersion

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.arm_id import WorkspaceId

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


async def list_all(place: WorkspaceClient) -> Listing[Model]:
    """Every model that is not archived."""
    found: list[Model] = []
    async for page in place.pages("/models"):
        found += [each for item in page.items if (each := parse(place.id, item))]
    return Listing(tuple(unique(found)))


async def versions(place: WorkspaceClient, name: str) -> Listing[ModelVersion]:
    """The versions of a model, newest first: by time, for their names need not be numbers."""
    found: list[ModelVersion] = []
    path = f"/models/{address.segment(name)}/versions"
    async for page in place.pages(path, params={"$orderBy": "createdtime desc"}):
        found += [each for item in page.items if (each := parse_version(place.id, name, item))]
    # Asked for in this order, and put into it here too, for not every version of the API heeds it.
    found.sort(key=lambda version: version.created or _LONG_AGO, reverse=True)
    return Listing(tuple(unique(found)))


def parse(place: WorkspaceId, item: Any) -> Model | None:
    """A model container; None for what has no name."""
    name = loose.text(item, "name")
    if name is None:
        return None
    properties = loose.obj(item, "properties")
    system = loose.obj(item, "systemData")
    return Model(
        workspace=place,
        name=name,
        latest_version=loose.text(properties, "latestVersion"),
        description=loose.text(properties, "description"),
        created=loose.moment(system, "createdAt"),
        created_by=loose.text(system, "createdBy"),
        modified=loose.moment(system, "lastModifiedAt"),
        is_archived=loose.at(properties, "isArchived") is True,
        tags=loose.tags(properties, "tags"),
    )


def parse_version(place: WorkspaceId, model: str, item: Any) -> ModelVersion | None:
    """A version; None for what has no name."""
    version = loose.text(item, "name")
    if version is None:
        return None
    properties = loose.obj(item, "properties")
    return ModelVersion(
        workspace=place,
        model=model,
        version=version,
        type=loose.text(properties, "modelType"),
        stage=loose.text(properties, "stage"),
        uri=loose.text(properties, "modelUri"),
        job=last_segment(loose.text(properties, "jobName")),
        description=loose.text(properties, "description"),
        created=loose.moment(item, "systemData", "createdAt"),
        created_by=loose.text(item, "systemData", "createdBy"),
        tags=loose.tags(properties, "tags"),
    )
