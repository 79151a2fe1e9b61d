"""Files of a run onto this machine: in pieces, resumed, and never over something else."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from amltui.azure import artifacts
from amltui.azure.errors import AzureError, LinkExpired
from amltui.domain.artifact import Artifact

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient

UNFINISHED = ".part"
"""Ends the name of a file until all of it is there; what is in it is not asked for again."""


class Progress(Struct, frozen=True):
    """How far one file is, or how it ended."""

    file: Artifact
    done: int = 0
    """Bytes that are here."""
    path: Path | None = None
    """Where the whole file is; None as long as it is not."""
    was_there: bool = False
    """Whether it had been downloaded before."""
    problem: str = ""
    """Why it will not be; empty as long as it may be."""


class Download(Struct):
    """Some files and folders of a run, one after the other."""

    place: WorkspaceClient
    chosen: Sequence[Artifact]
    folder: Path

    async def progress(self) -> AsyncIterator[Progress]:
        """Each piece of each file; what fails is told, and the rest goes on."""
        async for file in self._files():
            try:
                async for step in self._fetch(file):
                    yield step
            except AzureError as error:
                yield Progress(file, problem=str(error))
            except OSError as error:
                yield Progress(
                    file, problem=f"{error.filename or ''}: {error.strerror}".lstrip(": ")
                )

    async def _files(self) -> AsyncIterator[Artifact]:
        """What was chosen, folders by what is in them."""
        waiting = list(self.chosen)
        seen: set[str] = set()
        while waiting:
            each = waiting.pop(0)
            if each.key in seen:
                continue
            seen.add(each.key)
            if not each.is_folder:
                yield each
                continue
            listing = await artifacts.listed(self.place, each.run_id, each.path)
            waiting[:0] = listing.items

    async def _fetch(self, file: Artifact) -> AsyncIterator[Progress]:
        below = file.below
        if below is None:
            yield Progress(file, problem="its path leads out of the folder: not downloaded")
            return
        target = self.folder / below
        if target.exists():
            size = target.stat().st_size
            if size == file.size:
                yield Progress(file, size, target, was_there=True)
            else:
                yield Progress(file, problem=f"{target} is there and differs: move it away first")
            return
        await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
        part = target.with_name(target.name + UNFINISHED)
        done = part.stat().st_size if part.exists() else 0
        url = await artifacts.link(self.place, file)
        while True:
            try:
                chunk = await artifacts.read(self.place, url, done)
            except LinkExpired:
                url = await artifacts.link(self.place, file)
                chunk = await artifacts.read(self.place, url, done)
            if chunk.size is not None and done > chunk.size:
                part.unlink()  # of another file than is there now
                done = 0
                continue
            if chunk.data:
                await asyncio.to_thread(_append, part, done, chunk.data)
                done += len(chunk.data)
                yield Progress(file, done)
            if not chunk.data or done == chunk.size:
                break
        await asyncio.to_thread(_finish, part, target)
        yield Progress(file, done, target)


def _append(part: Path, start: int, data: bytes) -> None:
    with part.open("ab") as file:
        file.truncate(start)
        file.write(data)


def _finish(part: Path, target: Path) -> None:
    """Give the file its name; FileExistsError if something took it meanwhile."""
    part.touch()
    os.link(part, target)
    part.unlink()
