"""What a server sees: a token at the cloud's own hosts, and at no other however it is named."""

from __future__ import annotations

import httpx
import pytest

from amltui.azure import computes, jobs, logs, metrics, runs
from amltui.azure.connect import connect
from amltui.azure.errors import AzureError, LinkExpired, NotAllowed, Untrusted
from amltui.domain.log import LogFile
from tests.azure.answers import API, NOW, PLACE, Credential, Reply, Rig, Service
from tests.azure.samples import sample

EVIL = "https://evil.example"
SAS = "https://sa1.blob.core.windows.net/azureml/dcid.r1/user_logs/std_log.txt?sig=SECRET%2b%3D"


def seen(rig: Rig) -> dict[str, set[bool]]:
    """By host: whether the requests there carried a token."""
    found: dict[str, set[bool]] = {}
    for request, bearer in zip(rig.service.requests, rig.service.bearers, strict=True):
        found.setdefault(request.url.host, set()).add(bearer is not None)
    return found


async def test_resource_manager_and_the_data_plane_see_it_and_discovery_does_not(rig):
    rig.service.data_plane()
    rig.service.on("GET", "/runs/r1", Reply(200, {"runId": "r1"}))
    await runs.get(rig.place, "r1")
    told = {
        request.url.path.rpartition("/")[2]: bearer is not None
        for request, bearer in zip(rig.service.requests, rig.service.bearers, strict=True)
    }
    assert told == {"00000": True, "discovery": False, "r1": True}


async def test_the_data_plane_is_asked_for_once(rig):
    rig.service.data_plane()
    rig.service.on("GET", "/runs/r1", Reply(200, {"runId": "r1"}))
    for _ in range(3):
        await runs.get(rig.place, "r1")
    assert len(rig.service.sent("GET", "/discovery")) == 1
    assert len(rig.service.sent("GET", "/workspaces/00000")) == 1


async def test_a_data_plane_that_was_not_found_is_asked_for_again(rig):
    rig.service.data_plane()
    rig.service.on("GET", "/discovery", Reply(404), Reply(200, {"api": API}))
    rig.service.on("GET", "/runs/r1", Reply(200, {"runId": "r1"}))
    with pytest.raises(AzureError):
        await runs.get(rig.place, "r1")
    assert (await runs.get(rig.place, "r1")).run_id == "r1"


@pytest.mark.parametrize(
    "api",
    [
        EVIL,
        "https://eastus.api.azureml.ms.evil.example",
        "https://eastus.api.azureml.ms@evil.example",
        "https://evil.example\\.api.azureml.ms",
        "http://eastus.api.azureml.ms",
        "https://eastus.api.azureml.ms:8443",
        "https://eastus.experiments.azureml.net",
        "",
        None,
    ],
)
async def test_a_data_plane_elsewhere_is_refused(rig, api):
    rig.service.data_plane(api)
    with pytest.raises(Untrusted, match="as its data plane, which does not belong to AzureCloud"):
        await metrics.points(rig.place, "r1", "loss")
    assert len(rig.service.requests) == 2
    assert seen(rig)["eastus.api.azureml.ms"] == {False}


async def test_a_discovery_address_elsewhere_is_refused(rig):
    properties = {"discoveryUrl": f"{EVIL}/discovery"}
    rig.service.on("GET", "/workspaces/00000", Reply(200, {"properties": properties}))
    with pytest.raises(Untrusted, match=r"evil\.example"):
        await runs.get(rig.place, "r1")
    assert seen(rig) == {"management.azure.com": {True}}


@pytest.mark.parametrize(
    "uri",
    [
        f"azureml://evil.example/mlflow/v1.0{PLACE.path}",
        f"azureml://eastus.api.azureml.ms@evil.example/mlflow/v1.0{PLACE.path}",
        f"azureml://evil.example#eastus.api.azureml.ms/mlflow/v1.0{PLACE.path}",
    ],
)
async def test_a_tracking_address_elsewhere_is_refused(rig, uri):
    rig.service.data_plane()
    properties = {"discoveryUrl": f"{API}/discovery", "mlFlowTrackingUri": uri}
    rig.service.on("GET", "/workspaces/00000", Reply(200, {"properties": properties}))
    with pytest.raises(Untrusted):
        await metrics.last_values(rig.place, "r1")
    assert set(seen(rig)) == {"management.azure.com", "eastus.api.azureml.ms"}


async def test_mlflow_is_where_the_tracking_uri_says_in_its_second_version(rig):
    rig.service.data_plane()
    workspace = sample("workspaces", "workspace")
    rig.service.on("GET", "/workspaces/00000", Reply(200, workspace))
    rig.service.on("GET", "/mlflow/runs/get", Reply(200, {}))
    await metrics.last_values(rig.place, "r1")
    [asked] = rig.service.sent("GET", "/mlflow/runs/get")
    assert str(asked.url) == (f"{API}/mlflow/v2.0{PLACE.path}/api/2.0/mlflow/runs/get?run_id=r1")


