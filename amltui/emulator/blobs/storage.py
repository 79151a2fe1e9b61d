"""All storage accounts of the world: what clients wrote, and what scenarios begin with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from amltui.emulator.blobs.blob import Blob, of_log
from amltui.emulator.blobs.containers import Container, Containers
from amltui.emulator.blobs.leases import Leases
from amltui.emulator.blobs.store import BlobStore
from amltui.emulator.blobs.tags import Tags
from amltui.emulator.blobs.written import BLOCK
from amltui.emulator.jobs.log_file import LogFile


@dataclass(frozen=True)
class Stocked:
    """A file that a scenario begins with."""

    at: float
    data: bytes
    metadata: Mapping[str, str]


class Storage:
    """Written blobs, containers, and the files that scenarios tell of."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.blobs = BlobStore(database)
        self.containers = Containers(database)
        self.leases = Leases(database)
        self.tags = Tags(database)
        self._stocked: dict[str, dict[str, dict[str, Stocked]]] = {}
        """By account, container and name."""

    def stock(
        self,
        account: str,
        container: str,
        files: Mapping[str, bytes],
        at: float,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """What a scenario begins with: not saved, for the next start tells it again."""
        held = self._stocked.setdefault(account, {}).setdefault(container, {})
        for name, data in files.items():
            held[name] = Stocked(at, data, metadata or {})

    def stocked_containers(self, account: str) -> list[Container]:
        return [
            Container(name, min(each.at for each in files.values()), "0x8D0000000000000")
            for name, files in self._stocked.get(account, {}).items()
        ]

    def stocked(self, account: str, container: str, name: str, now: float) -> Blob | None:
        found = self._files(account, container).get(name)
        return _blob(name, found, now) if found is not None and found.at <= now else None

    def stocked_from(
        self, account: str, container: str, start: str, stop: str, now: float
    ) -> Iterator[Blob]:
        """Those named in [start, stop), in the order of their names."""
        for name, file in sorted(self._files(account, container).items()):
            if start <= name < stop and file.at <= now:
                yield _blob(name, file, now)

    def _files(self, account: str, container: str) -> dict[str, Stocked]:
        return self._stocked.get(account, {}).get(container, {})


def _blob(name: str, file: Stocked, now: float) -> Blob:
    blob = of_log(name, LogFile(head=[(file.at, file.data)]), file.at, now, BLOCK)
    return Blob(**{**vars(blob), "metadata": file.metadata})
