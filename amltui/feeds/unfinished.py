"""Operations that are not over, kept so that the next start can follow them to their end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from amltui.azure.operation import Operation
from amltui.domain.arm_id import WorkspaceId
from amltui.feeds import small_file
from amltui.feeds.operations import InFlight

VERSION = 1
KEPT_FOR = timedelta(days=2)
"""After which nobody asks any more: the service forgets its operations within a day."""


class Entry(Struct, frozen=True):
    """What was asked for, and where the service tells how far it is."""

    action: InFlight
    workspace: WorkspaceId
    operation: Operation
    """Its addresses answer to nobody without a token, and no token is among them."""
    cloud: str
    """Of its Resource Manager."""
    since: datetime


class Held(Struct, frozen=True):
    """The file."""

    version: int = VERSION
    entries: tuple[Entry, ...] = ()


class Unfinished:
    """Read before each change, so that two dashboards do not undo each other's."""

    def __init__(self, where: Callable[[], Path] | None = None) -> None:
        """`where` finds the file; None keeps nothing beyond the program."""
        self._where = where
        self.problem = ""
        """Why nothing can be kept; empty when it can."""

    def of(self, cloud: str, now: datetime) -> tuple[Entry, ...]:
        """What was not over when somebody last looked, in this cloud."""
        entries = self._read().entries
        return tuple(e for e in entries if e.cloud == cloud and now - e.since < KEPT_FOR)

    def put(self, entry: Entry) -> None:
        held = self._read()
        others = [
            each
            for each in held.entries
            if each.action.key != entry.action.key and entry.since - each.since < KEPT_FOR
        ]
        self._write(replace(held, entries=(*others, entry)))

    def drop(self, key: str) -> None:
        """It is over, or nobody will learn how it ended."""
        held = self._read()
        left = tuple(each for each in held.entries if each.action.key != key)
        if left != held.entries:
            self._write(replace(held, entries=left))

    def _read(self) -> Held:
        """What the file holds. One that is not understood is never written over."""
        if self._where is None or self.problem:
            return Held()
        path = self._where()
        try:
            found = msgspec.json.decode(path.read_bytes(), type=Held)
        except FileNotFoundError:
            return Held()
        except (OSError, msgspec.DecodeError) as error:
            self.problem = f"operations are not kept: {path} cannot be read: {error}"
            return Held()
        if found.version != VERSION:
            self.problem = f"operations are not kept: {path} is of another version of amltui"
            return Held()
        return found

    def _write(self, held: Held) -> None:
        if self._where is None or self.problem:
            return
        path = self._where()
        try:
            small_file.write(path, msgspec.json.encode(held))
        except OSError as error:
            self.problem = f"operations are not kept: {path} cannot be written: {error.strerror}"
