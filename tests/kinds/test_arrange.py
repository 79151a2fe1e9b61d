"""Filtering and sorting by what the rows show, sorting by value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.kinds import ranking
from amltui.kinds.arrange import Arrangement
from amltui.kinds.kind import Cell, Column, Row
from amltui.kinds.layout import fit, spread
from amltui.kinds.ranking import Ranking

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLACE = WorkspaceId("s", "g", "w")


@dataclass(frozen=True)
class Thing:
    name: str
    octets: int | None
    workspace: WorkspaceId = PLACE
    health: Health = Health.GOOD

    @property
    def key(self) -> str:
        return self.name


COLUMNS = (
    Column("NAME", lambda r: r.resource.name, 8, importance=9),
    Column("SIZE", lambda r: Cell(f"{r.resource.octets} B"), 6, sort=lambda r: r.resource.octets),
    Column("PLACE", lambda r: "w", 6, importance=1, scattered=True),
)
ROWS = [Row(Thing("nine", 9), NOW), Row(Thing("ten", 10), NOW), Row(Thing("none", None), NOW)]


def names(rows):
    return [row.resource.name for row in rows]


def test_sorting_goes_by_value_and_the_unknown_come_last_either_way():
    assert names(Arrangement(column="SIZE").apply(COLUMNS, ROWS)) == ["nine", "ten", "none"]
    down = Arrangement(column="SIZE", descending=True)
    assert names(down.apply(COLUMNS, ROWS)) == ["ten", "nine", "none"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NINE", ["nine"]),
        ("ne b", ["nine", "none"]),
        ("!nine", ["ten", "none"]),
        ("!", []),
        ("10", ["ten"]),
        ("", ["nine", "ten", "none"]),
    ],
)
def test_a_row_matches_when_it_shows_every_word_and_no_unwanted_one(text, shown):
    assert names(Arrangement(text).apply(COLUMNS, ROWS)) == shown


def test_columns_leave_by_importance_and_one_always_stays():
    assert [p.column.title for p in fit(COLUMNS, 40, scattered=True)] == ["NAME", "SIZE", "PLACE"]
    assert [p.column.title for p in fit(COLUMNS, 40, scattered=False)] == ["NAME", "SIZE"]
    assert [p.column.title for p in fit(COLUMNS, 16, scattered=True)] == ["NAME", "SIZE"]
    narrow = fit(COLUMNS, 4, scattered=True)
    assert [(p.column.title, p.width) for p in narrow] == [("NAME", 4)]


ESSENTIALS = (
    Column("STATE", lambda r: "", 12, importance=8),
    Column("NAME", lambda r: "", 21, importance=9, flex=2),
    Column("SINCE", lambda r: "", 8, importance=5),
    Column("STORY", lambda r: "", 24, importance=7, flex=1),
)


def widths(room):
    return {p.column.title: p.width for p in fit(ESSENTIALS, room, scattered=True)}


def test_what_is_essential_shrinks_before_it_leaves():
    """A narrow terminal shows less of a name, not no story at all."""
    assert widths(68) == {"STATE": 12, "NAME": 21, "SINCE": 8, "STORY": 24}
    assert widths(59) == {"STATE": 12, "NAME": 21, "STORY": 24}
    assert widths(53) == {"STATE": 12, "NAME": 17, "STORY": 22}
    assert "STORY" not in widths(40)
    for room in range(1, 120):
        assert sum(widths(room).values()) + len(widths(room)) - 1 <= max(room, 1)


def test_the_gap_is_wide_where_that_costs_nothing():
    """Neither a column nor a cell of one."""
    assert spread(ESSENTIALS, 71, scattered=True)[1] == 2
    assert spread(ESSENTIALS, 70, scattered=True)[1] == 1
    assert spread(ESSENTIALS, 61, scattered=True)[1] == 2
    assert spread(ESSENTIALS, 60, scattered=True)[1] == 1


MANY = [Row(Thing(f"thing {n}", n * 7919 % 501 if n % 9 else None), NOW) for n in range(500)]


@pytest.mark.parametrize("text", ["", "3", "!3 thing", "nothing of the kind"])
@pytest.mark.parametrize("column", [None, "NAME", "SIZE"])
@pytest.mark.parametrize("descending", [False, True])
def test_a_list_arranged_in_steps_is_the_same_list(text, column, descending, monkeypatch):
    """What is shown on the way are rows that match, in their order; the last step is all."""
    monkeypatch.setattr(ranking, "RUN", 60)
    arrangement = Arrangement(text, column, descending)
    ranks = Ranking(lambda row: row.resource.name)
    whole = arrangement.apply(COLUMNS, MANY, lambda thing: thing.name)
    steps = [list(s) for s in arrangement.steps(COLUMNS, MANY, lambda: ranks.steps(MANY))]
    assert steps[-1] == whole
    assert all(step == whole[: len(step)] for step in steps)
    assert len(steps) > 5
