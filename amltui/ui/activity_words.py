"""What the Activity screen says: requests, feeds, budgets, and what a screen costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from amltui.azure import address
from amltui.azure.request_log import RequestRecord, Underway
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.feeds.feed import Feed
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell, Column, Fact, Row
from amltui.ui.freshness import reason, stepped

NOWHERE = WorkspaceId("", "", "")
LOW = 50
"""Requests left of a budget below which it is told as a warning: Resource Manager starts at 250."""
LARGE = ("-reads", "-writes", "-deletes")
"""Budgets of that sort: Resource Graph's holds no more than 15 at any time."""


class Exchange(Struct, frozen=True):
    """A line of the list: a request with its answer, or one that waits for it."""

    number: int
    at: datetime
    method: str
    url: str
    record: RequestRecord | None = None
    workspace: WorkspaceId = NOWHERE

    @property
    def key(self) -> str:
        return f"{self.number}"

    @property
    def name(self) -> str:
        return f"{self.method} {address.target(self.url)}"

    @property
    def health(self) -> Health:
        if self.record is None:
            return Health.BUSY
        status = self.record.status
        if status is None or status >= 500:
            return Health.BAD
        if status == 429:
            return Health.WAITING
        return Health.ATTENTION if status >= 400 else Health.DONE


def exchanges(
    records: Sequence[RequestRecord], count: int, underway: Sequence[Underway]
) -> list[Exchange]:
    """Newest first: what waits, then what was answered. `count` numbers the last record."""
    waiting = [Exchange(-n - 1, each.at, each.method, each.url) for n, each in enumerate(underway)]
    first = count - len(records)
    done = [Exchange(first + n, r.at, r.method, r.url, r) for n, r in enumerate(records)]
    return [*reversed(waiting), *reversed(done)]


def _result(row: Row[Exchange]) -> Cell:
    record = row.resource.record
    if record is None:
        return Cell("waiting", Health.BUSY)
    return Cell(str(record.status) if record.status else "no answer", row.resource.health)


def _taken(row: Row[Exchange]) -> str:
    record = row.resource.record
    return f"{record.seconds * 1000:,.0f}" if record else fmt.NONE


def _size(row: Row[Exchange]) -> str:
    record = row.resource.record
    return f"{record.bytes:,}" if record else fmt.NONE


COLUMNS: tuple[Column[Exchange], ...] = (
    Column("TIME", lambda r: f"{r.resource.at.astimezone():%H:%M:%S}", 8, importance=6),
    Column("WHAT", lambda r: r.resource.method, 6, importance=7),
    Column("TARGET", lambda r: address.target(r.resource.url), 30, flex=2, importance=9),
    Column("RESULT", _result, 11, importance=8),
    Column("MS", _taken, 7, importance=5, right=True),
    Column("BYTES", _size, 10, importance=4, right=True),
)


def request_facts(exchange: Exchange) -> list[Fact]:
    """The whole of a request, as far as it may be shown."""
    record = exchange.record
    facts = [Fact("request", f"{exchange.method} {exchange.url}")]
    if record is not None:
        facts.append(Fact("answer", _answer(record)))
    if record is not None and record.error:
        facts.append(Fact("error", Cell(record.error, Health.BAD)))
    if record is not None and record.request_id:
        facts.append(Fact("request id", record.request_id))
    return facts


def _answer(record: RequestRecord) -> str:
    status = str(record.status) if record.status else "none"
    taken = f"{record.seconds * 1000:,.0f} ms"
    return f"{status} after {taken}, {record.bytes:,} bytes, {record.at.astimezone():%H:%M:%S}"


def feed_facts(feeds: Mapping[tuple[str, str], Feed[Any]], now: datetime, shown: str) -> list[Fact]:
    """For each kind: how many places, how old the oldest answer is, when it is asked next.

    `shown` is the kind that is followed; the others rest until they are looked at.
    """
    kinds: dict[str, list[Feed[Any]]] = {}
    for (kind, _), feed in feeds.items():
        kinds.setdefault(kind, []).append(feed)
    return [Fact(kind, _feeds(found, now, kind == shown)) for kind, found in kinds.items()]


def _feeds(feeds: Sequence[Feed[Any]], now: datetime, followed: bool) -> Cell:
    ages = [(now - feed.latest.at).total_seconds() for feed in feeds if feed.latest.at]
    failing = [feed for feed in feeds if feed.latest.error]
    said = [f"{len(feeds)} feed{'s' * (len(feeds) != 1)}"]
    said.append(f"oldest answer {stepped(max(ages))} ago" if ages else "no answer yet")
    if followed:
        dues = [(feed.due - now).total_seconds() for feed in feeds if feed.due]
        said.append(f"next in {stepped(max(0.0, min(dues)))}" if dues else "asking")
    else:
        said.append("resting")
    if failing:
        told = reason(failing[0].latest.error)
        said.append(f"{len(failing)} failing: {told}")
    return Cell(" · ".join(said), Health.ATTENTION if failing else None)


def budget_fact(budgets: Mapping[str, int]) -> Fact:
    """What the service will still answer before it asks to wait."""
    told = " · ".join(f"{name.replace('-', ' ')} {left:,}" for name, left in budgets.items())
    low = any(left < LOW for name, left in budgets.items() if name.endswith(LARGE))
    return Fact("budget left", Cell(told or "not told", Health.ATTENTION if low else None))


def written_fact(total: int, rate: float) -> Fact:
    """What this program has sent to the terminal."""
    return Fact("terminal", f"{_rough(total)} written · {_rough(rate)}/s over 10s")


def _rough(count: float) -> str:
    """In two figures: a meter that tells every byte would keep itself busy."""
    if count < 1000:
        return f"{count - count % 100:.0f} B"
    return f"{count / 1e3:.1f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"
