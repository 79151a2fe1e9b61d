"""Runs side by side, in words: for the screen, for markdown and for files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.comparison import (
    CODE,
    COST,
    DATA,
    LETTERS,
    METRIC,
    PARAMETER,
    SETTING,
    TIME,
    Line,
    Side,
    main_metric,
)
from amltui.domain.health import Health
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell, Column, Fact, Row

NOWHERE = WorkspaceId("", "", "")
WIDTH = 17
"""Columns of one run."""
NAMED = 22


class Compared(Struct, frozen=True):
    """One run as a row."""

    index: int
    side: Side
    is_baseline: bool
    metric: Line | None
    baseline: int

    @property
    def key(self) -> str:
        return self.side.job.key

    @property
    def name(self) -> str:
        return self.side.job.name

    @property
    def title(self) -> str:
        return self.side.job.title

    @property
    def workspace(self) -> WorkspaceId:
        return self.side.job.workspace

    @property
    def health(self) -> Health:
        return self.side.job.health


class Told(Struct, frozen=True):
    """One line as a row."""

    line: Line
    baseline: int
    workspace: WorkspaceId = NOWHERE
    health: Health = Health.DONE

    @property
    def key(self) -> str:
        return f"{self.line.group}/{self.line.name}"

    @property
    def name(self) -> str:
        return self.line.name


def run_columns(sides: Sequence[Side]) -> Sequence[Column[Compared]]:
    """Letter, name, and the metric that all are judged by."""
    metric = main_metric(sides)

    def value(row: Row[Compared]) -> str:
        each = row.resource
        return fmt.NONE if each.metric is None else value_of(each.metric, each.index)

    return (
        Column("", lambda r: LETTERS[r.resource.index], 1, importance=8),
        Column("NAME", lambda r: r.resource.title, 20, flex=3, importance=9),
        Column("STATUS", _status, 12, importance=6),
        Column("WORKSPACE", lambda r: r.resource.workspace.name, 12, importance=3),
        Column("EXPERIMENT", lambda r: r.resource.side.job.experiment or fmt.UNKNOWN, 12),
        Column(metric or "METRIC", value, 10, importance=8, right=True),
        Column("Δ BASE", _delta, 8, importance=7, right=True),
    )


def _status(row: Row[Compared]) -> Cell:
    return Cell(row.resource.side.job.status or fmt.UNKNOWN, row.resource.health)


def _delta(row: Row[Compared]) -> str:
    each = row.resource
    if each.is_baseline:
        return "baseline"
    return fmt.NONE if each.metric is None else delta_of(each.metric, each.index, each.baseline)


def line_columns(order: Sequence[int]) -> Sequence[Column[Told]]:
    """What is compared, and one column for each of these runs."""
    return (
        Column("", lambda r: Cell(r.resource.line.group, dim=True), 7, importance=5),
        Column("NAME", lambda r: r.resource.name, NAMED, flex=1, importance=9),
        *(_of_run(index) for index in order),
    )


def _of_run(index: int) -> Column[Told]:
    def cell(row: Row[Told]) -> Cell:
        line, baseline = row.resource.line, row.resource.baseline
        text = value_of(line, index)
        if not line.numbers:
            text = from_difference(text, [each and fmt.one_line(each) for each in line.texts])
        delta = delta_of(line, index, baseline)
        if delta != fmt.NONE:
            text = f"{text} {delta:>7}"
        same = not line.numbers and line.texts[index] == line.texts[baseline]
        return Cell(text, dim=same and index != baseline)

    return Column(LETTERS[index], cell, WIDTH, flex=1, importance=8, right=False)


def value_of(line: Line, index: int) -> str:
    """What one run has, with a star where it is the best."""
    if not line.numbers:
        return fmt.one_line(line.texts[index] or fmt.NONE)
    number = line.numbers[index]
    if number is None:
        return fmt.NONE
    if line.group == COST:
        return f"~${fmt.money(number)}"
    text = fmt.duration(number) if line.group == TIME else fmt.number(number)
    return f"{text}*" if index in line.best else text


def delta_of(line: Line, index: int, baseline: int) -> str:
    """`-10.2%` of the baseline; `-` where there is nothing to compare."""
    share = line.delta(index, baseline)
    if share is None:
        return fmt.NONE
    return f"{share:+.1%}" if abs(share) < 10 else f"×{share + 1:,.0f}"


LED = 12
"""Columns of a long text that lead up to where it differs from the others."""


def from_difference(text: str, texts: Sequence[str | None]) -> str:
    """A text from shortly before where it begins to differ from the others."""
    others = [each for each in texts if each is not None]
    if len(text) <= WIDTH or len(set(others)) < 2:
        return text
    same = 0
    while all(same < len(each) and each[same] == text[same : same + 1] for each in others):
        same += 1
    if same <= LED:
        return text
    at_a_word = same if text[same : same + 1] == " " else text.find(" ", same - LED, same)
    start = at_a_word if at_a_word > 0 else same - LED
    return f"…{text[start:].lstrip()}"


def verdict(sides: Sequence[Side], lines: Sequence[Line], baseline: int) -> str:
    """Which run is best by the metric that all are judged by, by how much, and at what price."""
    metric = main_metric(sides)
    line = next((line for line in lines if (line.group, line.name) == (METRIC, metric)), None)
    if line is None:
        return "no metric to judge by"
    letters = [LETTERS[index] for index in sorted(line.best)]
    if not letters:
        name = fmt.one_line(line.name)
        known = [LETTERS[at] for at, n in enumerate(line.numbers) if n is not None and isfinite(n)]
        return f"only {known[0]} has {name}" if len(known) == 1 else f"none is best by {name}"
    best = min(line.best)
    number = line.numbers[best]
    way = "lowest" if line.falls else "highest"
    told = (
        f"{' and '.join(letters)} best: {way} {fmt.one_line(line.name)} {fmt.number(number or 0)}"
    )
    others = {(TIME, "duration"): " time", (COST, "estimate, retail"): " cost"}
    compared = [(line, "")]
    compared += [(each, what) for each in lines if (what := others.get((each.group, each.name)))]
    deltas = [(delta_of(each, best, baseline), what) for each, what in compared]
    words = [f"{d}{what}" for d, what in deltas if d not in {fmt.NONE, "+0.0%", "-0.0%"}]
    return f"{told}, {', '.join(words)} of {LETTERS[baseline]}" if words else told


def differences(lines: Sequence[Line]) -> str:
    """How much differs: `4 of 61 params · setting · code`."""
    params = [line.differs for line in lines if line.group == PARAMETER]
    told = [f"{sum(params)} of {len(params)} params"] if params else []
    differing = {line.group for line in lines if line.differs}
    told += [group for group in (SETTING, DATA, CODE) if group in differing]
    return " · ".join(told)


def line_facts(sides: Sequence[Side], line: Line, baseline: int) -> list[Fact]:
    """What each run has of one line, in full."""
    facts = []
    for index, side in enumerate(sides):
        delta = delta_of(line, index, baseline)
        value = value_of(line, index) + (f"  {delta}" if delta != fmt.NONE else "")
        mark = " (baseline)" if index == baseline else ""
        facts.append(Fact(LETTERS[index], f"{fmt.one_line(side.job.title)}{mark}"))
        facts.append(Fact("", value))
    return facts


def markdown(sides: Sequence[Side], lines: Sequence[Line], baseline: int) -> str:
    """A table, for an issue or a pull request."""
    names = [fmt.one_line(side.job.title).replace("|", "\\|") for side in sides]
    rows = [["", *names], ["---"] * (len(sides) + 1)]
    for line in lines:
        cells = []
        for index in range(len(sides)):
            delta = delta_of(line, index, baseline)
            more = f" ({delta})" if delta != fmt.NONE else ""
            cells.append((value_of(line, index) + more).replace("|", "\\|"))
        rows.append([fmt.one_line(line.name).replace("|", "\\|"), *cells])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def record(
    sides: Sequence[Side], lines: Sequence[Line], baseline: int
) -> list[Mapping[str, object]]:
    """One record for each line and run, for scripts and spreadsheets."""
    return [
        {
            "group": line.group,
            "name": line.name,
            "job": side.job.name,
            "display_name": side.job.display_name,
            "workspace": side.job.workspace.name,
            "value": line.numbers[index] if line.numbers else line.texts[index],
            "delta": line.delta(index, baseline),
            "best": index in line.best if line.group == METRIC else None,
            "baseline": index == baseline,
        }
        for line in lines
        for index, side in enumerate(sides)
    ]
