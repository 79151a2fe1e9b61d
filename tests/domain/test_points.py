"""Points of any number: extremes of any stretch, at the cost of what is new and of what is seen."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amltui.domain.points import MetricPoint, Points
from amltui.domain.pyramid import FAN, Pyramid

START = datetime(2026, 1, 1, tzinfo=UTC)
ANY = st.floats(allow_nan=True, allow_infinity=True)


def long(count: int) -> list[float]:
    """Values that look like chance and are not."""
    return [math.sin(index * 1.7) * (index % 97) for index in range(count)]


@settings(max_examples=200, deadline=None)
@given(st.data(), st.lists(ANY, max_size=3 * FAN), st.integers(0, 3), st.integers(1, 500))
def test_extremes_of_any_stretch_are_those_of_its_values(data, special, repeats, piece):
    """However the values came: in pieces, with NaN and infinities, over any number of layers."""
    values = [*special, *long(repeats * FAN * FAN // 2), *special]
    held = Pyramid()
    for start in range(0, len(values), piece):
        held.extend(values[start : start + piece])
    start = data.draw(st.integers(0, len(values)))
    stop = data.draw(st.integers(start, len(values)))
    extent, stretch = held.extent(start, stop), values[start:stop]
    finite = [value for value in stretch if math.isfinite(value)]
    assert extent.low == min(finite, default=math.inf)
    assert extent.high == max(finite, default=-math.inf)
    assert extent.finite == len(finite)
    assert extent.nan == sum(map(math.isnan, stretch))
    assert extent.above == stretch.count(math.inf)
    assert extent.below == stretch.count(-math.inf)
    if (size := sum(map(abs, finite))) < 1e300:
        assert held.total(start, stop) == pytest.approx(sum(finite), abs=size * 1e-9)


@settings(max_examples=100, deadline=None)
@example([0.0, *[-1.0] * FAN, *[0.0] * FAN], 1)
@given(st.lists(st.integers(-3, 3).map(float) | ANY, max_size=3 * FAN), st.integers(0, 2 * FAN))
def test_the_first_extreme_is_found_and_where_the_lasting_nan_began(values, stop):
    """Of the first so many values, whatever came after."""
    held = Pyramid(values)
    stop = min(stop, len(values))
    finite = [value for value in values[:stop] if math.isfinite(value)]
    assert held.first_low(stop) == (values.index(min(finite)) if finite else None)
    assert held.first_high(stop) == (values.index(max(finite)) if finite else None)
    since = stop
    while since and not math.isfinite(values[since - 1]):
        since -= 1
    assert held.bad_since(stop) == (since if since < stop else None)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many members of a layer were looked at, stretch by stretch."""
    seen: list[int] = []
    extremes = Pyramid._extremes

    def counted(self: Pyramid, level: int, start: int, stop: int) -> tuple[float, float]:
        seen.append(stop - start)
        return extremes(self, level, start, stop)

    monkeypatch.setattr(Pyramid, "_extremes", counted)
    return seen


def test_a_question_costs_layers_not_values(looked_at: list[int]):
    """Two hundred columns of a long series look at no more than a few blocks each."""
    count = 100_000
    held = Pyramid(long(count))
    looked_at.clear()
    for column in range(200):
        held.extent(column * count // 200, (column + 1) * count // 200)
    assert sum(looked_at) < 200 * 4 * FAN
    looked_at.clear()
    held.extent(0, count)
    assert sum(looked_at) < 8 * FAN


def test_appending_costs_what_is_new(looked_at: list[int]):
    """A thousand more on a hundred thousand sum up a thousand."""
    held = Pyramid(long(100_000))
    looked_at.clear()
    for value in range(1000):
        held.extend([float(value)])
    assert sum(looked_at) < 1000 * 1.1 + FAN


def points(*values: float, at: float = 1.0) -> list[MetricPoint]:
    return [
        MetricPoint(step, value, START + timedelta(seconds=step * at))
        for step, value in enumerate(values)
    ]


def test_points_come_back_as_they_were_logged():
    """To the microsecond, without a time, and at the edge of what a step can be."""
    logged = [
        MetricPoint(-5, 1.5, datetime(2026, 1, 1, 0, 0, 0, 123_457, tzinfo=UTC)),
        MetricPoint(7, math.nan, None),
        MetricPoint(2**63 - 1, -math.inf, datetime(9999, 12, 31, tzinfo=UTC)),
    ]
    held = Points(logged)
    assert list(held) == logged
    assert held == logged
    assert held[-1] == logged[-1]
    assert held[1:] == tuple(logged[1:])
    assert Points([MetricPoint(10**30, 1.0)])[0].step == 2**63 - 1
    with pytest.raises(IndexError):
        held[3]


def test_what_was_is_not_changed_by_what_comes():
    """Two generations share their memory, and two branches do not."""
    first = Points(points(3.0, 2.0))
    second = first.plus([MetricPoint(2, math.nan)])
    other = first.plus([MetricPoint(2, 9.0)])
    assert list(first) == points(3.0, 2.0)
    assert second.steps is first.steps
    assert [point.value for point in other] == [3.0, 2.0, 9.0]
    assert len(second) == 3
    assert first.first_bad() is None
    assert second.first_bad() == MetricPoint(2, math.nan)
    assert first.highest() == points(3.0)[0]
    assert second.lowest() == points(0.0, 2.0)[1]
    assert first.extent().nan == 0
    assert second.extent().nan == 1
    assert first != second
    assert second == Points(second)


def test_a_run_that_was_resumed_has_stretches_that_do_not_go_back():
    """By step it went back once, by time never."""
    logged = [*points(1.0, 2.0, 3.0), *points(4.0, 5.0)]
    held = Points(MetricPoint(p.step, p.value, START) for p in logged)
    assert held.legs(by_time=False) == [(0, 3), (3, 5)]
    assert held.legs(by_time=True) == [(0, 5)]
    assert Points().legs(by_time=False) == []
