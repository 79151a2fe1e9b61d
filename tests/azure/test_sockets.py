"""Over real sockets: whatever happens to a connection ends in one sentence, or in the answer."""

from __future__ import annotations

import asyncio
import gzip
import inspect
import socket

import httpcore
import pytest
import sniffio

from amltui.azure.errors import AzureError, ServiceBroken, Unreachable
from amltui.azure.transport import CONNECTIONS, KEPT_FREE
from amltui.azure.turns import Urgency, asking
from tests.azure.sockets import Call, client_of, serving
from tests.waiting import wait_until

BODY = b'{"value": [{"name": "\xc3\xa9"}]}'
READ = {"value": [{"name": "é"}]}


async def refusal(handler, seconds: float = 5.0) -> AzureError:
    """The error of a read that this server answers."""
    async with serving(handler) as server, client_of(server.url, seconds) as client:
        with pytest.raises(AzureError) as told:
            await client.get("/subscriptions")
        assert str(told.value).startswith(server.url.removeprefix("http://"))
        return told.value


async def test_a_refused_connection():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with client_of(f"http://127.0.0.1:{port}") as client:
        with pytest.raises(Unreachable, match=rf"^127\.0\.0\.1:{port} refused the connection$"):
            await client.get("/subscriptions")


async def test_a_connection_that_is_cut():
    async def cut(call: Call) -> None:
        call.reset()

    error = await refusal(cut)
    assert type(error) is Unreachable
    assert "broke off the connection" in str(error)


async def test_a_connection_that_ends_without_an_answer():
    async def end(call: Call) -> None:
        call.close()

    error = await refusal(end)
    assert type(error) is Unreachable
    assert "broke off the connection" in str(error)


async def test_an_answer_that_does_not_come_in_time():
    async def wait(call: Call) -> None:
        await asyncio.Event().wait()

    error = await refusal(wait, seconds=0.05)
    assert type(error) is Unreachable
    assert str(error).endswith("did not answer in time")


async def test_a_body_that_stops_in_the_middle():
    async def half(call: Call) -> None:
        await call.answer(BODY[:10], Content_Length=str(len(BODY)))
        call.close()

    error = await refusal(half)
    assert type(error) is Unreachable
    assert "broke off the connection" in str(error)


async def test_a_body_that_stalls_in_the_middle():
    async def stall(call: Call) -> None:
        await call.answer(BODY[:10], Content_Length=str(len(BODY)))
        await asyncio.Event().wait()

    error = await refusal(stall, seconds=0.05)
    assert str(error).endswith("did not answer in time")


async def test_a_length_that_is_shorter_than_the_body():
    async def short(call: Call) -> None:
        await call.answer(BODY, Content_Length="4")

    error = await refusal(short)
    assert type(error) is ServiceBroken
    assert "sent something that is not JSON for subscriptions" in str(error)


@pytest.mark.parametrize(
    "raw",
    [b"HTTP/1.1 200 OK\r\nContent-Length: nonsense\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
     b"\x00\x01\x02\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"],
    ids=["no length", "another protocol", "bytes", "no status"],
)  # fmt: skip
async def test_what_is_not_http(raw):
    async def odd(call: Call) -> None:
        await call.send(raw)
        call.close()

    assert type(await refusal(odd)) is Unreachable


async def test_html_of_a_gateway():
    async def html(call: Call) -> None:
        await call.answer(b"<html>", "502 Bad Gateway", Content_Type="text/html")

    error = await refusal(html)
    assert type(error) is ServiceBroken
    assert str(error).endswith("answered 502 to GET subscriptions")


async def test_a_compressed_body_is_read():
    async def pack(call: Call) -> None:
        assert "accept-encoding" in call.head.lower()
        await call.answer(gzip.compress(BODY), Content_Encoding="gzip")

    async with serving(pack) as server, client_of(server.url) as client:
        assert await client.get("/subscriptions") == READ


async def test_a_body_that_cannot_be_decompressed():
    async def pack(call: Call) -> None:
        await call.answer(b"not gzip at all", Content_Encoding="gzip")

    error = await refusal(pack)
    assert type(error) is ServiceBroken
    assert str(error).endswith("sent an answer that cannot be decompressed")


