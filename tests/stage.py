"""A service in this very process, a client of it, and one hand on the clocks of both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from amltui.azure.client import AzureClient
from amltui.azure.connect import connect
from amltui.domain.arm_id import WorkspaceId
from amltui.emulator.app import emulator, world_of
from amltui.emulator.clock import ManualClock as WorldClock
from amltui.emulator.tokens import Principal
from amltui.emulator.world import World
from tests.manual_clock import ManualClock
from tests.openapi.checking import Checked
from tests.waiting import PATIENCE

ARM = "http://127.0.0.1:8000"
START = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)


@dataclass(frozen=True)
class Token:
    """What azure-core calls an AccessToken."""

    token: str
    expires_on: int


class Credential:
    """Signs in with the world's own tokens, and counts how often it was asked."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.who: Principal | None = None
        """Whom the tokens are for; None is the world's usual user."""
        self.asked = 0

    def get_token(self, *scopes: str, **options: Any) -> Token:
        self.asked += 1
        return Token(*self.world.mint.issue(scopes[0].removesuffix("/.default"), who=self.who))


class Stage:
    """One world, and how a test acts on it."""

    def __init__(self, scenario: str = "calm", seed: int = 0) -> None:
        self.world_clock = WorldClock(START.timestamp())
        self.clock = ManualClock(START)
        """The clock of the dashboard's feeds."""
        self.world = world_of(scenario, clock=self.world_clock, seed=seed)
        self.credential = Credential(self.world)
        self.requests: list[httpx.Request] = []
        """What has gone over the wire."""

    @property
    def place(self) -> WorkspaceId:
        """The first workspace."""
        return WorkspaceId.parse(next(iter(self.world.workspaces.values())).id)

    async def connect(self) -> AzureClient:
        """A client over the ASGI application, whose waits are on this stage's clock."""
        return await connect(
            ARM,
            transport=Recording(Checked(httpx.ASGITransport(emulator(self.world))), self.requests),
            credential=self.credential,
            sleep=self._sleep,
            random=lambda: 0.0,
        )

    async def _sleep(self, seconds: float) -> None:
        await self.clock.wait(seconds, asyncio.Event())

    async def advance(self, seconds: float) -> None:
        """Let time pass in the world and for whoever waits."""
        self.world_clock.advance(seconds)
        await self.clock.advance(seconds)

    async def until(self, condition: Callable[[], Any], what: str = "", step: float = 1.0) -> Any:
        """The condition's value once it is true, letting time pass as it takes."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while True:
            if value := condition():
                return value
            if loop.time() > deadline:
                raise AssertionError(f"never came true: {what or condition}")
            await self.advance(step)
            await asyncio.sleep(0.005)

    def sent(self, method: str, ending: str) -> list[httpx.Request]:
        """The requests of a method whose path ends so."""
        return [
            request
            for request in self.requests
            if request.method == method and request.url.path.lower().endswith(ending.lower())
        ]


class Recording(httpx.AsyncBaseTransport):
    """Notes every request on its way."""

    def __init__(self, inner: httpx.AsyncBaseTransport, seen: list[httpx.Request]) -> None:
        self.inner = inner
        self.seen = seen

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        try:
            return await self.inner.handle_async_request(request)
        except AssertionError as error:
            # httpx insists that an application answers; this one cuts the connection on purpose.
            raise httpx.RemoteProtocolError("the connection was cut") from error
