"""Batch endpoints with Microsoft's unmodified client: create, invoke, list jobs, delete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

PATIENCE = 60
DATA = "https://example.blob.core.windows.net/data/images/"


@pytest.fixture(scope="module")
def endpoint(ml: Any) -> Iterator[str]:
    """A new endpoint with one deployment, nightly, that is its default."""
    from azure.ai.ml.entities import BatchEndpoint, ModelBatchDeployment

    name = f"be-{uuid4().hex[:8]}"
    made = ml.batch_endpoints.begin_create_or_update(
        BatchEndpoint(name=name, description="scores images")
    ).result(PATIENCE)
    assert (made.name, made.provisioning_state) == (name, "Succeeded")
    deployment = ModelBatchDeployment(
        name="nightly",
        endpoint_name=name,
        model="azureml:churn-xgb:3",
        environment="azureml://registries/azureml/environments/sklearn-1.5/versions/33",
        compute="cpu-cluster",
    )
    held = ml.batch_deployments.begin_create_or_update(deployment).result(PATIENCE)
    assert held.provisioning_state == "Succeeded"
    made.defaults.deployment_name = "nightly"
    changed = ml.batch_endpoints.begin_create_or_update(made).result(PATIENCE)
    assert changed.defaults.deployment_name == "nightly"
    yield name
    ml.batch_endpoints.begin_delete(name).result(PATIENCE)


@pytest.fixture(autouse=True)
def _fresh_headers() -> None:
    """The client names the deployment of one invocation in all that follow, of any endpoint."""
    from azure.ai.ml.constants._endpoint import EndpointInvokeFields

    EndpointInvokeFields.DEFAULT_HEADER.pop(EndpointInvokeFields.MODEL_DEPLOYMENT, None)


def test_endpoints_and_deployments_are_listed(ml: Any, endpoint: str) -> None:
    names = [each.name for each in ml.batch_endpoints.list()]
    assert {endpoint, "calm-ws-batch"} <= set(names)
    assert [each.name for each in ml.batch_deployments.list(endpoint)] == ["nightly"]
    held = ml.batch_deployments.get("nightly", endpoint)
    assert held.compute.endswith("/computes/cpu-cluster")


def test_an_invocation_is_a_job_that_every_client_sees(ml: Any, endpoint: str) -> None:
    from azure.ai.ml import Input

    job = ml.batch_endpoints.invoke(
        endpoint_name=endpoint, inputs={"images": Input(type="uri_folder", path=DATA)}
    )
    assert ml.jobs.get(job.name).type == "pipeline"
    assert job.name in [each.name for each in ml.jobs.list() if each is not None]
    assert [each.name for each in ml.batch_endpoints.list_jobs(endpoint)] == [job.name]
    mine = ml.batch_deployments.list_jobs(endpoint, name="nightly")
    assert [each.name for each in mine] == [job.name]


def test_a_deployment_that_is_not_there_is_not_invoked(ml: Any, endpoint: str) -> None:
    from azure.ai.ml import Input
    from azure.ai.ml.exceptions import ValidationException

    with pytest.raises(ValidationException, match="not found"):
        ml.batch_endpoints.invoke(
            endpoint_name=endpoint,
            deployment_name="weekly",
            inputs={"images": Input(type="uri_folder", path=DATA)},
        )


def test_a_deleted_endpoint_is_gone(ml: Any) -> None:
    from azure.ai.ml.entities import BatchEndpoint
    from azure.core.exceptions import ResourceNotFoundError

    name = f"rm-{uuid4().hex[:8]}"
    ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name=name)).result(PATIENCE)
    ml.batch_endpoints.begin_delete(name).result(PATIENCE)
    with pytest.raises(ResourceNotFoundError):
        ml.batch_endpoints.get(name)


def test_serverless_endpoints_live_and_die(ml: Any) -> None:
    from azure.ai.ml.entities import MarketplaceSubscription, ServerlessEndpoint
    from azure.core.exceptions import ResourceNotFoundError

    model = "azureml://registries/azureml-mistral/models/Mistral-large"
    subscription = f"sub-{uuid4().hex[:8]}"
    held = ml.marketplace_subscriptions.begin_create_or_update(
        MarketplaceSubscription(name=subscription, model_id=model)
    ).result(PATIENCE)
    assert held.status == "subscribed"
    name = f"se-{uuid4().hex[:8]}"
    made = ml.serverless_endpoints.begin_create_or_update(
        ServerlessEndpoint(name=name, model_id=model)
    ).result(PATIENCE)
    assert made.provisioning_state == "succeeded"
    assert name in [each.name for each in ml.serverless_endpoints.list()]
    assert ml.serverless_endpoints.get_keys(name).primary_key
    ml.serverless_endpoints.begin_delete(name).result(PATIENCE)
    ml.marketplace_subscriptions.begin_delete(subscription).result(PATIENCE)
    with pytest.raises(ResourceNotFoundError):
        ml.serverless_endpoints.get(name)
