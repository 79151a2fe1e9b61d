"""A compute instance from its creation to its deletion, with the official clients."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from amltui.emulator.process import Service

WAIT = 60
SIZE = "Standard_F4s_v2"
ENVIRONMENT = "azureml://registries/azureml/environments/sklearn-1.5/versions/33"


@pytest.fixture(scope="module")
def ana(ml: Any) -> Iterator[Any]:
    """Her instance: it goes at night, comes on Monday, and not without being used."""
    from azure.ai.ml.entities import (
        ComputeInstance,
        ComputeSchedules,
        ComputeStartStopSchedule,
        CronTrigger,
        RecurrencePattern,
        RecurrenceTrigger,
    )

    night = CronTrigger(expression="0 22 * * *", time_zone="W. Europe Standard Time")
    monday = RecurrenceTrigger(
        frequency="week",
        interval=1,
        schedule=RecurrencePattern(hours=[8], minutes=[30], week_days=["monday"]),
    )
    pairs = ((night, "stop"), (monday, "start"))
    asked = ComputeInstance(
        name="ana-dev",
        size=SIZE,
        description="Hers",
        tags={"team": "risk"},
        idle_time_before_shutdown_minutes=30,
        schedules=ComputeSchedules(
            compute_start_stop=[
                ComputeStartStopSchedule(trigger=trigger, action=action)
                for trigger, action in pairs
            ]
        ),
    )
    begun = ml.compute.begin_create_or_update(asked)
    assert ml.compute.get("ana-dev").provisioning_state == "Creating"
    yield begun.result(WAIT)
    ml.compute.begin_delete("ana-dev").result(WAIT)


@pytest.fixture
def post(management: Callable[..., Any], service: Service) -> Callable[..., Any]:
    """What no published client has a method for, sent by the management client's own pipeline."""
    from azure.core.rest import HttpRequest
    from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient as Client

    client = management(Client, service.subscription_id)

    def send(action: str, content: Any = None, version: str = "2024-10-01-preview") -> Any:
        url = f"{service.workspace_id}/computes/ana-dev/{action}?api-version={version}"
        return client._send_request(HttpRequest("POST", url, json=content))

    return send


def states(ml: Any, begun: Any) -> list[str]:
    """Those that the instance goes through until the operation is over."""
    seen: list[str] = []
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        over = begun.done()
        state = str(ml.compute.get("ana-dev").state.value)
        if not seen or seen[-1] != state:
            seen.append(state)
        if over:
            break
        begun.wait(0.05)
    return seen


def test_it_is_as_it_was_asked_for(ana: Any, ml: Any) -> None:
    assert (ana.state, ana.provisioning_state) == ("Running", "Succeeded")
    assert (ana.size, ana.description, ana.tags) == (SIZE.upper(), "Hers", {"team": "risk"})
    assert (ana.idle_time_before_shutdown_minutes, ana.enable_sso) == (30, True)
    assert ana.last_operation["operationName"] == "Create"
    night, monday = ml.compute.get("ana-dev").schedules.compute_start_stop
    assert (night.action, night.state) == ("Stop", "Enabled")
    assert (night.provisioning_state, night.schedule_id != "") == ("Completed", True)
    assert night.trigger.expression == "0 22 * * *"
    assert night.trigger.time_zone == "W. Europe Standard Time"
    assert monday.action == "Start"
    assert (monday.trigger.frequency, monday.trigger.interval) == ("Week", 1)
    pattern = monday.trigger.schedule
    assert (pattern.hours, pattern.minutes, pattern.week_days) == ([8], [30], ["Monday"])


def test_it_stops_starts_and_restarts_visibly(ana: Any, ml: Any) -> None:
    assert states(ml, ml.compute.begin_stop("ana-dev")) == ["Stopping", "Stopped"]
    assert ml.compute.get("ana-dev").last_operation["operationName"] == "Stop"
    assert states(ml, ml.compute.begin_start("ana-dev")) == ["Starting", "Running"]
    assert states(ml, ml.compute.begin_restart("ana-dev")) == ["Restarting", "Running"]
    done = ml.compute.get("ana-dev")
    assert (done.provisioning_state, done.last_operation["operationStatus"]) == (
        "Succeeded",
        "Succeeded",
    )


def test_what_its_state_forbids_is_a_conflict(ana: Any, ml: Any) -> None:
    from azure.core.exceptions import ResourceExistsError

    with pytest.raises(ResourceExistsError, match="in state Running"):
        ml.compute.begin_start("ana-dev")
    begun = ml.compute.begin_restart("ana-dev")
    with pytest.raises(ResourceExistsError, match="in state Restarting"):
        ml.compute.begin_stop("ana-dev")
    begun.result(WAIT)


def test_put_again_it_keeps_its_size_and_kind(ana: Any, ml: Any) -> None:
    """Without the schedules, which go; another size or kind is refused."""
    from azure.ai.ml.entities import AmlCompute, ComputeInstance
    from azure.core.exceptions import HttpResponseError

    again = ComputeInstance(name="ana-dev", size=SIZE, tags={"team": "fraud"})
    changed = ml.compute.begin_create_or_update(again).result(WAIT)
    assert (changed.tags, changed.state) == ({"team": "fraud"}, "Running")
    for taken in (
        ComputeInstance(name="ana-dev", size="Standard_F16s_v2"),
        AmlCompute(name="ana-dev", size=SIZE),
    ):
        with pytest.raises(HttpResponseError, match="cannot be changed") as refused:
            ml.compute.begin_create_or_update(taken)
        assert refused.value.status_code == 400


