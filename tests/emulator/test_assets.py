"""Assets of a workspace: kept by version, with their files, archived, shared."""

from __future__ import annotations

from collections.abc import AsyncIterator
from json import dumps
from typing import Any

import httpx
import pytest
import pytest_asyncio

from amltui.emulator.blobs.account import Account
from amltui.emulator.datastores import paths
from tests.emulator.lab import WORKSPACE, Lab, laboratory
from tests.emulator.storage_account import StorageAccount
from tests.emulator.test_blobs import refusal

REGISTRY = (
    "/subscriptions/s1/resourceGroups/rg1/providers"
    "/Microsoft.MachineLearningServices/registries/mine"
)
FRONT_END = f"/mferp/managementfrontend{REGISTRY}"
GOOD: dict[str, dict[str, Any]] = {
    "models": {"modelUri": "azureml://datastores/workspaceblobstore/paths/a/b"},
    "data": {"dataUri": "azureml://datastores/workspaceblobstore/paths/a/b", "dataType": "mltable"},
    "environments": {"image": "mcr.microsoft.com/x:1"},
    "components": {"componentSpec": {"name": "c", "type": "command", "command": "a", "code": "b"}},
    "codes": {"codeUri": "https://acct1.blob.core.windows.net/c/b"},
}


@pytest_asyncio.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as held:
        yield held


async def put(lab: Lab, path: str, **properties: Any) -> httpx.Response:
    return await lab.client.put(f"{WORKSPACE}/{path}", json={"properties": properties})


async def kept(lab: Lab, path: str, **properties: Any) -> dict[str, Any]:
    response = await put(lab, path, **properties)
    assert response.status_code in {200, 201}, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def names(lab: Lab, path: str) -> list[str]:
    return [each["name"] for each in (await lab.get(f"{WORKSPACE}/{path}"))["value"]]


@pytest.mark.parametrize("kind", list(GOOD))
async def test_versions_make_a_container(lab: Lab, kind: str) -> None:
    """It is there with the first, and tells of the latest and the next."""
    for version in ("1", "2", "rc"):
        lab.pass_time(1)
        made = await kept(lab, f"{kind}/a/versions/{version}", **GOOD[kind])
        assert made["id"] == f"{WORKSPACE}/{kind}/a/versions/{version}"
    told = (await lab.get(f"{WORKSPACE}/{kind}/a"))["properties"]
    assert (told["latestVersion"], told["nextVersion"]) == ("rc", "3")
    assert await names(lab, f"{kind}/a/versions") == ["rc", "2", "1"]
    assert await names(lab, f"{kind}/a/versions?$orderBy=createdtime desc&$top=1") == ["rc"]
    if kind == "data":
        assert told["dataType"] == "mltable"
    async with laboratory(state=lab.world.state) as later:
        later.pass_time(60)
        assert await names(later, f"{kind}/a/versions") == ["rc", "2", "1"]


@pytest.mark.parametrize("kind", list(GOOD))
async def test_what_an_asset_is_cannot_be_changed(lab: Lab, kind: str) -> None:
    """But tags can, and whether it is archived."""
    await kept(lab, f"{kind}/a/versions/1", **GOOD[kind])
    changed = {**GOOD[kind], "tags": {"a": "b"}, "isArchived": True}
    assert (await kept(lab, f"{kind}/a/versions/1", **changed))["properties"]["tags"] == {"a": "b"}
    assert await names(lab, f"{kind}/a/versions") == []
    assert await names(lab, f"{kind}/a/versions?listViewType=ArchivedOnly") == ["1"]
    for name, value in GOOD[kind].items():
        other = {"name": "c", "command": "other"} if isinstance(value, dict) else f"{value}/other"
        refused = await put(lab, f"{kind}/a/versions/1", **{**GOOD[kind], name: other})
        assert refused.status_code == (409 if kind == "environments" else 400)


