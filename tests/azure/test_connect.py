"""From what the user said of the cloud to a client, or to one sentence on why there is none."""

from __future__ import annotations

import httpx
import pytest

from amltui.azure.clouds import AZURE, US_GOVERNMENT
from amltui.azure.connect import connect
from amltui.azure.errors import AzureError, NotFound, ServiceBroken, Unreachable, Untrusted
from tests.azure.answers import Credential, Reply, Service

ARM = "https://arm.contoso.example"


class Transport(httpx.MockTransport):
    """Knows whether it has been closed."""

    closed = False

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("name", "cloud"),
    [("AzureCloud", AZURE), ("usgov", US_GOVERNMENT), ("https://management.azure.com/", AZURE)],
)
async def test_a_cloud_that_is_known_is_not_asked_who_it_is(name, cloud):
    service = Service()
    client = await connect(
        name, transport=Transport(service.answer), credential=Credential(), api_version="v9"
    )
    assert (client.cloud, client.api_version) == (cloud, "v9")
    assert service.requests == []
    await client.aclose()


@pytest.mark.parametrize(
    ("cloud", "arm"),
    [
        (ARM, ARM),
        (f" {ARM}/ ", ARM),
        ("HTTPS://ARM.Contoso.Example:443/", f"{ARM}:443"),
        ("http://LOCALHOST:8000", "http://localhost:8000"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
async def test_an_endpoint_is_asked_who_it_is(cloud, arm):
    service = Service()
    document = b'\xef\xbb\xbf[{"name": "Contoso"}]'
    service.on("GET", "/metadata/endpoints", Reply(200, document))
    client = await connect(cloud, transport=Transport(service.answer), credential=Credential())
    assert (client.cloud.name, client.cloud.arm) == ("Contoso", arm)
    assert service.bearers == [None]
    await client.aclose()


@pytest.mark.parametrize(
    ("reply", "kind", "sentence"),
    [
        (Reply(404), ServiceBroken, "does not describe itself as a cloud: is it an ARM endpoint?"),
        (Reply(200, b"<html>"), ServiceBroken, "does not describe itself as a cloud"),
        (Reply(200, []), ServiceBroken, "does not describe itself as a cloud"),
        (Reply(200, "text"), ServiceBroken, "does not describe itself as a cloud"),
        (Reply(302, None, {"Location": "/x"}), ServiceBroken, "does not describe itself"),
        (Reply(500), ServiceBroken, "does not describe itself as a cloud"),
        (Reply(200, b"[" * 100_000), ServiceBroken, "does not describe itself as a cloud"),
        (httpx.ConnectError("no"), Unreachable, "cannot be reached"),
        (httpx.ReadTimeout("slow"), Unreachable, "did not answer in time"),
    ],
)
async def test_what_is_no_cloud_is_told_and_nothing_is_left_open(
    monkeypatch, reply, kind, sentence
):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    service = Service()
    service.on("GET", "/metadata/endpoints", reply)
    transport = Transport(service.answer)
    with pytest.raises(kind, match=f"^arm.contoso.example {sentence}"):
        await connect(ARM, transport=transport, credential=Credential())
    assert transport.closed


async def test_a_sign_in_that_does_not_exist_is_told_and_nothing_is_left_open():
    transport = Transport(Service().answer)
    with pytest.raises(AzureError, match="no way to sign in called kerberos"):
        await connect("AzureCloud", "kerberos", transport=transport)
    assert transport.closed


@pytest.mark.parametrize(
    ("cloud", "kind"),
    [
        ("Atlantis", NotFound),
        ("http://arm.contoso.example", Untrusted),
        ("http://127.0.0.1.evil.example", Untrusted),
        ("https://kim:secret@arm.contoso.example", Untrusted),
        ("https://arm.contoso.example\\@evil.example", Untrusted),
    ],
)
async def test_what_can_be_no_cloud_is_not_asked(cloud, kind):
    service = Service()
    with pytest.raises(kind) as told:
        await connect(cloud, transport=Transport(service.answer), credential=Credential())
    assert service.requests == []
    assert "secret" not in str(told.value)
