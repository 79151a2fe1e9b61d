"""Takes the pictures of the README: the dashboard on a world of its own, at a standing clock.

`make shots` runs it. Add a line to SHOTS for another picture.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from amltui.azure.client import AzureClient
from amltui.azure.connect import connect
from amltui.emulator.app import emulator, world_of
from amltui.emulator.clock import ManualClock
from amltui.emulator.world import World
from amltui.ui.app import Dashboard

NOW = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)
ARM = "http://127.0.0.1:8000"
PATIENCE = 20.0
"""Seconds until a picture that does not come is an error."""
LARGE, SMALL = (120, 36), (80, 24)


@dataclass(frozen=True)
class Shot:
    """One picture: where it begins, what is pressed, and the word that tells it is ready."""

    name: str
    first: str
    ready: str
    row: str | None = None
    """What people call the resource that the cursor is put on."""
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = LARGE
    scenario: str = "busy_night"


SHOTS = (
    Shot("pulse", "job", "kim-a10", keys=("1",)),
    Shot("cost", "job", "kim-a10", keys=("7",)),
    Shot("jobs", "job", "resnet50-base"),
    Shot("jobs-80x24", "job", "resnet", size=SMALL),
    Shot("compute", "compute", "gpu-a100"),
    Shot("compute-stop", "compute", "load", row="kim-a10", keys=("S",)),
    Shot("metrics", "job", "best", row="resnet50-base", keys=("m",)),
    Shot("logs", "job", "follow", row="resnet50-base", keys=("l",)),
    Shot("models", "model", "resnet34-distilled"),
    Shot("workspaces", "workspace", "vision-prod"),
)


class Standing:
    """A clock for feeds that never goes on."""

    def now(self) -> datetime:
        return NOW

    async def wait(self, seconds: float, event: asyncio.Event) -> bool:
        return await event.wait()


class Token(NamedTuple):
    token: str
    expires_on: int


class Credential:
    """Signs in with the world's own tokens."""

    def __init__(self, world: World) -> None:
        self.world = world

    def get_token(self, *scopes: str, **options: Any) -> Token:
        return Token(*self.world.mint.issue(scopes[0].removesuffix("/.default")))


async def take(shot: Shot) -> str:
    """The picture, as SVG."""
    world = world_of(shot.scenario, clock=ManualClock(NOW.timestamp()), seed=0)

    async def client() -> AzureClient:
        transport = httpx.ASGITransport(emulator(world))
        return await connect(ARM, transport=transport, credential=Credential(world))

    app = Dashboard(client, clock=Standing(), first=shot.first)
    async with app.run_test(size=shot.size) as pilot:
        await _until(lambda: _is_filled(app), f"the list of {shot.name}")
        if shot.row is not None:
            assert app.pane is not None
            titles = [row.title for row in app.pane.table.rows]
            app.pane.table.go_to(titles.index(shot.row))
        await pilot.press(*shot.keys)
        await _until(lambda: shot.ready in app.export_screenshot(), shot.ready)
        await pilot.pause(0.5)
        return app.export_screenshot(title="amltui")


def _is_filled(app: Dashboard) -> bool:
    pane = app.pane
    return pane is not None and pane.is_mounted and pane.is_filled


async def _until(condition: Callable[[], bool], what: str) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while True:
        if condition():
            return
        if loop.time() > deadline:
            raise TimeoutError(f"{what} did not come")
        await asyncio.sleep(0.02)


def main() -> None:
    folder = Path(__file__).parent
    for shot in SHOTS:
        picture = asyncio.run(take(shot))
        # Rich gives each picture a random id: the same screen must be the same file.
        picture = re.sub(r"terminal-\d+-", f"terminal-{shot.name}-", picture)
        (folder / f"{shot.name}.svg").write_text(picture + "\n")


if __name__ == "__main__":
    main()
