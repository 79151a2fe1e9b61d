"""From what the user said of the cloud and the sign-in to a client."""

from __future__ import annotations

import asyncio
import random as random_numbers
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx

from amltui.azure import address, clouds, credentials, errors, loose, trust
from amltui.azure.auth import TokenAuth, TokenCredential
from amltui.azure.client import API_VERSION, AzureClient, Sleep
from amltui.azure.transport import client_for, unreachable

if TYPE_CHECKING:
    from amltui.azure.clouds import Cloud

METADATA = "/metadata/endpoints?api-version=2019-05-01"


def _silent(message: str) -> None:
    """Nobody is there to be told."""


async def connect(
    cloud: str,
    auth: str = "auto",
    tenant: str | None = None,
    *,
    prompt: Callable[[str], None] = _silent,
    transport: httpx.AsyncBaseTransport | None = None,
    sleep: Sleep = asyncio.sleep,
    random: Callable[[], float] = random_numbers.random,
    credential: TokenCredential | None = None,
    api_version: str = API_VERSION,
) -> AzureClient:
    """A client of the cloud that is meant. Signs in at the first request, not here.

    `cloud` is a name or the URL of a Resource Manager endpoint, which then describes itself.
    """
    known = clouds.named(cloud)
    http = client_for(known.arm if known else _arm_url(cloud), transport)
    try:
        place = known or await _described(_arm_url(cloud), http)
        signer = credential or credentials.credential(auth, tenant, place, prompt)
    except BaseException:
        await http.aclose()
        raise
    return AzureClient(
        place,
        TokenAuth(place, signer, tenant),
        http,
        api_version=api_version,
        sleep=sleep,
        random=random,
    )


def _arm_url(cloud: str) -> str:
    """The URL of a custom cloud, if it is one that a token may be sent to."""
    url = cloud.strip().rstrip("/")
    scheme, separator, rest = url.partition("://")
    if not separator:
        names = ", ".join(each.name for each in clouds.KNOWN)
        raise errors.NotFound(
            f"there is no cloud called {cloud}: choose {names}, or give the URL of an ARM endpoint"
        )
    authority, slash, path = rest.partition("/")
    url = f"{scheme.lower()}://{authority.lower()}{slash}{path}"
    if not trust.has_safe_scheme(url):
        raise errors.Untrusted(
            f"{address.host(url)} cannot be used as a cloud: it takes an https URL"
            " (plain http is for this machine only)"
        )
    return url


async def _described(arm: str, http: httpx.AsyncClient) -> Cloud:
    """Ask the endpoint what cloud it is; no token is needed, and none is sent."""
    url = arm + METADATA
    try:
        response = await http.get(url)
        document = loose.document(response.content) if response.status_code == 200 else None
    except httpx.HTTPError as error:
        raise unreachable(error, url) from error
    except (httpx.InvalidURL, ValueError) as error:
        raise _not_a_cloud(arm) from error
    if not isinstance(document, dict | list) or not document:
        raise _not_a_cloud(arm)
    return clouds.from_metadata(document, arm)


def _not_a_cloud(arm: str) -> errors.ServiceBroken:
    return errors.ServiceBroken(
        f"{address.host(arm)} does not describe itself as a cloud: is it an ARM endpoint?"
    )
