"""Datastores: those of every workspace, and those of clients."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from json import dumps
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.emulator.lab import WORKSPACE, Lab, laboratory
from tests.emulator.storage_account import StorageAccount

STORES = f"{WORKSPACE}/datastores"
KEY = b64encode(b"a secret of sixty-four bytes").decode()
OWN = ["workspaceartifactstore", "workspaceblobstore", "workspacefilestore",
       "workspaceworkingdirectory"]  # fmt: skip


@pytest_asyncio.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as held:
        yield held


def blob(**changes: Any) -> dict[str, Any]:
    """The body of a store in another account, opened by its key."""
    key = {"secretsType": "AccountKey", "key": KEY}
    properties = {
        "datastoreType": "AzureBlob",
        "accountName": "otheraccount",
        "containerName": "images",
        "credentials": {"credentialsType": "AccountKey", "secrets": key},
        **changes,
    }
    return {"properties": properties}


async def put(lab: Lab, name: str, body: Any, query: str = "") -> httpx.Response:
    headers = {"content-type": "application/json"}
    return await lab.client.put(f"{STORES}/{name}?{query}", content=dumps(body), headers=headers)


async def made(lab: Lab, name: str, **changes: Any) -> dict[str, Any]:
    response = await put(lab, name, blob(**changes))
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def names(lab: Lab, query: str = "") -> list[str]:
    return [each["name"] for each in (await lab.get(f"{STORES}?{query}"))["value"]]


async def secrets(lab: Lab, name: str, body: Any = None) -> dict[str, Any]:
    answer: dict[str, Any] = await lab.post(f"{STORES}/{name}/listSecrets", body)
    return answer


async def test_every_workspace_has_four(lab: Lab) -> None:
    """Also one that no scenario fills."""
    assert sorted(await names(lab)) == OWN
    place = lab.world.workspace("s1", "rg1", "calm-ws")
    assert place is not None
    lab.world.put_workspace(replace(place, name="new-ws"))
    listed = (await lab.get(f"{STORES.replace('calm-ws', 'new-ws')}"))["value"]
    assert sorted(each["name"] for each in listed) == OWN
    stores = {each["name"]: each["properties"] for each in listed}
    assert stores["workspaceblobstore"]["isDefault"] is True
    assert stores["workspaceartifactstore"]["containerName"] == "azureml"
    assert stores["workspacefilestore"]["datastoreType"] == "AzureFile"


async def test_a_store_is_shown_without_what_opens_it(lab: Lab) -> None:
    shown = await made(lab, "mine")
    assert shown == await lab.get(f"{STORES}/MINE")
    assert shown["properties"]["credentials"] == {"credentialsType": "AccountKey"}
    assert shown["properties"]["endpoint"] == "core.windows.net"
    assert shown["properties"]["isDefault"] is False
    assert KEY not in str(shown)


async def test_a_store_is_changed_and_keeps_its_secret(lab: Lab) -> None:
    """A body that a GET brought has no secrets in it."""
    shown = await made(lab, "mine", tags={"a": "b"})
    shown["properties"]["description"] = "Pictures"
    again = await put(lab, "mine", shown)
    assert again.status_code == 200
    assert (await lab.get(f"{STORES}/mine"))["properties"]["description"] == "Pictures"
    assert (await secrets(lab, "mine"))["key"] == KEY
    refused = await put(lab, "mine", blob(datastoreType="AzureFile", fileShareName="x"))
    assert refused.status_code == 400


async def test_a_store_is_deleted_but_for_the_default(lab: Lab) -> None:
    await made(lab, "mine")
    for name in ("mine", "workspacefilestore"):
        assert (await lab.client.delete(f"{STORES}/{name}")).status_code == 200
        assert (await lab.client.delete(f"{STORES}/{name}")).status_code == 204
        gone = await lab.client.get(f"{STORES}/{name}")
        assert gone.status_code == 404
        assert gone.json()["error"]["code"] == "UserError"
    assert (await lab.client.delete(f"{STORES}/workspaceblobstore")).status_code == 400
    assert await names(lab) == ["workspaceblobstore", "workspaceartifactstore",
                                "workspaceworkingdirectory"]  # fmt: skip


async def test_lists_are_filtered_ordered_and_paged(lab: Lab) -> None:
    for name in ("beta", "alpha", "gamma"):
        lab.pass_time(10)
        await made(lab, name)
    assert (await names(lab))[:3] == ["gamma", "alpha", "beta"]
    assert (await names(lab, "orderByAsc=true"))[-1] == "gamma"
    assert (await names(lab, "orderBy=name&orderByAsc=true"))[:3] == ["alpha", "beta", "gamma"]
    assert await names(lab, "isDefault=true") == ["workspaceblobstore"]
    assert "workspaceblobstore" not in await names(lab, "isDefault=false")
    assert await names(lab, "names=alpha,beta") == ["alpha", "beta"]
    assert await names(lab, "searchText=MM") == ["gamma"]
    first = await lab.get(f"{STORES}?count=2")
    assert [each["name"] for each in first["value"]] == ["gamma", "alpha"]
    assert (await lab.get(first["nextLink"]))["value"][0]["name"] == "beta"


@pytest.mark.parametrize("way", ["put", "service"])
async def test_another_store_becomes_the_default(lab: Lab, way: str) -> None:
    await made(lab, "mine")
    service = f"/datastore/v1.0{WORKSPACE}/default"
    if way == "put":
        await put(lab, "mine", blob(isDefault=True))
    else:
        assert (await lab.client.put(f"{service}/mine")).status_code == 200
    assert await names(lab, "isDefault=true") == ["mine"]
    assert (await lab.get(service))["name"] == "mine"
    assert (await lab.client.delete(f"{STORES}/mine")).status_code == 400
    await lab.client.put(f"{service}/workspaceblobstore")
    assert await names(lab, "isDefault=true") == ["workspaceblobstore"]


async def test_what_clients_did_survives_a_restart(lab: Lab) -> None:
    await made(lab, "mine", isDefault=True)
    await lab.client.delete(f"{STORES}/workspacefilestore")
    async with laboratory(state=lab.world.state) as later:
        assert await names(later, "isDefault=true") == ["mine"]
        assert "workspacefilestore" not in await names(later)
        assert (await secrets(later, "mine"))["key"] == KEY


# Secrets


async def test_each_kind_of_secret_is_told(lab: Lab) -> None:
    for kind, given, more in (
        ("Sas", {"sasToken": "sv=1&sig=x"}, {}),
        ("ServicePrincipal", {"clientSecret": "s"}, {"clientId": "c", "tenantId": "t"}),
        (
            "Certificate",
            {"certificate": "-----"},
            {"clientId": "c", "tenantId": "t", "thumbprint": "p"},
        ),
    ):
        credentials = {"credentialsType": kind, "secrets": {"secretsType": kind, **given}, **more}
        shown = await made(lab, kind.lower(), credentials=credentials)
        assert shown["properties"]["credentials"] == {"credentialsType": kind, **more}
        assert await secrets(lab, kind.lower()) == {"secretsType": kind, **given}
    await made(lab, "open", credentials={"credentialsType": "None"})
    refused = await lab.client.post(f"{STORES}/open/listSecrets")
    assert refused.status_code == 400
    assert "None" in refused.json()["error"]["message"]
    assert (await lab.client.post(f"{STORES}/none/listSecrets")).status_code == 404


async def test_a_secret_that_may_expire_opens_the_container(lab: Lab) -> None:
    """With the signature of workspaceblobstore its blobs are written, until it ends."""
    account = StorageAccount(lab)
    account.container = account.store
    asked = {"expirableSecret": True, "expireAfterHours": 1}
    told = await secrets(lab, "workspaceblobstore", asked)
    assert told["secretsType"] == "Sas"
    done = await account.ask(
        "PUT", "n", token=told["sasToken"], content=b"x", x_ms_blob_type="BlockBlob"
    )
    assert done.status_code == 201
    listed = await account.ask("GET", "", "restype=container&comp=list", token=told["sasToken"])
    assert listed.status_code == 200
    lab.pass_time(3601)
    assert (await account.ask("GET", "n", token=told["sasToken"])).status_code == 403


async def test_the_key_of_the_workspace_is_that_of_its_account(lab: Lab) -> None:
    told = await secrets(lab, "workspaceblobstore")
    account = StorageAccount(lab)
    assert told == {"secretsType": "AccountKey",
                    "key": lab.world.signer.account_keys(account.name)[0]}  # fmt: skip


async def test_stores_of_a_workspace_that_knows_people_have_no_key(lab: Lab) -> None:
    place = lab.world.workspace("s1", "rg1", "calm-ws")
    assert place is not None
    for mode, kind in (("Identity", "None"), ("UserDelegationSAS", "Sas")):
        lab.world.put_workspace(replace(place, properties={"systemDatastoresAuthMode": mode}))
        shown = await lab.get(f"{STORES}/workspaceblobstore")
        assert shown["properties"]["credentials"] == {"credentialsType": kind}
    assert (await secrets(lab, "workspaceblobstore"))["secretsType"] == "Sas"


async def test_the_container_that_a_store_names_is_there(lab: Lab) -> None:
    await made(lab, "mine")
    account = StorageAccount(lab)
    account.name, account.container = "otheraccount", "images"
    account.url = "/otheraccount.blob.core.windows.net"
    await account.put("a.png", b"x")
    assert await account.names() == ["a.png"]


# Refusals


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"datastoreType": None}, "datastoreType"),
        ({"datastoreType": "Tape"}, "datastoreType"),
        ({"accountName": None}, "accountName"),
        ({"containerName": ""}, "containerName"),
        ({"containerName": "No Name"}, "No Name"),
        ({"accountName": "NO"}, "NO"),
        ({"credentials": None}, "credentialsType"),
        ({"credentials": {"credentialsType": "Magic"}}, "credentialsType"),
        ({"credentials": {"credentialsType": "Sas"}}, "sasToken"),
        ({"credentials": {"credentialsType": "AccountKey", "secrets": {"key": "no!"}}}, "key"),
        (
            {"credentials": {"credentialsType": "ServicePrincipal",
                             "secrets": {"clientSecret": "s"}}},
            "clientId",
        ),
        ({"datastoreType": "OneLake", "oneLakeWorkspaceName": "w"}, "artifact"),
    ],
)  # fmt: skip
async def test_a_store_that_cannot_be_is_refused(
    lab: Lab, change: dict[str, Any], word: str
) -> None:
    refused = await put(lab, "mine", blob(**change))
    assert refused.status_code == 400
    assert word in refused.json()["error"]["message"]
    assert "mine" not in await names(lab)


async def test_validation_can_be_skipped(lab: Lab) -> None:
    body = blob(accountName="NO", containerName="No Name")
    assert (await put(lab, "mine", body)).status_code == 400
    assert (await put(lab, "mine", body, "skipValidation=true")).status_code == 201
    assert (await put(lab, "a b", blob())).status_code == 400


HALF = {"credentialsType": "AccountKey", "secrets": {"key": "\ud800"}}
JUNK: tuple[Any, ...] = (None, [], "x", 7, {"properties": []}, {"properties": {"tags": 7}},
        blob(accountName=7), blob(credentials=[]), blob(credentials={"credentialsType": []}),
        blob(tags=[1]), blob(containerName={}), blob(properties="x"),
        blob(credentials=HALF))  # fmt: skip


@pytest.mark.parametrize("body", JUNK)
@pytest.mark.parametrize("query", ["", "skipValidation=true"])
async def test_a_body_of_another_shape_is_no_crash(lab: Lab, body: Any, query: str) -> None:
    response = await put(lab, "mine", body, query)
    assert response.status_code in {201, 400}
    assert "error" in response.json() or response.status_code == 201
    assert (await lab.client.get(STORES)).status_code == 200


async def test_a_strange_wish_for_secrets_is_no_crash(lab: Lab) -> None:
    url = f"{STORES}/workspaceblobstore/listSecrets"
    for wish in ([], "x", {"expirableSecret": "x"}, {"expirableSecret": True,
                 "expireAfterHours": []}):  # fmt: skip
        assert (await lab.client.post(url, json=wish)).status_code in {200, 400}
