"""Registries, and the assets in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulator.lab import WORKSPACE, Lab, laboratory

GROUP = "/subscriptions/s1/resourceGroups/rg1"
REGISTRIES = f"{GROUP}/providers/Microsoft.MachineLearningServices/registries"
MINE = f"{REGISTRIES}/mine"
FRONT_END = f"/mferp/managementfrontend{MINE}"
MODEL = {"properties": {"modelUri": "https://x.blob.core.windows.net/c/m", "tags": {"a": "b"}}}


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def made(lab: Lab) -> None:
    body = {"location": "eastus", "tags": {"team": "x"}, "properties": {}}
    response = await lab.client.put(MINE, json=body)
    assert response.status_code == 202
    lab.pass_time(60)


async def test_a_registry_is_made_changed_and_deleted(lab: Lab) -> None:
    response = await lab.client.put(MINE, json={"location": "eastus", "properties": {}})
    status, location = response.headers["azure-asyncoperation"], response.headers["location"]
    assert "registryOperationsStatus" in status
    assert "type=async" in status
    assert "type=location" in location
    assert response.json()["properties"]["provisioningState"] == "Creating"
    assert (await lab.get(status))["status"] == "InProgress"
    assert (await lab.client.get(location)).status_code == 202
    lab.pass_time(60)
    assert (await lab.get(status))["status"] == "Succeeded"
    assert (await lab.get(MINE))["properties"]["provisioningState"] == "Succeeded"

    patched = await lab.client.patch(MINE, json={"tags": {"team": "y"}})
    assert patched.status_code == 200
    assert (await lab.get(MINE))["tags"] == {"team": "y"}
    assert [each["name"] for each in (await lab.get(REGISTRIES))["value"]] == ["mine"]

    response = await lab.client.delete(MINE)
    assert response.status_code == 202
    assert (await lab.get(MINE))["properties"]["provisioningState"] == "Deleting"
    lab.pass_time(60)
    assert (await lab.client.get(MINE)).status_code == 404
    assert (await lab.client.delete(MINE)).status_code == 204


async def test_a_name_is_taken_once(lab: Lab) -> None:
    await made(lab)
    elsewhere = MINE.replace("rg1", "rg2")
    response = await lab.client.put(elsewhere, json={"location": "eastus"})
    assert response.status_code == 409


async def test_discovery_leads_to_the_front_end_on_the_same_host(lab: Lab) -> None:
    found = await lab.get("/registrymanagement/v1.0/registries/AzureML/discovery")
    assert found["registryName"] == "azureml"
    assert found["primaryRegionResourceProviderUri"] == "http://lab/"
    missing = await lab.client.get("/registrymanagement/v1.0/registries/none/discovery")
    assert missing.status_code == 404


async def test_curated_environments_are_there_to_read_only(lab: Lab) -> None:
    found = await lab.get("/registrymanagement/v1.0/registries/azureml/discovery")
    home = (
        f"/mferp/managementfrontend/subscriptions/{found['subscriptionId']}/resourceGroups"
        f"/{found['resourceGroup']}/providers/Microsoft.MachineLearningServices/registries/azureml"
    )
    listed = (await lab.get(f"{home}/environments"))["value"]
    sklearn = next(each for each in listed if each["name"] == "sklearn-1.5")
    assert sklearn["properties"]["latestVersion"] == "35"
    version = await lab.get(f"{home}/environments/sklearn-1.5/versions/35")
    assert version["id"] == "azureml://registries/azureml/environments/sklearn-1.5/versions/35"
    assert version["type"] == "environments"
    assert version["properties"]["environmentType"] == "Curated"
    refused = await lab.client.put(f"{home}/models/m/versions/1", json=MODEL)
    assert refused.status_code == 401
    assert "not allowed to access registry azureml" in refused.json()["error"]["message"]


async def test_an_asset_is_kept_through_arm_and_seen_at_the_front_end(lab: Lab) -> None:
    await made(lab)
    response = await lab.client.put(f"{MINE}/models/m/versions/1", json=MODEL)
    assert response.status_code == 201
    assert "x-ms-async-operation-timeout" in response.headers
    assert "location" not in response.headers
    assert response.json()["properties"]["provisioningState"] == "Creating"
    lab.pass_time(10)
    assert (await lab.get(response.headers["azure-asyncoperation"]))["status"] == "Succeeded"
    through_arm = await lab.get(f"{MINE}/models/m/versions/1")
    at_front_end = await lab.get(f"{FRONT_END}/models/m/versions/1")
    assert through_arm["id"] == f"{MINE}/models/m/versions/1"
    assert at_front_end["id"] == "azureml://registries/mine/models/m/versions/1"
    assert at_front_end["properties"] == through_arm["properties"]


async def test_an_asset_that_is_kept_at_the_front_end_follows_a_location(lab: Lab) -> None:
    await made(lab)
    response = await lab.client.put(f"{FRONT_END}/models/m/versions/1", json=MODEL)
    assert response.status_code == 202
    location = response.headers["location"]
    assert "/assetstore/v1.0/operations/" in location
    assert (await lab.client.get(location)).status_code == 202
    lab.pass_time(10)
    assert (await lab.get(location))["id"] == "azureml://registries/mine/models/m/versions/1"


async def test_a_deleted_asset_is_gone_with_its_versions_when_the_deletion_is_over(
    lab: Lab,
) -> None:
    await made(lab)
    await lab.client.put(f"{MINE}/models/m/versions/1", json=MODEL)
    lab.pass_time(10)
    response = await lab.client.delete(f"{MINE}/models/m")
    assert response.status_code == 202
    assert (await lab.client.get(f"{MINE}/models/m/versions/1")).status_code == 200
    lab.pass_time(10)
    assert (await lab.client.get(f"{MINE}/models/m/versions/1")).status_code == 404
    assert (await lab.client.get(f"{MINE}/models/m")).status_code == 404


async def test_a_version_is_taken_over_from_a_workspace(lab: Lab) -> None:
    await made(lab)
    place = await lab.get(WORKSPACE)
    name = (await lab.get(f"{WORKSPACE}/models"))["value"][0]["name"]
    version = (await lab.get(f"{WORKSPACE}/models/{name}/versions"))["value"][0]
    source = (
        f"azureml://locations/{place['location']}/workspaces/{place['properties']['workspaceId']}"
        f"/models/{name}/versions/{version['name']}"
    )
    asked = {"properties": {"referenceType": "Id", "sourceAssetId": source, "destinationName": "n"}}
    response = await lab.client.post(f"{FRONT_END}/import", json=asked)
    assert response.status_code == 202
    lab.pass_time(10)
    taken = await lab.get(f"{MINE}/models/n/versions/{version['name']}")
    assert taken["properties"]["tags"] == version["properties"]["tags"]
    again = await lab.client.post(f"{FRONT_END}/import", json=asked)
    assert again.status_code == 409
    asked["properties"]["sourceAssetId"] = source.replace(name, "none")
    assert (await lab.client.post(f"{FRONT_END}/import", json=asked)).status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            "http://lab/acc.blob.core.windows.net/c/m?sv=1&sig=2",
            "https://acc.blob.core.windows.net/c/m",
        ),
        ("https://acc.blob.core.windows.net/c", "https://acc.blob.core.windows.net/c"),
        ("http://[", "http://["),
        ("azureml://datastores/x/paths/y", "azureml://datastores/x/paths/y"),
    ],
)
async def test_files_of_an_asset_lie_where_azure_has_them(lab: Lab, given: str, kept: str) -> None:
    """Clients read the path off the address, and would not find it in one on this host."""
    await made(lab)
    path = f"{MINE}/models/m/versions/1"
    await lab.client.put(path, json={"properties": {"modelUri": given}})
    assert (await lab.get(path))["properties"]["modelUri"] == kept


JUNK: tuple[Any, ...] = ([], "x", 7, True, {"properties": []}, {"properties": "x"},
        {"properties": {"tags": "x"}}, {"location": 7}, {"tags": [1]}, {"identity": 3})  # fmt: skip


@pytest.mark.parametrize("body", JUNK)
@pytest.mark.parametrize("path", ["", "/models/m/versions/1", "/environments/e"])
async def test_a_body_of_another_shape_is_no_crash(lab: Lab, path: str, body: Any) -> None:
    await made(lab)
    for method in ("PUT", "PATCH"):
        response = await lab.client.request(method, MINE + path, json=body)
        assert response.status_code in {200, 201, 202, 400, 404}, response.text
        assert response.status_code < 400 or "error" in response.json()
