"""Clusters with the official clients: created, scaled, worked on, deleted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from amltui.emulator.process import Service

WAIT = 60
SIZE = "Standard_D4s_v3"
ENVIRONMENT = "azureml://registries/azureml/environments/sklearn-1.5/versions/33"


@pytest.fixture(scope="module")
def grid(ml: Any) -> Iterator[Any]:
    """A cluster of up to three nodes, none of which it keeps."""
    from azure.ai.ml.entities import AmlCompute

    asked = AmlCompute(
        name="grid",
        size=SIZE,
        min_instances=0,
        max_instances=3,
        idle_time_before_scale_down=900,
        tier="low_priority",
        tags={"team": "risk"},
    )
    begun = ml.compute.begin_create_or_update(asked)
    early = ml.compute.get("grid")
    assert (early.provisioning_state, early.tier) == ("Creating", None)
    yield begun.result(WAIT)
    ml.compute.begin_delete("grid").result(WAIT)


@pytest.fixture
def learning(management: Callable[..., Any], service: Service) -> Any:
    from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient

    return management(MachineLearningServicesMgmtClient, service.subscription_id)


@pytest.fixture
def place(service: Service) -> tuple[str, str]:
    """Resource group and workspace, as the management client asks for them."""
    return service.resource_group, service.workspace


def until(true: Callable[[], Any]) -> Any:
    """What a question is answered with as soon as that is not nothing."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if answer := true():
            return answer
        time.sleep(0.05)
    raise AssertionError("it has not come to that")


def test_it_is_as_it_was_asked_for(grid: Any, ml: Any, learning: Any, place: Any) -> None:
    assert (grid.provisioning_state, grid.size, grid.tags) == (
        "Succeeded",
        SIZE.upper(),
        {"team": "risk"},
    )
    assert (grid.min_instances, grid.max_instances) == (0, 3)
    assert (grid.tier, grid.idle_time_before_scale_down) == ("low_priority", 900)
    shown = learning.compute.get(*place, "grid").properties.properties
    assert (shown.allocation_state, shown.current_node_count) == ("Steady", 0)
    assert list(ml.compute.list_nodes("grid")) == []


def test_its_nodes_come_for_a_job_and_say_so(grid: Any, ml: Any, learning: Any, place: Any) -> None:
    """The cluster can be scaled, and the job canceled, meanwhile."""
    from azure.ai.ml import command

    asked = command(command="sleep 6000", environment=ENVIRONMENT, compute="grid", instance_count=2)
    job = ml.jobs.create_or_update(asked)

    def running() -> list[Any]:
        nodes = list(learning.compute.list_nodes(*place, "grid"))
        return nodes if {each.node_state for each in nodes} == {"running"} else []

    nodes = until(running)
    assert [each.run_id for each in nodes] == [job.name] * 2
    assert len({each.node_id for each in nodes}) == len({each.port for each in nodes}) == 2
    mine = [vars(each) for each in ml.compute.list_nodes("grid")]
    assert {each.get("nodeId") or each["node_id"] for each in mine} == {
        each.node_id for each in nodes
    }
    shown = learning.compute.get(*place, "grid").properties.properties
    assert shown.node_state_counts.running_node_count == 2
    cluster = ml.compute.get("grid")
    cluster.max_instances = 4
    assert ml.compute.begin_update(cluster).result(WAIT).max_instances == 4
    assert ml.jobs.get(job.name).status == "Running"
    ml.jobs.begin_cancel(job.name).result(WAIT)
    idle = learning.compute.get(*place, "grid").properties.properties.node_state_counts
    assert (idle.running_node_count, idle.idle_node_count) == (0, 2)
    assert {each.run_id for each in learning.compute.list_nodes(*place, "grid")} == {None}


def test_the_management_client_scales_it(grid: Any, ml: Any, learning: Any, place: Any) -> None:
    from azure.mgmt.machinelearningservices import models

    def scaled(least: int, most: int) -> Any:
        scale = models.ScaleSettings(min_node_count=least, max_node_count=most)
        inner = models.ScaleSettingsInformation(scale_settings=scale)
        asked = models.ClusterUpdateParameters(properties=inner)
        return learning.compute.begin_update(*place, "grid", asked)

    assert scaled(3, 5).result(WAIT).properties.properties.scale_settings.min_node_count == 3
    until(lambda: len(list(learning.compute.list_nodes(*place, "grid"))) >= 3)
    cluster = ml.compute.get("grid")
    assert (cluster.min_instances, cluster.max_instances) == (3, 5)
    assert scaled(0, 4).result(WAIT).properties.properties.scale_settings.min_node_count == 0


def test_what_cannot_be_of_it_is_refused(grid: Any, ml: Any, learning: Any, place: Any) -> None:
    from azure.ai.ml.entities import AmlCompute
    from azure.core.exceptions import HttpResponseError

    for wrong in (
        AmlCompute(name="grid", size="Standard_F4s_v2", tier="low_priority"),
        AmlCompute(name="grid", size=SIZE, tier="dedicated"),
        AmlCompute(name="grid", size=SIZE, tier="low_priority", min_instances=9),
        AmlCompute(name="grid-b", size="Standard_Nothing"),
    ):
        with pytest.raises(HttpResponseError) as refused:
            ml.compute.begin_create_or_update(wrong)
        assert (refused.value.status_code, refused.value.error.code) == (400, "UserError")
    with pytest.raises(HttpResponseError) as refused:
        learning.compute.begin_update(*place, "kim-dev", {"properties": {}})
    assert refused.value.status_code == 400


def test_it_takes_no_job_that_is_too_wide(grid: Any, ml: Any) -> None:
    from azure.ai.ml import command
    from azure.ai.ml.exceptions import JobException

    asked = command(command="sleep 1", environment=ENVIRONMENT, compute="grid", instance_count=50)
    job = ml.jobs.create_or_update(asked)
    with pytest.raises(JobException, match="ClusterMaxNodesExceeded"):
        ml.jobs.stream(job.name)
    assert ml.jobs.get(job.name).status == "Failed"


def test_a_job_for_a_deleted_cluster_is_refused(ml: Any) -> None:
    from azure.ai.ml import command
    from azure.ai.ml.entities import AmlCompute
    from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

    ml.compute.begin_create_or_update(AmlCompute(name="brief", size=SIZE)).result(WAIT)
    begun = ml.compute.begin_delete("brief")
    assert ml.compute.get("brief").provisioning_state == "Deleting"
    begun.result(WAIT)
    with pytest.raises(ResourceNotFoundError):
        list(ml.compute.list_nodes("brief"))
    with pytest.raises(HttpResponseError, match="'brief' was not found") as refused:
        ml.jobs.create_or_update(command(command="echo", environment=ENVIRONMENT, compute="brief"))
    assert refused.value.status_code == 400


def test_a_serverless_job_beyond_the_quota_fails(ml: Any) -> None:
    from azure.ai.ml import command
    from azure.ai.ml.exceptions import JobException

    asked = command(
        command="sleep 1",
        environment=ENVIRONMENT,
        instance_type="Standard_NC24ads_A100_v4",
        instance_count=11,
    )
    job = ml.jobs.create_or_update(asked)
    with pytest.raises(JobException, match="the quota of 240 vCPUs would be exceeded"):
        ml.jobs.stream(job.name)
    assert ml.jobs.get(job.name).status == "Failed"
