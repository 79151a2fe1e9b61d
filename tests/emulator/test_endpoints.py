"""Online endpoints and their deployments, through ARM and as their users call them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from amltui.emulator.app import emulator
from amltui.emulator.blobs.account import containers_of
from amltui.emulator.clock import ManualClock
from amltui.emulator.places import Subscription, Workspace
from amltui.emulator.scenarios.filling import filled
from amltui.emulator.state import StateFile
from amltui.emulator.world import World
from tests.emulator.lab import NOON, WORKSPACE, Lab, SignedIn, laboratory

ENDPOINTS = f"{WORKSPACE}/onlineEndpoints"
STOCK = f"{ENDPOINTS}/calm-ws-ep"
MINE = f"{ENDPOINTS}/my-ep"
MODEL = f"{WORKSPACE}/models/churn-xgb/versions/3"
CURATED = "azureml://registries/azureml/environments/sklearn-1.5/versions/33"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


def endpoint(auth: str = "Key", **properties: Any) -> dict[str, Any]:
    return {"location": "eastus", "properties": {"authMode": auth, **properties}}


def deployment(capacity: int = 1, **properties: Any) -> dict[str, Any]:
    return {
        "location": "eastus",
        "sku": {"name": "Default", "capacity": capacity},
        "properties": {
            "endpointComputeType": "Managed",
            "instanceType": "Standard_DS3_v2",
            "model": MODEL,
            "environmentId": CURATED,
            **properties,
        },
    }


async def put(lab: Lab, url: str, body: Any) -> httpx.Response:
    response = await lab.client.put(url, json=body)
    assert response.status_code in {200, 201}, response.text
    return response


async def make(lab: Lab, auth: str = "Key") -> None:
    """An endpoint of mine with one deployment, blue, that gets all traffic."""
    await put(lab, MINE, endpoint(auth))
    lab.pass_time(60)
    await put(lab, f"{MINE}/deployments/blue", deployment())
    lab.pass_time(60)
    await put(lab, MINE, endpoint(auth, traffic={"blue": 100}))
    lab.pass_time(60)


async def state(lab: Lab, url: str) -> str:
    return str((await lab.get(url))["properties"]["provisioningState"])


def complaint(response: httpx.Response, status: int = 400) -> str:
    assert response.status_code == status, response.text
    return str(response.json()["error"]["message"])


async def test_an_endpoint_is_created_over_a_while(lab: Lab) -> None:
    """201, an operation that says Updating, no address until it is there."""
    response = await put(lab, MINE, endpoint("aadToken"))
    body, headers = response.json(), response.headers
    assert response.status_code == 201
    assert body["properties"]["provisioningState"] == "Creating"
    assert body["properties"]["authMode"] == "AADToken"
    assert body["properties"]["scoringUri"] is None
    assert (body["kind"], body["identity"]["type"]) == ("Managed", "SystemAssigned")
    assert headers["Location"].startswith(f"http://lab{MINE}?")
    assert headers["x-ms-async-operation-timeout"] == "PT30M"
    link = headers["Azure-AsyncOperation"]
    assert "/mfeOperationsStatus/oe:" in link
    assert body["properties"]["properties"]["AzureAsyncOperationUri"] == link
    told = await lab.get(link)
    assert (told["status"], told["percentComplete"]) == ("Updating", 0.0)
    assert told["id"].startswith("/subscriptions/s1/providers/Microsoft.MachineLearningServices/")
    assert told["id"].endswith(f"/mfeOperationsStatus/{told['name']}")
    lab.pass_time(60)
    assert (await lab.get(link))["status"] == "Succeeded"
    made = (await lab.get(MINE))["properties"]
    assert made["provisioningState"] == "Succeeded"
    assert made["scoringUri"].startswith("http://lab/")
    assert made["scoringUri"].endswith("/my-ep.eastus.inference.ml.azure.com/score")
    assert made["properties"]["azureml.onlineendpointid"] == MINE.lower()


async def test_what_is_changing_cannot_be_changed(lab: Lab) -> None:
    await put(lab, MINE, endpoint())
    refused = [
        await lab.client.put(MINE, json=endpoint()),
        await lab.client.patch(MINE, json={"tags": {}}),
        await lab.client.delete(MINE),
        await lab.client.put(f"{MINE}/deployments/blue", json=deployment()),
    ]
    for response in refused:
        assert "in provisioning state Creating" in complaint(response, 409)
    lab.pass_time(60)
    await put(lab, MINE, endpoint())


@pytest.mark.parametrize("name", ["ab", "1st", "a" * 33, "under_score", "ends-"])
async def test_a_name_that_is_none_is_refused(lab: Lab, name: str) -> None:
    assert "name for an endpoint" in complaint(
        await lab.client.put(f"{ENDPOINTS}/{name}", json=endpoint())
    )


@pytest.mark.parametrize(
    ("traffic", "said"),
    [
        ({"blue": 70}, "sum of the traffic rules"),
        ({"blue": 60, "green": 50}, "sum of the traffic rules"),
        ({"blue": 90, "purple": 10}, "purple"),
        ({"blue": 101}, "at most 100"),
        ({"blue": -1, "green": 101}, "at least 0"),
        ({"blue": "much"}, "whole number"),
        ({"blue": None}, "whole number"),
        (["blue"], "object"),
    ],
)
async def test_traffic_that_makes_no_sense_is_refused(lab: Lab, traffic: Any, said: str) -> None:
    before = await lab.get(STOCK)
    assert said in complaint(await lab.client.put(STOCK, json=endpoint(traffic=traffic)))
    assert await lab.get(STOCK) == before


@pytest.mark.parametrize(
    ("mirror", "good"),
    [({"green": 50}, True), ({"green": 51}, False), ({"green": 10, "blue": 10}, False)],
)
async def test_half_the_traffic_can_be_mirrored_to_one(
    lab: Lab, mirror: dict[str, int], good: bool
) -> None:
    body = endpoint(traffic={"blue": 100}, mirrorTraffic=mirror)
    assert ((await lab.client.put(STOCK, json=body)).status_code == 200) is good


async def test_traffic_is_shifted_by_putting_what_was_read(lab: Lab) -> None:
    held = await lab.get(STOCK)
    held["properties"]["traffic"] = {"blue": 20, "green": 80}
    await put(lab, STOCK, held)
    assert await state(lab, STOCK) == "Updating"
    lab.pass_time(60)
    after = await lab.get(STOCK)
    assert after["properties"]["traffic"] == {"blue": 20, "green": 80}
    assert after["tags"] == held["tags"]
    assert after["systemData"]["lastModifiedAt"] > held["systemData"]["lastModifiedAt"]


async def test_a_put_without_traffic_leaves_it(lab: Lab) -> None:
    await put(lab, STOCK, endpoint())
    assert (await lab.get(STOCK))["properties"]["traffic"] == {"blue": 90, "green": 10}


async def test_patch_takes_identity_and_tags(lab: Lab) -> None:
    asked = {"tags": {"a": "b"}, "identity": {"type": "UserAssigned",
             "userAssignedIdentities": {"/subscriptions/s1/me": {}}}}  # fmt: skip
    response = await lab.client.patch(STOCK, json=asked)
    assert (response.status_code, response.content) == (202, b"null")
    lab.pass_time(60)
    held = await lab.get(STOCK)
    assert held["tags"] == {"a": "b"}
    assert held["properties"]["traffic"] == {"blue": 90, "green": 10}
    assert list(held["identity"]["userAssignedIdentities"]) == ["/subscriptions/s1/me"]


async def test_deleting_an_endpoint_takes_its_deployments_along(lab: Lab) -> None:
    response = await lab.client.delete(STOCK)
    assert (response.status_code, response.content) == (202, b"null")
    assert "/mfeOperationResults/oe:" in response.headers["Location"]
    assert await state(lab, f"{STOCK}/deployments/blue") == "Deleting"
    lab.pass_time(60)
    assert (await lab.client.get(response.headers["Location"])).status_code == 200
    gone = (await lab.client.get(STOCK)).json()["error"]
    assert (gone["code"], gone["details"][0]["code"]) == ("NotFound", "NoSuchEndpoint")
    assert (await lab.client.delete(STOCK)).status_code == 204
    await put(lab, STOCK, endpoint())
    lab.pass_time(60)
    assert (await lab.get(f"{STOCK}/deployments"))["value"] == []


async def test_keys_are_regenerated_one_at_a_time(lab: Lab) -> None:
    before = await lab.post(f"{STOCK}/listKeys")
    assert sorted(before) == ["primaryKey", "secondaryKey"]

    async def regenerate(body: dict[str, Any]) -> dict[str, str]:
        response = await lab.client.post(f"{STOCK}/regenerateKeys", json=body)
        assert response.status_code == 202, response.text
        lab.pass_time(60)
        return dict(await lab.post(f"{STOCK}/listKeys"))

    after = await regenerate({"keyType": "Primary"})
    assert after["primaryKey"] != before["primaryKey"]
    assert after["secondaryKey"] == before["secondaryKey"]
    given = await regenerate({"keyType": "Secondary", "keyValue": "my-own"})
    assert given == {"primaryKey": after["primaryKey"], "secondaryKey": "my-own"}
    fresh = await regenerate({"keyType": "Secondary", "keyValue": "my-own"})
    assert fresh["secondaryKey"] != "my-own"
    bad = await lab.client.post(f"{STOCK}/regenerateKeys", json={"keyType": "Third"})
    assert "keyType" in complaint(bad)


@pytest.mark.parametrize(
    ("auth", "opens"), [("Key", "listKeys"), ("AMLToken", "token"), ("AADToken", None)]
)
async def test_each_mode_has_its_own_secret(lab: Lab, auth: str, opens: str | None) -> None:
    await put(lab, MINE, endpoint(auth))
    lab.pass_time(60)
    for action in ("listKeys", "token"):
        response = await lab.client.post(f"{MINE}/{action}")
        assert response.status_code == (200 if action == opens else 400)


async def test_the_list_can_be_narrowed_and_ordered(lab: Lab) -> None:
    lab.pass_time(1)
    await put(lab, MINE, endpoint() | {"tags": {"team": "vision"}})
    lab.pass_time(60)

    async def names(**query: Any) -> list[str]:
        return [each["name"] for each in (await lab.get(ENDPOINTS, **query))["value"]]

    assert await names() == ["my-ep", "calm-ws-ep"]
    assert await names(orderBy="CreatedAtAsc") == ["calm-ws-ep", "my-ep"]
    assert await names(name="my-ep") == ["my-ep"]
    assert await names(tags="team=growth") == ["calm-ws-ep"]
    assert await names(tags="team") == ["my-ep", "calm-ws-ep"]
    assert await names(computeType="Kubernetes") == []
    first = await lab.get(ENDPOINTS, count=1)
    second = await lab.get(first["nextLink"])
    assert [each["name"] for each in (*first["value"], *second["value"])] == await names()


async def test_an_attached_cluster_makes_another_kind(lab: Lab) -> None:
    cluster = f"{WORKSPACE}/computes/cpu-cluster"
    made = (await put(lab, MINE, endpoint(compute=cluster))).json()
    assert made["kind"] == "K8S"
    lab.pass_time(60)
    assert "K8S" in complaint(await lab.client.put(f"{MINE}/deployments/blue", json=deployment()))
    kubernetes = deployment(endpointComputeType="Kubernetes", instanceType=None)
    held = (await put(lab, f"{MINE}/deployments/blue", kubernetes)).json()
    assert held["properties"]["scaleSettings"]["scaleType"] == "TargetUtilization"
    refused = await lab.client.put(f"{ENDPOINTS}/other", json=endpoint(compute="/x/computes/no"))
    assert "was not found" in complaint(refused)


# Deployments


async def test_a_deployment_is_created_with_what_is_usual(lab: Lab) -> None:
    response = await put(lab, f"{STOCK}/deployments/red", deployment())
    assert response.json()["properties"]["provisioningState"] == "Updating"
    assert await state(lab, f"{STOCK}/deployments/red") == "Creating"
    assert "/mfeOperationsStatus/od:" in response.headers["Azure-AsyncOperation"]
    lab.pass_time(60)
    held = await lab.get(f"{STOCK}/deployments/red")
    assert held["sku"] == {"name": "Default", "tier": "Standard", "capacity": 1}
    properties = held["properties"]
    assert properties["provisioningState"] == "Succeeded"
    assert properties["requestSettings"] == {
        "maxQueueWait": "PT0S",
        "requestTimeout": "PT5S",
        "maxConcurrentRequestsPerInstance": 1,
    }
    assert properties["livenessProbe"]["failureThreshold"] == 30
    assert properties["scaleSettings"] == {"scaleType": "Default"}
    names = [each["name"] for each in (await lab.get(f"{STOCK}/deployments"))["value"]]
    assert names == ["red", "green", "blue"]


async def test_scaling_shows_and_ends(lab: Lab) -> None:
    url = f"{STOCK}/deployments/blue"
    response = await lab.client.patch(url, json={"sku": {"capacity": 3}})
    assert response.status_code == 202
    assert await state(lab, url) == "Scaling"
    lab.pass_time(60)
    held = await lab.get(url)
    assert (held["sku"]["capacity"], held["properties"]["provisioningState"]) == (3, "Succeeded")
    relabelled = await lab.client.patch(url, json={"tags": {"a": "b"}})
    assert (relabelled.status_code, relabelled.json()["tags"]) == (200, {"a": "b"})
    for capacity in (0, "many", 51):
        refused = await lab.client.patch(url, json={"sku": {"capacity": capacity}})
        assert "capacity" in complaint(refused)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"instanceType": "Standard_Nope"}, "Standard_Nope is not supported"),
        ({"model": f"{WORKSPACE}/models/churn-xgb/versions/99"}, "was not found"),
        ({"model": "azureml:nothing:1"}, "was not found"),
        ({"environmentId": f"{WORKSPACE}/environments/none/versions/1"}, "was not found"),
        ({"environmentId": None, "model": None}, "needs a model"),
        ({"environmentId": None, "model": "azureml:demand-prophet:1"}, "environment"),
        ({"codeConfiguration": {"codeId": f"{WORKSPACE}/codes/x/versions/1",
                                "scoringScript": "score.py"}}, "was not found"),
        ({"codeConfiguration": {}}, "scoringScript"),
        ({"endpointComputeType": None}, "endpointComputeType"),
        ({"endpointComputeType": "Mainframe"}, "Mainframe"),
        ({"requestSettings": {"requestTimeout": "soon"}}, "requestTimeout"),
        ({"livenessProbe": []}, "livenessProbe"),
        ({"scaleSettings": {"scaleType": "TargetUtilization", "minInstances": 3,
                            "maxInstances": 2}}, "minInstances"),
    ],
)  # fmt: skip
async def test_a_deployment_that_cannot_be_is_refused(
    lab: Lab, change: dict[str, Any], said: str
) -> None:
    url = f"{STOCK}/deployments/red"
    assert said in complaint(await lab.client.put(url, json=deployment(**change)))
    assert (await lab.client.get(url)).status_code == 404


async def test_more_than_the_quota_is_refused(lab: Lab) -> None:
    response = await lab.client.put(f"{STOCK}/deployments/red", json=deployment(capacity=40))
    assert "Not enough quota available for Standard_DS3_v2" in complaint(response)
    assert "OutOfQuota" in response.text
    scaled = await lab.client.patch(f"{STOCK}/deployments/blue", json={"sku": {"capacity": 40}})
    assert "Additional needed" in complaint(scaled)


async def test_an_endpoint_has_twenty_deployments_at_most(lab: Lab) -> None:
    """The 21st is refused; one that is there is still changed, and a deleted one makes room."""
    await make(lab)
    url = f"{MINE}/deployments"
    blue = lab.world.resources.get(f"{url}/blue", lab.world.now)
    assert blue is not None
    for number in range(2, 21):
        lab.world.resources.put(replace(blue, id=f"{url}/b-{number}"))
    message = complaint(await lab.client.put(f"{url}/more", json=deployment()))
    assert "the limit of deployments per endpoint is 20" in message
    await put(lab, f"{url}/blue", deployment())
    assert (await lab.client.delete(f"{url}/b-20")).status_code == 202
    lab.pass_time(60)
    accepted = await lab.client.put(f"{url}/more", json=deployment(instanceType="Standard_F4s_v2"))
    assert "limit of deployments" not in accepted.text


async def test_deployments_use_up_the_quota(lab: Lab) -> None:
    """What each takes is in the region's usages, and is left to nobody else."""
    usages = "/subscriptions/s1/providers/Microsoft.MachineLearningServices/locations/eastus/usages"

    async def used() -> dict[str, int]:
        rows = (await lab.get(usages))["value"]
        return {each["id"].rpartition("/locations/")[2]: each["currentValue"] for each in rows}

    family = "eastus/usages/standardDSv2Family"
    before = (await used())[family]
    await put(lab, f"{STOCK}/deployments/red", deployment(capacity=15))
    assert (await used())[family] == before + 60
    refused = await lab.client.put(f"{STOCK}/deployments/more", json=deployment(capacity=15))
    assert f"usage/limit: {before + 60}/100" in complaint(refused)
    assert f"{STOCK}/deployments/red/usages/standardDSv2Family" in await used()


