"""`amltui`: the dashboard, on whatever cloud the settings name."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from amltui.cli import leaving, remembering, session
from amltui.cli.exits import DONE, Usage
from amltui.cli.settings import Settings, state_directory

if TYPE_CHECKING:
    import argparse

    from amltui.azure.client import AzureClient
    from amltui.cli.arguments import Parsers
    from amltui.feeds.cache.memory import Memory
    from amltui.feeds.pins import Pins
    from amltui.feeds.watches import Watches


WATCHES = "watches.json"
"""The file in the state folder that holds what is watched, and the time of the last visit."""
STARTED = 2.0
"""Seconds after which everything is imported that an open dashboard needs."""


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    import argparse

    root.add_argument(
        "--no-cache",
        dest="cache",
        action="store_const",
        const="off",
        default=argparse.SUPPRESS,
        help="neither show nor keep the rows of an earlier run",
    )
    root.set_defaults(run=run, command="dashboard")


def run(asked: argparse.Namespace | None, settings: Settings) -> int:
    need_terminal()
    from amltui.feeds.pins import Pins

    pins = Pins(lambda: state_directory(settings) / "pins.json")
    memory = remembering.memory(settings, os.environ) if settings.cache == "on" else None
    kept = partial(_watches, settings)
    return show(partial(session.connect, settings), settings, pins, memory, kept)


def _watches(settings: Settings) -> Watches:
    from amltui.feeds.watches import Watches

    return Watches(lambda: state_directory(settings) / WATCHES)


def show(
    connect: Callable[[], Awaitable[AzureClient]],
    settings: Settings,
    pins: Pins | None = None,
    memory: Memory | None = None,
    watches: Callable[[], Watches] | None = None,
) -> int:
    """Open the dashboard; it paints what is remembered, and connects then."""
    need_terminal()
    gc.disable()
    from amltui.feeds.views import Views
    from amltui.kinds.registry import ENTRIES
    from amltui.ui.app import Dashboard
    from amltui.ui.panes import PULSE
    from amltui.ui.terminal.display import Display
    from amltui.ui.watcher import Tells

    plain = "on" in (settings.ascii, settings.low_bandwidth)
    dashboard = Dashboard(
        connect,
        settings.wish,
        all_workspaces=settings.all_workspaces,
        first=PULSE if settings.opens_pulse else ENTRIES[0].name,
        display=Display(settings.colors, settings.ascii == "on", settings.low_bandwidth == "on"),
        pins=pins,
        views=Views(lambda: state_directory(settings) / "views.json"),
        charts=settings.charts or ("ascii" if plain else None),
        memory=memory,
        protected=frozenset(settings.protected),
        watches=watches,
        unfinished=lambda: state_directory(settings) / "operations.json",
        tells=Tells(settings.bell == "on", settings.notes == "on", settings.watch_hook),
    )

    async def run() -> None:
        leaving.on_request(lambda code: dashboard.exit(return_code=code))
        leaving.with_terminal()
        asyncio.get_running_loop().call_later(STARTED, _collect_again)
        await dashboard.run_async()

    try:
        asyncio.run(run())
        if memory is not None:
            memory.leave()
    finally:
        gc.enable()
    return dashboard.return_code or DONE


def need_terminal() -> None:
    """Usage if there is none."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Usage("the dashboard needs a terminal; for scripts there is `amltui jobs -o json`")


def _collect_again() -> None:
    """What start-up has made stays: looking for garbage in it only takes time."""
    gc.freeze()
    gc.enable()
