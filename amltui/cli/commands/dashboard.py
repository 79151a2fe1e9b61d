"""`amltui`: the dashboard, on whatever cloud the settings name."""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from amltui.cli import leaving, session
from amltui.cli.arguments import Parsers
from amltui.cli.exits import DONE, Usage
from amltui.cli.settings import Settings

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient


STARTED = 2.0
"""Seconds after which everything is imported that an open dashboard needs."""


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    root.set_defaults(run=run, command="dashboard")


def run(asked: argparse.Namespace, settings: Settings) -> int:
    return show(partial(session.connect, settings), settings)


def show(connect: Callable[[], Awaitable[AzureClient]], settings: Settings) -> int:
    """Open the dashboard; it paints first and connects then."""
    need_terminal()
    gc.disable()
    from amltui.ui.app import Dashboard

    dashboard = Dashboard(connect, settings.wish, all_workspaces=settings.all_workspaces)

    async def run() -> None:
        leaving.on_request(lambda code: dashboard.exit(return_code=code))
        leaving.with_terminal()
        asyncio.get_running_loop().call_later(STARTED, _collect_again)
        await dashboard.run_async()

    try:
        asyncio.run(run())
    finally:
        gc.enable()
    return dashboard.return_code or DONE


def need_terminal() -> None:
    """Usage if there is none."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Usage("the dashboard needs a terminal; for scripts there is `amltui jobs -o json`")


def _collect_again() -> None:
    """What start-up has made stays: looking for garbage in it cost a tenth of the first paint."""
    gc.freeze()
    gc.enable()