async def test_an_image_that_cannot_be_built_fails_the_deployment(lab: Lab) -> None:
    """Over the operation, in the state, and in the log that says why."""
    environment = f"{WORKSPACE}/environments/empty/versions/1"
    await put(lab, environment, {"properties": {"description": "nothing in it"}})
    url = f"{STOCK}/deployments/red"
    response = await put(lab, url, deployment(environmentId=environment))
    lab.pass_time(60)
    told = await lab.get(response.headers["Azure-AsyncOperation"])
    assert told["status"] == "Failed"
    assert "ImageBuildFailure" in told["error"]["message"]
    assert await state(lab, url) == "Failed"
    assert "empty/1" in await log(lab, url)
    await put(lab, url, deployment())
    lab.pass_time(60)
    assert await state(lab, url) == "Succeeded"


async def uploaded(lab: Lab, files: dict[str, str | None]) -> str:
    """The id of a code asset with these files, in the workspace's own storage."""
    place = lab.world.workspace("s1", "rg1", "calm-ws")
    assert place is not None
    folder = f"{containers_of(place)[0]}/LocalUpload/abc/src"
    for path, text in files.items():
        if text is not None:
            link = lab.world.signer.link(
                "http://lab", place.account, f"{folder}/{path}", NOON, "cw"
            )
            kind = {"x-ms-blob-type": "BlockBlob"}
            stored = await lab.client.put(link, content=text, headers=kind, auth=None)
            assert stored.status_code == 201, stored.text
    code = f"{WORKSPACE}/codes/mine/versions/1"
    uri = f"https://{place.account}.blob.core.windows.net/{folder}"
    await put(lab, code, {"properties": {"codeUri": uri}})
    return code


