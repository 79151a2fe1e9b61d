"""The service with one workspace, a clock set by hand, and a client that is signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from amltui.emulator.app import emulator
from amltui.emulator.clock import ManualClock
from amltui.emulator.computes.record import CLUSTER, Compute
from amltui.emulator.jobs.history import JobHistory
from amltui.emulator.jobs.stories import calm
from amltui.emulator.places import Subscription, Workspace
from amltui.emulator.scenarios import microsoft
from amltui.emulator.scenarios.filling import bare, filled
from amltui.emulator.state import StateFile
from amltui.emulator.world import World
from tests.openapi.checking import Checked

NOON = 1_700_000_000.0
VERSION = "2025-12-01"
WORKSPACE = (
    "/subscriptions/s1/resourceGroups/rg1/providers"
    "/Microsoft.MachineLearningServices/workspaces/calm-ws"
)
HISTORY = f"/history/v1.0{WORKSPACE}"
METRIC = f"/metric/v2.0{WORKSPACE}"
MLFLOW = f"/mlflow/v2.0{WORKSPACE}/api/2.0/mlflow"


class SignedIn(httpx.Auth):
    """Adds a token, and to what goes to ARM the api-version that it asks for."""

    def __init__(self, token: str) -> None:
        self.token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        request.headers["Authorization"] = f"Bearer {self.token}"
        if "api-version" not in request.url.params:
            request.url = request.url.copy_add_param("api-version", VERSION)
        yield request


class Lab:
    """A client of the service, and the hand on its clock."""

    def __init__(self, client: httpx.AsyncClient, world: World, clock: ManualClock) -> None:
        self.client = client
        self.world = world
        self._clock = clock

    def pass_time(self, seconds: float) -> None:
        self._clock.advance(seconds)

    async def get(self, url: str, **query: Any) -> Any:
        response = await self.client.get(url, params=query or None)
        assert response.status_code == 200, response.text
        return response.json()

    async def post(self, url: str, body: Any = None) -> Any:
        response = await self.client.post(url, json=body)
        assert response.status_code == 200, response.text
        return response.json()

    async def blob(self, url: str, **headers: str) -> httpx.Response:
        """What is behind a signed link: asked without a token."""
        return await self.client.get(url, headers=headers, auth=None)

    async def named(self, display_name: str) -> str:
        """The name of the job of this display name."""
        jobs = (await self.get(f"{WORKSPACE}/jobs", listViewType="All"))["value"]
        found = (
            job for job in jobs if (job.get("properties") or {}).get("displayName") == display_name
        )
        return str(next(found)["name"])


Tell = Callable[[str, int, float], JobHistory]


@asynccontextmanager
async def laboratory(
    tell: Tell = calm, page_size: int = 100, state: StateFile | None = None, now: float = NOON
) -> AsyncIterator[Lab]:
    """A service with one workspace, whose history is told by a story.

    With the state of another it is that one, started again.
    """
    clock = ManualClock(now)
    world = World(clock, seed=7, page_size=page_size, state=state or StateFile(":memory:"))
    holder = Subscription("s1", "Laboratory", world.tenant)
    world.subscriptions.append(holder)
    microsoft.registry(world)
    world.bare = bare
    place = Workspace(holder, "rg1", "calm-ws", "eastus", NOON - 1e7)
    assert place.id == WORKSPACE
    world.add(place, filled(tell, _computes))
    if state is not None:
        world.restore()
    token, _ = world.mint.issue("https://management.azure.com")
    async with httpx.AsyncClient(
        transport=Checked(httpx.ASGITransport(emulator(world))),
        base_url="http://lab",
        auth=SignedIn(token),
    ) as client:
        yield Lab(client, world, clock)


def _computes(place: Workspace, epoch: float) -> list[Compute]:
    return [
        Compute(place.id, "cpu-cluster", CLUSTER, epoch - 1e6, "Standard_DS3_v2", max_nodes=4),
    ]
