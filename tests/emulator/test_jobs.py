"""Jobs through ARM."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.book import JobBook
from amltui.emulator.jobs.stories import busy_night, thousands
from tests.emulator.lab import HISTORY, NOON, WORKSPACE, Lab, laboratory

JOBS = f"{WORKSPACE}/jobs"
ENVIRONMENT = "azureml://registries/azureml/environments/sklearn-1.5/versions/33"
COMPUTE = f"{WORKSPACE}/computes/cpu-cluster"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


def command(text: str = "python train.py", **more: Any) -> dict[str, Any]:
    return {
        "properties": {
            "jobType": "Command",
            "command": text,
            "computeId": COMPUTE,
            "environmentId": ENVIRONMENT,
            "experimentName": "mine",
            "displayName": "my job",
            **more,
        }
    }


async def status(lab: Lab, name: str) -> str:
    return str((await lab.get(f"{JOBS}/{name}"))["properties"]["status"])


async def test_the_list_is_newest_first_and_without_children(lab: Lab) -> None:
    jobs = (await lab.get(JOBS))["value"]
    created = [job["systemData"]["createdAt"] for job in jobs]
    assert created == sorted(created, reverse=True)
    assert not any((job["properties"]["displayName"] or "").startswith("trial_") for job in jobs)


@pytest.mark.parametrize("size", [1, 3, 7])
async def test_pages_hold_every_job_once(size: int) -> None:
    """Jobs that arrive between two pages shift nothing."""
    async with laboratory(page_size=size) as lab:
        whole = [job["name"] for job in (await all_pages(lab, pause=0))]
        paged = [job["name"] for job in (await all_pages(lab, pause=500))]
        assert len(set(whole)) == len(whole) > 7
        assert paged == whole


async def all_pages(lab: Lab, pause: float) -> list[dict[str, Any]]:
    answer = await lab.get(JOBS, **{"api-version": "2025-12-01", "listViewType": "All"})
    jobs = list(answer["value"])
    while link := answer.get("nextLink"):
        assert "$skipToken=" in link
        assert "api-version=2025-12-01" in link
        lab.pass_time(pause)
        answer = await lab.get(link)
        jobs += answer["value"]
    return jobs


async def test_five_thousand_jobs_page_through() -> None:
    async with laboratory(thousands, page_size=100) as lab:
        jobs = await all_pages(lab, pause=0)
        names = [job["name"] for job in jobs if not job["name"].startswith("nightly-check-")]
        assert len(names) == len(set(names)) == 5000
        oldest = await lab.get(f"{JOBS}/{names[-1].upper()}")
        assert oldest["name"] == names[-1]


async def test_the_list_can_be_narrowed(lab: Lab) -> None:
    sweeps = (await lab.get(JOBS, jobType="Sweep"))["value"]
    assert [job["properties"]["jobType"] for job in sweeps] == ["Sweep"]
    assert (await lab.get(JOBS, tag="no such tag"))["value"] == []


async def test_an_unknown_job_is_answered_in_azures_words(lab: Lab) -> None:
    response = await lab.client.get(f"{JOBS}/nope")
    assert response.status_code == 404
    error = response.json()["error"]
    assert (error["code"], error["message"]) == ("UserError", "Job nope not found.")
    inner = next(each for each in error["additionalInfo"] if each["type"] == "InnerError")
    assert inner["info"]["value"]["innerError"]["code"] == "JobNotFound"


async def test_a_pipelines_child_has_no_properties(lab: Lab) -> None:
    parent = await lab.named("weekly-features")
    child = await lab.get(f"{JOBS}/{parent}-extract")
    assert sorted(child) == ["id", "name", "systemData", "type"]


async def test_paths_are_case_insensitive(lab: Lab) -> None:
    name = await lab.named("train-baseline")
    job = await lab.get(f"{JOBS}/{name}".replace("resourceGroups", "resourcegroups").lower())
    assert job["id"] == f"{JOBS}/{name}"


async def test_a_submitted_job_runs_and_ends(lab: Lab) -> None:
    response = await lab.client.put(f"{JOBS}/mine-1", json=command())
    assert response.status_code == 201
    assert response.headers["Location"].startswith(f"http://lab{JOBS}/mine-1?")
    seen = []
    for _ in range(60):
        seen.append(await status(lab, "mine-1"))
        lab.pass_time(1)
    passed = list(dict.fromkeys(seen))
    assert passed == [
        "NotStarted",
        "Starting",
        "Queued",
        "Preparing",
        "Running",
        "Finalizing",
        "Completed",
    ]
    listed = (await lab.get(JOBS))["value"][0]
    assert listed["name"] == "mine-1"


async def test_a_command_that_exits_with_1_fails(lab: Lab) -> None:
    await lab.client.put(f"{JOBS}/mine-2", json=command("echo hello && exit 1"))
    lab.pass_time(100)
    assert await status(lab, "mine-2") == "Failed"
    details = await lab.get(f"{HISTORY}/runs/mine-2/details")
    assert "exited with" in details["error"]["error"]["message"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"properties": {"command": "x"}}, "no-type"),
        ({"properties": {"jobType": "Dance"}}, "bad-type"),
        ({"properties": {"jobType": "Command"}}, "no-command"),
        ({}, "nothing"),
        ([], "a-list"),
        (command(computeId=f"{WORKSPACE}/computes/nowhere"), "no-compute"),
        (command(), "-bad-name"),
    ],
)
async def test_a_body_that_cannot_run_is_refused(lab: Lab, body: Any, name: str) -> None:
    response = await lab.client.put(f"{JOBS}/{name}", json=body)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "UserError"


async def test_a_body_that_is_no_json_is_refused(lab: Lab) -> None:
    response = await lab.client.put(f"{JOBS}/x", content=b"{")
    assert response.status_code == 400


async def test_cancel_goes_through_cancel_requested(lab: Lab) -> None:
    name = await lab.named("train-baseline")
    response = await lab.client.post(f"{JOBS}/{name}/cancel")
    assert (response.status_code, response.content) == (202, b"null")
    assert response.headers["x-ms-async-operation-timeout"] == "PT1H"
    location = response.headers["Location"]
    assert "/mfeOperationResults/jc:" in location
    assert f":{name}?" in location
    assert await status(lab, name) == "CancelRequested"
    polled = await lab.client.get(location)
    assert (polled.status_code, polled.json()) == (202, {})
    lab.pass_time(10)
    assert await status(lab, name) == "Canceled"
    polled = await lab.client.get(location)
    assert (polled.status_code, polled.content) == (200, b"")


async def test_an_ended_pipeline_cannot_be_canceled(lab: Lab) -> None:
    name = await lab.named("weekly-features")
    response = await lab.client.post(f"{JOBS}/{name}/cancel")
    assert response.status_code == 400
    assert "CancelPipelineRunInTerminalStatus" in response.text


async def test_canceling_a_sweep_cancels_its_trials(lab: Lab) -> None:
    body = {
        "properties": {
            "jobType": "Sweep",
            "computeId": COMPUTE,
            "objective": {"goal": "Minimize", "primaryMetric": "val/loss"},
            "trial": {"command": "python train.py", "environmentId": ENVIRONMENT},
            "searchSpace": {"lr": ["uniform", [0.001, 0.1]]},
            "samplingAlgorithm": {"samplingAlgorithmType": "Random"},
            "limits": {
                "jobLimitsType": "Sweep",
                "maxTotalTrials": 6,
                "maxConcurrentTrials": 2,
            },
        }
    }
    assert (await lab.client.put(f"{JOBS}/my-sweep", json=body)).status_code == 201
    lab.pass_time(10)
    assert len((await lab.get(f"{HISTORY}/runs/my-sweep/children"))["value"]) == 2
    assert (await lab.client.post(f"{JOBS}/my-sweep/cancel")).status_code == 202
    lab.pass_time(500)
    children = (await lab.get(f"{HISTORY}/runs/my-sweep/children"))["value"]
    assert [child["status"] for child in children] == ["Canceled", "Canceled"]


async def test_archived_jobs_leave_the_active_view(lab: Lab) -> None:
    """Over run history, as Studio does it, and over a PUT, as older clients do."""
    name = await lab.named("train-first")
    await lab.client.patch(f"{HISTORY}/experiments/demand/runs/{name}", json={"hidden": True})
    assert name not in await names(lab, "ActiveOnly")
    assert await names(lab, "ArchivedOnly") == {name}
    job = await lab.get(f"{JOBS}/{name}")
    assert job["properties"]["isArchived"] is True
    job["properties"]["isArchived"] = False
    assert (await lab.client.put(f"{JOBS}/{name}", json=job)).status_code == 200
    assert name in await names(lab, "ActiveOnly")


async def names(lab: Lab, view: str) -> set[str]:
    return {job["name"] for job in (await lab.get(JOBS, listViewType=view))["value"]}


async def test_a_deleted_job_is_gone(lab: Lab) -> None:
    name = await lab.named("train-first")
    assert (await lab.client.delete(f"{JOBS}/{name}")).status_code == 200
    assert (await lab.client.get(f"{JOBS}/{name}")).status_code == 404
    assert name not in await names(lab, "All")


def test_what_was_saved_comes_back() -> None:
    """A book that is told everything another one saved knows the same jobs."""
    kept: list[tuple[str, dict[str, Any]]] = []
    first = JobBook(save=lambda table, key, value: kept.append((table, value)))
    record = busy_night("/ws/vision-prod", 7, NOON).get("gray_pig_knyllgjbkl", NOON)
    assert record is not None
    first.put(record)
    second = JobBook()
    for table, value in kept:
        second.restore(table, value)
    assert second.of(record.workspace).get(record.name, NOON) == record


def test_the_night_is_alive() -> None:
    """Within a minute something begins, ends and fails; hours later jobs still arrive."""
    history = busy_night("/ws/vision-prod", 7, NOON)

    def statuses(after: float) -> dict[str, str]:
        now = NOON + after
        return {job.name: timeline.status_at(job, now) for job in history.newest_first(now)}

    before, later = statuses(0), statuses(75)
    assert set(later) > set(before)
    changed = {(before[name], later[name]) for name in before if before[name] != later[name]}
    assert {end for _, end in changed} >= {"Completed", "Failed"}
    for hours in (3, 24, 240):
        now = NOON + hours * 3600
        assert any(not timeline.is_terminal(job, now) for job in history.alive(now))


def test_a_cluster_can_ask_who_is_on_it() -> None:
    book = JobBook({"/ws/vision-prod": busy_night("/WS/vision-prod", 7, NOON)})
    running = book.running_on("/WS/Vision-Prod", "GPU-A100", NOON + 1)
    assert sum(each.nodes for each in running) <= 6
    assert "resnet50-base" in {each.job.display_name for each in running}
    waiting = book.waiting_for("/ws/vision-prod", "gpu-a100", NOON + 1)
    assert {each.job.display_name for each in waiting} >= {"resnet50-long"}
