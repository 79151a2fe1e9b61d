"""The user's own command, run for each event: what is told goes into its environment.

There is no shell between, and nothing remote in its arguments: a job's name
cannot become a command.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
from collections.abc import Mapping

PATIENCE = 30.0
"""Seconds that it gets."""


class Unrunnable(Exception):
    """It could not be run, has failed, or took too long; `str()` is a sentence for the user."""


def arguments(line: str) -> list[str]:
    """The command in words; Unrunnable where quotes do not match, or it is empty."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise Unrunnable(f"watch_hook cannot be understood: {error}") from None
    if not words:
        raise Unrunnable("watch_hook is empty")
    return words


async def run(line: str, told: Mapping[str, str], patience: float = PATIENCE) -> None:
    """Run it, and wait for its end."""
    words = arguments(line)
    clean = {f"AMLTUI_{name}": text.replace("\0", "") for name, text in told.items()}
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, **clean},
            start_new_session=True,
        )
    except OSError as error:
        raise Unrunnable(f"watch_hook {words[0]} cannot be run: {error.strerror}") from None
    try:
        async with asyncio.timeout(patience):
            code = await process.wait()
    except TimeoutError:
        raise Unrunnable(f"watch_hook {words[0]} took more than {patience:g} s") from None
    finally:
        if process.returncode is None:
            _end(process.pid)
            await process.wait()
    if code:
        raise Unrunnable(f"watch_hook {words[0]} ended with exit code {code}")


def _end(group: int) -> None:
    """Also what it has started itself."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass
