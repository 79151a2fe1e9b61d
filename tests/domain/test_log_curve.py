"""Curves of what a script prints, for jobs that log nothing."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from amltui.domain.log_curve import LogCurves


def curves(*lines: str) -> dict[str, list[tuple[int, float]]]:
    """Step and value of each point, by the name of the curve."""
    found = LogCurves()
    for line in lines:
        found.take(line)
    return {
        each.name: [(point.step, point.value) for point in each.points] for each in found.series
    }


def test_values_stand_at_the_step_that_their_line_tells() -> None:
    """As logging writes them: stamps, ratios and ranks are no values."""
    lines = [
        f"2026-01-01 12:00:0{n},123 INFO train: [rank 3] step {n * 10}/500 loss={1 / (n + 1):.2f}"
        f" val/acc: .{n}"
        for n in range(3)
    ]
    assert curves(*lines) == {
        "loss": [(0, 1.0), (10, 0.5), (20, 0.33)],
        "val/acc": [(0, 0.0), (10, 0.1), (20, 0.2)],
    }


def test_the_finest_counter_is_the_step() -> None:
    assert curves("epoch 1 step 5 loss 3", "epoch 1 step 6 loss 2") == {"loss": [(5, 3), (6, 2)]}


def test_a_progress_bar_is_read_at_its_last_state() -> None:
    """Its count is the step; what was overwritten was never seen."""
    bar = "\r 1%|#| 1/90 [00:01<01:30, 1.0it/s, loss=9]\r{0}%|##| {0}/90 [00:09<00:15, loss={1}]"
    assert curves(bar.format(45, 0.5), bar.format(60, 0.25)) == {"loss": [(45, 0.5), (60, 0.25)]}


def test_without_a_counter_lines_are_counted() -> None:
    assert curves("lr=1e-3", "hello", "lr=1e-4") == {"lr": [(1, 0.001), (3, 0.0001)]}


def test_what_never_changes_or_comes_once_is_no_curve() -> None:
    assert curves("seed=7", "seed=7", "once=1") == {}


def test_nan_is_kept() -> None:
    """It is what people look for."""
    (points,) = curves("loss=1.0", "loss=nan").values()
    assert math.isnan(points[1][1])


@given(st.text(max_size=200))
def test_no_line_is_too_strange(line: str) -> None:
    curves(line, line)
