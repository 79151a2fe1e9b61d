"""Online endpoints: the machines behind them, who asks those, and what changes a deployment."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from amltui.azure import address, loose, prices
from amltui.azure.errors import AzureError, BadRequest, NotSignedIn
from amltui.azure.operation import Operation
from amltui.domain.endpoint import Deployment
from amltui.domain.listing import Listing, unique

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.arm_id import WorkspaceId

QUIET = 72 * 3600.0
"""Seconds that Azure Monitor is asked about."""
MONITOR_VERSION = "2023-10-01"
DAY = 24
"""Hours of which requests are summed up."""
HARDLY = 6 * 3600.0
"""Seconds for which what Monitor said is kept: an answer about three days is not old so soon."""


async def deployments(place: WorkspaceClient, now: datetime) -> Listing[Deployment]:
    """Every deployment of every online endpoint, with prices and how long nobody has asked it."""
    endpoints: list[dict[str, Any]] = []
    async for page in place.pages("/onlineEndpoints"):
        endpoints += [item for item in page.items if loose.text(item, "name")]
    held = await asyncio.gather(*(_behind(place, endpoint, now) for endpoint in endpoints))
    found = unique(each for deployments in held for each in deployments)
    priced, note = await _with_prices(place, found)
    return Listing(tuple(priced), notes=(note,) if note else ())


async def delete(place: WorkspaceClient, deployment: Deployment) -> Operation:
    """Delete a deployment; its share of the traffic goes to the others first, if it has one.

    The service refuses to delete what requests are sent to.
    """
    path = _path(deployment)
    if not deployment.is_batch:
        endpoint = await place.get(path)
        split = loose.obj(endpoint, "properties", "traffic")
        if split.get(deployment.name):
            moved = await _split(place, deployment, endpoint, without(split, deployment.name))
            await place.client.wait_for(moved)
    answer = await place.send("DELETE", f"{path}/deployments/{address.segment(deployment.name)}")
    return Operation.from_answer("delete", deployment.title, answer)


async def shift(place: WorkspaceClient, deployment: Deployment, share: int) -> Operation:
    """Give a deployment that many percent of its endpoint's requests, the others the rest.

    BadRequest where the rest would be sent to nobody.
    """
    endpoint = await place.get(_path(deployment))
    split = loose.obj(endpoint, "properties", "traffic")
    return await _split(place, deployment, endpoint, shared(split, deployment.name, share))


async def scale(place: WorkspaceClient, deployment: Deployment, instances: int) -> Operation:
    """Another number of machines behind a deployment."""
    path = f"{_path(deployment)}/deployments/{address.segment(deployment.name)}"
    answer = await place.send("PATCH", path, json={"sku": {"capacity": instances}})
    return Operation.from_answer("scale", deployment.title, answer)


def _path(deployment: Deployment) -> str:
    kind = "batchEndpoints" if deployment.is_batch else "onlineEndpoints"
    return f"/{kind}/{address.segment(deployment.endpoint)}"


async def _split(
    place: WorkspaceClient, deployment: Deployment, endpoint: Any, split: dict[str, int]
) -> Operation:
    """A PUT of all that a client may write, with another split."""
    body = {name: endpoint[name] for name in _PUT if endpoint.get(name) is not None}
    told = loose.obj(endpoint, "properties")
    body["properties"] = {name: told[name] for name in _SETTINGS if told.get(name) is not None}
    body["properties"]["traffic"] = split
    answer = await place.send("PUT", _path(deployment), json=body)
    return Operation.from_answer("traffic", deployment.endpoint, answer)


_PUT = ("location", "kind", "identity", "sku", "tags")
_SETTINGS = ("authMode", "description", "compute", "publicNetworkAccess", "mirrorTraffic")
"""What a client may write of an endpoint: a PUT replaces all of it."""


def without(split: dict[str, Any], gone: str) -> dict[str, int]:
    """The split in which one takes no part: the others share its percents as they share the rest.

    It adds up to 100 again, or is empty where nobody else has had any.
    """
    others = {
        name: share
        for name in split
        if name != gone and (share := loose.count(split, name) or 0) > 0
    }
    whole = sum(others.values())
    shares = {name: share * 100 // whole for name, share in others.items()}
    if shares:
        largest = max(shares, key=shares.__getitem__)
        shares[largest] += 100 - sum(shares.values())
    return shares


def shared(split: dict[str, Any], name: str, share: int) -> dict[str, int]:
    """The split in which one has that many percent, and the others share the rest as before.

    All is 0 where nobody is left to ask; BadRequest where only one could have the rest.
    """
    rest = without(split, name)
    if not rest and 0 < share < 100:
        raise BadRequest(f"the other {100 - share} % would go to nobody: give another some first")
    left = {each: percent * (100 - share) // 100 for each, percent in rest.items()}
    if left and share < 100:
        largest = max(rest, key=rest.__getitem__)
        left[largest] += 100 - share - sum(left.values())
    return {**dict.fromkeys(split, 0), **left, name: share}


async def _behind(
    place: WorkspaceClient, endpoint: dict[str, Any], now: datetime
) -> list[Deployment]:
    name = loose.text(endpoint, "name") or ""
    items: list[dict[str, Any]] = []
    async for page in place.pages(f"/onlineEndpoints/{address.segment(name)}/deployments"):
        items += page.items
    found = [each for item in items if (each := parse(place.id, endpoint, item))]
    if not found:
        return []
    quiet = await place.client.kept.get(
        ("quiet", place.id.key, name.lower()), lambda: _asked(place, name, now), HARDLY
    )
    return [
        replace(
            each,
            quiet_for=asked.quiet_for,
            requests_a_day=asked.a_day,
            counted_until=asked.until,
        )
        if (asked := quiet.get(each.name.lower())) is not None
        else each
        for each in found
    ]


def parse(place: WorkspaceId, endpoint: Any, item: Any) -> Deployment | None:
    """A deployment; None for what has no name."""
    name = loose.text(item, "name")
    if name is None:
        return None
    properties = loose.obj(item, "properties")
    kind = loose.text(properties, "endpointComputeType") or loose.text(item, "kind") or "Managed"
    split = loose.at(endpoint, "properties", "traffic")
    return Deployment(
        workspace=place,
        endpoint=loose.text(endpoint, "name") or "?",
        name=name,
        provisioning_state=loose.text(properties, "provisioningState"),
        is_managed=kind.lower() == "managed",
        size=loose.text(properties, "instanceType"),
        instances=loose.count(item, "sku", "capacity"),
        traffic=(loose.count(split, name) or 0) if isinstance(split, dict) else None,
        created=loose.moment(item, "systemData", "createdAt"),
        owner=loose.text(item, "systemData", "createdBy"),
        location=loose.text(item, "location") or loose.text(endpoint, "location"),
        scoring_uri=loose.text(endpoint, "properties", "scoringUri"),
        auth=loose.text(endpoint, "properties", "authMode"),
        model=model_of(loose.text(properties, "model")),
    )


def model_of(address: str | None) -> str | None:
    """`iris:2` for the id of a model's version; anything else as it is."""
    parts = (address or "").split("/")
    if len(parts) > 4 and parts[-4].lower() == "models" and parts[-2].lower() == "versions":
        return f"{parts[-3]}:{parts[-1]}"
    return address


