"""Computes are put, changed, listed and deleted like Azure's."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from amltui.emulator.app import world_of
from amltui.emulator.clock import ManualClock
from amltui.emulator.computes.record import CLUSTER, INSTANCE, Compute
from tests.emulator.computes import (
    COMPUTES,
    SIZE,
    body,
    cluster,
    code,
    get,
    inner,
    instance,
    made,
    outcome,
    post,
    put,
)
from tests.emulator.lab import NOON, WORKSPACE, Lab, laboratory

GROUP = "/subscriptions/s1/resourceGroups/rg1/providers"
AKS = f"{GROUP}/Microsoft.ContainerService/managedClusters/inf"
VM = f"{GROUP}/Microsoft.Compute/virtualMachines/vm1"
POOL = f"{GROUP}/Microsoft.Synapse/workspaces/syn/bigDataPools/pool1"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def test_a_cluster_is_created_over_time(lab: Lab) -> None:
    """201 with the resource in Creating and without counts; then the counts are there."""
    answer = await put(lab, "New-Cluster", cluster(most=3, size="standard_ds3_V2"))
    assert answer.status_code == 201
    begun = answer.json()
    assert begun["properties"]["provisioningState"] == "Creating"
    counts = ("currentNodeCount", "targetNodeCount", "nodeStateCounts", "allocationState")
    assert [begun["properties"]["properties"][name] for name in counts] == [None] * 4
    assert await outcome(lab, answer) == "Succeeded"
    found = await get(lab, "new-cluster")
    assert found["id"] == f"{COMPUTES}/New-Cluster"
    assert found["properties"]["provisioningState"] == "Succeeded"
    assert found["properties"]["createdOn"] == found["properties"]["modifiedOn"]
    shown = found["properties"]["properties"]
    assert shown["vmSize"] == "STANDARD_DS3_V2"
    assert shown["vmPriority"] == "Dedicated"
    assert shown["scaleSettings"] == {
        "minNodeCount": 0,
        "maxNodeCount": 3,
        "nodeIdleTimeBeforeScaleDown": "PT2M",
    }
    assert (shown["allocationState"], shown["currentNodeCount"]) == ("Steady", 0)
    assert shown["errors"] is None


async def test_an_instance_is_created_over_time(lab: Lab) -> None:
    """It is Creating, then Running, and its last operation says who did what."""
    answer = await put(lab, "mine", instance())
    assert answer.status_code == 201
    shown = answer.json()["properties"]["properties"]
    assert shown["state"] == "Creating"
    assert shown["applications"] is None
    assert shown["lastOperation"]["operationStatus"] == "InProgress"
    assert await outcome(lab, answer) == "Succeeded"
    shown = await inner(lab, "mine")
    assert shown["state"] == "Running"
    assert shown["lastOperation"]["operationName"] == "Create"
    assert shown["lastOperation"]["operationStatus"] == "Succeeded"
    assert shown["lastOperation"]["operationTrigger"] == "User"
    assert shown["createdBy"]["userName"] == "Kim Lang"
    assert shown["errors"] == []


async def test_what_a_client_puts_comes_back(lab: Lab) -> None:
    """Of an instance: everything that it can put, with its ssh key only where it opens a port."""
    service = {
        "name": "rstudio",
        "image": {"type": "docker", "reference": "ghcr.io/azure/rocker:latest"},
        "endpoints": [{"protocol": "http", "name": "connect", "target": 8787, "published": 8787}],
        "environmentVariables": {"A": {"type": "local", "value": "b"}},
        "volumes": [{"type": "bind", "readOnly": False, "source": "/home", "target": "/home"}],
        "docker": {"privileged": True},
    }
    person = {"assignedUser": {"objectId": "o", "tenantId": "t"}}
    scripts = {"scripts": {"startupScript": {"scriptSource": "inline", "scriptData": "bHM="}}}
    asked = {
        "subnet": {"id": "/subscriptions/s1/subnets/a"},
        "applicationSharingPolicy": "personal",
        "sshSettings": {"sshPublicAccess": "Enabled", "adminPublicKey": "ssh-rsa AAAA"},
        "customServices": [service],
        "personalComputeInstanceSettings": person,
        "setupScripts": scripts,
        "enableNodePublicIp": False,
        "enableSSO": False,
        "enableRootAccess": False,
        "releaseQuotaOnStop": True,
        "enableOSPatching": True,
        "dataDisks": [{"caching": "None", "diskSizeGB": 64, "lun": 1}],
        "idleTimeBeforeShutdown": "PT30M",
        "state": "Stopped",
    }
    wanted = instance(**asked)
    wanted["tags"] = {"team": "vision", "none": None}
    wanted["identity"] = {
        "type": "SystemAssigned,UserAssigned",
        "userAssignedIdentities": {
            f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/me": {}
        },
    }
    wanted["properties"] |= {"description": "Mine.", "disableLocalAuth": False}
    found = await made(lab, "mine", wanted)
    assert found["tags"] == {"team": "vision", "none": None}
    assert found["properties"]["description"] == "Mine."
    assert found["properties"]["disableLocalAuth"] is False
    assert found["identity"]["principalId"]
    (known,) = found["identity"]["userAssignedIdentities"].values()
    assert known["clientId"]
    shown = found["properties"]["properties"]
    assert shown["state"] == "Running"
    assert shown["sshSettings"]["adminPublicKey"] == "ssh-rsa AAAA"
    assert shown["sshSettings"]["adminUserName"] == "azureuser"
    assert shown["applicationSharingPolicy"] == "Personal"
    echoed = asked.keys() - {"state", "sshSettings", "applicationSharingPolicy"}
    assert {name: shown[name] for name in echoed} == {name: asked[name] for name in echoed}
    assert "rstudio" in [each["displayName"] for each in shown["applications"]]
    closed = await made(
        lab,
        "closed",
        instance(sshSettings={"sshPublicAccess": "Disabled", "adminPublicKey": "ssh-rsa AAAA"}),
    )
    assert closed["properties"]["properties"]["sshSettings"]["adminPublicKey"] is None


async def test_a_clusters_password_does_not_come_back(lab: Lab) -> None:
    account = {
        "adminUserName": "azureuser",
        "adminUserPassword": "hunter2",
        "adminUserSshPublicKey": "ssh-rsa AAAA",
    }
    wanted = cluster(
        userAccountCredentials=account,
        remoteLoginPortPublicAccess="Enabled",
        vmPriority="lowPriority",
        osType="Linux",
        isolatedNetwork=False,
    )
    found = await made(lab, "shells", wanted)
    shown = found["properties"]["properties"]
    assert shown["userAccountCredentials"] == {**account, "adminUserPassword": None}
    assert shown["remoteLoginPortPublicAccess"] == "Enabled"
    assert shown["vmPriority"] == "LowPriority"


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (
            body("Kubernetes", {"namespace": "ml", "vcName": "v"}, resourceId=AKS),
            {"namespace": "ml", "vcName": "v", "defaultInstanceType": "defaultinstancetype"},
        ),
        (body("AKS", {"agentCount": 4}), {"agentCount": 4, "clusterPurpose": "FastProd"}),
        (body("aks", None, resourceId=AKS), {"agentCount": 3}),
        (
            body("VirtualMachine", {"sshPort": 2222}, resourceId=VM),
            {"sshPort": 2222, "administratorAccount": None},
        ),
        (
            body("HDInsight", {}, resourceId=f"{GROUP}/Microsoft.HDInsight/clusters/h"),
            {"sshPort": 22},
        ),
        (
            body("Databricks", {}, resourceId=f"{GROUP}/Microsoft.Databricks/workspaces/d"),
            {"databricksAccessToken": None},
        ),
        (
            body(
                "DataLakeAnalytics",
                {"dataLakeStoreAccountName": "lake"},
                resourceId=f"{GROUP}/Microsoft.DataLakeAnalytics/accounts/a",
            ),
            {"dataLakeStoreAccountName": "lake"},
        ),
        (body("DataFactory"), {}),
        (
            body("SynapseSpark", None, resourceId=POOL),
            {"workspaceName": "syn", "poolName": "pool1", "nodeSize": "Small"},
        ),
    ],
)
async def test_other_kinds_are_attached_and_detached(
    lab: Lab, wanted: dict[str, Any], shown: dict[str, Any]
) -> None:
    """Each is there with the properties of its kind, until it is detached."""
    found = await made(lab, "other", wanted)
    assert found["properties"]["provisioningState"] == "Succeeded"
    resource = wanted["properties"].get("resourceId")
    assert found["properties"]["resourceId"] == resource
    assert found["properties"]["isAttachedCompute"] is (resource is not None)
    assert found["properties"]["computeType"].lower() == wanted["properties"]["computeType"].lower()
    assert found["properties"]["properties"].items() >= shown.items()
    for action in ("start", "stop", "restart", "listNodes", "updateDataMounts"):
        content = [] if action == "updateDataMounts" else None
        assert (await post(lab, "other", action, content)).status_code == 400
    gone = await lab.client.delete(f"{COMPUTES}/other", params=doing("Detach"))
    assert gone.status_code == 202
    assert await outcome(lab, gone) == "Succeeded"
    assert (await lab.client.get(f"{COMPUTES}/other")).status_code == 404


def doing(action: str) -> dict[str, str]:
    return {"underlyingResourceAction": action, "api-version": "2025-12-01"}


@pytest.mark.parametrize(
    ("name", "wanted", "expected"),
    [
        ("ab", instance(), "ComputeNameInvalid"),
        ("1st", instance(), "ComputeNameInvalid"),
        ("with_underscore", instance(), "ComputeNameInvalid"),
        ("node-1", instance(), "ComputeNameInvalid"),
        ("a" * 25, instance(), "ComputeNameInvalid"),
        ("fine", instance("Standard_Nope_v9"), "VmSizeNotSupported"),
        ("fine", cluster(size="Standard_Nope_v9"), "VmSizeNotSupported"),
        ("fine", instance(None), "ArgumentNull"),
        ("fine", body("AmlCompute", {"vmSize": SIZE}), "ArgumentNull"),
        ("fine", {"location": "eastus"}, "ArgumentInvalid"),
        ("fine", {"properties": {"properties": {"vmSize": SIZE}}}, "ArgumentInvalid"),
        ("fine", body("Abacus", {}), "ArgumentInvalid"),
        ("fine", cluster(3, 2), "ScaleSettingsInvalid"),
        ("fine", cluster(-1, 2), "ScaleSettingsInvalid"),
        ("fine", cluster(0, 65_001), "ScaleSettingsInvalid"),
        ("fine", cluster(vmPriority="Royal"), "ArgumentInvalid"),
        ("fine", instance(idleTimeBeforeShutdown="PT14M"), "IdleTimeBeforeShutdownInvalid"),
        ("fine", instance(idleTimeBeforeShutdown="P4D"), "IdleTimeBeforeShutdownInvalid"),
        ("fine", instance(idleTimeBeforeShutdown="soon"), "ArgumentInvalid"),
        ("fine", {**instance(), "location": "westus2"}, "LocationMismatch"),
        ("fine", {**instance(), "tags": {"a": 1}}, "ArgumentInvalid"),
        ("fine", {**instance(), "identity": {"type": "Royal"}}, "ArgumentInvalid"),
        ("fine", body("Kubernetes", {}), "ArgumentNull"),
        ("fine", body("Kubernetes", {}, resourceId=VM), "ArgumentInvalid"),
        ("fine", body("VirtualMachine", {}, resourceId="vm1"), "ArgumentInvalid"),
        ("fine", body("SynapseSpark", {}, resourceId=AKS), "ArgumentInvalid"),
    ],
)
async def test_what_cannot_be_is_refused(lab: Lab, name: str, wanted: Any, expected: str) -> None:
    """400 with a code, and nothing is there afterwards."""
    refused = await put(lab, name, wanted)
    assert refused.status_code == 400
    assert code(refused) == expected
    assert (await lab.client.get(f"{COMPUTES}/{name}")).status_code == 404


JUNK: tuple[Any, ...] = (
    [],
    "x",
    3,
    None,
    {"properties": []},
    {"properties": {"computeType": 4}},
    {"properties": {"computeType": "AmlCompute", "properties": "x"}},
    {"properties": {"properties": {"scaleSettings": []}}},
    {"properties": {"properties": {"scaleSettings": {"maxNodeCount": "4"}}}},
    {"properties": {"properties": {"scaleSettings": {"maxNodeCount": True}}}},
    cluster(scaleSettings={"maxNodeCount": 1, "nodeIdleTimeBeforeScaleDown": "2 minutes"}),
    cluster(scaleSettings={"maxNodeCount": 1, "nodeIdleTimeBeforeScaleDown": 120}),
    cluster(userAccountCredentials=[1]),
    cluster(subnet="x"),
    cluster(isolatedNetwork="yes"),
    cluster(osType="OS/2"),
    instance(sshSettings="open"),
    instance(customServices={}),
    instance(customServices=["x"]),
    instance(dataDisks=[None]),
    instance(schedules=[]),
    instance(schedules={"computeStartStop": {}}),
    instance(schedules={"computeStartStop": [{"action": "Stop"}]}),
    instance(schedules={"computeStartStop": [{"action": "Stop", "triggerType": "Cron"}]}),
    instance(enableSSO="true"),
    instance(idleTimeBeforeShutdown=15),
    instance(["Standard_DS3_v2"]),  # type: ignore[arg-type]
    {**instance(), "location": {}},
    {**instance(), "identity": []},
    {**instance(), "tags": []},
    body("VirtualMachine", {"administratorAccount": "root"}, resourceId=VM),
    body("VirtualMachine", {"sshPort": "22"}, resourceId=VM),
    body("Databricks", {"databricksAccessToken": {}}, resourceId=VM),
    body("Kubernetes", {}, resourceId={}),
    body("ComputeInstance", {"vmSize": SIZE}, disableLocalAuth="no"),
    body("ComputeInstance", {"vmSize": SIZE}, description=[]),
)


@pytest.mark.parametrize("junk", JUNK)
async def test_no_body_of_another_shape_is_a_crash(lab: Lab, junk: Any) -> None:
    """400 in Azure's envelope, to whatever operation it is sent."""
    for method, path in (
        ("PUT", "new"),
        ("PUT", "cpu-cluster"),
        ("PATCH", "cpu-cluster"),
    ):
        refused = await lab.client.request(method, f"{COMPUTES}/{path}", json=junk)
        if method == "PATCH" and refused.status_code == 200:
            continue  # a whole cluster has good scale settings, too
        assert refused.status_code == 400, (method, path, refused.text)
        assert refused.json()["error"]["message"]
    await made(lab, "there", instance())
    for action in ("resize", "updateIdleShutdownSetting", "customServices", "enableSso"):
        answer = await post(lab, "there", action, junk)
        assert answer.status_code in {200, 400}, (action, answer.text)
    assert (await lab.client.get(COMPUTES)).status_code == 200


