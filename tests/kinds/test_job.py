"""How jobs are told: status, trend, errors, order, and when they can be cancelled."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from msgspec.structs import replace

from amltui.domain.health import Health
from amltui.domain.job import Job, JobError
from amltui.domain.metric import LastValue, MetricSeries
from amltui.domain.points import MetricPoint
from amltui.kinds.arrange import Arrangement, text_of
from amltui.kinds.job import JOB, Trend
from amltui.kinds.job_actions import cannot_cancel
from amltui.kinds.kind import Cell, Row, brief
from tests.kinds.anything import NOW, PLACE

RUNNING = Job(
    PLACE,
    "clever_pig_1",
    "resnet50",
    "img-cls",
    "Command",
    "Running",
    compute="gpu-a100",
    created=NOW - timedelta(hours=3),
    started=NOW - timedelta(hours=2, minutes=11),
    created_by="Kim Lang",
)


def shown(title: str, job: Job, **more: object) -> Cell | str:
    row = Row(job, NOW, **more)  # type: ignore[arg-type]
    return next(column.cell(row) for column in JOB.columns if column.title == title)


def trend(*values: float, name: str = "val/loss") -> Trend:
    points = tuple(MetricPoint(10 * step, value) for step, value in enumerate(values))
    return Trend(MetricSeries(name, points), LastValue(name, points[-1].value, points[-1].step))


def story(job: Job, **more: object) -> Cell:
    cell = shown("METRIC / FIRST ERROR", job, **more)
    assert isinstance(cell, Cell)
    return cell


def test_a_running_job_tells_its_metric_with_its_bars():
    """Value and name are text, the bars are painted as wide as there is room."""
    cell = story(RUNNING, extra=trend(3.0, 2.0, 0.4121))
    assert cell.text == "0.4121 val/loss"
    assert cell.trend == (3.0, 2.0, 0.4121)


def test_a_metric_that_is_not_a_number_marks_the_job_and_tells_the_step():
    """NaN is what people look for: since when is part of it."""
    bad = trend(3.0, math.nan, math.nan)
    assert story(RUNNING, extra=bad).text == "NaN @ 10 val/loss"
    assert shown("STATUS", RUNNING, extra=bad) == Cell("Running", Health.ATTENTION)
    assert shown("STATUS", RUNNING) == Cell("Running", Health.GOOD)


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (
            "Execution failed. User process 'python' exited with status code 1. Please check log"
            " file 'user_logs/std_log.txt' for error details. Error: KeyError: 'lr'",
            "KeyError: 'lr'",
        ),
        (
            "Execution failed. User process 'python' exited with status code 1. Please check log"
            " file 'user_logs/std_log.txt' for error details. Error: Traceback (most recent call"
            ' last):\n  File "train.py", line 2, in <module>\n    main()\nValueError: bad\n',
            "ValueError: bad",
        ),
        (
            "Traceback (most recent call last):\nKeyError: 'a'\n\nDuring handling of the above"
            " exception, another exception occurred:\n\ntorch.cuda.OutOfMemoryError: CUDA out of"
            " memory.\n",
            "torch.cuda.OutOfMemoryError: CUDA out of memory.",
        ),
        ("\n  The node was preempted.\nMore of it", "The node was preempted."),
        ("", "UserError"),
    ],
)
def test_the_error_of_a_failed_job_is_what_its_script_said(message: str, line: str):
    """The service's preamble is the same for every failure and tells nothing."""
    failed = replace(RUNNING, status="Failed", error=JobError(message, "UserError"))
    assert story(failed).text == line


def test_a_queued_job_tells_why_it_waits():
    """In the service's words, in one line."""
    waiting = replace(RUNNING, status="Queued", started=None, queueing="Waiting for\nquota")
    assert story(waiting) == Cell("Waiting for quota", dim=True)
    assert shown("TIME", waiting) == "-"


def test_times_are_told_as_of_the_answer():
    """A running job's time goes on with the answers, an ended one's stands."""
    assert shown("TIME", RUNNING) == "2h 11m"
    ended = replace(RUNNING, status="Completed", ended=NOW - timedelta(hours=1))
    assert shown("TIME", ended) == "1h 11m"
    assert shown("TIME", replace(RUNNING, status="Completed")) == "-"
    assert shown("AGE", RUNNING) == "3h"


