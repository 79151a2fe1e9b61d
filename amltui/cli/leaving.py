"""Ends of the dashboard that nobody asked it for: a signal, a terminal that is no longer there."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
from collections.abc import Callable

HUNG_UP = 128 + 1
"""Exit code of a program whose terminal has gone."""


def on_request(leave: Callable[[int], None]) -> None:
    """On SIGTERM have the program leave with that code, so that it can tidy the terminal."""
    number = signal.SIGTERM
    try:
        asyncio.get_running_loop().add_signal_handler(number, leave, 128 + number)
    except NotImplementedError:  # Windows has no such signal to handle
        pass


def with_terminal() -> None:
    """Leave at once when the terminal goes, even where SIGHUP is ignored, as under nohup.

    Textual would go on, busily reading nothing.
    """
    if not hasattr(select, "poll"):
        return
    waiting = select.poll()
    waiting.register(sys.stdin.fileno(), 0)
    threading.Thread(target=_watch, args=(waiting,), name="amltui-terminal", daemon=True).start()


def _watch(waiting: select.poll) -> None:
    waiting.poll()
    # There is nothing left to tidy, and whatever is written to the terminal may block.
    os._exit(HUNG_UP)
