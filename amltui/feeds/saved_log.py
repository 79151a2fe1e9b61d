"""A log as a file on this machine, read in pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from amltui.azure import blobs
from amltui.azure.errors import ServiceBroken
from amltui.feeds.log_tail import LogTail


async def save(
    tail: LogTail, target: Path, told: Callable[[int, int | None], None], *, anew: bool = False
) -> int:
    """Write the whole file as it is, `anew` over what is there; the bytes written.

    FileExistsError where something is there already. What could not be read to its end is left
    beside the target as `.part`. `told` hears of bytes written and of how many there are.
    """
    if not anew:
        await asyncio.to_thread(target.touch, exist_ok=False)
    part = target.with_name(target.name + ".part")
    try:
        written = await _write(tail, part, told)
    except BaseException:
        if not anew:
            await asyncio.to_thread(target.unlink)  # it only kept the name
        raise
    part.replace(target)
    return written


async def _write(tail: LogTail, part: Path, told: Callable[[int, int | None], None]) -> int:
    written, size = 0, None
    with await asyncio.to_thread(part.open, "wb") as file:
        while size is None or written < size:
            chunk = await tail.read(written, blobs.LARGEST)
            if not chunk.data:
                if chunk.size is not None and chunk.size < written:
                    raise ServiceBroken(f"{tail.path} became shorter while it was read")
                break
            # A growing file is saved as long as it was at first: else it might never end.
            size = size or chunk.size
            await asyncio.to_thread(file.write, chunk.data)
            written += len(chunk.data)
            told(written, size)
    return written
