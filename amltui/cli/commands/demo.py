"""`amltui demo`: the dashboard on the embedded service, which runs as a child process.

To the dashboard it is just another cloud: an ARM URL and a managed identity.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from amltui.cli import session
from amltui.cli.arguments import Parsers, command
from amltui.cli.commands import dashboard
from amltui.cli.settings import Settings

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient

PATIENCE = 3.0
"""Seconds that the service gets to end by itself."""


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "demo", "the dashboard on a service of its own: needs no Azure")
    made.add_argument("--scenario", default="busy_night", help="the world to start from")
    made.add_argument("--seed", default="0", help="same seed, same world")
    made.add_argument("--speed", default="1", help="60 makes an hour pass in a minute")
    made.add_argument("--state", metavar="FILE", help="keep changes in this file")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace, settings: Settings) -> int:
    flags = ["--scenario", asked.scenario, "--seed", asked.seed, "--speed", asked.speed]
    if asked.state:
        flags += ["--state", asked.state]
    # A terminal that is closed sends SIGHUP: the child must not be left behind.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    service = Service.started(flags)
    try:
        return dashboard.show(lambda: service.connect(settings), Settings(config=settings.config))
    finally:
        service.end()


def _leave(number: int, frame: object) -> None:
    sys.exit(128 + number)


@dataclass
class Service:
    """The embedded service, as a process."""

    process: subprocess.Popen[str]

    @classmethod
    def started(cls, flags: list[str]) -> Service:
        """Begins at once; whether it came up is told by `connect`."""
        line = [sys.executable, "-m", "amltui.emulator", "--die-with-parent", *flags]
        return cls(
            subprocess.Popen(
                line,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        )

    async def connect(self, settings: Settings) -> AzureClient:
        """A client of the service, signed in as its managed identity."""
        told = await asyncio.to_thread(self._announcement)
        os.environ["IDENTITY_ENDPOINT"] = told["identity_endpoint"]
        os.environ["IDENTITY_HEADER"] = told["identity_header"]
        place = replace(settings, cloud=told["arm"], auth="managed-identity", tenant=None)
        return await session.connect(place)

    def _announcement(self) -> dict[str, Any]:
        from amltui.azure.errors import NotFound

        assert self.process.stdout is not None
        assert self.process.stderr is not None
        line = self.process.stdout.readline()
        if line:
            told: dict[str, Any] = json.loads(line)
            return told
        said = self.process.stderr.read().strip().splitlines()
        raise NotFound(said[-1] if said else "the embedded service ended before it was up")

    def end(self) -> None:
        """Stop it, kindly first."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