class Asked(NamedTuple):
    """How often a deployment is asked."""

    until: datetime
    quiet_for: float | None
    """Seconds that were looked at, where there was no request in them."""
    a_day: float
    """Requests in the last 24 hours, about."""


async def _asked(place: WorkspaceClient, endpoint: str, now: datetime) -> dict[str, Asked]:
    """For each deployment how often it was asked of late.

    A deployment that Monitor has no numbers of is left out, as are all where it does not answer:
    reading metrics takes a role of its own. UNVERIFIED: that minutes without a request count in
    the average of an hour.
    """
    end = now.astimezone(UTC).replace(microsecond=0)
    start = end - timedelta(seconds=QUIET)
    times = "/".join(each.isoformat().replace("+00:00", "Z") for each in (start, end))
    try:
        body = await place.client.get(
            f"{place.path}/onlineEndpoints/{address.segment(endpoint)}"
            "/providers/Microsoft.Insights/metrics",
            params={
                "metricnames": "RequestsPerMinute",
                "timespan": times,
                "interval": "PT1H",
                "aggregation": "maximum,average",
                "$filter": "deployment eq '*'",
            },
            api_version=MONITOR_VERSION,
        )
    except NotSignedIn:
        raise
    except AzureError:
        return {}
    found: dict[str, Asked] = {}
    for metric in loose.objects(body, "value"):
        for series in loose.objects(metric, "timeseries"):
            points = loose.objects(series, "data")
            counted = [n for point in points if (n := loose.number(point, "maximum")) is not None]
            name = _deployment_of(series)
            if name is not None and counted:
                a_minute = [loose.number(point, "average") or 0.0 for point in points[-DAY:]]
                found[name] = Asked(end, None if any(counted) else QUIET, 60 * sum(a_minute))
    return found


def _deployment_of(series: dict[str, Any]) -> str | None:
    for each in loose.objects(series, "metadatavalues"):
        if (loose.text(each, "name", "value") or "").lower() == "deployment":
            return (loose.text(each, "value") or "").lower() or None
    return None


async def _with_prices(
    place: WorkspaceClient, found: list[Deployment]
) -> tuple[list[Deployment], str | None]:
    """With what a machine costs, and what is to be said where that is unknown."""
    note: str | None = None
    priced = []
    for each in found:
        price = None
        if each.location and each.size and each.is_managed:
            try:
                size = (await prices.sizes(place, each.location)).get(each.size.lower())
                price = size.price() if size else None
            except NotSignedIn:
                raise
            except AzureError as error:
                note = f"prices are missing: {error}"
        priced.append(replace(each, price_per_hour=price))
    return priced, note
