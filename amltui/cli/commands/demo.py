"""`amltui demo`: the dashboard on the embedded service, which runs as a child process.

To the dashboard it is just another cloud: an ARM URL and a managed identity.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from typing import IO, TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from amltui.cli import session
from amltui.cli.arguments import Parsers, command, display_flags
from amltui.cli.commands import dashboard
from amltui.cli.exits import Usage
from amltui.cli.settings import DISPLAY, LISTS, PLACE, TOLD, Settings, state_directory

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient

PATIENCE = 3.0
"""Seconds that the service gets to end by itself."""
SCENARIO = "busy_night"
APART = "demo"
"""Folder for what is kept of a world that is made up: no change in it was made in Azure."""


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    about = "the dashboard on a service of its own: needs no Azure"
    made = command(parsers, "demo", about, display_flags())
    made.add_argument("--scenario", metavar="NAME", default=SCENARIO, help="the world to start in")
    made.add_argument("--seed", metavar="N", type=int, default=0, help="same seed, same world")
    made.add_argument(
        "--speed", metavar="X", type=_speed, default=1.0, help="60 makes an hour pass in a minute"
    )
    made.add_argument("--state", metavar="FILE", help="keep changes in this file")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace, settings: Settings) -> int:
    if asked.scenario != SCENARIO:
        _check_scenario(asked.scenario)
    flags = ["--scenario", asked.scenario, f"--seed={asked.seed}", f"--speed={asked.speed}"]
    if asked.state:
        flags.append(f"--state={asked.state}")
    dashboard.need_terminal()
    # The place that environment and file name is in another cloud; flags are meant for this one.
    place: dict[str, Any] = {key: vars(asked).get(key) for key in PLACE}
    place |= {key: getattr(settings, key) for key in (*DISPLAY, *LISTS, *TOLD, "home", "read_only")}
    service = Service.started(flags)
    from amltui.feeds.pins import Pins

    here = Settings(
        **place,
        cache_dir=str(state_directory(settings) / APART),
        all_workspaces=settings.all_workspaces,
        config=settings.config,
    )
    pins = Pins(lambda: state_directory(here) / "pins.json")
    try:
        return dashboard.show(lambda: service.connect(here), here, pins)
    finally:
        service.end()


def _speed(text: str) -> float:
    """How much faster than here time passes there."""
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0 < speed < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return speed


def _check_scenario(name: str) -> None:
    from amltui.emulator.scenarios import SCENARIOS

    if name not in SCENARIOS:
        raise Usage(f"there is no scenario {name}: choose {', '.join(sorted(SCENARIOS))}")


class Service(Struct):
    """The embedded service, as a process."""

    process: subprocess.Popen[str]
    said: IO[str]
    """What it writes to stderr: a pipe would fill up and stop it."""
    _told: dict[str, Any] | None = None

    @classmethod
    def started(cls, flags: list[str]) -> Service:
        """Begins at once; whether it came up is told by `connect`."""
        line = [sys.executable, "-m", "amltui.emulator", f"--die-with={os.getpid()}", *flags]
        said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        process = subprocess.Popen(
            line,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,
        )
        return cls(process, said)

    async def connect(self, settings: Settings) -> AzureClient:
        """A client of the service, signed in as its managed identity."""
        if self._told is None:
            from amltui.azure.aside import aside

            self._told = await aside(self._announcement)
        os.environ["IDENTITY_ENDPOINT"] = self._told["identity_endpoint"]
        os.environ["IDENTITY_HEADER"] = self._told["identity_header"]
        place = replace(settings, cloud=self._told["arm"], auth="managed-identity", tenant=None)
        return await session.connect(place)

    def _announcement(self) -> dict[str, Any]:
        """Where it listens; NotFound with its last words if it does not."""
        from amltui.azure.errors import NotFound

        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if line:
            told: dict[str, Any] = json.loads(line)
            return told
        self.process.wait()
        self.said.seek(0)
        words = self.said.read().strip().splitlines()
        raise NotFound(words[-1] if words else "the embedded service ended before it was up")

    def end(self) -> None:
        """Stop it, kindly first."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.said.close()
