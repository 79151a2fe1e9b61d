"""Metric series follow from the record and the clock."""

from __future__ import annotations

import math
from itertools import pairwise
from time import perf_counter

import pytest

from amltui.emulator.jobs import plans, series
from amltui.emulator.jobs.curves import Curve, falls
from amltui.emulator.jobs.metrics import RunMetrics
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.scripts import SCRIPTS
from amltui.emulator.jobs.written import WrittenMetrics

NOON = 1_700_000_000.0


def trained(**members: object) -> JobRecord:
    members = {
        "timeline": plans.command(5.0, 10.0, 100.0),
        "script": "vision",
        "steps": 100,
        "seed": 7,
        **members,
    }
    return JobRecord("calm_pear_1", "/ws", NOON, **members)  # type: ignore[arg-type]


def test_nothing_is_logged_before_the_job_runs() -> None:
    """A queued job has no metrics, not metrics without points."""
    job = trained()
    assert series.names(job, NOON + 10) == []
    assert series.count(job, "train/loss", NOON + 10) == 0
    assert series.last(job, "train/loss", NOON + 10) is None


def test_points_come_at_the_pace_of_the_steps() -> None:
    """One step a second: after 30 seconds of running there are 30 points."""
    job = trained()
    running = NOON + 17
    assert series.count(job, "train/loss", running + 30) == 30
    assert series.count(job, "val/loss", running + 30) == 3
    last = series.last(job, "train/loss", running + 30)
    assert last is not None
    assert (last.step, last.time) == (29, running + 30)


def test_the_past_does_not_change() -> None:
    """A range read later is the range read before, with new points after it."""
    job = trained()
    before = series.points(job, "train/loss", 0, series.count(job, "train/loss", NOON + 40))
    after = series.points(job, "train/loss", 0, series.count(job, "train/loss", NOON + 80))
    assert after[: len(before)] == before
    assert len(after) > len(before)


def test_an_ended_job_logs_no_more() -> None:
    job = trained()
    assert series.count(job, "train/loss", NOON + 1000) == 100
    assert series.count(job, "train/loss", NOON + 1e6) == 100


def test_a_diverged_loss_stays_nan() -> None:
    """From one step on, and only where the script would see it."""
    job = trained(nan_from=40)
    values = [point.value for point in series.points(job, "train/loss", 0, 100)]
    assert all(map(math.isfinite, values[:40]))
    assert all(map(math.isnan, values[40:]))
    assert math.isfinite(series.points(job, "img/s", 49, 50)[0].value)


def test_a_stalled_job_runs_without_new_points() -> None:
    job = trained(stalls_at=20.0)
    assert series.count(job, "train/loss", NOON + 37) == 20
    assert series.count(job, "train/loss", NOON + 110) == 20


def test_a_requeued_job_goes_on_where_it_was() -> None:
    """Steps are counted over both stretches; no point is logged while it waits."""
    job = trained(timeline=plans.requeued(30.0, 200.0, 70.0))
    times = [point.time for point in series.points(job, "train/loss", 0, 100)]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert sum(gap > 200 for gap in gaps) == 1
    assert times == sorted(times)


def test_a_million_points_are_never_made() -> None:
    """The count, the last value and a page cost the same as in a short series."""
    job = trained(steps=1_000_000, step_seconds=1e-4)
    started = perf_counter()
    assert series.count(job, "train/loss", NOON + 1000) == 1_000_000
    assert series.last(job, "train/loss", NOON + 1000) is not None
    assert len(series.points(job, "train/loss", 999_000, 1_000_000)) == 1000
    sample = RunMetrics(job, WrittenMetrics(), NOON + 1000).sample("train/loss", 2000)
    assert (len(sample), sample[0].step, sample[-1].step) == (2000, 0, 999_999)
    assert perf_counter() - started < 1.0


def test_after_a_moment_is_found_without_reading_all() -> None:
    metrics = RunMetrics(trained(), WrittenMetrics(), NOON + 1000)
    index = metrics.index_after("train/loss", NOON + 47)
    assert metrics.points("train/loss", index, index + 1)[0].time > NOON + 47
    assert metrics.points("train/loss", index - 1, index)[0].time <= NOON + 47


def test_seeds_make_different_curves_of_the_same_kind() -> None:
    curve = Curve(falls(2.0, 0.2), grain=0.02)
    one, two = curve.value(90, 100, 1, None), curve.value(90, 100, 2, None)
    assert one != two
    assert 0.1 < one < 0.6
    assert curve.value(90, 100, 1, None) == one


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_logs_finite_numbers(script: str) -> None:
    for name, curve in SCRIPTS[script].items():
        values = [curve.value(step, 100, 3, None) for step in range(0, 100, 7)]
        assert all(map(math.isfinite, values)), name
