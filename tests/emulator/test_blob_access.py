"""Who may do what in a storage account."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
import pytest
import pytest_asyncio

from amltui.emulator.blobs import shared_key
from amltui.emulator.blobs.sas import Denied, sign
from tests.emulator.lab import laboratory
from tests.emulator.storage_account import StorageAccount
from tests.emulator.test_blobs import refusal

KEY = b64encode(b"a secret").decode()


@pytest_asyncio.fixture
async def account() -> AsyncIterator[StorageAccount]:
    async with laboratory() as lab:
        held = StorageAccount(lab)
        await held.put("n", b"x")
        yield held


@pytest.mark.parametrize(
    ("method", "path", "query", "may"),
    [
        ("GET", "n", "", "r"),
        ("HEAD", "n", "", "r"),
        ("GET", "", "restype=container&comp=list", "l"),
        ("PUT", "n", "comp=metadata", "w"),
        ("PUT", "n", "", "wc"),
        ("PUT", "n", "comp=block&blockid=MQ==", "wc"),
        ("DELETE", "n", "", "d"),
    ],
)
async def test_a_signature_permits_what_it_says(
    account: StorageAccount, method: str, path: str, query: str, may: str
) -> None:
    """Each letter permits its operations, and all the others do not."""
    headers = {"x_ms_blob_type": "BlockBlob"} if method == "PUT" else {}
    others = "".join(letter for letter in "racwdl" if letter not in may)
    refused = await account.ask(method, path, query, token=account.token(others), **headers)
    assert refused.status_code == 403
    assert refused.headers["x-ms-error-code"] == "AuthorizationPermissionMismatch"
    for letter in may:
        done = await account.ask(method, path, query, token=account.token(letter), **headers)
        assert done.status_code < 300
        await account.put("n", b"x")


async def test_a_link_opens_one_blob_only(account: StorageAccount) -> None:
    await account.put("other", b"y")
    now, signer = account.lab.world.now, account.lab.world.signer
    link = signer.link("", account.name, "azureml/n", now)
    assert (await account.lab.blob(link)).content == b"x"
    other = await account.lab.blob(link.replace("/n?", "/other?"))
    assert refusal(other) == (403, "AuthenticationFailed")
    container = await account.lab.blob(f"{account.url}/{account.store}/n?{account.token()}")
    assert refusal(container) == (403, "AuthenticationFailed")
    props = await account.ask("GET", "", "restype=container")
    assert refusal(props) == (403, "AuthorizationResourceTypeMismatch")


async def test_a_link_ends(account: StorageAccount) -> None:
    now, signer = account.lab.world.now, account.lab.world.signer
    link = signer.link("", account.name, "azureml/n", now)
    account.lab.pass_time(8 * 3600 - 1)
    assert (await account.lab.blob(link)).status_code == 200
    account.lab.pass_time(2)
    assert refusal(await account.lab.blob(link)) == (403, "AuthenticationFailed")


@pytest.mark.parametrize("change", ["sp=r", "se=2999-01-01", "sig=x", "sig=ä", "sv=", "se=x"])
async def test_a_changed_signature_opens_nothing(account: StorageAccount, change: str) -> None:
    name = change.partition("=")[0]
    kept = [each for each in account.token("rw").split("&") if not each.startswith(f"{name}=")]
    found = await account.ask("GET", "n", token="&".join([*kept, change]))
    assert refusal(found) == (403, "AuthenticationFailed")


async def test_a_token_beside_a_signature_is_a_mistake(account: StorageAccount) -> None:
    found = await account.ask("GET", "n", authorization="Bearer x")
    assert refusal(found) == (400, "InvalidHeaderValue")


def signed_by_hand(account: StorageAccount, key: str, **changes: str) -> str:
    """An account signature as the documentation tells to make it."""
    fields = {
        "sp": "rl",
        "ss": "b",
        "srt": "co",
        "st": "",
        "se": datetime.fromtimestamp(time.time() + 600, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sip": "",
        "spr": "",
        "sv": "2021-12-02",
        "ses": "",
        **changes,
    }
    signature = sign(key, "".join(f"{text}\n" for text in (account.name, *fields.values())))
    return urlencode({**{k: v for k, v in fields.items() if v}, "sig": signature})


async def test_clients_sign_with_the_key_of_the_account(account: StorageAccount) -> None:
    """It ends by the wall's clock, whatever the world's shows."""
    key = account.lab.world.signer.account_keys(account.name)[1]
    assert (await account.ask("GET", "n", token=signed_by_hand(account, key))).content == b"x"
    late = signed_by_hand(account, key, se="2024-01-01")
    refused = {
        signed_by_hand(account, KEY): "AuthenticationFailed",
        late: "AuthenticationFailed",
        signed_by_hand(account, key, ss="f"): "AuthorizationServiceMismatch",
        signed_by_hand(account, key, srt="sc"): "AuthorizationResourceTypeMismatch",
        signed_by_hand(account, key, sp="w"): "AuthorizationPermissionMismatch",
        signed_by_hand(account, key, spr="https"): "AuthorizationProtocolMismatch",
    }
    for token, code in refused.items():
        assert refusal(await account.ask("GET", "n", token=token)) == (403, code)


async def test_a_request_is_signed_with_the_key(account: StorageAccount) -> None:
    """Whether the client signed the path of its own address, or of the service's."""
    key = account.lab.world.signer.account_keys(account.name)[1]
    path = f"{account.url}/azureml/n"
    for signed in (path, "/azureml/n", f"/{account.name}/azureml/n"):
        own = "x-ms-date:now\nx-ms-version:1\n"
        text = "GET" + "\n" * 12 + f"{own}/{account.name}{signed}\ncomp:metadata"
        found = await account.ask(
            "GET",
            "n",
            "comp=metadata",
            token="",
            authorization=f"SharedKey {account.name}:{sign(key, text)}",
            x_ms_date="now",
            x_ms_version="1",
        )
        assert found.status_code == 200
    wrong = await account.ask("GET", "n", token="", authorization=f"SharedKey {account.name}:AAAA")
    assert refusal(wrong) == (403, "AuthenticationFailed")
    basic = await account.ask("GET", "n", token="", authorization="Basic AAAA")
    assert refusal(basic) == (403, "AuthenticationFailed")


