"""Charts: any history, any size, never an exception and never beyond the pane."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from operator import ne

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from amltui.domain.points import MetricPoint, Points
from amltui.domain.pyramid import Pyramid
from amltui.ui.charts import tiles
from amltui.ui.charts.canvas import MARKS, Canvas
from amltui.ui.charts.drawing import Curve, Ink, Run, draw
from amltui.ui.charts.trace import smoothed_at, trace
from amltui.ui.charts.track import Track
from amltui.ui.charts.view import SMOOTHINGS, Axis, View, Window

START = datetime(2026, 11, 24, tzinfo=UTC)
BRAILLE = range(0x2801, 0x2900)
POINTS = st.lists(
    st.builds(
        MetricPoint,
        st.integers(-(2**62), 2**62) | st.integers(0, 50),
        st.floats(width=64),
        st.none() | st.integers(0, 10**6).map(lambda second: START + timedelta(seconds=second)),
    ),
    max_size=120,
)
VIEWS = st.builds(
    View,
    st.sampled_from(Axis),
    st.booleans(),
    st.sampled_from(SMOOTHINGS),
    st.none() | st.builds(Window, st.floats(1e-3, 1e6), st.none() | st.floats(-1e6, 1e6)),
    st.none() | st.floats(-1e6, 1e6),
    st.none() | st.integers(0, 10**9),
)


def points(*values: float, every: float = 1.0) -> Points:
    return Points(
        MetricPoint(step, value, START + timedelta(seconds=step * every))
        for step, value in enumerate(values)
    )


def picture(
    *series: Points,
    view: View | None = None,
    width: int = 60,
    height: int = 16,
    marks: str = "braille",
) -> list[list[Run]]:
    view = view or View()
    letters = "ab" if len(series) > 1 else ("",)
    curves = [
        Curve(Track(each, view.axis), letter, number)
        for number, (each, letter) in enumerate(zip(series, letters, strict=True))
    ]
    return draw(curves, view, width, height, MARKS[marks])


def text(lines: list[list[Run]]) -> list[str]:
    return ["".join(run.text for run in runs) for runs in lines]


def dots(lines: list[str]) -> int:
    return sum(ord(glyph) in BRAILLE for line in lines for glyph in line)


@settings(max_examples=250, deadline=None)
@given(
    st.lists(POINTS, min_size=1, max_size=2),
    VIEWS,
    st.integers(0, 120),
    st.integers(0, 40),
    st.sampled_from(sorted(MARKS)),
)
@example([[MetricPoint(0, 5e-324), MetricPoint(1, 1e-323)]], View(), 40, 12, "braille")
@example([[MetricPoint(0, -1.7e308), MetricPoint(1, 1.7e308)]], View(), 40, 12, "braille")
@example([[MetricPoint(0, 9e299), MetricPoint(1, -9e299)]], View(), 40, 12, "ascii")
@example([[MetricPoint(0, 1e-320), MetricPoint(1, 1e299)]], View(log=True), 40, 12, "braille")
@example([[MetricPoint(7, 3.0), MetricPoint(7, 3.0)]], View(), 40, 12, "blocks")
@example([[MetricPoint(0, 1.0), MetricPoint(1, math.nextafter(1, 2))]], View(), 40, 12, "braille")
def test_any_history_fits_its_pane(histories, view, width, height, marks):
    """NaN, infinities, equal points, steps that go back, no times, any window and cursor."""
    lines = text(
        picture(*map(Points, histories), view=view, width=width, height=height, marks=marks)
    )
    assert len(lines) in {0, height}
    assert all(cell_len(line) <= width for line in lines)
    if marks == "ascii":
        assert all(line.isascii() for line in lines)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=600), st.integers(20, 80))
def test_the_extremes_are_drawn_at_the_edges(values, width):
    """Whatever is thinned out: the top and the bottom row have a dot each."""
    lines = text(picture(points(*values), width=width, height=12))
    rows = [line[1:] for line in lines[:-2]]
    if min(values) < max(values):
        assert dots(rows[:1])
        assert dots(rows[-1:])
    else:
        assert dots(rows)


def test_a_spike_in_many_points_is_still_on_the_chart():
    """The top line holds the spike alone."""
    values = [0.0] * 50_000
    values[12_345] = 100.0
    lines = text(picture(points(*values)))
    assert dots(lines[:1]) == 1
    assert dots(lines[7:8]) == 1


def test_a_long_series_costs_columns_not_points(monkeypatch: pytest.MonkeyPatch):
    """A hundred times the points are no more than twice the values looked at."""
    seen: list[int] = []
    extremes = Pyramid._extremes

    def counted(self: Pyramid, level: int, start: int, stop: int) -> tuple[float, float]:
        seen.append(stop - start)
        return extremes(self, level, start, stop)

    series = {count: points(*map(math.sin, range(count))) for count in (1000, 100_000)}
    monkeypatch.setattr(Pyramid, "_extremes", counted)
    work = {}
    for count, each in series.items():
        seen.clear()
        picture(each, width=100, height=30)
        work[count] = len(seen), sum(seen)
    assert work[100_000][1] < 200 * 128
    assert work[100_000][0] < 8 * work[1000][0]


def test_a_gap_of_nan_is_not_bridged_and_is_flagged():
    """No line is drawn where nothing finite was logged; the floor says what was."""
    values = [1.0, 2.0] * 10 + [math.nan] * 20 + [1.0, 2.0] * 10
    lines = picture(points(*values))
    middle = [line[26:34] for line in text(lines)[:-2]]
    assert not dots(middle)
    bad = [run.text for run in lines[-2] if run.ink is Ink.BAD]
    assert len(bad) == 1
    assert set(bad[0]) == {"×"}
    assert 18 <= len(bad[0]) <= 22


def test_infinities_stand_at_the_edge_they_are_beyond():
    """Up at the top, down at the floor, in the column where they were logged."""
    lines = picture(points(1.0, math.inf, 2.0, -math.inf, 3.0))
    assert "▲" in text(lines)[0]
    assert "▼" in text(lines)[-2]
    assert text(lines)[0].index("▲") < text(lines)[-2].index("▼")


def test_a_logarithmic_axis_has_powers_of_ten_and_flags_what_has_none():
    """An exponential is a straight line; zero is no point of it."""
    lines = text(picture(points(0.0, *(10.0**n for n in range(-3, 3))), view=View(log=True)))
    labels = [line.split("┤")[0].strip() for line in lines if "┤" in line]
    assert labels == ["10", "0.1", "0.001"]
    assert "▼" in lines[-2]
    rows = [line for line in lines[:-2] if dots([line])]
    firsts = [next(i for i, glyph in enumerate(row) if ord(glyph) in BRAILLE) for row in rows]
    assert firsts == sorted(firsts, reverse=True)


def test_smoothing_goes_through_the_middle_of_the_noise():
    """What swings between 1 and 3 is about 2, from the first columns on, to the last."""
    noisy = points(*([1.0, 3.0] * 200))
    lines = text(picture(noisy, view=View(smooth=0.9), height=14))
    labels = [float(line.split("┤")[0]) for line in lines if "┤" in line]
    assert min(labels) > 0.9
    track = Track(noisy, Axis.STEP)
    marks = trace(track, View(smooth=0.9), 0, 399, 100)[0]
    assert all(1.8 < mark.high < 2.2 for mark in marks if mark.dot > 20)


def test_the_smoothed_value_under_the_cursor_is_the_one_that_is_drawn():
    """To the digits that are shown, wherever the cursor is, of few points and of many."""
    for count in (60, 20_000):
        series = points(*(math.sin(step / count * 20) + step % 7 for step in range(count)))
        track, view = Track(series, Axis.STEP), View(smooth=0.6)
        drawn = {mark.dot: mark.leaves for mark in trace(track, view, 0, count - 1, 100)[0]}
        apart = (count - 1) / 99
        for dot in (0, 1, 40, 99):
            at = max(each for each in drawn if each <= dot)
            told = smoothed_at(track, view, at * apart, apart)
            assert told == pytest.approx(drawn[at], abs=0.1)


def test_a_zoomed_chart_shows_its_part_and_a_tail_that_follows():
    """The same window at the end shows what has come since."""
    series = points(*([0.0] * 500), *([5.0] * 500))
    view = View().zoomed(0, 999, 0.25)
    assert view.span(0, 999) == pytest.approx((749.25, 999))
    assert view.span(0, 1500) == pytest.approx((1250.25, 1500))
    lines = text(picture(series, view=view))
    assert "800" in lines[-1]
    assert "200" not in lines[-1]
    back = view.panned(0, 999, -1)
    assert back.span(0, 1500) == pytest.approx((499.5, 749.25))
    assert back.zoomed(0, 999, 100).window is None


def test_a_curve_that_grows_is_not_drawn_anew_for_each_point():
    """The axes have room for what comes: most points change a cell or two, few move the picture."""
    values = [1 / (1 + step) + 0.02 * (step % 3) for step in range(200)]
    moved = 0
    before = text(picture(points(*values[:40]), view=View(points=40)))
    for count in range(41, 200):
        after = text(picture(points(*values[:count]), view=View(points=count)))
        cells = sum(map(ne, "".join(before), "".join(after)))
        moved += cells > 6
        before = after
    assert moved <= 8
    assert View(points=111).span(0, 110) == (0, 120)
    assert View().span(0, 110) == (0, 110)


def test_what_follows_a_growing_curve_has_room_for_it_too():
    """The window of a zoomed chart ends where the whole one does, and is as long as before."""
    view = View(points=1000).zoomed(0, 999, 0.25)
    first, last = view.span(0, 999)
    assert last >= 999
    assert view.span(0, 1001) == view.span(0, 1010)
    assert last - first == pytest.approx(view.span(0, 1500)[1] - view.span(0, 1500)[0])


def test_the_cursor_stays_where_it_is_when_the_chart_comes_closer():
    """Zooming keeps the column under the cursor; a cursor that leaves takes the window along."""
    view = View(cursor=200.0).zoomed(0, 1000, 0.5)
    first, last = view.span(0, 1000)
    assert (200 - first) / (last - first) == pytest.approx(0.2)
    gone = view.pointed(0, 1000, 900.0)
    assert gone.span(0, 1000)[1] == pytest.approx(900.0)
    assert gone.pointed(0, 1000, 5000.0).cursor == 1000


def test_time_axes_are_told_in_units_of_time():
    """Since the start in minutes; by the clock in hours and minutes."""
    series = points(*range(601))
    relative = text(picture(series, view=View(axis=Axis.RELATIVE)))[-1].split()
    assert relative[0] == "0s"
    assert "5m" in relative or "4m" in relative
    wall = text(picture(series, view=View(axis=Axis.WALL)))[-1].split()
    assert all(len(word) == 5 and word[2] == ":" for word in wall)
    nothing = Points(MetricPoint(step, 1.0) for step in range(5))
    assert picture(nothing, view=View(axis=Axis.WALL)) == []


def test_a_run_that_was_resumed_is_drawn_twice_where_it_went_twice():
    """No line leads back from the end of the first attempt to the start of the second."""
    first = [MetricPoint(step, 0.0) for step in range(100)]
    second = [MetricPoint(step, 10.0) for step in range(50, 150)]
    lines = text(picture(Points([*first, *second])))
    assert dots(lines[:1]) > 30
    assert dots(lines[1:12]) == 0


def test_steps_in_no_order_at_all_are_put_in_order():
    """What many workers log at once is one curve."""
    shuffled = Points(MetricPoint(step * 197 % 400, float(step * 197 % 400)) for step in range(400))
    ordered = Points(MetricPoint(step, float(step)) for step in range(400))
    assert text(picture(shuffled)) == text(picture(ordered))


def test_curves_over_each_other_have_a_letter_and_a_number_each():
    """Told apart without colour."""
    lines = picture(points(*range(50)), points(*range(50, 0, -1)))
    inks = {run.ink for line in lines for run in line}
    assert {0, 1} <= inks
    shown = "\n".join(text(lines))
    assert shown.count("a") == 1
    assert shown.count("b") == 1


def test_lines_are_thin_and_whole():
    """From corner to corner each column has a dot, and steep lines have no holes."""
    canvas = Canvas(10, 5, MARKS["braille"])
    canvas.line((0, 19), (19, 0), 0)
    assert sum(glyph != " " for row in range(5) for glyph in canvas.glyphs(row)) <= 10
    steep = Canvas(2, 5, MARKS["ascii"])
    steep.line((0, 4), (1, 0), 0)
    assert [sum(steep.glyphs(row)[c] == "*" for c in (0, 1)) for row in range(5)] == [1] * 5


@given(st.integers(1, 200), st.integers(1, 60), st.integers(1, 40))
def test_tiles_fill_the_board_without_a_gap(width, height, count):
    """No two overlap, none is beyond the edge, all of the room is used."""
    for arrange in (tiles.grid, tiles.beside):
        placed = arrange(width, height, count)
        assert sum(tile.width * tile.height for tile in placed) == width * height
        assert all(tile.x + tile.width <= width for tile in placed)
        assert all(tile.y + tile.height <= height for tile in placed)
    assert len(tiles.grid(120, 33, 18)) >= 6
    assert len(tiles.grid(80, 21, 18)) == 4