GOOD = "def init():\n    pass\n\ndef run(data):\n    return data\n"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (GOOD, None),
        ("from mine import run, init\n", None),
        ("def run(data):\n    if data is None:\n        raise ValueError('x')\n", None),
        ("def init():\n    raise RuntimeError('no {time} model')\n" + GOOD[20:],
         "RuntimeError: no { time} model"),
        ("import os\nraise OSError\n", "OSError"),
        ("def init(:\n", "SyntaxError"),
        ("def init():\n    pass\n", "has no attribute 'run'"),
        (None, "FileNotFoundError"),
    ],
)  # fmt: skip
async def test_a_script_that_cannot_start_fails_its_deployment(
    lab: Lab, script: str | None, said: str | None
) -> None:
    """What was uploaded is read, and the log says what is wrong with it."""
    code = await uploaded(lab, {"conda.yml": "name: x", "score.py": script})
    url = f"{STOCK}/deployments/red"
    asked = {"codeId": code, "scoringScript": "score.py"}
    response = await put(lab, url, deployment(codeConfiguration=asked))
    lab.pass_time(60)
    told = await lab.get(response.headers["Azure-AsyncOperation"])
    if said is None:
        assert told["status"] == "Succeeded"
    else:
        assert (told["status"], await state(lab, url)) == ("Failed", "Failed")
        assert "crashed" in told["error"]["message"]
        assert said in await log(lab, url)


