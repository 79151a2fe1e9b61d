"""Tokens are checked on every call: signature, expiry, audience and tenant."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from amltui.emulator.tokens import Principal, packed
from tests.emulator.lab import WORKSPACE, Lab, laboratory

ARM = "https://management.azure.com"
URLS = [f"{WORKSPACE}/computes?api-version=2025-12-01", f"/history/v1.0{WORKSPACE}/runs/nobody"]


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


def claims(lab: Lab, **other: Any) -> dict[str, Any]:
    """Those of a good token, but for some."""
    hour = int(time.time()) + 3600
    good = {"aud": ARM, "exp": hour, "tid": lab.world.tenant, **Principal().claims()}
    return {**good, **other}


async def answer(lab: Lab, url: str, token: str | None) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return await lab.client.get(url, headers=headers, auth=None)


async def refused(lab: Lab, url: str, token: str | None) -> str:
    """The code of a 401, which comes with its challenge."""
    response = await answer(lab, url, token)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer authorization_uri=")
    return str(response.json()["error"]["code"])


@pytest.mark.parametrize("url", URLS)
async def test_a_token_that_has_expired_opens_nothing(lab: Lab, url: str) -> None:
    """Signed by the service or altered by somebody: both are told that it is too late."""
    late = lab.world.mint.seal(claims(lab, exp=int(time.time()) - 1))
    assert await refused(lab, url, late) == "ExpiredAuthenticationToken"
    head, _, signature = lab.world.mint.seal(claims(lab)).split(".")
    altered = f"{head}.{packed(claims(lab, exp=1))}.{signature}"
    assert await refused(lab, url, altered) == "ExpiredAuthenticationToken"


@pytest.mark.parametrize("url", URLS)
async def test_no_token_and_none_of_ours_open_nothing(lab: Lab, url: str) -> None:
    """Nor does one whose claims were altered without its being late."""
    assert await refused(lab, url, None) == "AuthenticationFailed"
    assert await refused(lab, url, "garbage") == "InvalidAuthenticationToken"
    head, _, signature = lab.world.mint.seal(claims(lab)).split(".")
    altered = f"{head}.{packed(claims(lab, name='Somebody'))}.{signature}"
    assert await refused(lab, url, altered) == "InvalidAuthenticationToken"


async def test_audience_and_tenant_must_be_right(lab: Lab) -> None:
    other = lab.world.mint.seal(claims(lab, aud="https://graph.microsoft.com"))
    assert await refused(lab, URLS[0], other) == "InvalidAuthenticationToken"
    foreign = lab.world.mint.seal(claims(lab, tid="another"))
    assert await refused(lab, URLS[0], foreign) == "InvalidAuthenticationTokenTenant"


@pytest.mark.parametrize("audience", [ARM, f"{ARM}/", "https://ml.azure.com", "http://lab"])
async def test_every_audience_of_azure_and_its_own_address_will_do(lab: Lab, audience: str) -> None:
    token = lab.world.mint.seal(claims(lab, aud=audience))
    assert (await answer(lab, URLS[0], token)).status_code == 200
