"""The words of the cost screen: what is burned on what, by whom, and what was billed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from amltui.domain import burn
from amltui.domain.actual import Billed
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.burn import Rate
from amltui.domain.health import Health
from amltui.domain.job_cost import JobCost
from amltui.domain.overview import Overview
from amltui.domain.waste import Waste
from amltui.feeds.feed import Snapshot
from amltui.kinds import format as fmt
from amltui.kinds import money, remedy
from amltui.kinds.kind import Cell, Column, Fact, Row

BAR = 22
SPANS = (("24h", 24), ("7d", 168), ("30d", 720))
BREAKDOWNS = ("owner", "experiment", "workspace", "job")


class Wasted(Struct, frozen=True):
    """A line of the list of what is wasteful."""

    waste: Waste
    outcome: Cell | None = None
    """What came of the last attempt to end it."""

    @property
    def key(self) -> str:
        return self.waste.key

    @property
    def name(self) -> str:
        return self.waste.resource.name

    @property
    def title(self) -> str:
        return remedy.title_of(self.waste)

    @property
    def workspace(self) -> WorkspaceId:
        return self.waste.workspace

    @property
    def health(self) -> Health:
        return Health.ATTENTION


def _what(row: Row[Wasted]) -> str:
    return f"{row.resource.title}  {remedy.noun_of(row.resource.waste.resource)}"


def _fix(row: Row[Wasted]) -> Cell | str:
    if row.pending:
        return Cell(row.pending, Health.BUSY)
    return row.resource.outcome or remedy.FIXES[row.resource.waste.remedy.value]


WASTED: Sequence[Column[Wasted]] = (
    Column("WHAT", _what, 22, flex=2, importance=9),
    Column("WHERE", lambda r: r.resource.workspace.name, 12, importance=5),
    Column("WHY", lambda r: remedy.why(r.resource.waste, r.now), 26, flex=3, importance=6),
    Column("$/h", lambda r: fmt.money(r.resource.waste.per_hour), 6, importance=8, right=True),
    Column("FIX", _fix, 14, flex=1, importance=7),
)


def by_class(overview: Overview) -> list[Fact]:
    """What money is spent on, and what it comes to if nothing changes."""
    sums = burn.by(overview.burns, lambda each: each.spending)
    facts = [Fact(what.value, _sum(rate, overview.rate)) for what, rate in sums.items()]
    least = overview.rate.least
    ahead = "  ".join(
        f"{span} {'≥' * (not overview.rate.is_exact)}${_large((least or 0.0) * hours)}"
        for span, hours in SPANS
    )
    facts.append(Fact("at this rate", ahead if least is not None else fmt.UNKNOWN))
    return facts


def broken_down(overview: Overview, name: str) -> list[Fact]:
    """The burn rate by owner, experiment or workspace, or job by job what it has cost."""
    if name == "job":
        return [Fact(cost.job.title, _of_job(cost)) for cost in overview.costs]
    if name == "experiment":
        # Only jobs have one: what runs without a job is not in these sums.
        groups: dict[str, Rate] = {}
        for cost in overview.costs:
            group = cost.job.experiment or fmt.UNKNOWN
            groups[group] = groups.get(group, Rate()) + burn.rate_of([cost.per_hour])
        sums: Mapping[str, Rate] = dict(sorted(groups.items(), key=lambda each: -each[1].known))
    elif name == "owner":
        sums = burn.by(overview.burns, lambda each: fmt.person(each.owner))
    else:
        sums = burn.by(overview.burns, lambda each: each.workspace.name)
    return [Fact(group, _sum(rate, overview.rate)) for group, rate in sums.items()]


def billed(
    parts: Mapping[str, Snapshot[Billed]], names: Callable[[str], str], now: datetime
) -> list[Fact]:
    """What Cost Management tells of each subscription, or why it does not."""
    facts = []
    for subscription, part in parts.items():
        name = names(subscription)
        if part.error is not None:
            status = f" ({part.error.status})" if part.error.status else ""
            why = fmt.one_line(str(part.error))
            facts.append(Fact(name, Cell(f"refused{status}: {why}", Health.ATTENTION)))
        elif part.at is None:
            facts.append(Fact(name, "asking …"))
        else:
            facts.append(Fact(name, _billed(part, now)))
    return facts


def _billed(part: Snapshot[Billed], now: datetime) -> str:
    if not part.items:
        return "nothing is told yet"
    told = part.items[0]
    yesterday = fmt.UNKNOWN if told.yesterday is None else f"{told.yesterday:,.2f}"
    age = fmt.ago(part.at, now)
    return f"yesterday {yesterday}  month {told.month:,.2f} {told.currency}, read {age}"


def _of_job(cost: JobCost) -> str:
    told = f"{money.per_hour(cost.per_hour)}  so far ${fmt.money(cost.so_far)}"
    if cost.projected is not None:
        told += f"  in all ~${fmt.money(cost.projected)} (as {cost.alike} alike took)"
    return told + "  spot varies" * cost.is_spot


def _sum(rate: Rate, whole: Rate) -> Cell:
    share = rate.known / whole.known if whole.known else 0.0
    bar = "█" * max(round(share * BAR), int(rate.known > 0))
    return Cell(money.rate(rate), bar=f"{bar:<{BAR}}")


def _large(dollars: float) -> str:
    return f"{dollars:,.0f}" if dollars < 10_000 else f"{dollars / 1000:,.1f}k"


def rows(
    overview: Overview,
    outcomes: Mapping[str, Cell],
    pending: Callable[[str], str | None],
) -> list[Row[Any]]:
    """The lines of the list, with what is being done to each."""
    return [
        Row(Wasted(waste, outcomes.get(waste.key)), overview.now, pending=pending(waste.key))
        for waste in overview.wastes
    ]


def marked(wastes: Sequence[Waste]) -> str:
    """`marked 3: saves $9.85/h = $7.1k in 30 d`."""
    rate = burn.rate_of(waste.per_hour for waste in wastes)
    month = _large(rate.known * 720)
    return f"marked {len(wastes)}: saves {money.rate(rate)} = ${month} in 30 d"
