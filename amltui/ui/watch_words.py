"""What the Activity screen says of watches."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.feeds.watches import Watch
from amltui.feeds.watching import Sight, Watching
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell, Column, Fact, Row
from amltui.ui.freshness import reason, stepped

EVERYWHERE = WorkspaceId("", "", "all")


class WatchLine(Struct, frozen=True):
    """A line of the list of watches."""

    watch: Watch
    looked: Cell
    status: str = ""

    @property
    def key(self) -> str:
        return self.watch.key

    @property
    def name(self) -> str:
        return self.watch.title

    @property
    def workspace(self) -> WorkspaceId:
        return self.watch.workspace or EVERYWHERE

    @property
    def health(self) -> Health:
        return Health.DONE if self.watch.over else Health.GOOD


def watch_lines(watching: Watching, now: datetime) -> list[WatchLine]:
    """Those that go on first, then the ended ones; the newest first in each."""
    order = sorted(watching.watches.all, key=lambda w: (bool(w.over), -w.since.timestamp()))
    lines = []
    for watch in order:
        sight = watching.sight(watch.key)
        lines.append(WatchLine(watch, _looked(watch, sight, now), watch.over or sight.status))
    return lines


def _looked(watch: Watch, sight: Sight, now: datetime) -> Cell:
    """When there was last an answer, or since when there is none and why."""
    if watch.over:
        return Cell("ended", dim=True)
    if sight.error is not None and sight.since is not None:
        since = f"{sight.since.astimezone():%H:%M}"
        return Cell(f"could not look since {since}: {_why(sight)}", Health.ATTENTION)
    if sight.looked is None:
        return Cell("not yet", Health.BUSY)
    return Cell(f"{stepped((now - sight.looked).total_seconds())} ago")


def _why(sight: Sight) -> str:
    error = sight.error
    status = f"{error.status} " if error is not None and error.status else ""
    return f"{status}{reason(error)}"


def _said(row: Row[WatchLine]) -> str:
    watch = row.resource.watch
    if watch.last_at is None:
        return "nothing yet"
    return _last(watch)


def _last(watch: Watch) -> str:
    at = f"{watch.last_at.astimezone():%H:%M} " if watch.last_at is not None else ""
    return f"{at}{fmt.one_line(watch.last)}"


def watch_facts(line: WatchLine) -> list[Fact]:
    """The whole of a watch: a line has no room for a long reason."""
    watch = line.watch
    told = [] if watch.last_at is None else [Fact("said", _last(watch))]
    conditions = ", ".join(each.text for each in watch.conditions)
    return [Fact("looked", line.looked), *told, Fact("watches for", conditions)]


COLUMNS: tuple[Column[WatchLine], ...] = (
    Column("WATCH", lambda r: fmt.one_line(r.resource.name), 16, flex=2, importance=9),
    Column("WHERE", lambda r: r.resource.workspace.name, 11, importance=2),
    Column("STATUS", lambda r: r.resource.status or fmt.UNKNOWN, 9, importance=6),
    Column("LOOKED", lambda r: r.resource.looked, 28, flex=3, importance=8),
    Column("SAID", _said, 14, flex=3, importance=7),
    Column("FOR", lambda r: " ".join(each.text for each in r.resource.watch.conditions), 12,
           flex=1, importance=3),
)  # fmt: skip