async def test_signed_links_see_no_token_in_any_try(rig):
    await rig.client.auth.claims()
    rig.service.on(
        "GET", "/std_log.txt", Reply(503), Reply(206, b"abc", {"Content-Range": "bytes 0-2/3"})
    )
    chunk = await logs.read(rig.place, LogFile("user_logs/std_log.txt", SAS), 0)
    assert (chunk.data, chunk.size) == (b"abc", 3)
    assert seen(rig) == {"sa1.blob.core.windows.net": {False}}
    assert {str(request.url) for request in rig.service.requests} == {SAS}


@pytest.mark.parametrize("status", [401, 403])
async def test_a_link_that_is_refused_is_not_answered_with_a_token(rig, status):
    rig.service.on("GET", "/std_log.txt", Reply(status, None, {"WWW-Authenticate": "Bearer"}))
    with pytest.raises(LinkExpired, match=r"^the link to std_log\.txt is no longer accepted$"):
        await logs.read(rig.place, LogFile("user_logs/std_log.txt", SAS), 0)
    assert seen(rig) == {"sa1.blob.core.windows.net": {False}}


async def test_a_storage_account_behind_a_firewall_is_no_expired_link(rig):
    body = b"<Error><Code>AuthorizationFailure</Code><Message>Not authorized.</Message></Error>"
    rig.service.on("GET", "/std_log.txt", Reply(403, body))
    with pytest.raises(NotAllowed, match="Not authorized") as told:
        await logs.read(rig.place, LogFile("user_logs/std_log.txt", SAS), 0)
    assert "SECRET" not in str(told.value)


@pytest.mark.parametrize(
    "url",
    ["http://sa1.blob.core.windows.net/x?sig=a", "https://kim@sa1.blob.core.windows.net/x",
     "file:///etc/passwd", "http://127.0.0.1/x", "nonsense", "https://sa1\\@evil.example/x"],
)  # fmt: skip
async def test_a_link_that_is_not_https_is_not_followed(rig, url):
    with pytest.raises(Untrusted, match="nothing was asked"):
        await rig.client.read_blob(url, 0)
    assert rig.service.requests == []


async def test_redirects_are_not_followed(rig):
    rig.service.on("GET", "/computes", Reply(302, None, {"Location": f"{EVIL}/computes"}))
    with pytest.raises(AzureError, match="answered 302"):
        await computes.list_all(rig.place)
    assert seen(rig) == {"management.azure.com": {True}}


@pytest.mark.parametrize("link", [f"{EVIL}/x", "https://management.azure.com@evil.example/x",
    "https://management.azure.com\\.evil.example/x", "http://management.azure.com/x"])  # fmt: skip
async def test_neither_a_page_nor_an_operation_nor_nodes_lead_elsewhere(rig, link):
    rig.service.on("GET", "/jobs", Reply(200, {"value": [], "nextLink": link}))
    rig.service.on("POST", "/listNodes", Reply(200, {"nodes": [], "nextLink": link}))
    rig.service.on("POST", "/stop", Reply(202, None, {"Azure-AsyncOperation": link}))
    rig.service.on("POST", "/cancel", Reply(202, b"null", {"Location": link}))
    with pytest.raises(Untrusted):
        await jobs.newest(rig.place, None)
    with pytest.raises(Untrusted):
        await computes.nodes(rig.place, "cpu")
    for operation in (await computes.stop(rig.place, "c"), await jobs.cancel(rig.place, "j")):
        with pytest.raises(Untrusted):
            await rig.client.wait_for(operation)
    assert seen(rig) == {"management.azure.com": {True}}


async def test_the_description_of_a_cloud_is_asked_for_without_a_token():
    service, credential = Service(), Credential(now=lambda: NOW)
    document = [{"name": "Emulated", "resourceManager": "http://127.0.0.1:8000/"}]
    service.on("GET", "/metadata/endpoints", Reply(200, document))
    service.on("GET", "/subscriptions", Reply(200, {"value": []}))
    client = await connect(
        "HTTP://127.0.0.1:8000/",
        transport=httpx.MockTransport(service.answer),
        credential=credential,
    )
    await client.get("/subscriptions")
    assert client.cloud.name == "Emulated"
    assert service.bearers == [None, "Bearer token-1"]
    assert str(service.requests[0].url) == (
        "http://127.0.0.1:8000/metadata/endpoints?api-version=2019-05-01"
    )
    assert credential.asked[0][0] == ("http://127.0.0.1:8000/.default",)
    await client.aclose()
