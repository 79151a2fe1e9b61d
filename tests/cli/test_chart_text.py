"""Charts: any history, any size, never an exception and never beyond the pane."""

from __future__ import annotations

import math

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from amltui.cli.chart_text import AXIS, chart_text, min_max
from amltui.domain.points import MetricPoint, Points

POINTS = st.lists(
    st.builds(MetricPoint, st.integers(-(2**60), 2**60), st.floats(width=64)), max_size=40
)
BRAILLE = range(0x2800, 0x2900)


def curve(values: list[float]) -> Points:
    return Points(MetricPoint(step, value) for step, value in enumerate(values))


def drawn(lines: list[str]) -> bool:
    return any(ord(glyph) in BRAILLE for line in lines for glyph in line)


@settings(max_examples=150, deadline=None)
@given(POINTS, st.integers(0, 120), st.integers(0, 50))
@example([MetricPoint(0, 5e-324), MetricPoint(1, 1e-323)], 40, 12)
@example([MetricPoint(0, -1.7e308), MetricPoint(1, 1.7e308)], 40, 12)
@example([MetricPoint(0, 9e299), MetricPoint(1, -9e299)], 40, 12)
@example([MetricPoint(7, 3.0)], 40, 12)
@example([MetricPoint(7, 3.0), MetricPoint(7, 3.0)], 40, 12)
@example([MetricPoint(0, 1.0), MetricPoint(1, math.nextafter(1.0, 2.0))], 40, 12)
def test_any_history_fits_its_pane(points, width, height):
    """NaN, infinities, one point, equal points, numbers at the edge of what floats can hold."""
    lines = chart_text(Points(points), width, height)
    assert len(lines) <= height
    assert all(cell_len(line) <= width for line in lines)
    if width > AXIS and height >= 4 and any(math.isfinite(point.value) for point in points):
        large = all(not abs(point.value) < 1e300 for point in points)
        assert drawn(lines) or large


def test_a_curve_is_drawn_with_round_numbers_at_its_axes():
    """Both axes can be read."""
    lines = chart_text(curve([1 / (1 + step / 50) for step in range(1000)]), 70, 16)
    assert drawn(lines)
    for label in ("0.2", "0.6", "200", "800"):
        assert any(label in line for line in lines)
    assert len(lines) == 16


def test_a_spike_in_a_million_points_is_still_on_the_chart():
    """Thinning keeps extremes: the top line holds the spike alone."""
    values = [0.0] * 200_000
    values[123_456] = 100.0
    lines = chart_text(curve(values), 70, 16)
    top = next(line for line in lines if any(ord(glyph) in BRAILLE[1:] for glyph in line))
    assert sum(ord(glyph) in BRAILLE[1:] for glyph in top) == 1


def test_a_gap_of_nan_is_not_bridged():
    """Where nothing finite was logged no line is drawn."""
    whole = chart_text(curve([1.0, 2.0] * 30), 70, 12)
    gap = chart_text(curve([1.0, 2.0] * 10 + [math.nan] * 20 + [1.0, 2.0] * 10), 70, 12)
    assert sum(map(len, (line.split() for line in gap))) != sum(
        map(len, (line.split() for line in whole))
    )
    middle = [line[36:44] for line in gap[:-3]]
    assert not drawn(middle)
    assert drawn([line[36:44] for line in whole[:-3]])


def test_nothing_finite_is_no_chart():
    """The widget says why instead."""
    assert chart_text(curve([math.nan, math.inf]), 70, 12) == []
    assert chart_text(Points(), 70, 12) == []
    assert chart_text(curve([1.0, 2.0]), AXIS, 12) == []


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=400),
    st.integers(min_value=1, max_value=60),
)
def test_decimation_keeps_the_extremes_within_two_points_a_column(values, columns):
    """In the order they were logged."""
    kept = min_max(curve(values), columns)
    assert len(kept) <= 2 * columns
    assert [index for index, _ in kept] == sorted(index for index, _ in kept)
    finite = [value for value in values if math.isfinite(value)]
    if finite:
        drawn = [value for _, value in kept if math.isfinite(value)]
        assert min(drawn) == min(finite)
        assert max(drawn) == max(finite)
