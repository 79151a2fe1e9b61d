"""Workspaces through ARM: made, changed, deleted, recovered, and what they tell of themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from amltui.emulator.clock import ManualClock
from amltui.emulator.scenarios.filling import bare
from amltui.emulator.state import StateFile
from amltui.emulator.world import World
from tests.emulator.lab import NOON, WORKSPACE, Lab, laboratory

GROUP = "/subscriptions/s1/resourceGroups/rg1"
WORKSPACES = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces"
MINE = f"{WORKSPACES}/mine"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def made(lab: Lab, name: str = "mine", **more: Any) -> dict[str, Any]:
    """A workspace that a client has made."""
    response = await lab.client.put(f"{WORKSPACES}/{name}", json={"location": "eastus2", **more})
    assert response.status_code == 202, response.text
    lab.pass_time(60)
    shown: dict[str, Any] = await lab.get(f"{WORKSPACES}/{name}")
    return shown


async def gone(lab: Lab, *, purged: bool = False) -> None:
    purge = "true" if purged else "false"
    response = await lab.client.delete(MINE, params={"forceToPurge": purge})
    assert response.status_code == 202
    lab.pass_time(60)
    assert (await lab.client.get(MINE)).status_code == 404


def follows(response: httpx.Response) -> tuple[str, str]:
    """The status and the result that a workspace's operation leads to."""
    status, location = response.headers["azure-asyncoperation"], response.headers["location"]
    assert "/workspaceOperationsStatus/" in status
    assert status.endswith("&type=async")
    assert location.endswith("&type=location")
    return status, location


async def test_a_workspace_is_created_over_a_while(lab: Lab) -> None:
    body = {"location": "East US 2", "tags": {"a": "b"}, "properties": {"friendlyName": "Mine"}}
    response = await lab.client.put(MINE, json=body)
    status, location = follows(response)
    assert response.status_code == 202
    assert response.content == b""
    assert (await lab.get(status))["status"] == "InProgress"
    running = await lab.client.get(location)
    assert running.status_code == 202
    assert running.headers["location"] == location
    assert (await lab.get(MINE))["properties"]["provisioningState"] == "Creating"
    lab.pass_time(60)
    assert (await lab.get(status))["status"] == "Succeeded"
    shown = await lab.get(MINE)
    assert shown["location"] == "eastus2"
    assert shown["kind"] == "Default"
    assert shown["tags"] == {"a": "b"}
    assert shown["properties"]["friendlyName"] == "Mine"
    assert shown["properties"]["provisioningState"] == "Succeeded"
    assert shown["properties"]["discoveryUrl"].startswith("http://lab/")
    assert shown["systemData"]["createdBy"] == "Kim Lang"
    assert "mine" in [each["name"] for each in (await lab.get(WORKSPACES))["value"]]


