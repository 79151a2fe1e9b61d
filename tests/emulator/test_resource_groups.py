"""Resource groups, and resources of any provider in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from amltui.emulator.clock import ManualClock
from amltui.emulator.world import World
from tests.emulator.lab import WORKSPACE, Lab, laboratory

SUBSCRIPTION = "/subscriptions/s1"
GROUPS = f"{SUBSCRIPTION}/resourceGroups"
GROUP = f"{GROUPS}/rg1"
CACHE = f"{GROUP}/providers/Microsoft.Cache/redis/c1"
AML = "Microsoft.MachineLearningServices/workspaces"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def types(lab: Lab, path: str = SUBSCRIPTION, filter: str = "") -> list[str]:  # noqa: A002
    query = {"$filter": filter} if filter else {}
    listed = (await lab.get(f"{path}/resources", **query))["value"]
    return sorted(each["type"] for each in listed)


def at_top(found: list[str]) -> list[str]:
    """Those that lie in no other resource."""
    return [each for each in found if each.count("/") == 1]


async def test_a_group_is_made_tagged_and_deleted(lab: Lab) -> None:
    path = f"{GROUPS}/new"
    assert (await lab.client.head(path)).status_code == 404
    assert (await lab.client.put(path, json={})).status_code == 400
    response = await lab.client.put(path, json={"location": "West Europe", "tags": {"a": "b"}})
    assert response.status_code == 201
    assert response.json()["location"] == "westeurope"
    assert (await lab.client.put(path, json={"tags": {"a": "c"}})).status_code == 200
    assert (await lab.client.patch(path, json={"tags": {"x": "y"}})).json()["tags"] == {"x": "y"}
    assert (await lab.client.head(path)).status_code == 204
    named = (await lab.get(GROUPS, **{"$filter": "tagName eq 'x' and tagValue eq 'y'"}))["value"]
    assert [each["name"] for each in named] == ["new"]

    response = await lab.client.delete(path)
    assert response.status_code == 202
    location = response.headers["location"]
    assert "/operationresults/" in location
    assert (await lab.client.get(location)).status_code == 202
    assert (await lab.get(path))["properties"]["provisioningState"] == "Deleting"
    lab.pass_time(60)
    assert (await lab.client.get(location)).status_code == 200
    assert (await lab.client.get(path)).json()["error"]["code"] == "ResourceGroupNotFound"


async def test_a_deleted_group_takes_with_it_all_that_is_in_it(lab: Lab) -> None:
    storage = (await lab.get(WORKSPACE))["properties"]["storageAccount"]
    assert (await lab.client.delete(GROUP)).status_code == 202
    lab.pass_time(60)
    assert (await lab.client.get(WORKSPACE)).status_code == 404
    assert (await lab.client.get(storage)).status_code == 404
    assert await types(lab) == []
    assert (await lab.client.get(f"{GROUP}/resources")).status_code == 404
    assert (await lab.client.put(WORKSPACE, json={"location": "x"})).status_code == 404


async def test_a_workspace_stands_on_other_resources(lab: Lab) -> None:
    assert at_top(await types(lab)) == [
        "Microsoft.Insights/components",
        "Microsoft.KeyVault/vaults",
        AML,
        "Microsoft.Storage/storageAccounts",
    ]
    for name in ("storageAccount", "keyVault", "applicationInsights"):
        path = (await lab.get(WORKSPACE))["properties"][name]
        assert (await lab.get(path))["location"] == "eastus"
    lab.world.founded.clear()
    vault = await lab.get((await lab.get(WORKSPACE))["properties"]["keyVault"])
    assert vault["type"] == "Microsoft.KeyVault/vaults"


async def test_what_a_workspace_stood_on_outlives_it_until_it_is_deleted(lab: Lab) -> None:
    storage = (await lab.get(WORKSPACE))["properties"]["storageAccount"]
    await lab.client.delete(WORKSPACE)
    lab.pass_time(60)
    assert (await lab.client.get(storage)).status_code == 200
    assert (await lab.client.delete(storage)).status_code == 200
    lab.world.founded.clear()  # as after a restart
    assert (await lab.client.get(storage)).status_code == 404
    assert (await lab.client.delete(storage)).status_code == 204


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (f"resourceType eq '{AML}'", [AML]),
        (f"resourceType eq '{AML.upper()}'", [AML]),
        ("name eq 'calm-ws'", [AML]),
        ("substringof('alm-', name) and location eq 'eastus'", [AML]),
        ("startswith(name, 'calm-w')", [AML]),
        (f"resourceType eq '{AML}' and location ne 'eastus'", []),
        (f"resourceType eq 'x' or resourceType eq '{AML}'", [AML]),
        ("resourceGroup eq 'RG1' and name eq 'calm-ws'", [AML]),
    ],
)
async def test_the_filter_is_honoured(lab: Lab, condition: str, found: list[str]) -> None:
    assert at_top(await types(lab, filter=condition)) == found


@pytest.mark.parametrize("condition", ["name like 'x'", "name eq", "name eq 'a' xor b", "'"])
async def test_a_filter_that_is_not_understood_is_refused(lab: Lab, condition: str) -> None:
    response = await lab.client.get(f"{SUBSCRIPTION}/resources", params={"$filter": condition})
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "InvalidFilterInQueryString"


async def test_endpoints_are_listed_with_the_names_of_what_they_lie_in(lab: Lab) -> None:
    listed = await lab.get(
        f"{SUBSCRIPTION}/resources", **{"$filter": f"resourceType eq '{AML}/onlineEndpoints'"}
    )
    names = [each["name"] for each in listed["value"]]
    assert names
    assert all(name.startswith("calm-ws/") for name in names)


async def test_a_resource_of_any_provider_is_kept_by_its_id(lab: Lab) -> None:
    body: dict[str, Any] = {"sku": {"name": "C1"}, "properties": {"x": 1}, "tags": {"a": "b"}}
    response = await lab.client.put(CACHE, json=body)
    assert response.status_code == 201
    assert response.json()["type"] == "Microsoft.Cache/redis"
    assert response.json()["location"] == "eastus"
    assert (await lab.client.head(CACHE)).status_code == 204
    await lab.client.patch(CACHE, json={"tags": {"c": "d"}, "properties": {"y": 2}})
    shown = await lab.get(CACHE.upper().replace("/SUBSCRIPTIONS/S1", SUBSCRIPTION))
    assert shown["tags"] == {"c": "d"}
    assert shown["properties"] == {"provisioningState": "Succeeded", "x": 1, "y": 2}
    assert "Microsoft.Cache/redis" in await types(lab, GROUP)
    below = f"{CACHE}/firewallRules/one"
    await lab.client.put(below, json={"properties": {}})
    listed = await lab.get(f"{CACHE}/firewallRules")
    assert [each["name"] for each in listed["value"]] == ["one"]
    await lab.client.delete(CACHE)
    assert (await lab.client.head(CACHE)).status_code == 404
    assert (await lab.client.get(below)).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("below", ["castles/c", "castles", "workspaces/calm-ws/castles"])
async def test_what_azure_ml_does_not_have_is_no_resource_of_another(
    lab: Lab, method: str, below: str
) -> None:
    path = f"{GROUP}/providers/Microsoft.MachineLearningServices/{below}"
    response = await lab.client.request(method, path, json={})
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "InvalidResourceType"


async def test_a_resource_needs_its_group_and_subscription(lab: Lab) -> None:
    response = await lab.client.put(CACHE.replace("rg1", "none"), json={})
    assert response.json()["error"]["code"] == "ResourceGroupNotFound"
    response = await lab.client.get(CACHE.replace("/s1/", "/none/"))
    assert response.json()["error"]["code"] == "SubscriptionNotFound"
    assert response.status_code == 404


async def test_regions_are_listed_with_their_names(lab: Lab) -> None:
    found = {each["name"]: each for each in (await lab.get(f"{SUBSCRIPTION}/locations"))["value"]}
    assert found["westeurope"]["displayName"] == "West Europe"
    assert "eastus" in found


async def test_the_provider_is_registered_and_tells_what_it_can_do(lab: Lab) -> None:
    name = "Microsoft.MachineLearningServices"
    told = await lab.get(f"{SUBSCRIPTION}/providers/{name}")
    assert told["registrationState"] == "Registered"
    assert (await lab.post(f"{SUBSCRIPTION}/providers/{name}/register")) == told
    names = {each["name"] for each in (await lab.get(f"/providers/{name}/operations"))["value"]}
    assert f"{name}/workspaces/computes/start/action" in names


async def test_a_group_that_a_client_made_survives_a_restart(lab: Lab) -> None:
    await lab.client.put(f"{GROUPS}/new", json={"location": "eastus"})
    await lab.client.put(f"{GROUPS}/old", json={"location": "eastus"})
    await lab.client.delete(f"{GROUPS}/old")
    lab.pass_time(60)
    later = World(ManualClock(lab.world.now), seed=7, state=lab.world.state)
    later.restore()
    assert set(later.groups_of("S1")) == {"new"}
