"""Operations that are not over, kept so that the next start can follow them to their end."""

from __future__ import annotations

import asyncio
import time
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


RESTS = 20.0
"""Times as long as writing takes the file is left alone: with thousands in it that takes long."""


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
        self._noted: dict[str, Entry | None] = {}
        """What is not written down yet, by the key of the resource; None is over."""
        self._rests_until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def of(self, cloud: str, now: datetime) -> tuple[Entry, ...]:
        """What was not over when somebody last looked, in this cloud."""
        self.flush()
        entries = self._read().entries
        return tuple(e for e in entries if e.cloud == cloud and now - e.since < KEPT_FOR)

    def put(self, entry: Entry) -> None:
        self._note(entry.action.key, entry)

    def drop(self, key: str) -> None:
        """It is over, or nobody will learn how it ended."""
        self._note(key, None)

    def _note(self, key: str, entry: Entry | None) -> None:
        """Write it down at once, or soon where thousands of them are noted in a row."""
        self._noted[key] = entry
        wait = self._rests_until - time.monotonic()
        if wait <= 0:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(wait, self.flush)

    def flush(self) -> None:
        """Write down what has not been yet: the last thing that is done before the program ends."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._noted:
            return
        began = time.monotonic()
        held, noted = self._read(), dict(self._noted)
        self._noted.clear()
        newest = max((each.since for each in noted.values() if each), default=None)
        kept = [
            each
            for each in held.entries
            if each.action.key not in noted and (newest is None or newest - each.since < KEPT_FOR)
        ]
        entries = (*kept, *(each for each in noted.values() if each))
        if entries != held.entries:
            self._write(replace(held, entries=entries))
        now = time.monotonic()
        self._rests_until = now + RESTS * (now - began)

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
