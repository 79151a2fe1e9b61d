"""Thousands of jobs cost what their number costs: in requests, in time and in what is kept."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import httpx
import pytest

from amltui.azure import jobs, runs
from amltui.azure.errors import NotSignedIn
from tests.azure import answers
from tests.azure.answers import PLACE, Reply, Rig

PAGE = 100


def item(number: int, **properties: Any) -> dict[str, Any]:
    told = {"experimentName": f"exp-{number % 5}", "status": "Completed", "jobType": "Command"}
    made = {"createdAt": "2026-01-01T00:00:00Z"}
    return {"name": f"job-{number}", "properties": told | properties, "systemData": made}


def run(run_id: str) -> dict[str, Any]:
    times = {"startTimeUtc": "2026-01-01T00:00:00Z", "endTimeUtc": "2026-01-01T01:00:00Z"}
    return {"runId": run_id, "status": "Completed", **times}


def stocked(count: int, listed: list[dict[str, Any]] | None = None) -> Rig:
    """A workspace with so many jobs, and a run history that knows them all."""
    rig = answers.rig()
    rig.service.data_plane()
    everything = listed or [item(number) for number in range(count)]

    def page(request: httpx.Request) -> Reply:
        start = int(request.url.params.get("$skip", "0"))
        body: dict[str, Any] = {"value": everything[start : start + PAGE]}
        if start + PAGE < len(everything):
            body["nextLink"] = f"https://management.azure.com{PLACE.path}/jobs?$skip={start + PAGE}"
        return Reply(200, body)

    def query(request: httpx.Request) -> Reply:
        asked = json.loads(request.read())
        return Reply(
            200, {"value": [run(each) for each in re.findall(r"eq ([\w-]+)", asked["filter"])]}
        )

    rig.service.on("GET", "/jobs", page)
    rig.service.on("POST", "/runs:query", query)
    return rig


async def test_five_thousand_jobs_are_asked_for_page_by_page_and_fifty_runs_at_a_time():
    rig = stocked(5000)
    listing = await jobs.newest(rig.place, None)
    assert [job.name for job in listing.items] == [f"job-{number}" for number in range(5000)]
    assert (listing.more, listing.notes) == (False, ())
    assert all(job.started and job.ended for job in listing.items)
    assert len(rig.service.sent("GET", "/jobs")) == 5000 / PAGE
    assert len(rig.service.sent("POST", "/runs:query")) == 5000 / runs.AT_ONCE
    assert rig.service.most_at_once <= 4
    again = await jobs.newest(rig.place, None)
    assert again.items == listing.items
    assert len(rig.service.sent("POST", "/runs:query")) == 5000 / runs.AT_ONCE


async def test_eight_times_the_jobs_do_not_take_much_more_than_eight_times_as_long():
    async def seconds(count: int) -> float:
        rig = stocked(count)
        await rig.place.services()
        began = time.process_time()
        await jobs.newest(rig.place, None)
        return time.process_time() - began

    await seconds(1000)
    few, many = min([await seconds(1000), await seconds(1000)]), await seconds(8000)
    assert many < 8 * 3 * few


async def test_what_is_kept_of_ended_runs_has_a_limit():
    rig = stocked(runs.MOST_KEPT + 1500)
    await jobs.newest(rig.place, None)
    assert len(rig.place.ended_runs) == runs.MOST_KEPT


async def test_only_what_is_over_for_good_is_kept():
    rig = stocked(0, [item(0), item(1, status="Running"), item(2, status="NotResponding")])
    await jobs.newest(rig.place, None)
    assert list(rig.place.ended_runs) == ["job-0"]


async def test_a_job_on_two_pages_is_listed_once_and_the_limit_is_met_by_others():
    listed = [item(number) for number in range(PAGE)]
    listed += [item(PAGE - 1), item(PAGE), item(PAGE + 1)]
    rig = stocked(0, listed)
    listing = await jobs.newest(rig.place, PAGE + 1)
    assert [job.name for job in listing.items] == [f"job-{n}" for n in range(PAGE + 1)]
    assert listing.more


async def test_runs_that_cannot_be_asked_for_together_are_asked_for_one_by_one():
    odd = [item(0, experimentName=None), item(1) | {"name": "odd' or 1 eq 1"}, item(2)]
    rig = stocked(0, odd)
    rig.service.on("GET", "/runs/.*", lambda request: Reply(200, run(request.url.path[-5:])))
    rig.service.on("GET", "/runs/odd.*", lambda _: Reply(200, run("odd' or 1 eq 1")))
    listing = await jobs.newest(rig.place, None)
    assert all(job.started for job in listing.items)
    [query] = rig.service.sent("POST", "/runs:query")
    assert json.loads(query.read())["filter"] == "(RunId eq job-2)"
    assert len(rig.service.sent("GET", "/runs/.*")) == 2


@pytest.mark.parametrize("status", [400, 403, 404, 409])
async def test_a_query_that_is_refused_is_replaced_by_single_questions_within_limits(status):
    rig = stocked(120)
    rig.service.on("POST", "/runs:query", Reply(status))
    rig.service.on(
        "GET", "/runs/.*", lambda request: Reply(200, run(request.url.path.rpartition("/")[2]))
    )
    listing = await jobs.newest(rig.place, None)
    assert sum(job.started is not None for job in listing.items) == runs.MOST_SINGLY
    assert listing.notes == (f"times are missing for {120 - runs.MOST_SINGLY} jobs",)


async def test_a_query_that_fails_costs_the_times_of_its_jobs_only():
    rig = stocked(10)
    rig.service.on("POST", "/exp-3/runs:query", Reply(500))
    listing = await jobs.newest(rig.place, None)
    without = [job.name for job in listing.items if job.started is None]
    assert without == ["job-3", "job-8"]
    [note] = listing.notes
    assert note.startswith("times and errors are missing: eastus.api.azureml.ms answered 500")


async def test_a_query_is_read_over_its_pages():
    rig = stocked(2, [item(0), item(5)])
    rig.service.on(
        "POST",
        "/runs:query",
        Reply(200, {"value": [run("job-0")], "continuationToken": "t"}),
        Reply(200, {"value": [run("job-5")], "continuationToken": None}),
    )
    listing = await jobs.newest(rig.place, None)
    assert all(job.started for job in listing.items)
    second = json.loads(rig.service.sent("POST", "/runs:query")[1].read())
    assert second["continuationToken"] == "t"


async def test_a_query_that_repeats_its_token_is_asked_once_more_only():
    rig = stocked(10, [item(number * 5) for number in range(10)])
    rig.service.on("POST", "/runs:query", Reply(200, {"value": [], "continuationToken": "again"}))
    assert len((await jobs.newest(rig.place, None)).items) == 10
    assert len(rig.service.sent("POST", "/runs:query")) == 2


async def test_the_status_is_resource_managers_which_knows_first_what_was_asked_of_a_job():
    rig = stocked(0, [item(0, status="CancelRequested"), item(1, status=None)])
    found = (await jobs.newest(rig.place, None)).items
    assert [job.status for job in found] == ["CancelRequested", "Completed"]


async def test_a_sign_in_that_is_refused_by_run_history_is_told():
    rig = stocked(3)
    rig.service.on("POST", "/runs:query", Reply(401))
    with pytest.raises(NotSignedIn):
        await jobs.newest(rig.place, None)
