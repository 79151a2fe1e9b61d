"""Legends: letters belong to runs, names make room for values, what is left out is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from amltui.domain.comparison import LETTERS
from amltui.domain.metric import MetricSeries
from amltui.domain.points import MetricPoint
from amltui.ui.charts.legend import BETWEEN, Entry, fitted
from amltui.ui.charts.view import View
from amltui.ui.tabs.metric_charts import Overlaid, chart_of


def run(title: str, **metrics: list[float]) -> Overlaid:
    series = {
        name: MetricSeries(name, [MetricPoint(step, value) for step, value in enumerate(values)])  # type: ignore[arg-type]
        for name, values in metrics.items()
    }
    return Overlaid(title, series)


def told(entries: list[Entry], width: int, most: int) -> list[str]:
    lines = fitted(entries, width, most)
    return [(" " * BETWEEN).join(item.text for item in line) for line in lines]


RUNS = [
    run("one", loss=[3, 2]),
    run("two", loss=[2, 1, 0.5, 0.25], acc=[1, 2]),
    run("three", acc=[5, 6]),
]


def test_a_run_has_the_same_letter_and_colour_in_each_chart():
    """Where the first runs lack a metric the others are not called by their letters."""
    assert [line.letter for line in chart_of(["loss"], RUNS).lines] == ["a", "b"]
    acc = chart_of(["acc"], RUNS)
    assert [(c.letter, c.number) for c in acc.curves(View().axis)] == [("b", 1), ("c", 2)]
    only = chart_of(["loss"], [RUNS[2], RUNS[0]])
    assert [entry.words(entry.name) for entry in only.legend(View(), 10)] == ["b one 2"]
    assert chart_of(["loss"], RUNS[:1]).legend(View(), 10) == []


def test_curves_without_a_letter_are_counted():
    """Seven metrics of two runs are two more than there are letters."""
    names = [f"m{n}" for n in range(7)]
    runs = [run(title, **{name: [1.0] for name in names}) for title in ("x", "y")]
    chart = chart_of(names, runs)
    assert "".join(line.letter for line in chart.lines) == LETTERS
    assert chart.note(View(), 40, short=True) == "2 curves left out"


def test_a_value_after_the_end_of_its_curve_has_its_own_step():
    """The run that is over does not stand there with its last value as if it were one of now."""
    legend = chart_of(["loss"], RUNS).legend(View(cursor=3.0), 10)
    assert [entry.value for entry in legend] == ["2 @ 1", "0.25"]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (80, ["a resnet50-base 1  b resnet50-aug-lr1e3 2  c resnet50-aug-lr3e4 3"]),
        (50, ["a …base 1  b …aug-lr1e3 2  c …aug-lr3e4 3"]),
        (40, ["a …base 1  b …g-lr1e3 2  c …g-lr3e4 3"]),
        (16, ["a 1  b 2  c 3"]),
        (12, ["a 1  +2 more"]),
    ],
)
def test_names_make_room_before_values_do(width: int, lines: list[str]):
    """First what all begin with, then beginnings of names, then names; at last it says how many."""
    names = ["resnet50-base", "resnet50-aug-lr1e3", "resnet50-aug-lr3e4"]
    entries = [Entry(LETTERS[n], name, str(n + 1)) for n, name in enumerate(names)]
    assert told(entries, width, 1) == lines


@given(
    st.lists(st.tuples(st.text(max_size=30), st.floats(width=16).map(str)), max_size=12),
    st.integers(8, 120),
    st.integers(1, 2),
)
def test_a_legend_never_leaves_its_lines_and_never_hides_that_it_is_cut(
    told_of: list[tuple[str, str]], width: int, most: int
):
    """Every curve is there or counted, whatever it is called."""
    entries = [Entry(LETTERS[n], *pair) for n, pair in enumerate(told_of)]
    lines = fitted(entries, width, most)
    assert len(lines) <= most
    items = [item for line in lines for item in line]
    kept = sum(bool(item.letter) for item in items)
    rest = sum(int(item.text[1:].split()[0]) for item in items if not item.letter)
    assert kept + rest == len(entries)
    for line in lines:
        if len(line) > 1:
            assert sum(cell_len(item.text) + BETWEEN for item in line) - BETWEEN <= width