@pytest.mark.parametrize(
    ("name", "size", "idle", "what"),
    [
        ("bo-dev", "Standard_Nothing_v9", 60, "not supported in eastus2"),
        ("bo-dev", SIZE, 5, "PT15M and P3D"),
        ("b", SIZE, 60, "name 'b' is not valid"),
    ],
)
def test_one_that_cannot_be_is_refused(ml: Any, name: str, size: str, idle: int, what: str) -> None:
    from azure.ai.ml.entities import ComputeInstance
    from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

    asked = ComputeInstance(name=name, size=size, idle_time_before_shutdown_minutes=idle)
    with pytest.raises(HttpResponseError, match=what) as refused:
        ml.compute.begin_create_or_update(asked)
    assert (refused.value.status_code, refused.value.error.code) == (400, "UserError")
    with pytest.raises(ResourceNotFoundError):
        ml.compute.get(name)


def test_its_settings_change_one_by_one(ana: Any, ml: Any, post: Callable[..., Any]) -> None:
    assert post("updateIdleShutdownSetting", {"idleTimeBeforeShutdown": "PT2H"}).status_code == 200
    assert ml.compute.get("ana-dev").idle_time_before_shutdown == "PT2H"
    refused = post("updateIdleShutdownSetting", {"idleTimeBeforeShutdown": "PT1M"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "UserError")
    ml.compute.enable_sso(name="ana-dev", enable_sso=False)
    assert ml.compute.get("ana-dev").enable_sso is False


def test_it_is_resized(ana: Any, ml: Any, post: Callable[..., Any]) -> None:
    """To one of the sizes that are allowed, and back."""
    allowed = [each["name"] for each in post("getAllowedVmSizesForResize").json()["value"]]
    assert SIZE not in allowed
    assert not any(each.startswith("Standard_NC") for each in allowed)
    assert post("resize", {"targetVMSize": "Standard_NC6s_v3"}).status_code == 400
    for size in ("Standard_D4s_v3", SIZE):
        assert post("resize", {"targetVMSize": size}).status_code == 202
        end = time.monotonic() + WAIT
        while ml.compute.get("ana-dev").state == "Resizing" and time.monotonic() < end:
            time.sleep(0.05)
        assert ml.compute.get("ana-dev").size == size.upper()


def test_a_job_for_it_runs_where_it_is_up_and_fails_where_it_is_off(ana: Any, ml: Any) -> None:
    from azure.ai.ml import command
    from azure.ai.ml.exceptions import JobException

    asked = command(command="sleep 60", environment=ENVIRONMENT, compute="ana-dev")
    job = ml.jobs.create_or_update(asked)
    end = time.monotonic() + WAIT
    while ml.compute.get("ana-dev").state != "JobRunning" and time.monotonic() < end:
        time.sleep(0.05)
    assert ml.compute.get("ana-dev").state == "JobRunning"
    ml.jobs.begin_cancel(job.name).result(WAIT)
    assert ml.compute.get("ana-dev").state == "Running"
    ml.compute.begin_stop("ana-dev").result(WAIT)
    late = ml.jobs.create_or_update(asked)
    with suppress(JobException):
        ml.jobs.stream(late.name)
    assert ml.jobs.get(late.name).status == "Failed"
    error = ml.jobs._runs_operations.get_run_details(late.name).error.error
    assert (error.code, error.inner_error.code) == ("UserError", "ComputeNotAvailable")
    assert "ana-dev is stopped" in error.message
    ml.compute.begin_start("ana-dev").result(WAIT)


def test_it_is_gone_once_deleted(ml: Any) -> None:
    from azure.ai.ml.entities import ComputeInstance
    from azure.core.exceptions import ResourceNotFoundError

    ml.compute.begin_create_or_update(ComputeInstance(name="cy-dev", size=SIZE)).result(WAIT)
    begun = ml.compute.begin_delete("cy-dev")
    assert ml.compute.get("cy-dev").state == "Deleting"
    begun.result(WAIT)
    for ask in (ml.compute.get, ml.compute.begin_stop, ml.compute.begin_delete):
        with pytest.raises(ResourceNotFoundError):
            ask("cy-dev")
    assert "cy-dev" not in [each.name for each in ml.compute.list()]


def test_one_beyond_the_quota_fails_to_be_created(ml: Any) -> None:
    """It is accepted, and there, but says why it has no machine."""
    from azure.ai.ml.entities import ComputeInstance
    from azure.core.exceptions import HttpResponseError

    asked = ComputeInstance(name="dee-dev", size="Standard_ND96asr_v4")
    ml.compute.begin_create_or_update(asked).result(WAIT)
    more = ComputeInstance(name="eve-dev", size="Standard_ND96asr_v4")
    with pytest.raises(HttpResponseError, match="standardNDASv4_A100Family vCPU quota of 100"):
        ml.compute.begin_create_or_update(more).result(WAIT)
    failed = ml.compute.get("eve-dev")
    assert (failed.provisioning_state, failed.state) == ("Failed", "CreateFailed")
    assert failed.provisioning_errors == "ClusterCoreQuotaReached"
    for begun in [ml.compute.begin_delete(name) for name in ("dee-dev", "eve-dev")]:
        begun.result(WAIT)
