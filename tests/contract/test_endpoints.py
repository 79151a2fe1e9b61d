"""Online endpoints with Microsoft's unmodified client: create, shift, scale, call, read, delete."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from amltui.emulator.process import Service

PATIENCE = 60


@pytest.fixture(scope="module")
def endpoint(ml: Any) -> Iterator[str]:
    """A new endpoint with one deployment, blue."""
    from azure.ai.ml.entities import ManagedOnlineEndpoint

    name = f"ep-{uuid4().hex[:8]}"
    made = ml.online_endpoints.begin_create_or_update(
        ManagedOnlineEndpoint(name=name, auth_mode="key", tags={"made": "here"})
    ).result(PATIENCE)
    assert (made.name, made.provisioning_state) == (name, "Succeeded")
    deploy(ml, name, "blue")
    yield name
    ml.online_endpoints.begin_delete(name).result(PATIENCE)


@pytest.fixture(scope="module")
def request_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("requests") / "request.json"
    path.write_text(json.dumps({"input_data": [[1, 2], [3, 4], [5, 6]]}))
    return str(path)


def deploy(ml: Any, endpoint: str, name: str, **more: Any) -> Any:
    from azure.ai.ml.entities import ManagedOnlineDeployment

    wanted = {
        "model": "azureml:churn-xgb:3",
        "environment": "azureml://registries/azureml/environments/sklearn-1.5/versions/33",
        "instance_type": "Standard_DS3_v2",
        "instance_count": 1,
        **more,
    }
    deployment = ManagedOnlineDeployment(name=name, endpoint_name=endpoint, **wanted)
    return ml.online_deployments.begin_create_or_update(deployment).result(PATIENCE)


def shift(ml: Any, name: str, traffic: dict[str, int]) -> Any:
    endpoint = ml.online_endpoints.get(name)
    endpoint.traffic = traffic
    return ml.online_endpoints.begin_create_or_update(endpoint).result(PATIENCE)


def test_endpoints_are_listed_and_found(ml: Any, endpoint: str) -> None:
    assert endpoint in [each.name for each in ml.online_endpoints.list()]
    stock = next(each for each in ml.online_endpoints.list() if each.name == "calm-ws-ep")
    found = ml.online_endpoints.get(stock.name)
    assert found.auth_mode == "key"
    assert sum(found.traffic.values()) == 100
    assert len(list(ml.online_deployments.list(stock.name))) == 2


def test_traffic_shifts_and_70_percent_is_refused(ml: Any, endpoint: str) -> None:
    from azure.core.exceptions import HttpResponseError

    assert shift(ml, endpoint, {"blue": 100}).traffic == {"blue": 100}
    with pytest.raises(HttpResponseError, match="sum of the traffic") as caught:
        shift(ml, endpoint, {"blue": 70})
    assert caught.value.status_code == 400
    assert ml.online_endpoints.get(endpoint).traffic == {"blue": 100}


def test_a_deployment_is_scaled(ml: Any, endpoint: str) -> None:
    deployment = ml.online_deployments.get("blue", endpoint)
    deployment.instance_count = 2
    scaled = ml.online_deployments.begin_create_or_update(deployment).result(PATIENCE)
    assert scaled.instance_count == 2
    assert ml.online_deployments.get("blue", endpoint).provisioning_state == "Succeeded"


def test_a_deployment_is_scaled_by_the_management_client(
    management: Any, service: Service, endpoint: str
) -> None:
    from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient
    from azure.mgmt.machinelearningservices import models as shapes

    client = management(MachineLearningServicesMgmtClient, service.subscription_id)
    where = (service.resource_group, service.workspace, endpoint, "blue")
    body = shapes.PartialMinimalTrackedResourceWithSku(sku=shapes.PartialSku(capacity=1))
    scaled = client.online_deployments.begin_update(*where, body).result(PATIENCE)
    assert scaled.sku.capacity == 1
    assert [each.sku.name for each in client.online_deployments.list_skus(*where)] == ["Default"]


def test_keys_are_read_and_regenerated(ml: Any, endpoint: str) -> None:
    before = ml.online_endpoints.get_keys(endpoint)
    ml.online_endpoints.begin_regenerate_keys(endpoint, key_type="primary").result(PATIENCE)
    after = ml.online_endpoints.get_keys(endpoint)
    assert after.primary_key != before.primary_key
    assert after.secondary_key == before.secondary_key


def test_an_invocation_is_answered(ml: Any, endpoint: str, request_file: str) -> None:
    shift(ml, endpoint, {"blue": 100})
    answer = ml.online_endpoints.invoke(endpoint, request_file=request_file)
    assert len(json.loads(answer)) == 3
    named = ml.online_endpoints.invoke(endpoint, request_file=request_file, deployment_name="blue")
    assert json.loads(named) == json.loads(answer)
    assert "POST /score 200" in ml.online_deployments.get_logs("blue", endpoint, lines=200)


def test_logs_of_both_containers(ml: Any, endpoint: str) -> None:
    serving = ml.online_deployments.get_logs("blue", endpoint, lines=5)
    assert len(serving.splitlines()) == 5
    fetching = ml.online_deployments.get_logs(
        "blue", endpoint, lines=50, container_type="storage-initializer"
    )
    assert "Downloading model churn-xgb/3" in fetching


@pytest.mark.parametrize("mode", ["aml_token", "aad_token"])
def test_endpoints_of_tokens_are_called(ml: Any, request_file: str, mode: str) -> None:
    from azure.ai.ml.entities import ManagedOnlineEndpoint

    name = f"tk-{uuid4().hex[:8]}"
    ml.online_endpoints.begin_create_or_update(
        ManagedOnlineEndpoint(name=name, auth_mode=mode)
    ).result(PATIENCE)
    assert ml.online_endpoints.get(name).auth_mode == mode
    deploy(ml, name, "only")
    assert ml.online_endpoints.get_keys(name).access_token
    answer = ml.online_endpoints.invoke(name, request_file=request_file, deployment_name="only")
    assert len(json.loads(answer)) == 3
    ml.online_endpoints.begin_delete(name).result(PATIENCE)


def test_a_size_that_does_not_exist_is_refused(ml: Any, endpoint: str) -> None:
    from azure.core.exceptions import HttpResponseError

    with pytest.raises(HttpResponseError, match="Standard_Nope") as caught:
        deploy(ml, endpoint, "huge", instance_type="Standard_Nope")
    assert caught.value.status_code == 400


def test_a_deployment_is_deleted_once_it_has_no_traffic(ml: Any, endpoint: str) -> None:
    from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

    deploy(ml, endpoint, "green")
    shift(ml, endpoint, {"blue": 50, "green": 50})
    with pytest.raises(HttpResponseError, match="50 percent"):
        ml.online_deployments.begin_delete("green", endpoint).result(PATIENCE)
    shift(ml, endpoint, {"blue": 100})
    ml.online_deployments.begin_delete("green", endpoint).result(PATIENCE)
    with pytest.raises(ResourceNotFoundError):
        ml.online_deployments.get("green", endpoint)


def test_a_deleted_endpoint_is_gone(ml: Any) -> None:
    from azure.ai.ml.entities import ManagedOnlineEndpoint
    from azure.core.exceptions import ResourceNotFoundError

    name = f"rm-{uuid4().hex[:8]}"
    ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=name)).result(PATIENCE)
    ml.online_endpoints.begin_delete(name).result(PATIENCE)
    with pytest.raises(ResourceNotFoundError):
        ml.online_endpoints.get(name)
    ml.online_endpoints.begin_delete(name).result(PATIENCE)
