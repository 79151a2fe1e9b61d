"""Rules of watches: what has happened by one look and what is known of earlier ones."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.job import Job, JobError
from amltui.domain.metric import LastValue, MetricSeries
from amltui.domain.points import MetricPoint, Points
from amltui.domain.watch import (
    Condition,
    History,
    Look,
    Rule,
    condition,
    divergence,
    judge,
    limited,
    wanted,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
RUNNING = Job(
    WorkspaceId("s", "g", "w"), "j", "train", "e", "command", "Running", started=NOON - HOUR
)


def texts(rule: str, job: Job, history: History | None = None, **seen: Any) -> list[str]:
    """What one rule tells of one look."""
    each = condition(rule)
    assert each is not None
    events, _ = judge([each], history or History(), Look(job, NOON, **seen))
    return [event.text for event in events]


def value(number: float, ago: float = 0.0) -> dict[str, LastValue]:
    return {"loss": LastValue("loss", number, 4210, NOON - timedelta(minutes=ago))}


@pytest.mark.parametrize(
    ("rule", "job", "seen", "told"),
    [
        ("finished", replace(RUNNING, status="Completed", ended=NOON), {}, "Completed after 1h"),
        ("finished", replace(RUNNING, status="Canceled", ended=NOON), {}, "Canceled after 1h"),
        ("failed", replace(RUNNING, status="Failed", error=JobError("no disk")), {},
         "failed: no disk"),
        ("failed", replace(RUNNING, status="Completed"), {}, None),
        ("finished", RUNNING, {}, None),
        ("finished", replace(RUNNING, status="Weird"), {}, None),
        ("failed", replace(RUNNING, status=None), {}, None),
        ("nan", RUNNING, {"values": value(math.nan)}, "loss is NaN at step 4,210"),
        ("nan", RUNNING, {"values": value(-math.inf)}, "loss is -Inf at step 4,210"),
        ("nan", RUNNING, {"values": value(0.3)}, None),
        ("stalled:30m", RUNNING, {"values": value(0.3, 31)}, "no metric for 31m"),
        ("stalled:30m", RUNNING, {"values": value(0.3, 29)}, None),
        ("stalled:30m", RUNNING, {"values": value(0.3, 45), "log_changed": NOON}, None),
        ("stalled:30m", RUNNING,
         {"values": value(0.3, 45), "log_changed": NOON - timedelta(minutes=40)},
         "no metric, no log for 40m"),
        ("stalled:30m", replace(RUNNING, status="Queued"), {}, None),
        ("stalled:30m", replace(RUNNING, started=None), {}, None),
        ("cost:5", RUNNING, {"per_hour": 6.7}, "has cost ~$6.70"),
        ("cost:7", RUNNING, {"per_hour": 6.7}, None),
        ("cost:5", RUNNING, {}, None),
        ("duration:1h", RUNNING, {}, "has run for 1h"),
        ("duration:2h", RUNNING, {}, None),
    ],
)  # fmt: skip
def test_one_look(rule: str, job: Job, seen: dict[str, Any], told: str | None):
    """Each rule tells its own thing, and nothing where that is not known."""
    assert texts(rule, job, **seen) == ([told] if told else [])


def test_what_was_told_is_not_told_again():
    """Neither at the next look nor by another program that has the history."""
    rules = [Condition(Rule.NOT_A_NUMBER)]
    events, history = judge(rules, History(), Look(RUNNING, NOON, value(math.nan)))
    assert len(events) == 1
    again, _ = judge(rules, history, Look(RUNNING, NOON + HOUR, value(math.nan)))
    assert again == ()


def test_a_stall_that_was_over_is_told_when_it_comes_back():
    rules = [Condition(Rule.STALLED, 600.0)]
    first, held = judge(rules, History(), Look(RUNNING, NOON, value(1, 20)))
    none, held = judge(rules, held, Look(RUNNING, NOON, value(1, 1)))
    second, _ = judge(rules, held, Look(RUNNING, NOON, value(1, 30)))
    assert (len(first), len(none), len(second)) == (1, 0, 1)


def test_a_job_that_waits_again_was_preempted_each_time():
    """Only one that has run; once for each time, however often it is looked at meanwhile."""
    rules = [Condition(Rule.PREEMPTED)]
    told, history = [], History()
    for status in ("Queued", "Running", "Queued", "Queued", "Preparing", "Running", "Queued"):
        events, history = judge(rules, history, Look(replace(RUNNING, status=status), NOON))
        told.append(len(events))
    assert told == [0, 0, 1, 0, 0, 0, 1]


def test_a_failure_is_told_as_one_thing():
    """With both rules: that it failed says that it has ended."""
    job = replace(RUNNING, status="Failed", ended=NOON)
    rules = [Condition(Rule.FINISHED), Condition(Rule.FAILED)]
    events, history = judge(rules, History(), Look(job, NOON))
    assert [event.rule for event in events] == [Rule.FAILED]
    assert judge(rules, history, Look(job, NOON))[0] == ()


def series(name: str, *values: float) -> MetricSeries:
    return MetricSeries(name, Points(MetricPoint(n, each) for n, each in enumerate(values)))


@pytest.mark.parametrize(
    ("name", "values", "diverges"),
    [
        ("val/loss", [2.0, 1.8, 1.5, 1.2, 1.0, 0.8, 0.7, 0.9, 1.6, 2.4, 2.6, 2.9], True),
        ("val/loss", [2.0, 1.8, 1.5, 1.2, 1.0, 0.8, 0.7, 0.9, 0.8, 2.9, 0.8, 0.7], False),
        ("val/loss", [2.0, 1.8, 1.5, 1.2, 1.0, 0.8, 0.7, 0.6, 0.5, 0.5, 0.5, 0.4], False),
        ("val/acc", [0.1, 0.3, 0.5, 0.6, 0.7, 0.7, 0.5, 0.3, 0.1, 0.1, 0.1, 0.1], True),
        ("val/acc", [0.1, 0.3, 0.5, 0.6, 0.7, 0.7, 0.8, 0.8, 0.8, 0.9, 0.9, 0.9], False),
        ("val/loss", [2.0, 0.5, 9.0, 9.0, 9.0], False),
        ("val/loss", [math.nan] * 20, False),
    ],
)  # fmt: skip
def test_a_metric_that_runs_away(name: str, values: list[float], diverges: bool):
    """Its newest values have lost all that was gained, in the direction that is worse for it."""
    assert (divergence(series(name, *values)) is not None) is diverges


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("failed", "failed"),
        ("stalled:45m", "stalled:45m"),
        ("STALLED", "stalled:30m"),
        ("cost:$20", "cost:20"),
        ("duration:8h", "duration:8h"),
        ("failed:3", None),
        ("cost:-1", None),
        ("cost:nan", None),
        ("stalled:soon", None),
        ("user:me", None),
    ],
)
def test_rules_as_they_are_typed(typed: str, told: str | None):
    found = condition(typed)
    assert (found.text if found else None) == told


def test_words_are_rules_or_a_filter():
    rules, rest = wanted(["failed", "user:me", "stalled:10m", "resnet"])
    assert [each.text for each in rules] == ["failed", "stalled:10m"]
    assert rest == "user:me resnet"


def test_a_limit_is_doubled_and_halved():
    each = Condition(Rule.STALLED, 1800.0)
    assert limited(each, 1).limit == 3600.0
    assert limited(each, -1).limit == 900.0
    assert limited(Condition(Rule.FAILED), 1) == Condition(Rule.FAILED)
