"""A real server on a port of this machine, that answers as badly as a test wants."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from amltui.azure.auth import TokenAuth
from amltui.azure.client import AzureClient
from amltui.azure.clouds import from_metadata
from amltui.azure.transport import client_for
from tests.azure.answers import NOW, Credential

Handler = Callable[["Call"], Awaitable[None]]


@dataclass
class Call:
    """One request on a connection, and how to answer it."""

    head: str
    writer: asyncio.StreamWriter

    @property
    def line(self) -> str:
        """`GET /path HTTP/1.1`"""
        return self.head.partition("\r\n")[0]

    async def send(self, raw: bytes) -> None:
        self.writer.write(raw)
        await self.writer.drain()

    async def answer(self, body: bytes, status: str = "200 OK", **headers: str) -> None:
        """An answer as it should be; keywords are headers, with `_` for `-`."""
        fields = {"Content-Length": str(len(body)), "Content-Type": "application/json"}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        await self.send(f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body)

    def reset(self) -> None:
        """Cut the connection at once."""
        self.writer.transport.abort()

    def close(self) -> None:
        self.writer.close()


@dataclass
class Server:
    """What arrived, and where."""

    handler: Handler
    greeting: bytes = b""
    calls: list[Call] = field(default_factory=list)
    connections: int = 0
    url: str = ""
    _open: dict[asyncio.StreamWriter, asyncio.Task[None]] = field(default_factory=dict)

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open[writer] = asyncio.get_running_loop().create_task(self._serve(reader, writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.greeting)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                call = Call(head.decode(), writer)
                self.calls.append(call)
                await self.handler(call)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def end(self) -> None:
        for task in self._open.values():
            task.cancel()
        await asyncio.gather(*self._open.values(), return_exceptions=True)
        for writer in self._open:
            writer.transport.abort()


@asynccontextmanager
async def serving(
    handler: Handler, tls: ssl.SSLContext | None = None, greeting: bytes = b""
) -> AsyncIterator[Server]:
    """The server, as long as the block lasts; it says its greeting before it is asked."""
    server = Server(handler, greeting)
    listening = await asyncio.start_server(server.connected, "127.0.0.1", 0, ssl=tls)
    port = listening.sockets[0].getsockname()[1]
    server.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    try:
        yield server
    finally:
        listening.close()
        await server.end()


@asynccontextmanager
async def client_of(arm: str, seconds: float = 5.0) -> AsyncIterator[AzureClient]:
    """A client of a cloud at this address, over real sockets, whose pauses take no time."""
    cloud = from_metadata([], arm)
    http = client_for(arm)
    http.timeout = httpx.Timeout(seconds)

    async def sleep(pause: float) -> None:
        await asyncio.sleep(0)

    client = AzureClient(
        cloud, TokenAuth(cloud, Credential(), clock=lambda: NOW), http, sleep=sleep
    )
    try:
        yield client
    finally:
        await client.aclose()
