"""HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE are honoured, and what is wrong with them is told without
the password in it."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from amltui.azure.errors import AzureError, Unreachable
from amltui.azure.transport import client_for
from tests.azure.sockets import Call, client_of, serving

ARM = "https://arm.contoso.example"
NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


async def fine(call: Call) -> None:
    await call.answer(b"{}")


async def refuse(call: Call) -> None:
    await call.answer(b"", "407 Proxy Authentication Required")


def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no name be known but those of this machine."""
    known = socket.getaddrinfo

    def unknown(host, *rest, **more):
        if host not in {"127.0.0.1", b"127.0.0.1"}:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)


async def test_requests_go_through_the_proxy_and_its_refusal_is_told(monkeypatch):
    async with serving(refuse) as proxy:
        address = proxy.url.replace("//", "//kim:SECRET@")
        monkeypatch.setenv("HTTPS_PROXY", address)
        async with client_of(ARM) as client:
            with pytest.raises(Unreachable) as told:
                await client.get("/subscriptions")
        assert proxy.calls[0].line == "CONNECT arm.contoso.example:443 HTTP/1.1"
        assert "authorization: bearer" not in proxy.calls[0].head.lower()
    assert str(told.value) == (
        "arm.contoso.example cannot be reached through the proxy: 407 Proxy Authentication Required"
    )
    assert "SECRET" not in repr(list(client.requests))


@pytest.mark.parametrize(
    ("proxy", "sentence"),
    [
        ("http://kim:SECRET@127.0.0.1:{port}", "the proxy 127.0.0.1:{port} refused the connection"),
        ("127.0.0.1:{port}", "the proxy 127.0.0.1:{port} refused the connection"),
        (
            "http://kim:SECRET@proxy.example:3128",
            "the proxy proxy.example:3128 cannot be reached: its name is not known here"
            " (check the network and DNS)",
        ),
    ],
)
async def test_a_proxy_that_cannot_be_reached_is_told_itself(monkeypatch, proxy, sentence):
    nowhere(monkeypatch)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", proxy.format(port=port))
    async with client_of(ARM) as client:
        with pytest.raises(Unreachable) as told:
            await client.get("/subscriptions")
    assert str(told.value) == sentence.format(port=port)


async def test_hosts_of_no_proxy_are_reached_directly(monkeypatch):
    nowhere(monkeypatch)
    async with serving(refuse) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", ".contoso.example")
        async with client_of(ARM) as client:
            with pytest.raises(Unreachable, match="its name is not known here"):
                await client.get("/subscriptions")
        assert proxy.connections == 0


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY", "http_proxy"])
async def test_what_goes_to_this_machine_goes_past_every_proxy(monkeypatch, name):
    """The token would be in plain text there."""
    async with serving(fine) as proxy, serving(fine) as server:
        monkeypatch.setenv(name, proxy.url)
        async with client_of(server.url) as client:
            assert await client.get("/subscriptions") == {}
        assert (proxy.connections, server.connections) == (0, 1)


@pytest.mark.parametrize(
    "proxy",
    ["ftp://kim:SECRET@proxy.example:1", "socks5://kim:SECRET@proxy.example:1",
     "http://kim:SECRET@proxy.example:port"],
)  # fmt: skip
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(monkeypatch, proxy):
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(AzureError, match="proxy") as told:
        client_for(ARM)
    assert "SECRET" not in str(told.value)


@pytest.mark.parametrize("content", [None, "nonsense"])
def test_certificates_that_cannot_be_read_are_told(monkeypatch, tmp_path, content):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(Unreachable, match="the certificates of SSL_CERT_FILE or SSL_CERT_DIR"):
        client_for(ARM)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[str, ssl.SSLContext]:
    """A certificate of this machine that nobody but its file vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem = folder / "server.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = folder / "server.key"
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return str(pem), context


async def test_a_certificate_that_nobody_vouches_for_is_refused_and_no_token_is_sent(certificate):
    _, tls = certificate
    async with serving(fine, tls) as server, client_of(server.url) as client:
        with pytest.raises(Unreachable, match="shows a certificate that is not trusted") as told:
            await client.get("/subscriptions")
        assert "behind an inspecting proxy, set SSL_CERT_FILE" in str(told.value)
        assert server.calls == []


async def test_ssl_cert_file_vouches_for_it(monkeypatch, certificate):
    pem, tls = certificate
    monkeypatch.setenv("SSL_CERT_FILE", pem)
    async with serving(fine, tls) as server, client_of(server.url) as client:
        assert await client.get("/subscriptions") == {}


async def test_plain_http_where_tls_was_meant_is_told():
    greeting = b"HTTP/1.1 400 Bad Request\r\n\r\n"
    async with (
        serving(fine, greeting=greeting) as server,
        client_of(server.url.replace("http:", "https:")) as client,
    ):
        with pytest.raises(Unreachable, match="cannot be reached over TLS"):
            await client.get("/subscriptions")
