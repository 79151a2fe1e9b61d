"""Connections to other services, and what is told of their secrets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulator.lab import WORKSPACE, Lab, laboratory

CONNECTIONS = f"{WORKSPACE}/connections"
OPEN_AI = {
    "category": "AzureOpenAI",
    "target": "https://x.openai.azure.com",
    "authType": "ApiKey",
    "credentials": {"key": "hidden"},
    "metadata": {"ApiVersion": "2024-02-01", "Kind": None, "Number": 7},
}


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def put(lab: Lab, name: str, **properties: Any) -> dict[str, Any]:
    response = await lab.client.put(f"{CONNECTIONS}/{name}", json={"properties": properties})
    assert response.status_code == 200, response.text
    shown: dict[str, Any] = response.json()
    return shown


async def test_secrets_are_told_only_when_asked_for(lab: Lab) -> None:
    made = await put(lab, "gpt", **OPEN_AI)
    assert made["properties"]["credentials"] is None
    assert made["properties"]["metadata"]["Number"] == "7"
    shown = await lab.get(f"{CONNECTIONS}/gpt")
    assert "hidden" not in str(shown)
    told = await lab.post(f"{CONNECTIONS}/GPT/listsecrets")
    assert told["properties"]["credentials"] == {"key": "hidden"}


async def test_a_change_keeps_what_it_does_not_name(lab: Lab) -> None:
    await put(lab, "gpt", **OPEN_AI)
    change = {"properties": {"authType": "ApiKey", "target": "https://y"}}
    assert (await lab.client.patch(f"{CONNECTIONS}/gpt", json=change)).status_code == 200
    told = (await lab.post(f"{CONNECTIONS}/gpt/listsecrets"))["properties"]
    assert told["target"] == "https://y"
    assert told["category"] == "AzureOpenAI"
    assert told["credentials"] == {"key": "hidden"}
    await put(lab, "gpt", category="AzureOpenAI", authType="AAD")
    told = (await lab.post(f"{CONNECTIONS}/gpt/listsecrets"))["properties"]
    assert told["credentials"] is None
    assert "target" not in told


async def test_the_list_can_be_narrowed_and_leaves_out_data(lab: Lab) -> None:
    await put(lab, "gpt", **OPEN_AI)
    await put(lab, "blob", category="AzureBlob", authType="AccountKey", target="t")
    await put(lab, "feed", category="PythonFeed", authType="None", target="T")

    async def names(**query: str) -> list[str]:
        return sorted(each["name"] for each in (await lab.get(CONNECTIONS, **query))["value"])

    assert await names(includeAll="false") == ["feed", "gpt", "gpt-west"]
    assert await names(includeAll="true") == ["blob", "feed", "gpt", "gpt-west"]
    assert await names(category="azureopenai") == ["gpt", "gpt-west"]
    assert await names(target="t", includeAll="true") == ["blob", "feed"]


async def test_a_project_has_what_its_hub_shares(lab: Lab) -> None:
    places = WORKSPACE.rpartition("/")[0]
    await lab.client.put(f"{places}/hub", json={"kind": "Hub"})
    project = {"kind": "Project", "properties": {"hubResourceId": f"{places}/hub"}}
    await lab.client.put(f"{places}/project", json=project)
    for name, shared in (("shared", True), ("own", False)):
        body = {"properties": {**OPEN_AI, "isSharedToAll": shared}}
        await lab.client.put(f"{places}/hub/connections/{name}", json=body)
    found = (await lab.get(f"{places}/project/connections"))["value"]
    assert [each["name"] for each in found] == ["shared"]
    assert (await lab.get(f"{places}/project/connections/shared"))["name"] == "shared"
    assert (await lab.client.get(f"{places}/project/connections/own")).status_code == 404


async def test_a_deleted_connection_is_gone(lab: Lab) -> None:
    await put(lab, "gpt", **OPEN_AI)
    assert (await lab.client.delete(f"{CONNECTIONS}/gpt")).status_code == 200
    assert (await lab.client.delete(f"{CONNECTIONS}/gpt")).status_code == 204
    assert (await lab.client.get(f"{CONNECTIONS}/gpt")).status_code == 404
    assert (await lab.client.post(f"{CONNECTIONS}/gpt/listsecrets")).status_code == 404


JUNK: tuple[Any, ...] = (
    [], 3, {}, {"properties": []}, {"properties": {"authType": "Magic", "category": "X"}},
    {"properties": {"authType": "None"}}, {"properties": {"authType": 3, "category": "X"}},
    {"properties": {**OPEN_AI, "credentials": "x"}}, {"properties": {**OPEN_AI, "metadata": []}},
    {"properties": {**OPEN_AI, "credentials": {"keys": 3}}},
    {"properties": {**OPEN_AI, "credentials": {"key": 3}}},
    {"properties": {**OPEN_AI, "target": {}}}, {"properties": {**OPEN_AI, "category": 3}},
    {"properties": {**OPEN_AI, "sharedUserList": 3}},
)  # fmt: skip


@pytest.mark.parametrize("body", JUNK)
async def test_what_makes_no_sense_is_refused(lab: Lab, body: Any) -> None:
    response = await lab.client.put(f"{CONNECTIONS}/c", json=body)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "UserError"
