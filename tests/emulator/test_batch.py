"""Batch endpoints: kept through ARM, and their jobs in the workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.emulator.lab import WORKSPACE, Lab, laboratory

ENDPOINTS = f"{WORKSPACE}/batchEndpoints"
STOCK = f"{ENDPOINTS}/calm-ws-batch"
FRONT_END = f"/mferp/managementfrontend{STOCK}"
DATA = {"jobInputType": "UriFolder", "uri": "https://example.test/images/"}


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


def deployment(**properties: Any) -> dict[str, Any]:
    return {
        "location": "eastus",
        "properties": {
            "compute": f"{WORKSPACE}/computes/cpu-cluster",
            "model": {
                "referenceType": "Id",
                "assetId": f"{WORKSPACE}/models/churn-xgb/versions/3",
            },
            "loggingLevel": "info",
            **properties,
        },
    }


async def put(lab: Lab, url: str, body: Any) -> httpx.Response:
    response = await lab.client.put(url, json=body)
    assert response.status_code in {200, 201}, response.text
    return response


async def invoke(lab: Lab, body: Any = None, **headers: str) -> httpx.Response:
    url = (await lab.get(STOCK))["properties"]["scoringUri"]
    asked = {"properties": {"inputData": {"images": DATA}}} if body is None else body
    return await lab.client.post(url, json=asked, headers=headers)


async def test_an_endpoint_is_created_as_recorded(lab: Lab) -> None:
    url = f"{ENDPOINTS}/my-batch"
    response = await put(lab, url, {"properties": {"authMode": "aadToken"}})
    body = response.json()
    assert response.status_code == 201
    assert "/mfeOperationsStatus/be:" in response.headers["Azure-AsyncOperation"]
    assert body["identity"]["type"] == "None"
    held = body["properties"]
    assert (held["provisioningState"], held["scoringUri"]) == ("Creating", None)
    assert held["defaults"] == {"deploymentName": None}
    assert held["authMode"] == "AADToken"
    assert held["properties"]["azureml.onlineendpointid"].endswith("/onlineendpoints/my-batch")
    lab.pass_time(60)
    made = (await lab.get(url))["properties"]
    assert made["scoringUri"].endswith("/my-batch.eastus.inference.ml.azure.com/jobs")
    assert made["swaggerUri"] is None


async def test_a_deployment_is_created_and_made_the_default(lab: Lab) -> None:
    url = f"{STOCK}/deployments/weekly"
    response = await put(lab, url, deployment())
    held = response.json()["properties"]
    assert (held["provisioningState"], held["loggingLevel"]) == ("Updating", "Info")
    assert held["retrySettings"] == {"maxRetries": 3, "timeout": "PT30S"}
    assert "/mfeOperationsStatus/bd:" in response.headers["Azure-AsyncOperation"]
    lab.pass_time(60)
    endpoint = await lab.get(STOCK)
    endpoint["properties"]["defaults"]["deploymentName"] = "weekly"
    await put(lab, STOCK, endpoint)
    lab.pass_time(60)
    assert (await invoke(lab)).json()["properties"]["deploymentName"] == "weekly"
    response = await lab.client.delete(url)
    assert (response.status_code, response.content) == (202, b"null")
    lab.pass_time(60)
    assert (await lab.client.get(url)).status_code == 404
    assert (await lab.get(STOCK))["properties"]["defaults"]["deploymentName"] is None
    assert (await invoke(lab)).status_code == 400


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"compute": f"{WORKSPACE}/computes/none"}, "compute"),
        ({"compute": None}, "compute"),
        ({"model": None}, "model"),
        ({"model": {"referenceType": "Id"}}, "assetId"),
        ({"model": {"assetId": f"{WORKSPACE}/models/none/versions/1"}}, "was not found"),
        ({"miniBatchSize": "few"}, "miniBatchSize"),
        ({"outputAction": "Burn"}, "outputAction"),
    ],
)
async def test_a_deployment_that_cannot_be_is_refused(
    lab: Lab, change: dict[str, Any], said: str
) -> None:
    response = await lab.client.put(f"{STOCK}/deployments/weekly", json=deployment(**change))
    assert response.status_code == 400
    assert said in response.json()["error"]["message"]


async def test_an_invocation_runs_as_a_job(lab: Lab) -> None:
    """It is in the endpoint's list and in the workspace's, and it ends."""
    response = await invoke(lab)
    assert response.status_code == 201
    made = response.json()
    job = await lab.get(f"{WORKSPACE}/jobs/{made['name']}")
    assert job["properties"]["jobType"] == "Pipeline"
    assert job["properties"]["experimentName"] == "calm-ws-batch"
    assert job["properties"]["inputs"]["images"]["uri"] == DATA["uri"]
    for url in (f"{FRONT_END}/jobs", f"{FRONT_END}/deployments/nightly/jobs"):
        assert [each["name"] for each in (await lab.get(url))["value"]] == [made["name"]]
    await put(lab, f"{STOCK}/deployments/weekly", deployment())
    assert (await lab.get(f"{FRONT_END}/deployments/weekly/jobs"))["value"] == []
    lab.pass_time(600)
    ended = await lab.get(f"{FRONT_END}/jobs/{made['name']}")
    assert ended["properties"]["status"] == "Completed"
    assert (await lab.client.get(f"{FRONT_END}/jobs/other")).status_code == 404


async def test_the_job_has_the_name_and_deployment_asked_for(lab: Lab) -> None:
    body = {"properties": {"name": "my-run", "properties": {"experimentName": "mine"}}}
    named = {"azureml-model-deployment": "nightly"}
    made = (await invoke(lab, body, **named)).json()
    assert (made["name"], made["properties"]["experimentName"]) == ("my-run", "mine")
    assert (await invoke(lab, body)).status_code == 409
    unknown = await invoke(lab, **{"azureml-model-deployment": "none"})
    assert unknown.status_code == 404


async def test_keys_belong_to_endpoints_of_keys(lab: Lab) -> None:
    assert (await lab.client.post(f"{STOCK}/listkeys")).status_code == 400
    await put(lab, f"{ENDPOINTS}/my-batch", {"properties": {"authMode": "Key"}})
    assert sorted(await lab.post(f"{ENDPOINTS}/my-batch/listkeys")) == [
        "primaryKey",
        "secondaryKey",
    ]


async def test_deleting_an_endpoint_takes_its_deployments_along(lab: Lab) -> None:
    assert (await lab.client.delete(STOCK)).status_code == 202
    lab.pass_time(60)
    gone = (await lab.client.get(STOCK)).json()["error"]
    assert (gone["code"], gone["details"][0]["code"]) == ("NotFound", "NoSuchEndpoint")
    assert (await lab.client.get(f"{STOCK}/deployments")).status_code == 404
    assert (await lab.client.delete(STOCK)).status_code == 204


async def test_tags_and_description_are_patched(lab: Lab) -> None:
    url = f"{STOCK}/deployments/nightly"
    body = {"tags": {"a": "b"}, "properties": {"description": "new"}}
    assert (await lab.client.patch(url, json=body)).status_code == 202
    lab.pass_time(60)
    held = await lab.get(url)
    assert (held["tags"], held["properties"]["description"]) == ({"a": "b"}, "new")
    assert (await lab.client.patch(STOCK, json={"tags": {"c": "d"}})).status_code == 202
    assert (await lab.get(STOCK))["tags"] == {"c": "d"}


@pytest.mark.parametrize(
    "junk",
    [
        None,
        [],
        "x",
        {"properties": []},
        {"properties": {"defaults": [], "authMode": 3}},
        {"properties": {"defaults": {"deploymentName": 3}}},
        {"properties": {"compute": [], "model": "x", "resources": 3}},
        {"properties": {"compute": "x", "model": {"referenceType": 4}}},
        {"properties": {"inputData": [1], "name": 3}},
        {"properties": {"inputData": {"a": "b"}, "outputData": 2}},
        {"tags": 3, "identity": "x"},
    ],
    ids=repr,
)
async def test_no_body_breaks_the_service(lab: Lab, junk: Any) -> None:
    scoring = (await lab.get(STOCK))["properties"]["scoringUri"]
    for method, url in (
        ("PUT", f"{ENDPOINTS}/new-one"),
        ("PUT", f"{STOCK}/deployments/new-one"),
        ("PATCH", STOCK),
        ("PATCH", f"{STOCK}/deployments/nightly"),
        ("POST", scoring),
    ):
        response = await lab.client.request(method, url, json=junk)
        assert response.status_code in {200, 201, 202, 400}, (method, url, response.text)
        lab.pass_time(60)
