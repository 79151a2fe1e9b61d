"""Numbers at the axes of charts: few, round, and where they say."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amltui.ui.charts.ticks import clocks, decades, durations, round_ticks


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(2, 12),
)
@example(0.0, 5e-324, 4)
@example(-1.7e308, 1.7e308, 4)
def test_ticks_are_few_rising_and_within_the_axis(one, other, count):
    """Never more than the axis has room for, never outside it."""
    low, high = sorted((one, other))
    ticks = round_ticks(low, high, count)
    slack = (high - low) * 1e-6
    assert 1 <= len(ticks) <= count + 1
    assert ticks == sorted(set(ticks))
    assert all(low - slack <= tick <= high + slack for tick in ticks)


@pytest.mark.parametrize(
    ("low", "high", "count", "ticks"),
    [
        (0, 79, 4, [0, 20, 40, 60]),
        (0, 1300, 2, [0, 500, 1000]),
        (0.6, 0.86, 5, [0.6, 0.65, 0.7, 0.75, 0.8, 0.85]),
        (3, 3, 4, [3]),
    ],
)
def test_ticks_stand_at_round_numbers(low, high, count, ticks):
    """1, 2 or 5 times a power of ten."""
    assert round_ticks(low, high, count) == pytest.approx(ticks)


@given(st.floats(-300, 300), st.floats(0, 300), st.integers(2, 12))
def test_ticks_of_logarithms_are_within_the_axis(low, span, count):
    """Few, rising, and at the height of the number they name."""
    found = decades(low, low + span, count)
    places = [place for place, _ in found]
    assert len(places) <= 2 * count + 3
    assert places == sorted(places)
    assert all(low - 1e-6 <= place <= low + span + 1e-6 for place in places)


@given(st.floats(0, 1e10), st.floats(0, 1e9), st.integers(2, 12))
def test_ticks_of_time_are_within_the_axis(low, span, count):
    """Also over years, also over no time at all."""
    for make in (durations, clocks):
        found = make(low, low + span, count)
        assert len(found) <= count + 2
        assert all(low - 1e-3 <= place <= low + span + 1e-3 for place, _ in found)
        assert all(text for _, text in found)


def test_an_axis_of_less_than_a_power_of_ten_has_round_numbers():
    """A loss from 0.35 to 0.9 is told by 0.4, 0.5 and so on, not by nothing."""
    found = decades(math.log10(0.35), math.log10(0.9), 5)
    assert [text for _, text in found] == ["0.4", "0.5", "0.6", "0.7", "0.8", "0.9"]
