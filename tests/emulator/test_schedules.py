"""Schedules, and the jobs that come of them by the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.emulator.lab import HISTORY, WORKSPACE, Lab, laboratory

JOBS = f"{WORKSPACE}/jobs"
SCHEDULES = f"{WORKSPACE}/schedules"
ENVIRONMENT = "azureml://registries/azureml/environments/sklearn-1.5/versions/33"
EVERY_MINUTE = {"triggerType": "Recurrence", "frequency": "Minute", "interval": 1}


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


def job(**more: Any) -> dict[str, Any]:
    return {
        "jobType": "Command",
        "command": "echo due",
        "environmentId": ENVIRONMENT,
        "computeId": f"{WORKSPACE}/computes/cpu-cluster",
        "experimentName": "due",
        "displayName": "a due job",
        **more,
    }


async def put(lab: Lab, name: str, **more: Any) -> httpx.Response:
    properties = {
        "trigger": EVERY_MINUTE,
        "action": {"actionType": "CreateJob", "jobDefinition": job()},
        **more,
    }
    return await lab.client.put(f"{SCHEDULES}/{name}", json={"properties": properties})


async def made(lab: Lab, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await lab.get(JOBS, scheduleId=name))["value"]
    return found


async def names(lab: Lab, view: str) -> set[str]:
    return {each["name"] for each in (await lab.get(SCHEDULES, listViewType=view))["value"]}


async def test_a_schedule_is_made_in_a_while(lab: Lab) -> None:
    """The service says Creating of new ones and of changed ones alike."""
    response = await put(lab, "s")
    assert response.status_code == 201
    assert response.json()["properties"]["provisioningState"] == "Creating"
    assert response.json()["properties"]["isEnabled"] is True
    status = response.headers["Azure-AsyncOperation"]
    assert "/mfeOperationsStatus/s:" in status
    assert (await lab.get(status))["status"] == "Creating"
    lab.pass_time(5)
    assert (await lab.get(status))["status"] == "Succeeded"
    held = await lab.get(f"{SCHEDULES}/s")
    assert held["properties"]["provisioningState"] == "Succeeded"
    definition = held["properties"]["action"]["jobDefinition"]
    assert (definition["status"], definition["services"]) == ("NotStarted", None)


async def test_a_due_schedule_creates_jobs(lab: Lab) -> None:
    """One a minute, none before the first minute is over, each with the schedule's name."""
    await put(lab, "s")
    lab.pass_time(30)
    before = len(await made(lab, "s"))
    lab.pass_time(180)
    jobs = await made(lab, "s")
    assert len(jobs) == before + 3
    newest = jobs[0]
    assert newest["properties"]["displayName"] == "a due job"
    assert newest["properties"]["properties"]["azureml.scheduleId"] == "s"
    run = await lab.get(f"{HISTORY}/runs/{newest['name']}")
    assert run["scheduleId"] == "s"
    assert (await lab.get(f"{JOBS}/{newest['name']}"))["name"] == newest["name"]
    assert newest["name"] in {each["name"] for each in (await lab.get(JOBS))["value"]}
    assert await made(lab, f"{SCHEDULES}/s") == jobs


async def test_a_fraction_of_a_second_loses_no_job(lab: Lab) -> None:
    """A schedule that begins in the middle of a second is due in the middle of seconds."""
    lab.pass_time(0.625)
    steps = {"one": {"type": "command", "command": "echo 1"}}
    definition = job(jobType="Pipeline", jobs=steps)
    await put(lab, "p", action={"actionType": "CreateJob", "jobDefinition": definition})
    lab.pass_time(150)
    jobs = await made(lab, "p")
    assert jobs
    for each in jobs:
        assert (await lab.get(f"{JOBS}/{each['name']}"))["name"] == each["name"]
        (child,) = (await lab.get(f"{HISTORY}/runs/{each['name']}/children"))["value"]
        assert (await lab.get(f"{HISTORY}/runs/{child['runId']}"))["name"] == "one"


async def test_scheduled_jobs_run_end_and_can_be_canceled(lab: Lab) -> None:
    await put(lab, "s", action={"actionType": "CreateJob", "jobDefinition": job(command="sleep 9")})
    lab.pass_time(61)
    lab.pass_time(10)
    name = (await made(lab, "s"))[0]["name"]
    assert (await lab.get(f"{JOBS}/{name}"))["properties"]["status"] == "Running"
    assert (await lab.client.post(f"{JOBS}/{name}/cancel")).status_code == 202
    lab.pass_time(20)
    assert (await lab.get(f"{JOBS}/{name}"))["properties"]["status"] == "Canceled"
    assert [each["name"] for each in await made(lab, "s")].count(name) == 1
    lab.pass_time(30)
    ended = (await made(lab, "s"))[0]
    assert ended["name"] != name


async def test_the_filter_tells_scheduled_jobs_from_others(lab: Lab) -> None:
    both = {job["name"] for job in (await lab.get(JOBS))["value"]}
    yes = {job["name"] for job in (await lab.get(JOBS, scheduled="true"))["value"]}
    no = {job["name"] for job in (await lab.get(JOBS, scheduled="false"))["value"]}
    assert yes
    assert no
    assert (yes | no, yes & no) == (both, set())
    assert all(name.startswith("nightly-check-") for name in yes)


