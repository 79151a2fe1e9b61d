"""Columns that somebody chose: of any field, metric, parameter and tag."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from amltui.kinds.arrange import Arrangement
from amltui.kinds.choosing import columns_of, possible
from amltui.kinds.fields import text_of
from amltui.kinds.job import JOB
from amltui.kinds.kind import Row
from amltui.kinds.layout import fit
from amltui.kinds.registry import KINDS
from tests.kinds.anything import NOW, OF_KIND
from tests.kinds.test_fields import BASE, UNKNOWN

ROWS = [
    Row(replace(BASE, name=name, metrics=metrics, parameters=parameters), NOW)
    for name, metrics, parameters in [
        ("a", {"acc": 0.5}, {"lr": "1e-3"}),
        ("b", {"acc": float("nan")}, {"lr": "adaptive"}),
        ("c", {"acc": 0.9}, {"lr": "0.01"}),
    ]
] + [Row(UNKNOWN, NOW)]


def titles(names):
    return [column.title for column in columns_of(JOB, names)]


def test_columns_are_shown_as_they_were_chosen():
    """What no longer exists is left out; nothing chosen is the kind's own."""
    names = ["metrics.acc", "NAME", "params.lr", "tag.team", "nodes"]
    assert titles(names) == names
    assert titles(["NAME", "gone", "metrics", "nodes.x"]) == ["NAME"]
    assert list(columns_of(JOB, ())) == list(JOB.columns)
    [row] = [[text_of(column, ROWS[0]) for column in columns_of(JOB, names)]]
    assert row == ["0.5", "resnet50-aug", "1e-3", "vision", "-"]


@pytest.mark.parametrize(
    ("column", "order"),
    [("metrics.acc", ["a", "c", "b", "bare"]), ("params.lr", ["a", "c", "b", "bare"])],
)
def test_sorting_goes_by_number_where_there_are_numbers(column, order):
    """NaN and words come behind them, and what has no value last of all."""
    columns = columns_of(JOB, ["NAME", column])
    rows = Arrangement(column=column).apply(columns, ROWS)
    assert [row.resource.name for row in rows] == order


def test_the_last_columns_leave_first_where_there_is_no_room():
    columns = columns_of(JOB, ["metrics.acc", "NAME", "params.lr", "tag.team"])
    shown = [place.column.title for place in fit(columns, 34, scattered=False)]
    assert shown == ["metrics.acc", "NAME"]


def test_every_metric_parameter_and_tag_that_is_known_can_be_chosen():
    names = possible(JOB, ROWS)
    assert {"STATUS", "metrics.acc", "params.lr", "tag.team", "nodes", "type"} <= set(names)
    assert not {"experiment", "user", "after", "metrics"} & set(names)
    assert len(names) == len(set(names))


@given(st.data())
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_row_is_too_strange_for_any_column(kind, data):
    rows = [Row(data.draw(OF_KIND[kind.name]), NOW) for _ in range(2)]
    for name in possible(kind, rows):
        columns = columns_of(kind, [name])
        for row in rows:
            text_of(columns[0], row)
        assert len(Arrangement(column=name).apply(columns, rows)) == 2