async def test_a_new_workspace_is_empty_but_works(lab: Lab) -> None:
    await made(lab)
    for kind in ("jobs", "computes", "models", "onlineEndpoints", "data"):
        assert (await lab.get(f"{MINE}/{kind}"))["value"] == []
    job = {"jobType": "Command", "command": "true", "environmentId": "azureml:e:1",
           "experimentName": "x"}  # fmt: skip
    response = await lab.client.put(f"{MINE}/jobs/j", json={"properties": job})
    assert response.status_code in {201, 400}  # a job needs a compute


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [
        ("x", {"location": "eastus"}, 400, "UserError"),
        ("-ab", {"location": "eastus"}, 400, "UserError"),
        ("good", {"location": "eastus", "kind": "Castle"}, 400, "UserError"),
        ("good", {"location": "eastus", "kind": "Project"}, 400, "UserError"),
        ("good", {"location": "eastus", "properties": {"hubResourceId": 3}}, 400, "UserError"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    lab: Lab, name: str, body: Any, status: int, code: str
) -> None:
    response = await lab.client.put(f"{WORKSPACES}/{name}", json=body)
    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    assert (await lab.client.get(f"{WORKSPACES}/{name}")).status_code == 404


async def test_a_workspace_needs_a_group_that_is_there(lab: Lab) -> None:
    response = await lab.client.put(MINE.replace("rg1", "none"), json={"location": "eastus"})
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "ResourceGroupNotFound"


async def test_a_change_answers_202_without_a_body(lab: Lab) -> None:
    body = {
        "tags": {"k": "v"},
        "identity": {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {"/u": {}}},
        "properties": {"description": "new", "imageBuildCompute": "c", "workspaceId": "forged"},
    }
    before = (await lab.get(WORKSPACE))["properties"]["workspaceId"]
    response = await lab.client.patch(WORKSPACE, json=body)
    follows(response)
    assert (response.status_code, response.content) == (202, b"")
    assert (await lab.get(WORKSPACE))["properties"]["provisioningState"] == "Updating"
    lab.pass_time(10)
    shown = await lab.get(WORKSPACE)
    assert shown["properties"]["provisioningState"] == "Succeeded"
    assert shown["properties"]["description"] == "new"
    assert shown["properties"]["workspaceId"] == before
    assert shown["tags"] == {"k": "v"}
    assert set(shown["identity"]["userAssignedIdentities"]["/u"]) == {"principalId", "clientId"}
    assert shown["systemData"]["lastModifiedBy"] == "Kim Lang"


async def test_a_change_keeps_what_it_does_not_name(lab: Lab) -> None:
    await made(lab, tags={"a": "b"}, properties={"description": "one", "hbiWorkspace": "true"})
    await lab.client.patch(MINE, json={"properties": {"friendlyName": "F", "description": None}})
    shown = await lab.get(MINE)
    assert shown["tags"] == {"a": "b"}
    assert shown["properties"]["description"] == "one"
    assert shown["properties"]["hbiWorkspace"] is True


async def test_a_deleted_workspace_comes_back_with_all_that_was_in_it(lab: Lab) -> None:
    await made(lab)
    model = {"properties": {"modelUri": "azureml://m"}}
    await lab.client.put(f"{MINE}/models/m/versions/1", json=model)
    await gone(lab)
    assert "mine" not in [each["name"] for each in (await lab.get(WORKSPACES))["value"]]
    await made(lab)
    assert (await lab.get(f"{MINE}/models/m/versions/1"))["name"] == "1"


async def test_a_purged_workspace_leaves_nothing_to_a_later_one(lab: Lab) -> None:
    await made(lab)
    model = {"properties": {"modelUri": "azureml://m"}}
    await lab.client.put(f"{MINE}/models/m/versions/1", json=model)
    await gone(lab, purged=True)
    await made(lab)
    assert (await lab.get(f"{MINE}/models"))["value"] == []


async def test_deleting_says_so_and_what_is_not_there_is_204(lab: Lab) -> None:
    response = await lab.client.delete(WORKSPACE)
    follows(response)
    assert (await lab.get(WORKSPACE))["properties"]["provisioningState"] == "Deleting"
    assert (await lab.client.patch(WORKSPACE, json={})).status_code == 409
    assert (await lab.client.put(WORKSPACE, json={"location": "x"})).status_code == 409
    lab.pass_time(60)
    assert (await lab.client.delete(WORKSPACE)).status_code == 204


async def test_a_hub_knows_its_projects_and_stays_as_long_as_it_has_any(lab: Lab) -> None:
    hub = await made(lab, "hub", kind="hub")
    assert hub["kind"] == "Hub"
    await made(lab, "project", kind="project", properties={"hubResourceId": hub["id"].upper()})
    shown = await lab.get(f"{WORKSPACES}/hub")
    assert shown["properties"]["associatedWorkspaces"] == [f"{WORKSPACES}/project"]
    listed = (await lab.get(WORKSPACES, kind="Project"))["value"]
    assert [each["name"] for each in listed] == ["project"]
    listed = (await lab.get(WORKSPACES, kind="hub,project"))["value"]
    assert {each["name"] for each in listed} == {"hub", "project"}
    assert (await lab.client.delete(f"{WORKSPACES}/hub")).status_code == 409


async def test_everything_survives_a_restart() -> None:
    state = StateFile(":memory:")
    async with laboratory() as lab:
        lab.world.state = state
        for keeper in (lab.world.jobs, lab.world.resources, lab.world.operations):
            keeper.save = state.save
        await made(lab, tags={"a": "b"})
        await lab.client.put(f"{MINE}/models/m/versions/1", json={"properties": {"modelUri": "x"}})
        await lab.client.delete(WORKSPACE)
        lab.pass_time(60)
        later = World(ManualClock(lab.world.now), seed=7, state=state, bare=bare)
        later.restore()
    found = later.workspace("S1", "RG1", "MINE")
    assert found is not None
    assert found.tags == {"a": "b"}
    assert later.resources.get(f"{MINE}/models/m/versions/1", later.now) is not None
    assert later.workspace("s1", "rg1", "calm-ws") is None
    assert later.now > NOON


# What it tells


async def test_keys(lab: Lab) -> None:
    keys = await lab.post(f"{WORKSPACE}/listKeys")
    assert keys["userStorageKey"]
    place = await lab.get(WORKSPACE)
    assert keys["userStorageResourceId"] == place["properties"]["storageAccount"]
    assert keys["notebookAccessKeys"]["primaryAccessKey"]
    storage = await lab.post(f"{WORKSPACE}/listStorageAccountKeys")
    assert storage["userStorageKey"] == keys["userStorageKey"]
    account = await lab.post(f"{keys['userStorageResourceId']}/listKeys")
    assert account["keys"][0]["value"] == keys["userStorageKey"]
    assert (await lab.post(f"{WORKSPACE}/listNotebookKeys"))["secondaryAccessKey"]
    assert (await lab.post(f"{WORKSPACE}/listNotebookAccessToken"))["tokenType"] == "Bearer"


async def test_a_container_registry_has_credentials_once_there_is_one(lab: Lab) -> None:
    assert (await lab.post(f"{WORKSPACE}/listKeys"))["containerRegistryCredentials"] is None
    registry = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/acr"
    await lab.client.patch(WORKSPACE, json={"properties": {"containerRegistry": registry}})
    keys = await lab.post(f"{WORKSPACE}/listKeys")
    assert keys["containerRegistryCredentials"]["username"] == "acr"


async def test_a_diagnosis_has_a_location_only_and_finds_what_is_missing(lab: Lab) -> None:
    storage = (await lab.get(WORKSPACE))["properties"]["storageAccount"]
    for missing in (False, True):
        response = await lab.client.post(f"{WORKSPACE}/diagnose", json={"value": {}})
        assert response.status_code == 202
        assert "azure-asyncoperation" not in response.headers
        lab.pass_time(10)
        found = (await lab.get(response.headers["location"]))["value"]
        codes = [each["code"] for each in found["storageAccountResults"]]
        assert codes == (["DependencyResourceNotExist"] if missing else [])
        assert found["keyVaultResults"] == []
        await lab.client.delete(storage)


@pytest.mark.parametrize("path", ["resyncKeys", "prepareNotebook"])
async def test_what_takes_a_while_is_followed(lab: Lab, path: str) -> None:
    response = await lab.client.post(f"{WORKSPACE}/{path}")
    status, location = follows(response)
    lab.pass_time(10)
    assert (await lab.get(status))["status"] == "Succeeded"
    assert (await lab.client.get(location)).status_code == 200


@pytest.mark.parametrize(
    "path", ["features", "privateLinkResources", "outboundNetworkDependenciesEndpoints"]
)
async def test_lists_that_any_workspace_has(lab: Lab, path: str) -> None:
    assert (await lab.get(f"{WORKSPACE}/{path}"))["value"]
    assert (await lab.client.get(f"{WORKSPACES}/none/{path}")).status_code == 404


async def test_private_endpoint_connections(lab: Lab) -> None:
    path = f"{WORKSPACE}/privateEndpointConnections"
    state = {"privateLinkServiceConnectionState": {"status": "Approved"}}
    response = await lab.client.put(f"{path}/pe", json={"properties": state})
    assert response.status_code == 200
    shown = await lab.get(f"{path}/pe")
    assert shown["properties"]["privateLinkServiceConnectionState"]["status"] == "Approved"
    assert len((await lab.get(path))["value"]) == 1
    assert (await lab.get(WORKSPACE))["properties"]["privateLinkCount"] == 1
    assert (await lab.client.delete(f"{path}/pe")).status_code == 200
    assert (await lab.client.delete(f"{path}/pe")).status_code == 204
    assert (await lab.client.get(f"{path}/pe")).status_code == 404


async def test_outbound_rules_of_a_managed_network(lab: Lab) -> None:
    rules = f"{WORKSPACE}/outboundRules"
    fqdn = {"properties": {"type": "FQDN", "destination": "pypi.org"}}
    assert (await lab.client.put(f"{rules}/pypi", json=fqdn)).status_code == 400
    assert (await lab.client.post(f"{WORKSPACE}/provisionManagedNetwork")).status_code == 400
    network = {"managedNetwork": {"isolationMode": "AllowOnlyApprovedOutbound"}}
    await lab.client.patch(WORKSPACE, json={"properties": network})
    response = await lab.client.put(f"{rules}/pypi", json=fqdn)
    assert response.status_code == 202
    follows(response)
    assert (await lab.get(f"{rules}/PyPI"))["properties"]["status"] == "Inactive"
    follows(await lab.client.post(f"{WORKSPACE}/provisionManagedNetwork", json={}))
    assert (await lab.get(f"{rules}/pypi"))["properties"]["status"] == "Active"
    inside = (await lab.get(WORKSPACE))["properties"]["managedNetwork"]
    assert inside["status"] == {"status": "Active", "sparkReady": False}
    assert set(inside["outboundRules"]) == {"pypi"}
    assert (await lab.client.delete(f"{rules}/pypi")).status_code == 202
    assert (await lab.client.get(f"{rules}/pypi")).status_code == 404
    assert (await lab.client.delete(f"{rules}/pypi")).status_code == 204


JUNK: tuple[Any, ...] = (
    [], "x", 7, True,
    {"properties": []}, {"properties": "x"}, {"location": 7}, {"tags": [1]}, {"tags": {"a": 1}},
    {"identity": 3}, {"identity": {"type": 3}}, {"identity": {"userAssignedIdentities": []}},
    {"properties": {"managedNetwork": {"outboundRules": {"r": 1}}}},
    {"kind": 5}, {"properties": {"storageAccount": 3}}, {"properties": {"encryption": "on"}},
    {"properties": {"managedNetwork": "x"}}, {"properties": {"type": [], "destination": 3}},
    {"properties": {"type": "FQDN", "destination": {}}}, {"value": 3}, {"value": []},
    {"properties": {"managedNetwork": {"outboundRules": [1], "status": 3}}},
    {"properties": {"privateLinkServiceConnectionState": 3}},
)  # fmt: skip


@pytest.mark.parametrize("body", JUNK)
async def test_a_body_of_another_shape_breaks_nothing(lab: Lab, body: Any) -> None:
    await made(lab)
    for method, path in (
        ("PUT", MINE), ("PATCH", MINE), ("PUT", f"{WORKSPACES}/other"),
        ("POST", f"{MINE}/diagnose"), ("POST", f"{MINE}/provisionManagedNetwork"),
        ("PUT", f"{MINE}/outboundRules/r"), ("PUT", f"{MINE}/privateEndpointConnections/p"),
        ("PUT", GROUP), ("PATCH", GROUP),
        ("PUT", f"{GROUP}/providers/Microsoft.Cache/redis/r"),
    ):  # fmt: skip
        response = await lab.client.request(method, path, json=body)
        assert response.status_code in {200, 201, 202, 400}, (method, path, response.text)
        assert response.status_code != 400 or response.json()["error"]["code"]
    assert (await lab.client.get(MINE)).status_code == 200
    assert (await lab.client.get(f"{MINE}/outboundRules")).status_code == 200
    assert (await lab.client.post(f"{MINE}/listKeys")).status_code == 200
