"""Filtering and sorting by what the rows show, sorting by value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.kinds.arrange import Arrangement
from amltui.kinds.kind import Cell, Column, Row
from amltui.kinds.layout import fit

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