async def test_not_even_json_is_a_400(lab: Lab) -> None:
    refused = await lab.client.put(f"{COMPUTES}/new", content=b"{")
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "InvalidRequestContent"


async def test_a_second_put_changes_what_can_be_changed(lab: Lab) -> None:
    """In whatever case the name is written, it is the same cluster, and keeps its spelling."""
    await made(lab, "Mine", cluster())
    wanted = cluster(0, 9)
    wanted["tags"] = {"a": "b"}
    wanted["properties"]["description"] = "More."
    wanted["properties"]["properties"] |= {"vmSize": SIZE.upper(), "vmPriority": "dedicated"}
    answer = await put(lab, "MINE", wanted)
    assert answer.status_code == 201
    assert answer.json()["properties"]["provisioningState"] == "Creating"
    assert await outcome(lab, answer) == "Succeeded"
    found = await get(lab, "mine")
    assert (found["name"], found["tags"]) == ("Mine", {"a": "b"})
    assert found["properties"]["description"] == "More."
    assert found["properties"]["properties"]["scaleSettings"]["maxNodeCount"] == 9
    assert found["properties"]["modifiedOn"] > found["properties"]["createdOn"]
    names = [each["name"] for each in (await lab.get(COMPUTES))["value"]]
    assert names.count("Mine") == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (cluster(), cluster(size="Standard_DS12_v2")),
        (cluster(), cluster(vmPriority="LowPriority")),
        (cluster(), cluster(subnet={"id": "/subnets/b"})),
        (cluster(), {**cluster(), "location": "westus2"}),
        (cluster(), instance()),
        (instance(), instance("Standard_DS12_v2")),
        (instance(), instance(enableNodePublicIp=False)),
        (instance(), instance(personalComputeInstanceSettings={"assignedUser": {}})),
        (
            body("VirtualMachine", {}, resourceId=VM),
            body("VirtualMachine", {}, resourceId=VM + "2"),
        ),
        (
            body("Kubernetes", {"namespace": "a"}, resourceId=AKS),
            body("Kubernetes", {"namespace": "b"}, resourceId=AKS),
        ),
    ],
)
async def test_a_second_put_cannot_change_the_rest(
    lab: Lab, before: dict[str, Any], after: dict[str, Any]
) -> None:
    first = await made(lab, "mine", before)
    refused = await put(lab, "mine", after)
    assert refused.status_code == 400
    assert code(refused) == "ImmutableProperty"
    assert await get(lab, "mine") == first


