"""Against the service: what is switched on and off, or cancelled, is followed to its end."""

from __future__ import annotations

import pytest

from amltui.azure import computes, jobs
from amltui.azure.errors import Conflict, NotFound, OperationFailed, ServiceBroken, Throttled
from tests.stage import Stage


async def test_an_instance_is_stopped_and_started_again(azure, place):
    operation = await computes.stop(place, "kim-dev")
    assert operation.title == "stop of kim-dev"
    assert operation.status_url is not None
    assert operation.result_url is None
    assert (await computes.get(place, "kim-dev")).state == "Stopping"
    await azure.wait_for(operation)
    stopped = await computes.get(place, "kim-dev")
    assert (stopped.state, stopped.provisioning_state, stopped.is_on) == (
        "Stopped",
        "Succeeded",
        False,
    )
    assert stopped.last_operation is not None
    assert stopped.last_operation.name == "Stop"
    await azure.wait_for(await computes.start(place, "kim-dev"))
    assert (await computes.get(place, "kim-dev")).state == "Running"


async def test_an_instance_is_restarted(azure, place):
    operation = await computes.restart(place, "kim-dev")
    assert (await computes.get(place, "kim-dev")).state == "Restarting"
    await azure.wait_for(operation)
    found = await computes.get(place, "kim-dev")
    assert (found.state, found.is_on) == ("Running", True)


async def test_what_the_state_does_not_allow_is_refused(place):
    with pytest.raises(Conflict, match="li-nb"):
        await computes.stop(place, "li-nb")
    with pytest.raises(Conflict, match="kim-dev"):
        await computes.start(place, "kim-dev")


@pytest.mark.parametrize("name", ["nobody", "..", "a/b", "[bold red]x[/]", "x\x1b[31m", "é"])
async def test_what_does_not_exist_is_told_whatever_it_is_called(place, name):
    with pytest.raises(NotFound) as told:
        await computes.stop(place, name)
    assert str(told.value).isprintable()


async def test_one_press_is_one_request_also_when_the_service_is_in_trouble(stage: Stage, place):
    stage.world.faults.add("Compute_Stop", "html502")
    before = len(stage.sent("POST", "/stop"))
    with pytest.raises(ServiceBroken, match="answered 502 to POST the stop of compute kim-dev"):
        await computes.stop(place, "kim-dev")
    assert len(stage.sent("POST", "/stop")) == before + 1
    assert (await computes.get(place, "kim-dev")).state == "Running"


async def test_a_long_wait_is_handed_on(stage: Stage, place):
    stage.world.faults.add("Compute_Stop", "429", retry_after=300)
    with pytest.raises(Throttled) as told:
        await computes.stop(place, "kim-dev")
    assert told.value.retry_after == 300.0


async def test_polling_survives_a_service_in_trouble(stage: Stage, azure, place):
    operation = await computes.stop(place, "kim-dev")
    for kind in ("500", "html502", "truncated", "401"):
        stage.world.faults.add("*", kind)
    await azure.wait_for(operation)
    assert (await computes.get(place, "kim-dev")).state == "Stopped"


async def test_an_operation_that_the_service_has_forgotten_has_failed(stage: Stage, azure, place):
    operation = await computes.stop(place, "kim-dev")
    stage.world.faults.add("*", "404")
    with pytest.raises(OperationFailed, match=r"^stop of kim-dev failed: "):
        await azure.wait_for(operation)


async def test_a_job_is_cancelled_to_its_end(azure, place):
    running = next(job for job in (await jobs.newest(place, 50)).items if job.is_running)
    operation = await jobs.cancel(place, running.name)
    assert operation.result_url is not None
    assert (await jobs.get(place, running.name)).status in {"CancelRequested", "Canceled"}
    await azure.wait_for(operation)
    cancelled = await jobs.get(place, running.name)
    assert cancelled.status == "Canceled"
    assert cancelled.ended is not None


async def test_a_pipeline_that_is_over_cannot_be_cancelled(place):
    over = next(
        job
        for job in (await jobs.newest(place, 50)).items
        if job.type == "Pipeline" and job.ended_for_good
    )
    with pytest.raises(Conflict, match="terminal status") as told:
        await jobs.cancel(place, over.name)
    assert told.value.code == "CancelPipelineRunInTerminalStatus"


async def test_a_job_that_does_not_exist_cannot_be_cancelled(place):
    with pytest.raises(NotFound, match="nobody"):
        await jobs.cancel(place, "nobody")