async def test_a_deployment_with_traffic_is_not_deleted(lab: Lab) -> None:
    url = f"{STOCK}/deployments/green"
    assert "10 percent" in complaint(await lab.client.delete(url))
    await put(lab, STOCK, endpoint(traffic={"blue": 100}))
    lab.pass_time(60)
    assert (await lab.client.delete(url)).status_code == 202
    assert await state(lab, url) == "Deleting"
    lab.pass_time(60)
    assert (await lab.client.get(url)).status_code == 404
    assert (await lab.client.delete(url)).status_code == 204


async def test_skus_say_how_many_there_may_be(lab: Lab) -> None:
    (sku,) = (await lab.get(f"{STOCK}/deployments/blue/skus"))["value"]
    assert sku["sku"] == {"name": "Default", "tier": "Standard"}
    assert sku["capacity"]["minimum"] == 1


async def log(lab: Lab, url: str, **asked: Any) -> str:
    return str((await lab.post(f"{url}/getLogs", asked))["content"])


async def test_the_log_grows_with_the_clock(lab: Lab) -> None:
    """Each look ends with what the one before ended with, and something new."""
    url = f"{STOCK}/deployments/blue"
    first = (await log(lab, url, tail=50)).splitlines()
    lab.pass_time(30)
    second = (await log(lab, url, tail=50)).splitlines()
    assert (len(first), len(second)) == (50, 50)
    overlap = second.index(first[-1]) + 1
    assert 0 < len(second) - overlap < 20
    assert first[-overlap:] == second[:overlap]
    assert second == sorted(second)
    assert any("POST /score 200" in line for line in await whole(lab, url))