async def test_one_change_at_a_time(lab: Lab) -> None:
    """409 while it is created; but it can be deleted."""
    await put(lab, "mine", cluster())
    for refused in (
        await put(lab, "mine", cluster()),
        await lab.client.patch(f"{COMPUTES}/mine", json=cluster()),
    ):
        assert refused.status_code == 409
        assert refused.json()["error"]["code"] == "Conflict"
    assert (await lab.client.delete(f"{COMPUTES}/mine", params=doing("Delete"))).status_code == 202
    twice = await lab.client.delete(f"{COMPUTES}/mine", params=doing("Delete"))
    assert twice.status_code == 409


@pytest.mark.parametrize(
    "query",
    [{}, {"underlyingResourceAction": ""}, {"underlyingResourceAction": "Burn"}],
)
async def test_a_deletion_says_what_to_do_with_what_is_below(
    lab: Lab, query: dict[str, str]
) -> None:
    refused = await lab.client.delete(f"{COMPUTES}/cpu-cluster", params=query)
    assert refused.status_code == 400
    await get(lab, "cpu-cluster")


@pytest.mark.parametrize("wanted", [cluster(), instance()])
async def test_what_azure_ml_made_is_deleted_not_detached(lab: Lab, wanted: Any) -> None:
    """Deleting is visible, and after it there is a 404 without a body; the name is free again."""
    await made(lab, "mine", wanted)
    refused = await lab.client.delete(f"{COMPUTES}/mine", params=doing("Detach"))
    assert refused.status_code == 400
    assert code(refused) == "DetachNotSupported"
    gone = await lab.client.delete(f"{COMPUTES}/mine", params=doing("Delete"))
    assert (gone.status_code, gone.content) == (202, b"")
    found = await get(lab, "mine")
    assert found["properties"]["provisioningState"] == "Deleting"
    if wanted["properties"]["computeType"] == "ComputeInstance":
        assert found["properties"]["properties"]["state"] == "Deleting"
    assert await outcome(lab, gone) == "Succeeded"
    missing = await lab.client.get(f"{COMPUTES}/mine")
    assert (missing.status_code, missing.content) == (404, b"")
    assert "mine" not in [each["name"] for each in (await lab.get(COMPUTES))["value"]]
    again = await lab.client.delete(f"{COMPUTES}/mine", params=doing("Delete"))
    assert (again.status_code, again.content) == (404, b"")
    await made(lab, "mine", wanted)


