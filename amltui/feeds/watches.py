"""What the user watches, kept from one start to the next in a small file of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.watch import USUAL, Condition, Event, History
from amltui.feeds import small_file

VERSION = 1
MOST_OVER = 30
"""Watches that have ended and are still listed: the newest."""
MOST_JOBS = 500
"""Jobs of which a watch by filter knows what it has told."""


class Watch(Struct, frozen=True):
    """One job, or every job that passes a filter."""

    since: datetime
    conditions: tuple[Condition, ...] = USUAL
    workspace: WorkspaceId | None = None
    """None of a watch by filter: it is about all workspaces."""
    name: str = ""
    title: str = ""
    filter: str = ""
    histories: dict[str, History] = {}
    """By the keys of jobs."""
    last: str = ""
    """What it has told last."""
    last_at: datetime | None = None
    over: str = ""
    """Why it has ended; empty as long as it goes on."""

    @property
    def key(self) -> str:
        """Of the job, so that a row finds its watch."""
        if self.workspace is None:
            return f"filter/{self.filter} {' '.join(each.text for each in self.conditions)}"
        return f"{self.workspace.key}/jobs/{self.name.lower()}"

    @property
    def is_general(self) -> bool:
        """Whether it is about whatever passes a filter."""
        return self.workspace is None

    def heard(self, job: str, history: History, events: Sequence[Event], at: datetime) -> Watch:
        """After a look at a job of this key."""
        histories = {key: held for key, held in self.histories.items() if key != job}
        histories[job] = history
        told = {"last": events[-1].text, "last_at": at} if events else {}
        kept = dict(list(histories.items())[-MOST_JOBS:])
        return replace(self, histories=kept, **told)


class Visit(Struct, frozen=True):
    """What was so when the dashboard was last left."""

    at: datetime
    costing: tuple[str, ...] = ()
    """Keys of what was billed by the hour."""
    places: tuple[str, ...] = ()
    """Keys of the workspaces that were looked at."""


class Kept(Struct, frozen=True):
    """The file."""

    version: int = VERSION
    watches: tuple[Watch, ...] = ()
    visit: Visit | None = None


class Watches:
    """Read before each change, so that two dashboards do not undo each other's."""

    def __init__(self, where: Callable[[], Path] | None = None) -> None:
        """`where` finds the file; None keeps everything as long as the program runs."""
        self._where = where
        self._held: Kept | None = None
        self.problem = ""
        """Why nothing can be kept; empty when it can."""

    @property
    def all(self) -> tuple[Watch, ...]:
        return self._known().watches

    @property
    def visit(self) -> Visit | None:
        """The last one before this."""
        return self._known().visit

    def of(self, key: str) -> Watch | None:
        """The watch of this key that goes on."""
        return next((each for each in self.all if each.key == key and not each.over), None)

    def put(self, watch: Watch) -> None:
        """Keep this one, in place of another of its key."""
        held = self._read()
        others = [each for each in held.watches if each.key != watch.key]
        over = [each for each in others if each.over]
        gone = {each.key for each in over[: max(0, len(over) - MOST_OVER)]}
        others = [each for each in others if each.key not in gone]
        self._write(replace(held, watches=(*others, watch)))

    def drop(self, key: str) -> None:
        held = self._read()
        self._write(replace(held, watches=tuple(w for w in held.watches if w.key != key)))

    def leave(self, visit: Visit) -> None:
        """The dashboard is left now."""
        self._write(replace(self._read(), visit=visit))

    def _known(self) -> Kept:
        if self._held is None:
            self._held = self._read()
        return self._held

    def _read(self) -> Kept:
        """What the file holds. One that is not understood is never written over."""
        if self._where is None or self.problem:
            return self._held or Kept()
        path = self._where()
        try:
            found = msgspec.json.decode(path.read_bytes(), type=Kept)
        except FileNotFoundError:
            return Kept()
        except (OSError, msgspec.DecodeError) as error:
            self.problem = f"watches are not kept: {path} cannot be read: {error}"
            return self._held or Kept()
        if found.version != VERSION:
            self.problem = f"watches are not kept: {path} is of another version of amltui"
            return self._held or Kept()
        return found

    def _write(self, held: Kept) -> None:
        self._held = held
        if self._where is None or self.problem:
            return
        path = self._where()
        try:
            small_file.write(path, msgspec.json.format(msgspec.json.encode(held), indent=1))
        except OSError as error:
            self.problem = f"watches are not kept: {path} cannot be written: {error.strerror}"
