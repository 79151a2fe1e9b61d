"""Ends of the dashboard that nobody asked it for: a signal, a terminal that is no longer there."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

HUNG_UP = 128 + 1
"""Exit code of a program whose terminal has gone."""
PATIENCE = 5.0
"""Seconds for leaving in good order; a terminal that takes no more bytes holds everything up."""
ASKED = ("SIGTERM", "SIGINT", "SIGHUP")


def on_request(leave: Callable[[int], None]) -> None:
    """On a signal have the program leave with that code, so that it can tidy the terminal."""
    loop = asyncio.get_running_loop()

    def asked(number: int, frame: FrameType | None) -> None:
        at_last = threading.Timer(PATIENCE, os._exit, (128 + number,))
        at_last.daemon = True
        at_last.start()
        if not loop.is_closed():
            loop.call_soon_threadsafe(leave, 128 + number)

    for name in ASKED:
        number = getattr(signal, name, None)
        # What is ignored stays so: nohup means it.
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, asked)


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