async def test_keys_are_told_and_come_back_nowhere_else(lab: Lab) -> None:
    account = {"username": "root", "password": "hunter2", "privateKeyData": "-----BEGIN"}
    vm = await made(
        lab, "vm1", body("VirtualMachine", {"administratorAccount": account}, resourceId=VM)
    )
    assert "hunter2" not in str(vm)
    assert "BEGIN" not in str(vm)
    assert vm["properties"]["properties"]["administratorAccount"]["username"] == "root"
    told = await lab.post(f"{COMPUTES}/vm1/listKeys")
    assert told["computeType"] == "VirtualMachine"
    assert told["administratorAccount"].items() >= account.items()
    await made(lab, "aks", body("AKS", {}))
    told = await lab.post(f"{COMPUTES}/aks/listKeys")
    assert told["userKubeConfig"] != told["adminKubeConfig"]
    await made(
        lab,
        "dbx",
        body(
            "Databricks",
            {"databricksAccessToken": "dapi123"},
            resourceId=f"{GROUP}/Microsoft.Databricks/workspaces/d",
        ),
    )
    assert "dapi123" not in str(await get(lab, "dbx"))
    assert (await lab.post(f"{COMPUTES}/dbx/listKeys"))["databricksAccessToken"] == "dapi123"
    assert (await post(lab, "cpu-cluster", "listKeys")).status_code == 400
    assert (await post(lab, "nothing", "listKeys")).status_code == 404


