"""Computes of every kind: listed, attached and detached, their sizes, usage and quotas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from amltui.emulator.process import Service

WAIT = 60
FAMILY = "standardEDSv4Family"


@pytest.fixture
def learning(management: Callable[..., Any], service: Service) -> Any:
    from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient

    return management(MachineLearningServicesMgmtClient, service.subscription_id)


@pytest.fixture
def place(service: Service) -> tuple[str, str]:
    """Resource group and workspace, as the management client asks for them."""
    return service.resource_group, service.workspace


@pytest.fixture
def beside(service: Service) -> Callable[[str], str]:
    """The id of a resource of another provider in the same group."""
    group = f"/subscriptions/{service.subscription_id}/resourceGroups/{service.resource_group}"
    return lambda path: f"{group}/providers/{path}"


def told(entity: Any, camel: str, snake: str) -> Any:
    """A number of azure-ai-ml's, which from 1.35 on leaves them under the names of the wire."""
    return vars(entity).get(camel, getattr(entity, snake))


def test_the_stock_is_listed_by_both_clients(ml: Any, learning: Any, place: Any) -> None:
    kinds = {each.name: each.type for each in ml.compute.list()}
    assert kinds["cpu-cluster"] == "amlcompute"
    assert kinds["kim-dev"] == kinds["li-nb"] == "computeinstance"
    only = [each.name for each in ml.compute.list(compute_type="AmlCompute")]
    assert "cpu-cluster" in only
    assert "kim-dev" not in only
    held = {each.name: each.properties.compute_type for each in learning.compute.list(*place)}
    assert {name: kind.lower() for name, kind in held.items()} == kinds


def test_an_instance_is_read_in_full(ml: Any, learning: Any, place: Any) -> None:
    mine = ml.compute.get("li-nb")
    assert (mine.size, mine.location) == ("STANDARD_DS12_V2", "eastus2")
    assert mine.last_operation["operationTrigger"] == "IdleShutdown"
    assert {each["displayName"] for each in mine.services} >= {"Jupyter", "Jupyter Lab"}
    assert mine.os_image_metadata.is_latest_os_image_version is True
    shown = learning.compute.get(*place, "LI-NB")
    assert shown.properties.is_attached_compute is False
    assert shown.properties.properties.last_operation.operation_name == "Stop"
    assert shown.properties.properties.created_by.user_name == "li@contoso.com"
    assert shown.system_data.created_at == shown.properties.created_on


def test_kubernetes_is_attached_and_detached(ml: Any, beside: Callable[[str], str]) -> None:
    from azure.ai.ml.entities import KubernetesCompute
    from azure.core.exceptions import ResourceNotFoundError

    cluster = beside("Microsoft.ContainerService/managedClusters/aks-1")
    asked = KubernetesCompute(name="k8s-one", namespace="training", resource_id=cluster)
    made = ml.compute.begin_attach(asked).result(WAIT)
    assert (made.type, made.namespace, made.resource_id) == ("kubernetes", "training", cluster)
    assert made.properties["defaultInstanceType"] == "defaultinstancetype"
    assert [each.name for each in ml.compute.list(compute_type="kubernetes")] == ["k8s-one"]
    ml.compute.begin_delete("k8s-one", action="Detach").result(WAIT)
    with pytest.raises(ResourceNotFoundError):
        ml.compute.get("k8s-one")


def test_a_virtual_machine_is_attached_with_its_secrets(
    ml: Any, learning: Any, place: Any, beside: Callable[[str], str]
) -> None:
    """They come back by listKeys only."""
    from azure.ai.ml.entities import VirtualMachineCompute, VirtualMachineSshSettings

    machine = beside("Microsoft.Compute/virtualMachines/box")
    account = VirtualMachineSshSettings(admin_username="ops", admin_password="a-password")
    asked = VirtualMachineCompute(name="the-box", resource_id=machine, ssh_settings=account)
    made = ml.compute.begin_attach(asked).result(WAIT)
    assert (made.type, made.resource_id) == ("virtualmachine", machine)
    assert made.ssh_settings.admin_username == "ops"
    assert made.ssh_settings.admin_password is None
    keys = learning.compute.list_keys(*place, "the-box")
    assert keys.administrator_account.password == "a-password"
    ml.compute.begin_delete("the-box", action="Detach").result(WAIT)
    assert "the-box" not in [each.name for each in ml.compute.list()]


def test_the_management_client_attaches_the_other_kinds(
    ml: Any, learning: Any, place: Any, beside: Callable[[str], str]
) -> None:
    from azure.mgmt.machinelearningservices import models

    pool = beside("Microsoft.Synapse/workspaces/lake/bigDataPools/small")
    bricks = beside("Microsoft.Databricks/workspaces/bricks")
    token = models.DatabricksProperties(databricks_access_token="a-token")
    asked = {
        "spark-pool": models.SynapseSpark(resource_id=pool),
        "bricks-one": models.Databricks(resource_id=bricks, properties=token),
    }
    begun = [
        learning.compute.begin_create_or_update(
            *place, name, models.ComputeResource(location="eastus2", properties=each)
        )
        for name, each in asked.items()
    ]
    spark, _ = (each.result(WAIT) for each in begun)
    assert spark.properties.properties.pool_name == "small"
    assert spark.properties.is_attached_compute is True
    keys = learning.compute.list_keys(*place, "bricks-one")
    assert keys.databricks_access_token == "a-token"
    assert ml.compute.get("spark-pool").type == "synapsespark"
    for each in [learning.compute.begin_delete(*place, name, "Detach") for name in asked]:
        each.result(WAIT)
    assert asked.keys().isdisjoint(each.name for each in learning.compute.list(*place))


