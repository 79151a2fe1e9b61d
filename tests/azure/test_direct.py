"""Tokens that are taken without azure-identity, and everything that is left to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from amltui.azure import direct
from amltui.azure.direct import Given

SCOPES = ("https://management.azure.com/.default",)
GIVEN = {"accessToken": "ey.cli", "expires_on": 1_900_000_000, "tenant": "t-1"}


class Az:
    """A stand-in for the Azure CLI, first on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said("")

    def said(self, text: str, code: int = 0) -> None:
        """Print this and exit so from now on."""
        answer, script = self.folder / "answer", self.folder / "az"
        answer.write_text(text)
        script.write_text(
            f'#!/bin/sh\necho "$PWD $*" >> {self.folder}/calls\ncat {answer}\nexit {code}\n'
        )
        script.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        file = self.folder / "calls"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture
def az(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Az:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return Az(tmp_path)


class Endpoint(HTTPServer):
    """A managed identity's endpoint, as App Service announces it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.asked: list[tuple[dict[str, list[str]], str | None]] = []
        self.answer: tuple[int, bytes] = (200, b"{}")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/msi/token"


class _Answering(BaseHTTPRequestHandler):
    server: Endpoint

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        self.server.asked.append((query, self.headers.get("X-IDENTITY-HEADER")))
        code, body = self.server.answer
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None:
        """Nothing."""


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """Announced, on a machine where everything else goes through a proxy that is not there."""
    with Endpoint() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        monkeypatch.setenv("IDENTITY_ENDPOINT", server.url)
        monkeypatch.setenv("IDENTITY_HEADER", "s3cret")
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        for name in ("AZURE_CLIENT_ID", "IDENTITY_SERVER_THUMBPRINT"):
            monkeypatch.delenv(name, raising=False)
        yield server
        server.shutdown()


def token(way: str, tenant: str | None = None, **options: Any) -> Given | None:
    return direct.token(way, tenant, SCOPES, {"enable_cae": True, **options})


def test_the_cli_is_asked_as_azure_identity_asks_it(az: Az):
    """For the resource of the scope, in the tenant that was named, from a folder of the system."""
    az.said(json.dumps(GIVEN))
    assert token("cli") == Given("ey.cli", 1_900_000_000)
    assert token("cli", "t-1", tenant_id="t-1") == Given("ey.cli", 1_900_000_000)
    asked = "/bin account get-access-token --output json --resource https://management.azure.com"
    assert [call.replace("/usr/bin", "/bin") for call in az.calls] == [
        asked, f"{asked} --tenant t-1"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Please run 'az login' to set up an account", 1),
        ("", 0),
        ("WARNING: not JSON", 0),
        ("[]", 0),
        ('{"accessToken": "", "expires_on": 1}', 0),
        ('{"accessToken": 5, "expires_on": 1}', 0),
        ('{"accessToken": "old", "expiresOn": "2026-01-01 00:00:00.000000"}', 0),
        ('{"accessToken": "ey", "expires_on": "tomorrow"}', 0),
    ],
)
def test_whatever_else_the_cli_says_is_left_to_azure_identity(az: Az, text: str, code: int):
    """It is not signed in, or is an old one that tells no seconds: no guess is made."""
    az.said(text, code)
    assert token("cli") is None
    assert len(az.calls) == 1


@pytest.mark.parametrize(
    ("tenant", "options"),
    [(None, {"claims": "{}"}), (None, {"tenant_id": "t-2"}), ("a tenant", {})],
)
def test_what_is_not_plain_is_not_asked_for(az: Az, tenant: str | None, options: dict[str, str]):
    """Claims, another tenant than the one that was named, a name that is none."""
    az.said(json.dumps(GIVEN))
    assert token("cli", tenant, **options) is None
    assert direct.token("cli", None, (*SCOPES, *SCOPES), {}) is None
    assert direct.token("cli", None, ("User.Read",), {}) is None
    assert token("device-code") is None
    assert az.calls == []


def test_the_managed_identity_of_app_service_is_asked_on_this_machine(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
):
    """With its secret, for the identity that is named; no proxy sees it."""
    endpoint.answer = (200, b'{"access_token": "ey.msi", "expires_on": "1900000000"}')
    assert token("managed-identity") == Given("ey.msi", 1_900_000_000)
    monkeypatch.setenv("AZURE_CLIENT_ID", "mine")
    assert token("managed-identity") == Given("ey.msi", 1_900_000_000)
    plain = {"api-version": ["2019-08-01"], "resource": ["https://management.azure.com"]}
    assert endpoint.asked == [(plain, "s3cret"), ({**plain, "client_id": ["mine"]}, "s3cret")]


@pytest.mark.parametrize(
    "answer",
    [
        (400, b'{"access_token": "ey.msi", "expires_on": "1900000000"}'),
        (302, b""),
        (200, b"<html>"),
        (200, b'{"access_token": "ey.msi", "expires_on": "01/01/2027 00:00:00 +00:00"}'),
        (200, b'{"expires_on": "1900000000"}'),
    ],
)
def test_whatever_else_an_endpoint_says_is_left_to_azure_identity(
    endpoint: Endpoint, answer: tuple[int, bytes]
):
    """A refusal, a detour, a page, a time in words."""
    endpoint.answer = answer
    assert token("managed-identity") is None
    assert len(endpoint.asked) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IDENTITY_SERVER_THUMBPRINT", "of Service Fabric"),
        ("IDENTITY_HEADER", ""),
        ("IDENTITY_ENDPOINT", ""),
        ("IDENTITY_ENDPOINT", "https://127.0.0.1:1/token"),
        ("IDENTITY_ENDPOINT", "http://127.0.0.1:1/token"),
        ("IDENTITY_ENDPOINT", "http://127.0.0.1:port/token"),
    ],
)
def test_other_identities_of_machines_are_left_to_azure_identity(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, name: str, value: str
):
    """Service Fabric, Arc, the metadata service, and an endpoint that is not there."""
    monkeypatch.setenv(name, value)
    assert token("managed-identity") is None
    assert endpoint.asked == []