def test_a_key_that_is_no_base64_signs_nothing() -> None:
    with pytest.raises(Denied):
        shared_key.check("a:", "GET", {}, [], ["/"], "a", ["not base64!"])


async def test_a_key_that_a_client_says_opens_the_account(account: StorageAccount) -> None:
    token = signed_by_hand(account, KEY)
    assert (await account.ask("GET", "n", token=token)).status_code == 403
    account.lab.world.storage.containers.admit(account.name, KEY)
    assert (await account.ask("GET", "n", token=token)).status_code == 200


@pytest.mark.parametrize("audience", ["https://storage.azure.com", "https://storage.azure.com/",
                                      "https://management.azure.com"])  # fmt: skip
async def test_a_token_opens_the_account(account: StorageAccount, audience: str) -> None:
    bearer = account.lab.world.mint.issue(audience)[0]
    found = await account.ask("GET", "n", token="", authorization=f"Bearer {bearer}")
    assert found.content == b"x"


async def test_a_token_for_storage_does_not_open_the_service(account: StorageAccount) -> None:
    bearer = account.lab.world.mint.issue("https://storage.azure.com")[0]
    found = await account.lab.client.get(
        "/subscriptions?api-version=2022-12-01",
        headers={"Authorization": f"Bearer {bearer}"},
        auth=None,
    )
    assert found.status_code == 401


async def test_who_says_nothing_is_asked_who_it_is(account: StorageAccount) -> None:
    """Azure tells old clients that there is nothing, and new ones how to sign in."""
    assert refusal(await account.ask("GET", "n", token="")) == (404, "ResourceNotFound")
    new: httpx.Response = await account.ask("GET", "n", token="", x_ms_version="2023-11-03")
    assert refusal(new) == (401, "NoAuthenticationInformation")
    challenge = new.headers["www-authenticate"]
    assert "resource_id=https://storage.azure.com" in challenge
    bad = await account.ask("GET", "n", token="", authorization="Bearer a.b.c")
    assert refusal(bad) == (401, "InvalidAuthenticationInfo")