async def test_an_environment_stays_what_it_is(lab: Lab) -> None:
    """A conflict makes azure-ai-ml take the next version; the same in another layout is none."""
    first = {"image": "ubuntu", "condaFile": "name: a\ndependencies:\n- python=3.11\n"}
    await kept(lab, "environments/e/versions/1", **first)
    again = {"image": "ubuntu", "condaFile": "dependencies:\n  - python=3.11\nname:  a\n"}
    await kept(lab, "environments/e/versions/1", **again)
    await kept(lab, "environments/e/versions/1", description="only told")
    for other in (
        {**first, "image": "debian"},
        {"image": "ubuntu"},
        {"build": {"contextUri": "x"}},
    ):
        refused = await put(lab, "environments/e/versions/1", **other)
        assert refused.status_code == 409
        assert refused.json()["error"]["code"]


async def test_the_default_version_is_the_newest(lab: Lab) -> None:
    """As azure-ai-ml asks for a component of which it was told no version."""
    for version, archived in (("1", False), ("2", False), ("3", True)):
        lab.pass_time(1)
        more = {**GOOD["components"], "isArchived": archived}
        await kept(lab, f"components/c/versions/{version}", **more)
    found = await lab.get(f"{WORKSPACE}/components/c/versions/azureml_default")
    assert found["name"] == "2"
    none = await lab.client.get(f"{WORKSPACE}/components/none/versions/azureml_default")
    assert none.status_code == 404


async def test_code_is_found_by_its_hash_under_any_name(lab: Lab) -> None:
    """And none is no error: azure-ai-ml asks before it uploads."""
    known = {"hash_sha256": "f00", "hash_version": "202208"}
    await kept(lab, "codes/one/versions/3", properties=known, **GOOD["codes"])
    found = await lab.get(f"{WORKSPACE}/codes/two/versions?hash=f00&hashVersion=202208")
    assert [each["id"] for each in found["value"]] == [f"{WORKSPACE}/codes/one/versions/3"]
    for query in ("hash=other", "hash=f00&hashVersion=1"):
        assert await names(lab, f"codes/two/versions?{query}") == []
    assert (await lab.client.get(f"{WORKSPACE}/codes/two/versions")).status_code == 404


async def test_versions_are_found_by_tags_and_properties(lab: Lab) -> None:
    for version, tags in (("1", {"a": "b"}), ("2", {"a": "c"})):
        await kept(lab, f"models/m/versions/{version}", tags=tags, properties={"p": version},
                   **GOOD["models"])  # fmt: skip
    assert await names(lab, "models/m/versions?tags=a=b") == ["1"]
    assert len(await names(lab, "models/m/versions?tags=a")) == 2
    assert await names(lab, "models/m/versions?properties=p=2") == ["2"]
    assert await names(lab, "models/m/versions?version=2") == ["2"]


async def test_addresses_of_this_service_are_kept_as_azure_has_them(lab: Lab) -> None:
    made = await kept(
        lab, "models/m/versions/1", modelUri="http://lab/acct1.blob.core.windows.net/c/a b"
    )
    assert made["properties"]["modelUri"] == "https://acct1.blob.core.windows.net/c/a b"
    for uri in ("https://example.com/c/b", "http://[", "x", "azureml://datastores/d/paths/p"):
        made = await kept(lab, f"models/{len(uri)}/versions/1", modelUri=uri)
        assert made["properties"]["modelUri"] == uri


# Files


async def test_all_that_scenarios_begin_with_has_its_files(lab: Lab) -> None:
    """Models, data, code and build contexts lie where they say."""
    place = lab.world.workspace("s1", "rg1", "calm-ws")
    assert place is not None
    seen = 0
    for kind in GOOD:
        for container in await names(lab, f"{kind}?listViewType=All"):
            listed = await lab.get(f"{WORKSPACE}/{kind}/{container}/versions?listViewType=All")
            for version in listed["value"]:
                told = version["properties"]
                uri = (told.get("modelUri") or told.get("dataUri") or told.get("codeUri")
                       or (told.get("build") or {}).get("contextUri"))  # fmt: skip
                if uri is None:
                    continue
                found = paths.place(lab.world, place, uri)
                assert found is not None
                account, held, top = found
                blobs = Account(lab.world, account).walk(held, top, f"{top}\U0010ffff")
                assert sum(each.size for each in blobs) > 0, uri
                seen += 1
    assert seen > 8


