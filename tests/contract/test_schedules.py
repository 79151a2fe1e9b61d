"""Schedules with azure-ai-ml, and the jobs that come of them."""

from __future__ import annotations

import time
from typing import Any

import pytest

ENVIRONMENT = "azureml://registries/azureml/environments/sklearn-1.5/versions/33"


def pipeline_job() -> Any:
    from azure.ai.ml import command
    from azure.ai.ml.dsl import pipeline

    step = command(name="say", command="echo due", environment=ENVIRONMENT)

    @pipeline(default_compute="cpu-cluster")
    def flow() -> None:
        step()

    return flow()


def test_a_schedule_is_made_listed_and_switched(ml: Any) -> None:
    from azure.ai.ml.entities import CronTrigger, JobSchedule

    trigger = CronTrigger(expression="15 10 * * 1", time_zone="Pacific Standard Time")
    asked = JobSchedule(name="weekly", trigger=trigger, create_job=pipeline_job())
    made = ml.schedules.begin_create_or_update(asked).result(60)
    assert (made.is_enabled, made.trigger.expression) == (True, "15 10 * * 1")
    assert "weekly" in [each.name for each in ml.schedules.list()]
    assert ml.schedules.begin_disable("weekly").result(60).is_enabled is False
    assert "weekly" not in [each.name for each in ml.schedules.list()]
    disabled = ml.schedules.list(list_view_type="DisabledOnly")
    assert "weekly" in [each.name for each in disabled]
    assert ml.schedules.begin_enable("weekly").result(60).is_enabled is True


def test_a_schedule_is_triggered_once(ml: Any) -> None:
    told = ml.schedules.trigger("nightly-check")
    assert told.schedule_action_type == "CreateJob"
    assert ml.jobs.get(told.job_name).name == told.job_name


def test_due_jobs_come_and_stay(ml: Any) -> None:
    """Every minute of the service's, which is six seconds here."""
    from azure.ai.ml.entities import JobSchedule, RecurrenceTrigger
    from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

    trigger = RecurrenceTrigger(frequency="minute", interval=1)
    asked = JobSchedule(name="minutely", trigger=trigger, create_job=pipeline_job())
    ml.schedules.begin_create_or_update(asked).result(60)
    end = time.monotonic() + 20
    found: list[Any] = []
    while len(found) < 2 and time.monotonic() < end:
        found = list(ml.jobs.list(scheduled_job_name="minutely"))
        time.sleep(0.2)
    assert len(found) >= 2
    assert found[0].name in [each.name for each in ml.jobs.list(schedule_defined=True)]
    assert [each.display_name for each in ml.jobs.list(parent_job_name=found[-1].name)] == ["say"]
    with pytest.raises(HttpResponseError, match="active trigger"):
        ml.schedules.begin_delete("minutely").result(60)
    ml.schedules.begin_disable("minutely").result(60)
    before = [each.name for each in ml.jobs.list(scheduled_job_name="minutely")]
    ml.schedules.begin_delete("minutely").result(60)
    with pytest.raises(ResourceNotFoundError):
        ml.schedules.get("minutely")
    assert [each.name for each in ml.jobs.list(scheduled_job_name="minutely")] == before