async def test_chunks_are_put_together():
    async def chunks(call: Call) -> None:
        await call.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for start in range(0, len(BODY), 7):
            piece = BODY[start : start + 7]
            await call.send(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            await asyncio.sleep(0)
        await call.send(b"0\r\n\r\n")

    async with serving(chunks) as server, client_of(server.url) as client:
        assert await client.get("/subscriptions") == READ


async def test_a_connection_is_kept_for_the_next_request():
    async def fine(call: Call) -> None:
        await call.answer(BODY)

    async with serving(fine) as server, client_of(server.url) as client:
        for _ in range(5):
            await client.get("/subscriptions")
        assert (server.connections, len(server.calls)) == (1, 5)


async def test_a_kept_connection_that_the_server_has_closed_is_not_noticed_by_the_user():
    async def once(call: Call) -> None:
        await call.answer(BODY)
        call.close()

    async with serving(once) as server, client_of(server.url) as client:
        for _ in range(3):
            assert await client.get("/subscriptions") == READ
        assert server.connections == 3


async def test_no_more_connections_than_are_meant():
    gate = asyncio.Event()

    async def gated(call: Call) -> None:
        await gate.wait()
        await call.answer(BODY)

    async with serving(gated) as server, client_of(server.url) as client:
        asked = [asyncio.ensure_future(client.get(f"/subscriptions/{n}")) for n in range(30)]
        await wait_until(lambda: len(server.calls) >= CONNECTIONS)
        gate.set()
        assert await asyncio.gather(*asked) == [READ] * 30
        assert server.connections == CONNECTIONS


async def test_what_the_user_does_passes_lists_that_hang():
    """Hundreds of places that never answer hold up neither what is looked at nor a change."""

    async def hanging(call: Call) -> None:
        if "/many/" in call.head:
            await asyncio.Event().wait()
        await call.answer(BODY)

    async with serving(hanging) as server, client_of(server.url) as client:
        with asking(Urgency.MANY):
            many = [asyncio.ensure_future(client.get(f"/many/{n}")) for n in range(300)]
        await wait_until(lambda: len(server.calls) == CONNECTIONS - KEPT_FREE)
        assert await client.get("/looked/at") == READ
        assert await client.post("/stop") == READ
        for each in many:
            each.cancel()
        await asyncio.gather(*many, return_exceptions=True)


def test_the_pool_finds_out_in_what_it_runs_without_a_search():
    """Without this library it looks through all folders of modules, in vain, at every lock."""
    assert sniffio.current_async_library_cvar is not None
    source = inspect.getsource(httpcore._synchronization.current_async_library)
    assert "import sniffio" in source  # else the library is needed no more


async def test_a_redirect_is_not_followed_and_no_token_goes_there():
    async def fine(call: Call) -> None:
        await call.answer(BODY)

    async with serving(fine) as elsewhere:

        async def redirect(call: Call) -> None:
            await call.answer(b"", "302 Found", Location=f"{elsewhere.url}/x")

        error = await refusal(redirect)
        assert str(error).endswith("answered 302 to GET subscriptions")
        assert elsewhere.connections == 0


async def test_what_arrives_is_what_was_meant():
    async def fine(call: Call) -> None:
        await call.answer(BODY)

    async with serving(fine) as server, client_of(server.url) as client:
        await client.post("/x", json={"a": 1}, params={"b": "c d"}, reads=True)
        [call] = server.calls
        assert call.line == "POST /x?api-version=2025-12-01&b=c+d HTTP/1.1"
        head = call.head.lower()
        assert "\r\nauthorization: bearer token-1\r\n" in head
        assert "\r\naccept: application/json\r\n" in head
        assert "\r\nuser-agent: amltui/" in head


async def test_a_name_that_is_not_known(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with client_of("https://arm.contoso.example") as client:
        with pytest.raises(
            Unreachable, match=r"^arm\.contoso\.example cannot be reached: its name"
        ):
            await client.get("/subscriptions")