async def test_an_upload_gets_a_container_of_its_own(lab: Lab) -> None:
    """Written and listed by its signature; the same again for the same upload."""
    start = f"{WORKSPACE}/codes/c/versions/1/startPendingUpload"
    told = await lab.post(start, {"pendingUploadType": "TemporaryBlobReference"})
    reference = told["blobReferenceForConsumption"]
    assert reference["credential"]["credentialType"] == "SAS"
    url, _, token = reference["credential"]["sasUri"].partition("?")
    put_ = await lab.client.put(
        f"{url}/a.py?{token}", content=b"x", headers={"x-ms-blob-type": "BlockBlob"}, auth=None
    )
    assert put_.status_code == 201
    listed = await lab.blob(f"{url}?restype=container&comp=list&{token}")
    assert b"a.py" in listed.content
    container = url.rpartition("/")[2]
    assert reference["blobUri"].endswith(f".blob.core.windows.net:443/{container}")
    again = await lab.post(start, {"pendingUploadId": told["pendingUploadId"]})
    assert again["blobReferenceForConsumption"]["blobUri"] == reference["blobUri"]
    other = await lab.post(start)
    assert other["blobReferenceForConsumption"]["blobUri"] != reference["blobUri"]
    async with laboratory(state=lab.world.state) as later:
        account = StorageAccount(later, container)
        assert await account.names() == ["a.py"]


# Registries


async def registry(lab: Lab) -> None:
    asked = {"location": "eastus", "properties": {"regionDetails": [{"location": "eastus"}]}}
    response = await lab.client.put(REGISTRY, json=asked)
    assert response.status_code in {201, 202}, response.text
    lab.pass_time(30)


async def test_a_registry_takes_uploads_and_opens_them(lab: Lab) -> None:
    await registry(lab)
    asset = "azureml://registries/mine/models/m/versions/1"
    asked = {"assetId": asset, "temporaryDataReferenceType": "TemporaryBlobReference"}
    opened = await lab.client.put(f"{FRONT_END}/tempdatarefs/m/versions/1", json=asked)
    uri = opened.json()["blobReferenceForConsumption"]["credential"]["sasUri"]
    url, _, token = uri.partition("?")
    headers = {"x-ms-blob-type": "BlockBlob"}
    await lab.client.put(f"{url}/m/a?{token}", content=b"x", headers=headers, auth=None)
    body = {"properties": {"modelUri": f"{url}/m"}}
    await lab.client.put(f"{FRONT_END}/models/m/versions/1", json=body)
    lab.pass_time(30)
    kept_uri = (await lab.get(f"{REGISTRY}/models/m/versions/1"))["properties"]["modelUri"]
    assert kept_uri.startswith("https://mine")
    read = await lab.post(f"{FRONT_END}/datarefs/m/versions/1", {"blobUri": kept_uri})
    sas = read["blobReferenceForConsumption"]["credential"]["sasUri"]
    found = await lab.blob(sas.replace("?", "/m/a?"))
    assert found.content == b"x"
    denied = await lab.client.put(
        sas.replace("?", "/m/b?"), content=b"x", headers=headers, auth=None
    )
    assert refusal(denied) == (403, "AuthorizationPermissionMismatch")
    again = await lab.client.put(f"{FRONT_END}/tempdatarefs/m/versions/1", json=asked)
    assert again.status_code == 409
    elsewhere = {"blobUri": "https://acct1.blob.core.windows.net/c/b"}
    refused = await lab.client.post(f"{FRONT_END}/datarefs/m/versions/1", json=elsewhere)
    assert refused.status_code == 400


