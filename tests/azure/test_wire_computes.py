"""Computes as the service wrote them become exactly these values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from amltui.azure import computes, prices
from amltui.domain.compute import Compute, ComputeKind, LastOperation, Node, Nodes
from amltui.domain.health import Health
from amltui.domain.price import VmSize, by_name
from tests.azure.answers import PLACE, Reply
from tests.azure.samples import sample


def parsed(name: str) -> Compute:
    found = computes.parse(PLACE, sample("computes", name))
    assert found is not None
    return found


def test_a_steady_cluster():
    found = parsed("cluster")
    assert found == Compute(
        workspace=PLACE,
        name="cpu-cluster",
        kind=ComputeKind.CLUSTER,
        type="AmlCompute",
        state="Steady",
        provisioning_state="Succeeded",
        size="STANDARD_DS3_V2",
        location="eastus2",
        nodes=Nodes(idle=1, current=1, target=1, minimum=1, maximum=3),
        created=datetime(2023, 5, 22, 4, 38, 38, 505485, tzinfo=UTC),
        scale_down=timedelta(minutes=2),
        steady_since=datetime(2023, 5, 22, 6, 58, 56, 599000, tzinfo=UTC),
    )
    assert found.health is Health.GOOD


def test_a_cluster_that_is_being_created_has_no_counts_yet():
    found = parsed("cluster_creating")
    assert found == Compute(
        workspace=PLACE,
        name="test544341961394",
        kind=ComputeKind.CLUSTER,
        type="AmlCompute",
        state="Creating",
        provisioning_state="Creating",
        size="STANDARD_DS2_V2",
        location="eastus",
        nodes=Nodes(maximum=2),
        created=datetime(2022, 12, 28, 19, 41, 9, 218852, tzinfo=UTC),
        scale_down=timedelta(seconds=100),
    )
    assert found.health is Health.BUSY
    assert found.burn_per_hour == 0.0


def test_a_cluster_that_failed_says_why():
    found = parsed("cluster_failed")
    assert (found.state, found.provisioning_state) == ("Failed", "Failed")
    assert found.health is Health.BAD
    [error] = found.errors
    assert error.startswith("The specified subscription has a Standard ND family vCPU quota of 0")


def test_a_running_instance():
    found = parsed("instance")
    assert found == Compute(
        workspace=PLACE,
        name="test322425765248",
        kind=ComputeKind.INSTANCE,
        type="ComputeInstance",
        state="Running",
        provisioning_state="Succeeded",
        size="STANDARD_DS2_V2",
        location="eastus2euap",
        created=datetime(2022, 9, 7, 21, 53, 31, 836520, tzinfo=UTC),
        last_operation=LastOperation(
            "Create", "Succeeded", datetime(2022, 9, 7, 21, 53, 41, 696000, tzinfo=UTC), "User"
        ),
        applications=found.applications,
    )
    assert [each.name for each in found.applications] == ["Jupyter Lab"]
    assert found.health is Health.GOOD
    assert found.on_since == found.last_operation.time if found.last_operation else False


def test_a_stopped_instance_is_still_provisioned():
    found = parsed("instance_stopped")
    assert (found.state, found.provisioning_state) == ("Stopped", "Succeeded")
    assert found.health is Health.IDLE
    assert (found.is_on, found.on_since) == (False, None)
    assert found.last_operation is not None
    assert found.last_operation.name == "Stop"


def test_an_instance_that_is_being_created_has_no_state_of_its_own():
    found = parsed("instance_creating")
    assert (found.state, found.owner, found.last_operation) == ("Creating", None, None)
    assert found.health is Health.BUSY


@pytest.mark.parametrize(
    ("name", "kind", "type_", "state", "health"),
    [
        ("official_aks", ComputeKind.KUBERNETES, "AKS", "Succeeded", Health.DONE),
        ("official_kubernetes", ComputeKind.KUBERNETES, "Kubernetes", "Succeeded", Health.DONE),
        ("official_cluster", ComputeKind.CLUSTER, "AmlCompute", "Resizing", Health.BUSY),
        ("official_instance", ComputeKind.INSTANCE, "ComputeInstance", "Running", Health.GOOD),
    ],
)
def test_the_official_examples(name, kind, type_, state, health):
    found = parsed(name)
    assert (found.name, found.kind, found.type, found.state) == ("compute123", kind, type_, state)
    assert found.health is health
    assert found.created == datetime(2021, 4, 1, 22, tzinfo=UTC)


def test_the_official_instance_has_an_owner():
    assert parsed("official_instance").owner == "foobar@microsoft.com"


@pytest.mark.parametrize(
    "type_",
    ["VirtualMachine", "HDInsight", "Databricks", "DataFactory", "SynapseSpark", "Tomorrow"],
)
def test_attached_kinds_keep_their_name_and_their_size(type_):
    body = sample("computes", "official_aks")
    body["properties"] |= {"computeType": type_, "properties": {"virtualMachineSize": "D2"}}
    found = computes.parse(PLACE, body)
    assert found is not None
    assert (found.kind, found.type, found.size) == (ComputeKind.ATTACHED, type_, "D2")
    assert found.burn_per_hour is None


def test_idle_shutdown_and_low_priority():
    body = sample("computes", "instance")
    inner = body["properties"]["properties"]
    inner |= {"idleTimeBeforeShutdown": "PT120M", "vmPriority": "LowPriority"}
    found = computes.parse(PLACE, body)
    assert found is not None
    assert (found.idle_shutdown, found.low_priority) == (timedelta(hours=2), True)


async def test_nodes_come_under_a_name_of_their_own_and_their_pages_link_on(rig):
    first = sample("computes", "official_nodes")
    link = f"https://management.azure.com{PLACE.path}/computes/cpu/listNodes?$skip=2"
    rig.service.on("POST", "/computes/cpu/listNodes", Reply(200, first | {"nextLink": link}))
    rig.service.on("GET", "/computes/cpu/listNodes", Reply(200, {"nodes": [{"nodeId": "n3"}]}))
    assert await computes.nodes(rig.place, "cpu") == (
        Node(
            "tvm-3601533753_1-20170719t162906z",
            "running",
            "2f378a44-38f2-443a-9f0d-9909d0b47890",
            "13.84.190.124",
            "13.84.190.134",
            50000,
        ),
        Node(
            "tvm-3601533753_2-20170719t162906z",
            "idle",
            None,
            "13.84.190.124",
            "13.84.190.134",
            50001,
        ),
        Node("n3"),
    )


async def test_the_official_list_ends_where_its_link_is_no_address(rig):
    rig.service.on("GET", "/computes", Reply(200, sample("computes", "official_list")))
    found = (await computes.list_all(rig.place)).items
    assert [each.name for each in found] == ["compute123", "compute1234"]


def test_sizes_and_their_prices():
    listed = [prices.parse(item) for item in sample("prices")["value"]]
    assert listed == [
        VmSize(
            "Standard_DS1_v2",
            "standardDSv2Family",
            1,
            0,
            3.5,
            {"lowpriority": 0.01, "standard": 0.07},
        ),
        VmSize(
            "Standard_DS2_v2",
            "standardDSv2Family",
            2,
            0,
            7.0,
            {"lowpriority": 0.03, "standard": 0.15},
        ),
    ]
    size = by_name(tuple(each for each in listed if each))["standard_ds2_v2"]
    assert size.price() == 0.15
    assert size.price(low_priority=True) == 0.03


@pytest.mark.parametrize("price", [None, "free", -1, float("nan"), "Infinity", {}, True])
def test_a_price_that_is_none_is_not_shown(price):
    item = sample("prices")["value"][0]
    for each in item["estimatedVMPrices"]["values"]:
        each["retailPrice"] = price
    found = prices.parse(item)
    assert found is not None
    assert found.price() is None


async def test_computes_are_priced_by_their_size_in_any_casing_with_one_question(rig):
    again = sample("computes", "cluster")
    again["name"], again["properties"]["computeLocation"] = "second", "East US 2"
    items = [sample("computes", "cluster"), again, sample("computes", "cluster")]
    rig.service.on("GET", "/computes", Reply(200, {"value": items}))
    sizes = sample("prices")
    sizes["value"][0]["name"] = "Standard_DS3_v2"
    rig.service.on("GET", "/locations/eastus2/vmSizes", Reply(200, sizes))
    for _ in range(2):
        listing = await computes.list_all(rig.place)
        assert [(each.name, each.price_per_hour) for each in listing.items] == [
            ("cpu-cluster", 0.07),
            ("second", 0.07),
        ]
        assert listing.notes == ()
    assert len(rig.service.sent("GET", "/vmSizes")) == 1


async def test_without_prices_the_computes_are_shown_with_a_note(rig):
    rig.service.on("GET", "/computes", Reply(200, {"value": [sample("computes", "cluster")]}))
    rig.service.on("GET", "/vmSizes", Reply(403, {"error": {"code": "AuthorizationFailed"}}))
    listing = await computes.list_all(rig.place)
    assert [each.price_per_hour for each in listing.items] == [None]
    assert listing.notes == (
        "prices are missing: management.azure.com does not allow this account to GET"
        " the vmSizes of region eastus2, AuthorizationFailed",
    )