def test_what_is_not_there_or_not_meant_so_is_refused(
    ml: Any, learning: Any, place: Any, beside: Callable[[str], str]
) -> None:
    """A compute that is missing is a 404 without a body, so there is no code either."""
    from azure.ai.ml.entities import KubernetesCompute
    from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

    for ask in (ml.compute.get, ml.compute.begin_delete, ml.compute.begin_start):
        with pytest.raises(ResourceNotFoundError) as missing:
            ask("nowhere")
        assert missing.value.error is None
    taken = KubernetesCompute(
        name="kim-dev", resource_id=beside("Microsoft.ContainerService/managedClusters/aks-1")
    )
    not_one = KubernetesCompute(name="k8s-two", resource_id=beside("Microsoft.Storage/x/y"))
    for wrong in (taken, not_one):
        with pytest.raises(HttpResponseError) as refused:
            ml.compute.begin_attach(wrong)
        assert (refused.value.status_code, refused.value.error.code) == (400, "UserError")
    for name, ask in (
        ("kim-dev", learning.compute.list_keys),
        ("kim-dev", lambda *where: list(learning.compute.list_nodes(*where))),
        ("cpu-cluster", learning.compute.begin_stop),
    ):
        with pytest.raises(HttpResponseError) as refused:
            ask(*place, name)
        assert refused.value.status_code == 400
    with pytest.raises(HttpResponseError, match="cannot be detached"):
        ml.compute.begin_delete("kim-dev", action="Detach")
    with pytest.raises(ResourceNotFoundError) as missing:
        list(learning.compute.list(place[0], "no-such-workspace"))
    assert missing.value.error.code == "ResourceNotFound"


def test_sizes(ml: Any, learning: Any) -> None:
    sizes = {each.name: each for each in ml.compute.list_sizes()}
    a100 = sizes["Standard_NC24ads_A100_v4"]
    assert (a100.gpus, told(a100, "vCPUs", "v_cp_us")) == (1, 24)
    assert {each.name for each in ml.compute.list_sizes(compute_type="ComputeInstance")} <= set(
        sizes
    )
    held = learning.virtual_machine_sizes.list("eastus2").value
    assert [each.name for each in held] == list(sizes)
    prices = {each.vm_tier: each.retail_price for each in held[0].estimated_vm_prices.values}
    assert 0 < prices["LowPriority"] < prices["Standard"]


def test_usage(ml: Any, learning: Any) -> None:
    """The first row counts clusters; families follow, then who uses them."""
    rows = list(ml.compute.list_usage())
    clusters = sum(1 for each in ml.compute.list(compute_type="amlcompute"))
    assert told(rows[0], "currentValue", "current_value") == clusters
    assert all(each.limit is not None and each.unit == "Count" for each in rows)
    held = list(learning.usages.list("eastus2"))
    assert [each.id for each in held] == [each.id for each in rows]
    family = next(each for each in held if each.id.endswith("usages/standardDSv2Family"))
    assert 4 <= family.current_value <= family.limit == 100
    assert any("/computes/kim-dev/" in each.id for each in held)


def test_quotas_are_given_to_workspaces_and_kept(ml: Any, learning: Any, service: Service) -> None:
    from azure.ai.ml.entities import AmlCompute
    from azure.core.exceptions import HttpResponseError

    quota = f"{service.workspace_id}/quotas/{FAMILY}"

    def given(limit: int) -> str:
        asked = {"id": quota, "type": f"{quota.split('/providers/')[0]}", "limit": limit}
        body = {"value": [{**asked, "unit": "Count"}], "location": "eastus2"}
        return str(learning.quotas.update("eastus2", body).value[0].status)

    def held() -> int:
        found = [each for each in learning.quotas.list("eastus2") if each.id == quota]
        return int(found[0].limit)

    assert held() == 100
    assert given(5_000) == "InvalidQuotaExceedsSubscriptionLimit"
    assert given(8) == "Success"
    assert held() == 8
    wide = AmlCompute(name="too-wide", size="Standard_E4ds_v4", min_instances=3, max_instances=3)
    with pytest.raises(HttpResponseError, match="cannot accommodate"):
        ml.compute.begin_create_or_update(wide).result(WAIT)
    failed = ml.compute.get("too-wide")
    assert failed.provisioning_state == "Failed"
    assert failed.provisioning_errors == "ClusterMinNodesExceedCoreQuota"
    ml.compute.begin_delete("too-wide").result(WAIT)
    assert given(-1) == "Success"
    assert held() == 100
