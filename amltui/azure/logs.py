"""Log files of a run: which there are, and what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amltui.azure import blobs, runs

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.log import LogChunk, LogFile


async def files(place: WorkspaceClient, run_id: str) -> tuple[LogFile, ...]:
    """The files with fresh links, the user's own logs first; there are none before the start."""
    return (await runs.details(place, run_id)).logs


async def read(
    place: WorkspaceClient, file: LogFile, start: int, most: int = blobs.LARGEST
) -> LogChunk:
    """What is in the file from `start` on, `most` bytes of it; LinkExpired if it is too late.

    An expired link is renewed by asking for `files` again.
    """
    return await place.client.read_blob(file.url, start, most)
