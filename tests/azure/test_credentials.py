"""Ways to sign in: which are tried, in which order, how they are set up, and what is said when
none of them works."""

from __future__ import annotations

from typing import Any

import azure.identity
import pytest
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.identity import CredentialUnavailableError

from amltui.azure.clouds import AZURE, CHINA, from_metadata
from amltui.azure.connect import connect
from amltui.azure.credentials import METHODS, Credential, credential
from amltui.azure.errors import AzureError, NotSignedIn, Unreachable
from tests.azure.answers import NOW, Token

CLASSES = {
    "environment": "EnvironmentCredential",
    "workload-identity": "WorkloadIdentityCredential",
    "managed-identity": "ManagedIdentityCredential",
    "device-code": "DeviceCodeCredential",
    "browser": "InteractiveBrowserCredential",
    "cli": "AzureCliCredential",
}
ENVIRONMENT = (
    "AZURE_CLIENT_ID",
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_FEDERATED_TOKEN_FILE",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "MSI_ENDPOINT",
    "IMDS_ENDPOINT",
)


class Identity:
    """Stands for azure-identity: remembers how its credentials were made and asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[tuple[str, dict[str, Any]]] = []
        self.asked: list[tuple[str, tuple[str, ...], dict[str, Any]]] = []
        self.failures: dict[str, Exception] = {}
        for way, name in CLASSES.items():
            monkeypatch.setattr(azure.identity, name, self._class(way))

    def _class(self, way: str) -> Any:
        def make(**options: Any) -> Any:
            self.made.append((way, options))
            if isinstance(self.failures.get(way), ValueError):
                raise self.failures[way]
            return _Fake(self, way)

        return make


class _Fake:
    def __init__(self, identity: Identity, way: str) -> None:
        self.identity, self.way = identity, way

    def get_token(self, *scopes: str, **options: Any) -> Token:
        self.identity.asked.append((self.way, scopes, options))
        if self.way in self.identity.failures:
            raise self.identity.failures[self.way]
        return Token(f"{self.way}-token", int(NOW))


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "")  # no Azure CLI of this machine is asked


@pytest.fixture
def identity(monkeypatch) -> Identity:
    return Identity(monkeypatch)


def made(method: str, tenant: str | None = None, cloud=AZURE) -> tuple[Credential, list[str]]:
    said: list[str] = []
    return credential(method, tenant, cloud, said.append), said


@pytest.mark.parametrize(
    ("environment", "ways"),
    [
        ({}, ["cli"]),
        ({"AZURE_CLIENT_ID": "a", "AZURE_TENANT_ID": "t"}, ["cli"]),
        ({"AZURE_CLIENT_SECRET": "s"}, ["cli"]),
        (
            {"AZURE_CLIENT_ID": "a", "AZURE_TENANT_ID": "t", "AZURE_CLIENT_SECRET": "s"},
            ["environment", "cli"],
        ),
        (
            {"AZURE_CLIENT_ID": "a", "AZURE_TENANT_ID": "t", "AZURE_CLIENT_CERTIFICATE_PATH": "/c"},
            ["environment", "cli"],
        ),
        ({"AZURE_FEDERATED_TOKEN_FILE": "/f"}, ["workload-identity", "cli"]),
        ({"IDENTITY_ENDPOINT": "http://h"}, ["managed-identity", "cli"]),
        ({"MSI_ENDPOINT": "http://h"}, ["managed-identity", "cli"]),
        (
            {
                "AZURE_CLIENT_ID": "a",
                "AZURE_TENANT_ID": "t",
                "AZURE_CLIENT_SECRET": "s",
                "AZURE_FEDERATED_TOKEN_FILE": "/f",
                "IDENTITY_ENDPOINT": "http://h",
            },
            ["environment", "workload-identity", "managed-identity", "cli"],
        ),
    ],
)
def test_auto_tries_what_the_environment_announces_and_then_the_cli(
    identity, monkeypatch, environment, ways
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for way in ways:
        identity.failures[way] = CredentialUnavailableError(f"{way} is not set up.\nMore text")
    found, _ = made("auto")
    with pytest.raises(NotSignedIn) as told:
        found.get_token("scope")
    assert [way for way, _, _ in identity.asked] == ways
    if len(ways) == 1:
        assert str(told.value) == "cli: cli is not set up; run `az login`"
    else:
        assert str(told.value) == (
            "not signed in: run `az login`, or start with --auth device-code or --auth browser"
            f" (tried {', '.join(ways)})"
        )


def test_the_first_way_that_works_is_stayed_with(identity, monkeypatch):
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://h")
    identity.failures["managed-identity"] = CredentialUnavailableError("no")
    found, _ = made("auto")
    for _ in range(2):
        assert found.get_token("scope", enable_cae=True).token == "cli-token"
    assert found.winner == "cli"
    assert [way for way, _, _ in identity.asked] == ["managed-identity", "cli", "cli"]
    assert [way for way, _ in identity.made] == ["managed-identity", "cli"]
    assert identity.asked[-1] == ("cli", ("scope",), {"enable_cae": True})


def test_a_way_that_is_set_up_and_refused_is_not_hidden_by_another(identity, monkeypatch):
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://h")
    identity.failures["managed-identity"] = ClientAuthenticationError("AADSTS700016: bad app.\nx")
    found, _ = made("auto")
    with pytest.raises(NotSignedIn) as told:
        found.get_token("scope")
    assert str(told.value) == (
        "managed-identity: AADSTS700016: bad app; give this machine a managed identity, or use"
        " another --auth"
    )
    assert [way for way, _, _ in identity.asked] == ["managed-identity"]


@pytest.mark.parametrize("method", [each for each in METHODS if each != "auto"])
def test_each_method_is_itself_only(identity, method):
    found, said = made(method, "tenant-1")
    assert found.get_token("scope").token == f"{method}-token"
    [(way, options)] = identity.made
    assert way == method
    if method not in {"managed-identity"}:
        assert options["additionally_allowed_tenants"] == ["*"]
    if method in {"cli", "device-code", "browser"}:
        assert options["tenant_id"] == "tenant-1"
    if method in {"device-code", "browser", "environment"}:
        assert options["authority"] == "login.microsoftonline.com"
    assert said == (["Signing in: a browser window has been opened"] if method == "browser" else [])


def test_nothing_is_made_before_the_first_token(identity):
    made("browser")
    assert identity.made == []


def test_the_authority_is_the_clouds_own(identity):
    made("device-code", cloud=CHINA)[0].get_token("scope")
    assert identity.made[0][1]["authority"] == "login.chinacloudapi.cn"


def test_a_device_code_is_told_to_the_user(identity):
    found, said = made("device-code")
    found.get_token("scope")
    identity.made[0][1]["prompt_callback"]("https://microsoft.com/devicelogin", "ABC123", None)
    assert said == ["To sign in, open https://microsoft.com/devicelogin and enter the code ABC123"]


@pytest.mark.parametrize(
    ("method", "failure", "kind", "sentence"),
    [
        (
            "cli",
            CredentialUnavailableError("Azure CLI not found on path"),
            NotSignedIn,
            "cli: Azure CLI not found on path; run `az login --tenant t-1`",
        ),
        (
            "cli",
            ValueError("Invalid tenant id provided.\nYou can locate"),
            NotSignedIn,
            "cli: Invalid tenant id provided; run `az login --tenant t-1`",
        ),
        (
            "environment",
            ClientAuthenticationError("AADSTS7000215: Invalid client secret."),
            NotSignedIn,
            "environment: AADSTS7000215: Invalid client secret; check AZURE_TENANT_ID,"
            " AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
        ),
        (
            "device-code",
            ClientAuthenticationError("Timed out waiting"),
            NotSignedIn,
            "device-code: Timed out waiting; try again, or use another --auth",
        ),
        (
            "browser",
            ServiceRequestError("Failed to resolve 'login.microsoftonline.com'"),
            Unreachable,
            "the sign-in service cannot be reached: Failed to resolve 'login.microsoftonline.com'",
        ),
        (
            "managed-identity",
            ServiceResponseError("Connection reset"),
            Unreachable,
            "the sign-in service cannot be reached: Connection reset",
        ),
        (
            "managed-identity",
            CredentialUnavailableError("\n No identity here. \n"),
            NotSignedIn,
            "managed-identity: No identity here; give this machine a managed identity,"
            " or use another --auth",
        ),
    ],
)
def test_why_nobody_is_signed_in_and_what_to_do(identity, method, failure, kind, sentence):
    identity.failures[method] = failure
    with pytest.raises(kind) as told:
        made(method, "t-1")[0].get_token("scope")
    assert str(told.value) == sentence


async def test_what_azure_identity_raises_besides_is_one_sentence_too(identity, rig):
    identity.failures["cli"] = HttpResponseError("Odd answer.\nContent: x")
    rig.client.auth.credential = made("cli")[0]
    with pytest.raises(NotSignedIn, match=r"^signing in failed: Odd answer$"):
        await rig.place.get("/computes")


def test_a_way_that_does_not_exist_is_told_with_those_that_do():
    with pytest.raises(NotSignedIn, match="no way to sign in called kerberos: auto, cli, device"):
        made("kerberos")


def test_an_emulators_authority_is_no_reason_to_fail_before_the_managed_identity(monkeypatch):
    """With azure-identity itself, which takes https authorities only."""
    cloud = from_metadata(
        [{"authentication": {"loginEndpoint": "http://127.0.0.1:1/"}}], "http://127.0.0.1:1"
    )
    for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"):
        monkeypatch.setenv(name, "x")
    found, _ = made("environment", cloud=cloud)
    with pytest.raises(AzureError, match=r"^environment: .* check AZURE_TENANT_ID"):
        found.get_token("http://127.0.0.1:1/.default")


@pytest.mark.parametrize(
    ("cloud", "sentence"),
    [
        ("Atlantis", "there is no cloud called Atlantis: choose AzureCloud, AzureUSGovernment,"),
        ("http://arm.example", "takes an https URL"),
        ("ftp://arm.example", "takes an https URL"),
        ("https://kim@arm.example", "takes an https URL"),
        ("https://", "there is no cloud called https://: choose"),
        ("https://a b", "takes an https URL"),
    ],
)
async def test_a_cloud_that_cannot_be_is_told_at_once(cloud, sentence):
    with pytest.raises(AzureError, match=sentence):
        await connect(cloud)


async def test_who_is_signed_in_is_not_asked_before_the_first_request(identity):
    client = await connect("AzureCloud", "cli")
    assert client.cloud is AZURE
    assert identity.made == []
    await client.aclose()