def test_what_runs_comes_first_then_what_waits_then_the_newest():
    """Over all workspaces: an old running job is not lost under new finished ones."""
    jobs = {
        "old running": replace(RUNNING, created=NOW - timedelta(days=2)),
        "new done": replace(RUNNING, status="Completed", created=NOW - timedelta(minutes=1)),
        "queued": replace(RUNNING, status="Queued", created=NOW - timedelta(days=1)),
        "new preparing": replace(RUNNING, status="Preparing", created=NOW),
        "old failed": replace(RUNNING, status="Failed", created=NOW - timedelta(days=3)),
        "never created": replace(RUNNING, status="Odd", created=None),
    }
    rows = [Row(replace(job, name=name), NOW) for name, job in jobs.items()]
    ordered = Arrangement().apply(JOB.columns, rows, JOB.order)
    assert [row.resource.name for row in ordered] == [
        "new preparing", "old running", "queued", "new done", "old failed", "never created"
    ]  # fmt: skip


def test_tags_of_the_service_stay_out_of_the_preview():
    """Somebody's own tags are what a preview has room for."""
    tags = {"team": "vision", "_aml_system_ComputeTargetStatus": "{}", "azureml.x": "1"}
    facts = JOB.facts(Row(replace(RUNNING, tags=tags), NOW))
    preview = {fact.name: fact.value for fact in brief(facts)}
    assert preview["tags"] == "team=vision"
    assert "service tags" not in preview
    full = {fact.name: fact.value for fact in facts}
    assert full["service tags"] == "_aml_system_ComputeTargetStatus={} azureml.x=1"


def test_a_preview_has_no_line_without_a_value():
    """Blank facts are for the full screen."""
    preview = brief(JOB.facts(Row(RUNNING, NOW)))
    assert all(fact.value != "-" for fact in preview)
    assert "parent" in {fact.name for fact in JOB.facts(Row(RUNNING, NOW))}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("Running", None),
        ("Queued", None),
        ("Unheard of", None),
        (None, None),
        ("Completed", "resnet50 has already ended: Completed"),
        ("canceled", "resnet50 has already ended: canceled"),
        ("CancelRequested", "resnet50 is already being cancelled"),
    ],
)
def test_only_what_has_not_ended_is_cancelled(status: str | None, reason: str | None):
    """What is unknown may be tried: the service knows better."""
    assert cannot_cancel(replace(RUNNING, status=status)) == reason


def test_trends_are_asked_for_once_a_job_is_over():
    """A running job is asked again, a queued or failed one not at all."""
    supplement = JOB.supplement
    assert supplement is not None
    done = replace(RUNNING, status="Completed")
    assert [supplement.wanted(job) for job in (RUNNING, done)] == [True, True]
    assert not supplement.wanted(replace(RUNNING, status="Canceled"))
    assert supplement.wanted(replace(RUNNING, status="Queued"))
    assert [supplement.final(job) for job in (RUNNING, done)] == [False, True]


def test_the_record_has_what_scripts_were_promised():
    """Times are ISO 8601 in UTC, durations seconds."""
    record = JOB.record(RUNNING, NOW)
    assert record["created"] == "2026-11-24T16:42:00Z"
    assert record["duration_s"] == 7860.0
    assert record["error"] is None
    assert {
        "name", "display_name", "experiment", "type", "status", "compute", "workspace", "created",
        "started", "ended", "duration_s", "created_by", "tags", "error", "studio_url",
    } <= set(record)  # fmt: skip


def test_a_status_nobody_has_heard_of_is_told_as_it_was_written():
    """With the glyph of the unknown."""
    assert shown("STATUS", replace(RUNNING, status="Hibernating")) == Cell(
        "Hibernating", Health.UNKNOWN
    )
    row = Row(replace(RUNNING, status=None), NOW)
    assert text_of(JOB.columns[0], row) == "?"
