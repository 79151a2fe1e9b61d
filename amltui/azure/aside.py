"""Work that blocks, beside the loop, which nobody waits for when the program ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def aside(work: Callable[[], T]) -> T:
    """What the work gives or raises.

    A daemon thread of its own, because one from the pool is waited for at the end of the program:
    signing in by device code may take a quarter of an hour, and imports half a second.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(found: list[T], error: Exception | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(found[0])

    def run() -> None:
        found: list[T] = []
        error: Exception | None = None
        try:
            found.append(work())
        except Exception as failure:  # carried over to the loop, where it is raised
            error = failure
        try:
            loop.call_soon_threadsafe(settle, found, error)
        except RuntimeError:  # the loop has ended meanwhile: nobody waits
            pass

    threading.Thread(target=run, name="amltui-aside", daemon=True).start()
    return await done