async def test_pipelines_on_a_schedule_have_steps(lab: Lab) -> None:
    steps = {"one": {"type": "command", "command": "echo 1"}}
    definition = job(jobType="Pipeline", jobs=steps)
    await put(lab, "p", action={"actionType": "CreateJob", "jobDefinition": definition})
    lab.pass_time(190)
    jobs = await made(lab, "p")
    (child,) = (await lab.get(f"{HISTORY}/runs/{jobs[-1]['name']}/children"))["value"]
    assert (child["status"], child["name"]) == ("Completed", "one")
    assert (await lab.get(f"{HISTORY}/runs/{child['runId']}"))["parentRunId"] == jobs[-1]["name"]
    url = f"{HISTORY}/experiments/due/runs:query"
    runs = (await lab.post(url, {}))["value"]
    assert len(runs) == 2 * len(jobs)
    created = [run["createdUtc"] for run in runs]
    assert created == sorted(created, reverse=True)
    paged = (await lab.post(url, {"top": 3, "orderBy": "CreatedUtc asc"}))["value"]
    assert [run["runId"] for run in paged] == [run["runId"] for run in runs[::-1]][:3]


async def test_a_disabled_schedule_creates_no_more(lab: Lab) -> None:
    """What it created stays, and a change of its action changes nothing of it."""
    await put(lab, "s")
    lab.pass_time(130)
    before = await made(lab, "s")
    assert before
    action = {"actionType": "CreateJob", "jobDefinition": job(displayName="another")}
    assert (await put(lab, "s", isEnabled=False, action=action)).status_code == 200
    lab.pass_time(300)
    after = await made(lab, "s")
    assert [each["name"] for each in after] == [each["name"] for each in before]
    assert {each["properties"]["displayName"] for each in after} == {"a due job"}
    assert "s" in await names(lab, "DisabledOnly")
    assert "s" not in await names(lab, "EnabledOnly")
    await put(lab, "s", action=action)
    lab.pass_time(130)
    assert (await made(lab, "s"))[0]["properties"]["displayName"] == "another"


async def test_a_schedule_is_triggered_at_once(lab: Lab) -> None:
    """Its job comes besides those it is due for; a disabled one refuses."""
    await put(lab, "s")
    lab.pass_time(5)
    before = await made(lab, "s")
    told = await lab.post(f"{SCHEDULES}/s/trigger", {"scheduleTime": "2026-01-01T00:00:00Z"})
    assert told["scheduleActionType"] == "CreateJob"
    first, *others = await made(lab, "s")
    assert (first["name"], others) == (told["submissionId"], before)
    lab.pass_time(600)
    status = (await lab.get(f"{JOBS}/{told['submissionId']}"))["properties"]["status"]
    assert status == "Completed"
    assert len(await made(lab, "s")) > len(others) + 1
    await put(lab, "s", isEnabled=False)
    refused = await lab.client.post(f"{SCHEDULES}/s/trigger", json={})
    assert refused.status_code == 400
    assert (await lab.client.post(f"{SCHEDULES}/none/trigger", json={})).status_code == 404


async def test_an_enabled_schedule_is_not_deleted(lab: Lab) -> None:
    """It is accepted and fails later; a disabled one goes, and its jobs stay."""
    await put(lab, "s")
    lab.pass_time(70)
    response = await lab.client.delete(f"{SCHEDULES}/s")
    assert (response.status_code, response.content) == (202, b"null")
    lab.pass_time(5)
    told = await lab.get(response.headers["Azure-AsyncOperation"])
    assert told["status"] == "Failed"
    assert told["error"]["message"] == "Cannot delete an active trigger s"
    await put(lab, "s", isEnabled=False)
    kept = await made(lab, "s")
    response = await lab.client.delete(f"{SCHEDULES}/s")
    lab.pass_time(5)
    assert (await lab.get(response.headers["Azure-AsyncOperation"]))["status"] == "Succeeded"
    missing = await lab.client.get(f"{SCHEDULES}/s")
    assert missing.status_code == 404
    assert missing.json()["error"]["message"] == "Resource Trigger s not found"
    assert await made(lab, "s") == kept != []
    assert (await lab.client.delete(f"{SCHEDULES}/s")).status_code == 204


@pytest.mark.parametrize(
    "more",
    [
        {"trigger": None},
        {"trigger": {"triggerType": "Cron", "expression": "61 * * * *"}},
        {"trigger": {"triggerType": "Sometimes"}},
        {"trigger": {**EVERY_MINUTE, "interval": "x"}},
        {"trigger": {**EVERY_MINUTE, "timeZone": "Middle Earth Standard Time"}},
        {"trigger": {**EVERY_MINUTE, "startTime": "soon"}},
        {"action": None},
        {"action": {"actionType": "Sing"}},
        {"action": {"actionType": "CreateJob"}},
        {"action": {"actionType": "CreateJob", "jobDefinition": {"jobType": "Command"}}},
        {"tags": []},
    ],
)
async def test_what_is_no_schedule_is_refused(lab: Lab, more: dict[str, Any]) -> None:
    response = await put(lab, "odd", **more)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "UserError"
    assert (await lab.client.get(f"{SCHEDULES}/odd")).status_code == 404


async def test_a_cron_schedule_is_due_at_its_hour(lab: Lab) -> None:
    """The lab's noon is 22:13 of a Tuesday in UTC."""
    trigger = {"triggerType": "Cron", "expression": "0 23 * * tue", "timeZone": "UTC"}
    await put(lab, "late", trigger=trigger)
    lab.pass_time(40 * 60)
    assert await made(lab, "late") == []
    lab.pass_time(10 * 60)
    assert [each["name"] for each in await made(lab, "late")] == ["late-20231114230000"]
    lab.pass_time(7 * 86_400)
    assert len(await made(lab, "late")) == 2