async def test_a_version_is_published_with_its_files(lab: Lab) -> None:
    await registry(lab)
    account = StorageAccount(lab)
    account.container = account.store
    await account.put("up/folder/one", b"1")
    await account.put("up/folder-of-another", b"2")
    uri = "azureml://datastores/workspaceblobstore/paths/up/folder/"
    await kept(lab, "data/d/versions/1", dataUri=uri, dataType="uri_folder")
    publish = f"{WORKSPACE}/data/d/versions/1/publish"
    asked = {"registryName": "mine", "destinationName": "shared", "destinationVersion": "5"}
    done = await lab.client.post(publish, json=asked)
    assert done.status_code == 202
    assert "location" in done.headers
    lab.pass_time(30)
    taken = (await lab.get(f"{REGISTRY}/data/shared/versions/5"))["properties"]
    found = paths.place(lab.world, None, taken["dataUri"])
    assert found is not None
    blobs = Account(lab.world, found[0]).walk(found[1], "", "\U0010ffff")
    assert [each.name for each in blobs] == ["folder/one"]
    assert (await lab.client.post(publish, json=asked)).status_code == 409
    nowhere = {**asked, "registryName": "none"}
    assert (await lab.client.post(publish, json=nowhere)).status_code == 404
    foreign = {**asked, "registryName": "azureml"}
    assert (await lab.client.post(publish, json=foreign)).status_code == 401
    missing = publish.replace("versions/1", "versions/2")
    assert (await lab.client.post(missing, json=asked)).status_code == 404


# Bodies of another shape

JUNK: tuple[Any, ...] = (
    *(None, [], "x", 7, {"properties": []}, {"registryName": []}),
    *({"assetId": {}}, {"blobUri": "http://["}),
    *({"pendingUploadId": each} for each in (7, "../..", "x" * 99)),
    *(
        {"properties": each}
        for each in (
            {"tags": 7},
            {"modelUri": 7},
            {"dataUri": []},
            {"dataUri": "x", "dataType": "y"},
            {"componentSpec": "x"},
            {"componentSpec": {"command": []}},
            {"build": "x"},
            {"description": "\ud800"},
        )
    ),
)


@pytest.mark.parametrize("body", JUNK)
async def test_a_body_of_another_shape_is_no_crash(lab: Lab, body: Any) -> None:
    await registry(lab)
    headers = {"content-type": "application/json"}
    for method, path in (
        *(("PUT", f"{WORKSPACE}/{kind}/a/versions/1") for kind in GOOD),
        *(("PUT", f"{WORKSPACE}/{kind}/a") for kind in GOOD),
        ("POST", f"{WORKSPACE}/codes/a/versions/1/startPendingUpload"),
        ("POST", f"{WORKSPACE}/models/churn-xgb/versions/1/publish"),
        ("POST", f"{REGISTRY}/data/a/versions/1/startPendingUpload"),
        ("PUT", f"{FRONT_END}/tempdatarefs/a/versions/1"),
        ("POST", f"{FRONT_END}/datarefs/a/versions/1"),
    ):
        response = await lab.client.request(method, path, content=dumps(body), headers=headers)
        assert response.status_code < 500
        if response.status_code >= 400:
            assert response.json()["error"]["code"]
    for kind in GOOD:
        assert (await lab.client.get(f"{WORKSPACE}/{kind}")).status_code == 200


@pytest.mark.parametrize("path", ["jobs", "models", "data/d/versions", "schedules"])
async def test_a_view_that_there_is_not_is_refused(lab: Lab, path: str) -> None:
    """Any spelling of those there are is taken, azure-ai-ml's for registries, too."""
    await lab.client.put(
        f"{WORKSPACE}/data/d/versions/1", json={"properties": {"dataUri": "azureml://a/b"}}
    )
    refused = await lab.client.get(f"{WORKSPACE}/{path}", params={"listViewType": "Everything"})
    assert refused.status_code == 400
    assert "listViewType" in refused.json()["error"]["message"]
    for view in ("all", "", "ALL", "ListViewType.ALL"):
        assert await lab.get(f"{WORKSPACE}/{path}", listViewType=view) is not None
