"""Serverless endpoints and the marketplace subscriptions of their models."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulator.lab import WORKSPACE, Lab, laboratory

ENDPOINT = f"{WORKSPACE}/serverlessEndpoints/phi"
SUBSCRIPTION = f"{WORKSPACE}/marketplaceSubscriptions/mistral"
PHI = "azureml://registries/azureml/models/Phi-4"
MISTRAL = "azureml://registries/azureml-mistral/models/Mistral-large"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


def body(model: str = PHI, **properties: Any) -> dict[str, Any]:
    return {"properties": {"modelSettings": {"modelId": model}, **properties}}


async def make(lab: Lab, **properties: Any) -> dict[str, Any]:
    response = await lab.client.put(ENDPOINT, json=body(**properties))
    assert response.status_code == 201, response.text
    lab.pass_time(60)
    return dict((await lab.get(ENDPOINT))["properties"])


async def test_an_endpoint_goes_online(lab: Lab) -> None:
    response = await lab.client.put(ENDPOINT, json=body())
    held = response.json()["properties"]
    assert (held["endpointState"], held["inferenceEndpoint"]) == ("Creating", None)
    lab.pass_time(60)
    held = (await lab.get(ENDPOINT))["properties"]
    assert (held["endpointState"], held["authMode"]) == ("Online", "Key")
    assert held["inferenceEndpoint"]["uri"].endswith("/phi.eastus.models.ai.azure.com")
    listed = (await lab.get(f"{WORKSPACE}/serverlessEndpoints"))["value"]
    assert [each["name"] for each in listed] == ["phi"]


async def test_a_chat_is_answered_to_whoever_has_the_key(lab: Lab) -> None:
    url = (await make(lab))["inferenceEndpoint"]["uri"] + "/v1/chat/completions"
    asked = {"messages": [{"role": "user", "content": "What now?"}]}
    refused = await lab.client.post(url, json=asked, auth=None)
    assert refused.status_code == 401
    token, _ = lab.world.mint.issue("https://ml.azure.com")
    for name, value in (
        ("api-key", (await lab.post(f"{ENDPOINT}/listKeys"))["secondaryKey"]),
        ("Authorization", f"Bearer {token}"),
    ):
        answer = await lab.client.post(url, json=asked, headers={name: value}, auth=None)
        assert answer.status_code == (200 if name == "api-key" else 401)
    key = (await lab.post(f"{ENDPOINT}/listKeys"))["primaryKey"]
    header = {"Authorization": f"Bearer {key}"}
    told = (await lab.client.post(url, json=asked, headers=header, auth=None)).json()
    assert told["model"] == "Phi-4"
    assert told["choices"][0]["message"]["role"] == "assistant"
    junk = await lab.client.post(url, json=["x"], headers=header, auth=None)
    assert junk.status_code == 400


async def test_a_regenerated_key_is_the_operations_result(lab: Lab) -> None:
    await make(lab)
    before = await lab.post(f"{ENDPOINT}/listKeys")
    response = await lab.client.post(
        f"{ENDPOINT}/regenerateKeys", json={"keyType": "primary", "keyValue": before["primaryKey"]}
    )
    assert response.status_code == 202
    lab.pass_time(5)
    after = await lab.get(response.headers["Location"])
    assert after == await lab.post(f"{ENDPOINT}/listKeys")
    assert after["primaryKey"] != before["primaryKey"]
    assert after["secondaryKey"] == before["secondaryKey"]


async def test_an_endpoint_knows_the_subscription_of_its_model(lab: Lab) -> None:
    response = await lab.client.put(SUBSCRIPTION, json={"properties": {"modelId": MISTRAL}})
    assert response.status_code == 201
    lab.pass_time(60)
    held = (await lab.get(SUBSCRIPTION))["properties"]
    assert held["marketplaceSubscriptionStatus"] == "Subscribed"
    assert held["marketplacePlan"]["publisherId"] == "mistral"
    await lab.client.put(ENDPOINT, json=body(MISTRAL))
    assert (await lab.get(ENDPOINT))["properties"]["marketplaceSubscriptionId"] == SUBSCRIPTION
    other = await lab.client.put(SUBSCRIPTION, json={"properties": {"modelId": PHI}})
    assert other.status_code == 400
    assert (await lab.client.delete(SUBSCRIPTION)).status_code == 202
    lab.pass_time(60)
    assert (await lab.get(f"{WORKSPACE}/marketplaceSubscriptions"))["value"] == []
    assert (await lab.client.get(SUBSCRIPTION)).status_code == 404
    assert (await lab.client.delete(SUBSCRIPTION)).status_code == 204


async def test_tags_change_and_the_model_does_not(lab: Lab) -> None:
    await make(lab)
    changed = await lab.client.patch(ENDPOINT, json={"tags": {"a": "b"}})
    assert (changed.status_code, changed.json()["tags"]) == (200, {"a": "b"})
    assert (await lab.client.put(ENDPOINT, json=body(MISTRAL))).status_code == 400
    assert (await lab.client.delete(ENDPOINT)).status_code == 202
    assert (await lab.get(ENDPOINT))["properties"]["endpointState"] == "Deleting"
    lab.pass_time(60)
    assert (await lab.client.get(ENDPOINT)).status_code == 404
    assert (await lab.client.delete(ENDPOINT)).status_code == 204


async def test_endpoints_of_entra_have_no_keys(lab: Lab) -> None:
    await make(lab, authMode="AAD")
    assert (await lab.client.post(f"{ENDPOINT}/listKeys")).status_code == 400


@pytest.mark.parametrize(
    "junk",
    [
        None,
        [],
        {"properties": {}},
        {"properties": {"modelSettings": []}},
        {"properties": {"modelSettings": {"modelId": 3}}},
        {"properties": {"modelSettings": {"modelId": "x"}, "contentSafety": 3}},
        {"properties": {"modelSettings": {"modelId": "x"}, "authMode": {}}},
        {"tags": [], "keyType": 4},
    ],
    ids=repr,
)
async def test_no_body_breaks_the_service(lab: Lab, junk: Any) -> None:
    await make(lab)
    for method, url, body in (
        ("PUT", f"{WORKSPACE}/serverlessEndpoints/another", junk),
        ("PUT", SUBSCRIPTION, junk),
        ("PATCH", ENDPOINT, junk),
        ("POST", f"{ENDPOINT}/regenerateKeys", junk),
    ):
        response = await lab.client.request(method, url, json=body)
        assert response.status_code == 400 or method == "PATCH", (method, url, response.text)
        assert response.status_code < 500