async def test_a_planned_fault_fails_the_creation_in_every_view(lab: Lab) -> None:
    """The operation fails, the compute is Failed with its reason, and can be put again."""
    plan = {"operation": "Compute_CreateOrUpdate", "kind": "operation-fails", "message": "No."}
    for name, wanted, state in (("one", cluster(), None), ("two", instance(), "CreateFailed")):
        assert (await lab.client.post("/emulator/faults", json=plan)).status_code == 201
        answer = await put(lab, name, wanted)
        assert await outcome(lab, answer) == "Failed"
        found = (await get(lab, name))["properties"]
        assert found["provisioningState"] == "Failed"
        assert found["provisioningErrors"][0]["error"]["message"] == "No."
        if state is None:
            assert found["properties"]["nodeStateCounts"] is None
        else:
            assert found["properties"]["state"] == state
    again = await made(lab, "one", cluster())
    assert again["properties"]["provisioningErrors"] is None


async def test_a_restart_of_the_service_forgets_nothing(tmp_path: Path) -> None:
    """Whatever was put is there in a second world of the same file: also what is under way."""
    from amltui.emulator.state import StateFile

    file = str(tmp_path / "state")
    clock = ManualClock(NOON)
    first = world_of("calm", clock=clock, state=StateFile(file))
    (place,) = first.workspaces.values()
    async with serving(first) as lab:
        computes = f"{place.id}/computes"
        schedule = {
            "action": "Stop",
            "triggerType": "Cron",
            "cron": {"expression": "0 18 * * *", "timeZone": "UTC"},
        }
        wanted = instance(schedules={"computeStartStop": [schedule]})
        wanted["location"] = "eastus2"
        assert (await lab.put(f"{computes}/mine", json=wanted)).status_code == 201
        scale = cluster(2, 7)["properties"]
        patched = await lab.patch(f"{computes}/cpu-cluster", json={"properties": scale})
        assert patched.status_code == 200
        gone = await lab.delete(f"{computes}/li-nb", params=doing("Delete"))
        clock.advance(1)
        told = (await lab.get(computes)).json()
    second = world_of("calm", clock=clock, state=StateFile(file))
    async with serving(second) as lab:
        assert (await lab.get(computes)).json() == told
        clock.advance(60)
        assert (await lab.get(f"{computes}/li-nb")).status_code == 404
        status = await lab.get(gone.headers["Azure-AsyncOperation"])
        assert status.json()["status"] == "Succeeded"
        mine = (await lab.get(f"{computes}/mine")).json()["properties"]["properties"]
        assert mine["state"] == "Running"
        clock.advance(86_400)
        mine = (await lab.get(f"{computes}/mine")).json()["properties"]["properties"]
        assert mine["state"] == "Stopped"


def serving(world: Any) -> Any:
    from tests.emulator.test_scale import client

    return client(world)


async def test_two_thousand_computes_are_listed_page_by_page() -> None:
    """A page costs milliseconds, whatever else there is; all of them are there once."""
    async with laboratory(page_size=100) as lab:
        for number in range(2000):
            kind = INSTANCE if number % 2 else CLUSTER
            lab.world.stock(Compute(WORKSPACE, f"c-{number:04d}", kind, NOON - 9e5, SIZE))
        names: list[str] = []
        url: str | None = COMPUTES
        slowest = 0.0
        while url is not None:
            began = time.process_time()
            page = (await lab.client.get(url)).json()
            slowest = max(slowest, time.process_time() - began)
            names += [each["name"] for each in page["value"]]
            url = page.get("nextLink")
        assert len(names) == len(set(names)) == 2001
        assert slowest < 0.5