async def whole(lab: Lab, url: str) -> list[str]:
    return (await log(lab, url, tail=3000)).splitlines()


async def test_the_log_of_a_new_deployment_begins_with_its_start(lab: Lab) -> None:
    url = f"{STOCK}/deployments/red"
    await put(lab, url, deployment())
    assert await log(lab, url) == ""
    lab.pass_time(4)
    assert "Downloading model churn-xgb/3" in await log(
        lab, url, containerType="StorageInitializer"
    )
    lab.pass_time(60)
    lines = await whole(lab, url)
    assert "Starting gunicorn" in lines[0]
    assert any("init has completed" in line for line in lines)
    assert "GET / 200" in lines[-1]


@pytest.mark.parametrize("asked", [{"tail": -1}, {"tail": "x"}, {"containerType": "Nope"}])
async def test_a_log_that_is_not_there_is_refused(lab: Lab, asked: dict[str, Any]) -> None:
    complaint(await lab.client.post(f"{STOCK}/deployments/blue/getLogs", json=asked))


# Calls


async def call(lab: Lab, url: str, body: Any, **headers: str) -> httpx.Response:
    return await lab.client.post(url, json=body, headers=headers, auth=None)


async def scoring(lab: Lab, url: str = STOCK) -> tuple[str, dict[str, str]]:
    """Where an endpoint is called, and the header that opens it."""
    address = (await lab.get(url))["properties"]["scoringUri"]
    key = (await lab.post(f"{url}/listKeys"))["primaryKey"]
    return address, {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize(
    "body",
    [
        {"data": [[1, 2], [3, 4], [5, 6]]},
        {"input_data": [[1, 2], [3, 4], [5, 6]]},
        {"input_data": {"columns": ["a"], "index": [0, 1, 2], "data": [[1], [2], [3]]}},
        {"inputs": ["a", "b", "c"]},
        [1, 2, 3],
    ],
)
async def test_there_is_a_prediction_for_each_row(lab: Lab, body: Any) -> None:
    url, header = await scoring(lab)
    answer = await call(lab, url, body, **header)
    assert answer.status_code == 200
    assert len(answer.json()) == 3
    assert answer.headers["azureml-model-deployment"] in {"blue", "green"}


async def test_the_same_row_gets_the_same_prediction(lab: Lab) -> None:
    url, header = await scoring(lab)
    header["azureml-model-deployment"] = "blue"
    first = (await call(lab, url, {"data": [[1, 2], [3, 4]]}, **header)).json()
    second = (await call(lab, url, {"data": [[3, 4]]}, **header)).json()
    assert second == first[1:]


async def test_only_the_key_opens(lab: Lab) -> None:
    url, _ = await scoring(lab)
    nothing = await call(lab, url, [1])
    assert (nothing.status_code, nothing.text) == (401, "key_auth_bad_header_forbidden")
    wrong = await call(lab, url, [1], Authorization="Bearer wrong")
    assert (wrong.status_code, wrong.text) == (401, "key_auth_access_denied")
    assert (await lab.client.get(url.replace("/score", "/swagger.json"))).status_code == 401


async def test_tokens_open_endpoints_of_tokens(lab: Lab) -> None:
    await make(lab, "AMLToken")
    url = (await lab.get(MINE))["properties"]["scoringUri"]
    token = await lab.post(f"{MINE}/token")
    assert token["tokenType"] == "Bearer"
    assert token["refreshAfterTimeUtc"] < token["expiryTimeUtc"]
    good = await call(lab, url, [1], Authorization=f"Bearer {token['accessToken']}")
    assert good.status_code == 200
    arm, _ = lab.world.mint.issue("https://management.azure.com")
    assert (await call(lab, url, [1], Authorization=f"Bearer {arm}")).status_code == 401


async def test_entra_tokens_for_azure_ml_open_aad_endpoints(lab: Lab) -> None:
    await make(lab, "AADToken")
    url = (await lab.get(MINE))["properties"]["scoringUri"]
    for audience, status in (("https://ml.azure.com", 200), ("https://management.azure.com", 401)):
        token, _ = lab.world.mint.issue(audience)
        answer = await call(lab, url, [1], Authorization=f"Bearer {token}")
        assert answer.status_code == status


async def test_traffic_is_split_as_asked(lab: Lab) -> None:
    url, header = await scoring(lab)
    seen = [
        (await call(lab, url, [1], **header)).headers["azureml-model-deployment"] for _ in range(60)
    ]
    assert 0 < seen.count("green") < seen.count("blue")
    named = header | {"azureml-model-deployment": "green"}
    assert (await call(lab, url, [1], **named)).headers["azureml-model-deployment"] == "green"
    unknown = header | {"azureml-model-deployment": "purple"}
    assert "purple" in complaint(await call(lab, url, [1], **unknown), 404)


async def test_an_endpoint_without_traffic_answers_nobody(lab: Lab) -> None:
    await put(lab, STOCK, endpoint(traffic={}))
    lab.pass_time(60)
    url, header = await scoring(lab)
    assert "no deployment" in complaint(await call(lab, url, [1], **header), 404)


async def test_more_at_once_than_it_can_take_is_refused(lab: Lab) -> None:
    """One is worked on, one waits; with another instance twice as many."""
    url, header = await scoring(lab)
    header["azureml-model-deployment"] = "blue"
    answers = await asyncio.gather(*(call(lab, url, [1], **header) for _ in range(5)))
    assert sorted(each.status_code for each in answers) == [200, 200, 429, 429, 429]
    await lab.client.patch(f"{STOCK}/deployments/blue", json={"sku": {"capacity": 2}})
    lab.pass_time(60)
    answers = await asyncio.gather(*(call(lab, url, [1], **header) for _ in range(5)))
    assert sorted(each.status_code for each in answers) == [200, 200, 200, 200, 429]


async def test_input_that_the_script_cannot_read_fails_the_model(lab: Lab) -> None:
    url, header = await scoring(lab)
    answer = await lab.client.post(url, content=b"{", headers=header, auth=None)
    assert answer.status_code == 424
    assert answer.headers["ms-azureml-model-error-statuscode"] == "500"


async def test_a_deployment_that_does_not_run_is_unavailable(lab: Lab) -> None:
    url, header = await scoring(lab)
    await put(lab, f"{STOCK}/deployments/red", deployment())
    header["azureml-model-deployment"] = "red"
    starting = await call(lab, url, [1], **header)
    assert (starting.status_code, starting.text) == (503, "no healthy upstream")
    lab.pass_time(60)
    assert (await call(lab, url, [1], **header)).status_code == 200


async def test_calls_are_told_of_in_the_log(lab: Lab) -> None:
    await make(lab)
    url, header = await scoring(lab, MINE)
    await call(lab, url, [1], **header)
    lab.pass_time(1)
    assert (await log(lab, f"{MINE}/deployments/blue")).count("POST /score 200") == 1


async def test_swagger_describes_the_endpoint(lab: Lab) -> None:
    url, header = await scoring(lab)
    told = await lab.client.get(url.replace("/score", "/swagger.json"), headers=header, auth=None)
    assert told.json()["info"]["title"] == "calm-ws-ep"


# Keeping, and what nobody should send


async def test_what_clients_did_outlives_a_restart(tmp_path: Any) -> None:
    """Traffic, keys, deployments and requests are there again in another process."""
    file = str(tmp_path / "world.sqlite")

    def world() -> World:
        made = World(ManualClock(NOON), seed=7, state=StateFile(file))
        holder = Subscription("s1", "Laboratory", made.tenant)
        made.subscriptions.append(holder)
        place = Workspace(holder, "rg1", "calm-ws", "eastus", NOON - 1e7)
        made.add(place, filled(lambda *_: _nothing(), lambda *_: []))
        made.restore()
        return made

    async def lab_of(world: World) -> Lab:
        token, _ = world.mint.issue("https://management.azure.com")
        transport = httpx.ASGITransport(emulator(world))
        client = httpx.AsyncClient(transport=transport, base_url="http://lab", auth=SignedIn(token))
        assert isinstance(world.clock, ManualClock)
        return Lab(client, world, world.clock)

    lab = await lab_of(world())
    await make(lab)
    url, header = await scoring(lab, MINE)
    await call(lab, url, [1], **header)
    await lab.client.post(f"{MINE}/regenerateKeys", json={"keyType": "Primary"})
    keys = await lab.post(f"{MINE}/listKeys")
    await lab.client.aclose()
    again = await lab_of(world())
    again.pass_time(600)
    assert (await again.get(MINE))["properties"]["traffic"] == {"blue": 100}
    assert await again.post(f"{MINE}/listKeys") == keys
    assert "POST /score 200" in await log(again, f"{MINE}/deployments/blue")
    await again.client.aclose()


def _nothing() -> Any:
    from amltui.emulator.jobs.history import JobHistory

    return JobHistory()


JUNK: list[Any] = [
    None,
    [],
    "x",
    7,
    {},
    {"properties": None},
    {"properties": []},
    {"properties": "x"},
    {"properties": {"authMode": 7}},
    {"properties": {"authMode": "Key", "traffic": 1, "properties": [], "description": {}}},
    {"properties": {"authMode": "Key", "mirrorTraffic": {"a": {}}}},
    {"properties": {"authMode": "Key"}, "identity": [], "tags": 3},
    {"tags": {"a": 1}, "identity": "x", "sku": "large"},
    {"sku": {"capacity": {}}, "tags": []},
    {"identity": {"type": "UserAssigned", "userAssignedIdentities": []}},
    {"properties": {"endpointComputeType": "Managed", "model": [], "environmentId": 3}},
    {"properties": {"endpointComputeType": "Managed", "model": "a", "codeConfiguration": "x"}},
    {"properties": {"endpointComputeType": "Managed", "scaleSettings": [1]}},
    {"properties": {"endpointComputeType": "Managed", "requestSettings": {"maxQueueWait": 3}}},
    {"keyType": None, "keyValue": []},
    {"tail": {}, "containerType": []},
]


@pytest.mark.parametrize("junk", JUNK, ids=repr)
async def test_no_body_breaks_the_service(lab: Lab, junk: Any) -> None:
    """Whatever is sent, the answer is an acceptance or a refusal in Azure's envelope."""
    for method, url in (
        ("PUT", f"{ENDPOINTS}/new-one"),
        ("PUT", f"{STOCK}/deployments/red"),
        ("PATCH", f"{STOCK}/deployments/blue"),
        ("PATCH", STOCK),
        ("POST", f"{STOCK}/regenerateKeys"),
        ("POST", f"{STOCK}/deployments/blue/getLogs"),
    ):
        response = await lab.client.request(method, url, json=junk)
        assert response.status_code in {200, 201, 202, 400, 409}, (method, url, response.text)
        if response.status_code >= 400:
            assert response.json()["error"]["message"]
        lab.pass_time(60)


async def test_a_planned_failure_is_the_resources_too(lab: Lab) -> None:
    """What the operation says in the end, the deployment says as well."""
    lab.world.faults.add("OnlineDeployments_CreateOrUpdate", "operation-fails")
    url = f"{STOCK}/deployments/red"
    response = await put(lab, url, deployment())
    lab.pass_time(60)
    assert (await lab.get(response.headers["Azure-AsyncOperation"]))["status"] == "Failed"
    assert await state(lab, url) == "Failed"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (None, 424),
        (3, 424),
        ("x", 424),
        ({}, 200),
        ({"data": {}}, 200),
        ({"data": None}, 200),
        ({"Inputs": None}, 200),
        ({"messages": []}, 200),
        ({"messages": ["x"]}, 200),
        ({"messages": "x"}, 200),
        ([[[[]]]], 200),
    ],
    ids=repr,
)
async def test_any_input_is_scored_or_fails_the_model(lab: Lab, body: Any, status: int) -> None:
    url, header = await scoring(lab)
    assert (await call(lab, url, body, **header)).status_code == status
