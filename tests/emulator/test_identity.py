"""Who the service is, and who may call it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from amltui.emulator.grants import SECRET
from tests.emulator.lab import WORKSPACE, Lab, laboratory

ARM = "https://management.azure.com"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    told: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return told


async def asked(lab: Lab, url: str, **query: Any) -> httpx.Response:
    """Without a token."""
    headers = query.pop("headers", {})
    return await lab.client.get(url, params=query, headers=headers, auth=None)


async def posted(lab: Lab, path: str, **form: str) -> httpx.Response:
    return await lab.client.post(path, data=form, auth=None)


async def granted(lab: Lab, kind: str, **form: str) -> httpx.Response:
    return await posted(lab, "/any/oauth2/v2.0/token", grant_type=kind, **form)


async def opens(lab: Lab, token: str) -> int:
    """The status of a call with a token."""
    response = await lab.client.get(
        WORKSPACE,
        params={"api-version": "2025-12-01"},
        headers={"Authorization": f"Bearer {token}"},
        auth=None,
    )
    return response.status_code


# Managed identity


@pytest.mark.parametrize(
    "resource",
    [
        ARM,
        f"{ARM}/",
        "https://management.core.windows.net/",
        "https%3A%2F%2Fmanagement.azure.com%2F",
        "https://ml.azure.com",
        "http://lab",
        "http://lab/",
    ],
)
@pytest.mark.parametrize("header", ["X-IDENTITY-HEADER", "secret"])
async def test_a_managed_identity_gets_a_token_that_opens(
    lab: Lab, header: str, resource: str
) -> None:
    response = await asked(
        lab, "/msi/token", **{"api-version": "2019-08-01", "resource": resource},
        headers={header: "secret"},
    )  # fmt: skip
    told = response.json()
    assert response.status_code == 200
    assert isinstance(told["expires_on"], str)
    assert claims(told["access_token"])["aud"] == resource.replace("%3A", ":").replace("%2F", "/")
    assert await opens(lab, told["access_token"]) == 200


@pytest.mark.parametrize("headers", [{}, {"secret": "no"}, {"X-IDENTITY-HEADER": "no"}])
async def test_a_wrong_identity_header_is_refused(lab: Lab, headers: dict[str, str]) -> None:
    assert (await asked(lab, "/msi/token", resource=ARM, headers=headers)).status_code == 401


async def test_instance_metadata_wants_its_header_and_a_resource(lab: Lab) -> None:
    path = "/metadata/identity/oauth2/token"
    assert (await asked(lab, path, resource=ARM)).status_code == 400
    assert (await asked(lab, path, headers={"Metadata": "true"})).status_code == 400
    response = await asked(lab, path, resource=ARM, headers={"Metadata": "true"}, client_id="abc")
    told = response.json()
    assert all(isinstance(value, str) for value in told.values())
    assert claims(told["access_token"])["appid"] == "abc"


async def test_a_token_for_something_else_does_not_open(lab: Lab) -> None:
    headers = {"X-IDENTITY-HEADER": "secret"}
    told = await asked(lab, "/msi/token", resource="https://vault.azure.net", headers=headers)
    assert await opens(lab, told.json()["access_token"]) == 401


@pytest.mark.parametrize("token", ["é", "a.b.é", "a.b.c", "...", "", "e30.eyJleHAiOiJ4In0.x"])
async def test_rubbish_opens_nothing_and_breaks_nothing(lab: Lab, token: str) -> None:
    response = await lab.client.get(
        f"{WORKSPACE}?api-version=2025-12-01",
        headers={"Authorization": f"Bearer {token}".encode()},
        auth=None,
    )
    assert response.status_code == 401
    assert "authorization_uri=" in response.headers["www-authenticate"]


# Applications


async def test_an_application_signs_in_with_the_secret(lab: Lab) -> None:
    response = await granted(
        lab, "client_credentials", client_id="app", client_secret=SECRET, scope=f"{ARM}/.default"
    )
    told = response.json()
    assert told["token_type"] == "Bearer"
    assert isinstance(told["expires_in"], int)
    assert "refresh_token" not in told
    said = claims(told["access_token"])
    assert (said["aud"], said["appid"], said["idtyp"]) == (ARM, "app", "app")
    assert said["tid"] == lab.world.tenant
    assert await opens(lab, told["access_token"]) == 200


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, 7000215),
        ({}, 401, 7000218),
        ({"client_secret": SECRET, "scope": f"{ARM}/read"}, 400, 1002012),
        ({"client_secret": SECRET, "client_id": ""}, 400, 900144),
        ({"client_secret": SECRET, "grant_type": "magic"}, 400, 70003),
        ({"client_secret": SECRET, "grant_type": ""}, 400, 900144),
        ({"grant_type": DEVICE, "device_code": "none"}, 400, 70020),
        ({"grant_type": "refresh_token", "refresh_token": "a.b.c"}, 400, 9002313),
        ({"grant_type": "authorization_code", "code": "é"}, 400, 70008),
        ({"grant_type": "password", "username": "u", "password": "no"}, 400, 50126),
    ],
)
async def test_what_proves_nothing_is_refused_in_entras_words(
    lab: Lab, form: dict[str, str], status: int, code: int
) -> None:
    usual = {"grant_type": "client_credentials", "client_id": "app", "scope": f"{ARM}/.default"}
    response = await posted(lab, "/any/oauth2/v2.0/token", **{**usual, **form})
    told = response.json()
    assert response.status_code == status
    assert told["error_codes"] == [code]
    assert told["error_description"].startswith(f"AADSTS{code}: ")


async def test_a_workload_signs_in_with_an_assertion(lab: Lab) -> None:
    response = await granted(
        lab,
        "client_credentials",
        client_id="app",
        client_assertion="whatever the cluster signed",
        client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        scope=f"{ARM}//.default",
        client_info="1",
    )
    assert claims(response.json()["access_token"])["aud"] == f"{ARM}/"
    assert await opens(lab, response.json()["access_token"]) == 200


# Users


async def test_a_device_code_is_pending_before_it_approves_itself(lab: Lab) -> None:
    scope = f"{ARM}/.default offline_access openid profile"
    code = (await posted(lab, "/x/oauth2/v2.0/devicecode", client_id="cli", scope=scope)).json()
    assert code["interval"] == 1
    assert code["user_code"] in code["message"]
    form = {"client_id": "cli", "device_code": code["device_code"], "client_info": "1"}
    pending = await granted(lab, DEVICE, **form)
    assert pending.status_code == 400
    assert pending.json()["error"] == "authorization_pending"
    told = (await granted(lab, DEVICE, **form)).json()
    said = claims(told["id_token"])
    assert said["aud"] == "cli"
    assert said["tid"] == lab.world.tenant
    assert said["preferred_username"] == "kim@contoso.com"
    assert claims(f".{told['client_info']}") == {"uid": said["oid"], "utid": said["tid"]}
    assert await opens(lab, told["access_token"]) == 200

    again = await granted(
        lab, "refresh_token", refresh_token=told["refresh_token"], scope="https://ml.azure.com/x"
    )
    assert claims(again.json()["access_token"])["aud"] == "https://ml.azure.com"


async def test_an_access_token_is_no_refresh_token(lab: Lab) -> None:
    token, _ = lab.world.mint.issue(ARM)
    assert (await granted(lab, "refresh_token", refresh_token=token)).status_code == 400


async def test_a_browser_is_led_back_with_a_code(lab: Lab) -> None:
    response = await asked(
        lab,
        "/common/oauth2/v2.0/authorize",
        client_id="cli",
        scope=f"{ARM}/.default openid",
        redirect_uri="http://localhost:8400",
        state="s",
        nonce="n",
    )
    assert response.status_code == 302
    back = httpx.URL(response.headers["location"])
    assert (back.port, back.params["state"]) == (8400, "s")
    told = (await granted(lab, "authorization_code", code=back.params["code"])).json()
    assert claims(told["id_token"])["nonce"] == "n"


async def test_a_browser_is_led_to_no_other_machine(lab: Lab) -> None:
    response = await asked(
        lab, "/common/oauth2/v2.0/authorize", redirect_uri="http://localhost.example.com"
    )
    assert response.status_code == 400


async def test_the_authority_describes_itself_on_the_host_that_was_asked(lab: Lab) -> None:
    told = (await asked(lab, "/common/v2.0/.well-known/openid-configuration")).json()
    for name in ("token_endpoint", "authorization_endpoint", "device_authorization_endpoint"):
        assert told[name].startswith("https://lab/common/")
    found = (await asked(lab, "/common/discovery/instance", **{"api-version": "1.1"})).json()
    assert found["metadata"][0]["aliases"] == ["lab"]


async def test_the_cloud_describes_itself(lab: Lab) -> None:
    cloud = (await asked(lab, "/metadata/endpoints", **{"api-version": "2019-05-01"})).json()[0]
    assert cloud["resourceManager"] == "http://lab/"
    assert cloud["portal"].partition("://")[2].count(".") >= 2
    assert cloud["authentication"]["loginEndpoint"] == "http://lab/"
    assert {"graphAudience", "batch", "gallery", "media", "sqlManagement"} <= set(cloud)
