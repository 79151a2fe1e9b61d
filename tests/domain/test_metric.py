"""What can be said of a metric from its points."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from amltui.domain.metric import MetricSeries, lower_is_better, primary
from amltui.domain.points import MetricPoint


def series(name: str, *values: float) -> MetricSeries:
    return MetricSeries(name, tuple(MetricPoint(step, value) for step, value in enumerate(values)))


def test_best_is_low_for_losses_and_high_for_the_rest_and_never_nan():
    assert series("val/loss", 2.0, 1.0, math.nan).best == MetricPoint(1, 1.0)
    assert series("val/acc", 0.2, 0.9, 0.8).best == MetricPoint(1, 0.9)
    assert series("loss", math.nan).best is None


def test_first_bad_is_where_the_lasting_nan_began():
    bad = series("loss", 1.0, math.nan, 0.5, math.nan, math.inf).first_bad
    assert bad is not None
    assert bad.step == 3
    assert series("loss", 1.0, math.nan, 0.5).first_bad is None


def test_extending_with_points_that_are_known_adds_nothing_not_even_nan():
    held = series("loss", 1.0, math.nan)
    assert held.extended(series("loss", 1.0, float("nan")).points) == held
    assert held.extended([MetricPoint(2, 3.0)]).points[-1] == MetricPoint(2, 3.0)


def test_the_primary_metric_is_the_declared_else_a_validation_loss():
    names = ["epoch", "train/loss", "val/acc", "val/loss"]
    assert primary(names) == "val/loss"
    assert primary(names, "val/acc") == "val/acc"
    assert primary(names, "not logged") == "val/loss"
    assert primary(["lr", "loss"]) == "loss"
    assert primary([]) is None


def test_direction_goes_by_whole_words():
    assert lower_is_better("valid-logloss")
    assert lower_is_better("eval_loss")
    assert lower_is_better("val/rmse")
    assert not lower_is_better("glossary_hits")
    assert not lower_is_better("accuracy")


def test_a_point_told_to_the_millisecond_is_the_one_told_to_the_microsecond():
    """The two services that tell a series differ in that; no point comes twice."""
    exact = datetime(2026, 1, 1, 0, 0, 0, 123_456, tzinfo=UTC)
    coarse = exact.replace(microsecond=123_000)
    series = MetricSeries("loss", (MetricPoint(1, 0.5, exact),))
    assert series.extended([MetricPoint(1, 0.5, coarse)]) is series
    later = MetricPoint(1, 0.5, exact.replace(second=1))
    assert series.extended([later]).points == (*series.points, later)
