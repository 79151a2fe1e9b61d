"""The two plainest ways to a token, without azure-identity: that takes 0.2 s and 20 MB to import.

Only what goes as documented is taken from here. None stands for everything else, which is then
azure-identity's to do: it knows the other environments, and how to say what is wrong.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from msgspec import Struct

_SCOPE = "/.default"
_TENANT = re.compile(r"[A-Za-z0-9.-]+")
_CLI_PATIENCE = 30.0
_CONNECTING, _ANSWERING = 5.0, 20.0
"""Seconds, as azure-identity is given them."""
LARGEST = 1_000_000
"""Bytes of an answer that are read: a token has some thousands."""


class Given(Struct, frozen=True):
    """A token, and when it expires in seconds since 1970."""

    token: str
    expires_on: int


class _CliAnswer(Struct, rename={"token": "accessToken"}):
    token: str
    expires_on: int


class _EndpointAnswer(Struct, rename={"token": "access_token"}):
    token: str
    expires_on: int


def token(way: str, tenant: str | None, scopes: tuple[str, ...], options: Any) -> Given | None:
    """A token by this way; None where anything is not plain."""
    plain = options.keys() <= {"enable_cae", "tenant_id"} and options.get("tenant_id") in {
        None,
        tenant,
    }
    if not plain or len(scopes) != 1 or not scopes[0].endswith(_SCOPE):
        return None
    resource = scopes[0].removesuffix(_SCOPE)
    try:
        if way == "cli":
            return _from_cli(resource, tenant)
        return _from_endpoint(resource) if way == "managed-identity" else None
    except (OSError, ValueError, subprocess.SubprocessError, http.client.HTTPException):
        return None


def _from_cli(resource: str, tenant: str | None) -> Given | None:
    """Of `az account get-access-token`, called as azure-identity calls it, outside any project."""
    az = shutil.which("az")
    if os.name != "posix" or az is None or not (tenant is None or _TENANT.fullmatch(tenant)):
        return None
    ended = subprocess.run(
        [az, "account", "get-access-token", "--output", "json", "--resource", resource]
        + (["--tenant", tenant] if tenant else []),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        cwd="/bin",
        env={**os.environ, "AZURE_CORE_NO_COLOR": "true"},
        timeout=_CLI_PATIENCE,
        check=False,
    )
    return _read(ended.stdout, _CliAnswer) if ended.returncode == 0 else None


def _from_endpoint(resource: str) -> Given | None:
    """Of the endpoint that App Service, Functions and Container Apps announce.

    https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
    It is on this machine, so nothing of it goes through a proxy.
    """
    endpoint, secret = os.environ.get("IDENTITY_ENDPOINT"), os.environ.get("IDENTITY_HEADER")
    if not endpoint or not secret or os.environ.get("IDENTITY_SERVER_THUMBPRINT"):
        return None
    url = urlsplit(endpoint)
    if url.scheme != "http" or url.hostname is None or url.query:
        return None
    asked = {"api-version": "2019-08-01", "resource": resource}
    if client := os.environ.get("AZURE_CLIENT_ID"):
        asked["client_id"] = client
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=_CONNECTING)
    try:
        connection.connect()
        connection.sock.settimeout(_ANSWERING)
        headers = {"X-IDENTITY-HEADER": secret}
        connection.request("GET", f"{url.path}?{urlencode(asked)}", headers=headers)
        answer = connection.getresponse()
        return _read(answer.read(LARGEST), _EndpointAnswer) if answer.status == 200 else None
    finally:
        connection.close()


def _read(text: bytes, answer: type[_CliAnswer] | type[_EndpointAnswer]) -> Given | None:
    """Numbers may stand in quotes, as the endpoint writes them."""
    found = msgspec.json.decode(text, type=answer, strict=False)
    return Given(found.token, found.expires_on) if found.token else None
