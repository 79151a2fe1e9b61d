"""Run history: queries, changes, events, experiments."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from amltui.emulator.jobs.stories import thousands
from tests.emulator.lab import HISTORY, WORKSPACE, Lab, laboratory

JOBS = f"{WORKSPACE}/jobs"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def query(lab: Lab, experiment: str = "demand", **body: Any) -> list[dict[str, Any]]:
    """All pages of a query."""
    found: list[dict[str, Any]] = []
    token = None
    while True:
        asked = {**body, "continuationToken": token}
        answer = await lab.post(f"{HISTORY}/experiments/{experiment}/runs:query", asked)
        found += answer["value"]
        token = answer["continuationToken"]
        if token is None:
            return found


def titles(runs: list[dict[str, Any]]) -> list[str]:
    return [
        run["displayName"]
        for run in runs
        if not run["displayName"].startswith(("nightly", "demand-prophet"))
    ]


async def begin(lab: Lab, name: str, **body: Any) -> dict[str, Any]:
    url = f"{HISTORY}/experiments/mine/runs/{name}"
    response = await lab.client.patch(url, json={"runId": name, **body})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


# Queries


async def test_filters_join_and_nest(lab: Lab) -> None:
    runs = await query(
        lab, filter="(Status eq Completed or Status eq 'Failed') and Hidden eq false"
    )
    assert {"train-first", "train-broken"} == set(titles(runs))
    assert titles(await query(lab, filter="Status eq Running")) == ["train-baseline"]
    assert titles(await query(lab, filter="Target eq cpu-cluster and Status ne Completed")) == [
        "train-baseline",
        "train-broken",
    ]
    assert await query(lab, filter="Tags/none eq x") == []
    assert await query(lab, filter="ScheduleId ne null")


async def test_times_bound_a_query(lab: Lab) -> None:
    runs = await query(lab, filter="CreatedUtc lt 2023-11-14T20:30:00Z and ScheduleId eq null")
    assert set(titles(runs)) == {"train-first"}
    assert await query(lab, filter="CreatedUtc ge 2023-11-15T00:00:00Z") == []


@pytest.mark.parametrize("order", ["CreatedUtc asc", "StartTimeUtc asc", "RunId desc"])
async def test_an_order_holds_over_pages(lab: Lab, order: str) -> None:
    whole = await query(lab, orderBy=order)
    paged = await query(lab, orderBy=order, top=2)
    assert [run["runId"] for run in paged] == [run["runId"] for run in whole]
    key = {"C": "createdUtc", "S": "startTimeUtc", "R": "runId"}[order[0]]
    values = [run[key] or "" for run in whole]
    assert values == sorted(values, reverse=order.endswith("desc"))


async def test_runs_that_come_between_two_pages_shift_nothing(lab: Lab) -> None:
    for name in ("one", "two", "three"):
        await begin(lab, name)
        lab.pass_time(1)
    url = f"{HISTORY}/experiments/mine/runs:query"
    page = await lab.post(url, {"top": 2})
    await begin(lab, "four")
    rest = await lab.post(url, {"top": 2, "continuationToken": page["continuationToken"]})
    assert [run["runId"] for run in page["value"] + rest["value"]] == ["three", "two", "one"]


@pytest.mark.parametrize(
    "body",
    [
        {"filter": "Nonsense eq 1"},
        {"filter": "Status equals Running"},
        {"filter": "(Status eq Running"},
        {"filter": "CreatedUtc gt yesterday"},
        {"filter": "(" * 500},
        {"top": "many"},
        {"orderBy": "Nonsense desc"},
    ],
)
async def test_a_query_that_cannot_be_read_is_refused(lab: Lab, body: dict[str, Any]) -> None:
    response = await lab.client.post(f"{HISTORY}/experiments/demand/runs:query", json=body)
    assert response.status_code == 400
    assert response.json()["componentName"] == "run-history"


async def test_questions_of_few_runs_read_few() -> None:
    """In 5,000 runs, those that are named are found without looking at the others."""
    async with laboratory(thousands) as lab:
        history = lab.world.jobs.of(WORKSPACE)
        old = (await query(lab, "img-cls", orderBy="CreatedUtc asc", top=1))[0]["runId"]

        def walk(*args: Any, **more: Any) -> Any:
            raise AssertionError("all runs were looked at")

        history.newest_first = walk  # type: ignore[method-assign]
        runs = await query(lab, "img-cls", filter=f"RunId eq {old} or RunId eq nobody")
        assert [run["runId"] for run in runs] == [old]
        assert await query(lab, "img-cls", filter="Status eq Running or Status eq Queued") == []


async def test_runs_are_found_by_their_ids(lab: Lab) -> None:
    name = await lab.named("train-first")
    answer = await lab.post(
        f"{HISTORY}/experiments/demand/runs/runIds", {"runIds": [name, "nobody"]}
    )
    assert list(answer["runs"]) == [name]
    assert list(answer["errors"]) == ["nobody"]


async def test_a_compute_tells_its_runs(lab: Lab) -> None:
    answer = await lab.get(f"{HISTORY}/computes/cpu-cluster/runs", **{"$top": "3"})
    assert len(answer["value"]) == 3
    following = await lab.get(answer["nextLink"])
    both = {run["runId"] for run in answer["value"] + following["value"]}
    assert len(both) == 6
    assert (await lab.get(f"{HISTORY}/computes/nowhere/runs"))["value"] == []


async def test_data_of_several_runs(lab: Lab) -> None:
    name = await lab.named("train-first")
    requests = {"a": {"runId": name, "selectRunDefinition": True}, "b": {"runId": "nobody"}, "c": 7}
    answer = await lab.post(f"{HISTORY}/batchrundata", {"requests": requests})
    assert answer["successfulResults"]["a"]["runMetadata"]["runId"] == name
    assert answer["successfulResults"]["a"]["runDefinition"]["JobType"] == "Command"
    assert sorted(answer["failedResults"]) == ["b", "c"]


# Changes


async def test_tags_and_properties_are_merged_and_deleted_apart(lab: Lab) -> None:
    name = await lab.named("train-first")
    url = f"{HISTORY}/experiments/demand/runs/{name}"
    await lab.client.patch(url, json={"tags": {"a": "1", "b": "2"}, "properties": {"p": "q"}})
    run = (await lab.client.patch(url, json={"tags": {"b": "3"}, "displayName": "new"})).json()
    assert (run["tags"]["a"], run["tags"]["b"], run["displayName"]) == ("1", "3", "new")
    asked = {"tagsToModify": {"c": "4"}, "tagsToDelete": ["a"]}
    run = (await lab.client.patch(f"{url}/tags", json=asked)).json()
    assert run["tags"] == {"b": "3", "c": "4"}
    run = (await lab.client.request("DELETE", f"{url}/tags", json=["b"])).json()
    assert run["tags"] == {"c": "4"}
    assert (await lab.get(f"{JOBS}/{name}"))["properties"]["displayName"] == "new"
    assert run["properties"]["p"] == "q"


async def test_a_run_can_be_told_from_its_beginning_to_its_end(lab: Lab) -> None:
    """As azureml-core tells its local runs: made, begun, ended by events."""
    run = await begin(lab, "local", status="NotStarted", displayName="by hand")
    assert (run["status"], run["target"]) == ("NotStarted", "local")
    url = f"{HISTORY}/runs/local"
    for word, status in (("Start", "Running"), ("Heartbeat", "Running"), ("Failed", "Failed")):
        lab.pass_time(5)
        event = {"name": f"Microsoft.MachineLearning.Run.{word}", "data": {"message": "too bad"}}
        assert (await lab.client.post(f"{url}/events", json=event)).status_code == 200
        assert (await lab.get(url))["status"] == status
    details = await lab.get(f"{url}/details")
    assert "too bad" in details["error"]["error"]["message"]
    assert (await lab.get(f"{JOBS}/local"))["properties"]["status"] == "Failed"


async def test_a_new_run_has_a_new_name(lab: Lab) -> None:
    made = await lab.client.post(f"{HISTORY}/runs/brand-new", json={"displayName": "x"})
    assert made.json()["experimentId"]
    assert (await lab.client.post(f"{HISTORY}/runs/brand-new", json={})).status_code == 409
    assert (await lab.client.patch(f"{HISTORY}/runs/other", json={"tags": {}})).status_code == 404


async def test_children_are_told_of_their_parents(lab: Lab) -> None:
    await begin(lab, "parent", status="Running")
    asked = {"runs": [{"runId": "kid-1", "parentRunId": "parent"}, {"runId": ""}, "x"]}
    answer = await lab.client.patch(f"{HISTORY}/experiments/mine/batch/runs", json=asked)
    assert list(answer.json()["runs"]) == ["kid-1"]
    assert list(answer.json()["errors"]) == [""]
    found = (await lab.get(f"{HISTORY}/runs/parent/children"))["value"]
    assert [run["runId"] for run in found] == ["kid-1"]
    assert "kid-1" not in {job["name"] for job in (await lab.get(JOBS))["value"]}


@pytest.mark.parametrize(
    "body",
    [[], "x", 7, {"tags": []}, {"tags": {"a": {}}}, {"properties": "x"}, {"displayName": 1},
     {"status": "Dancing"}, {"runId": "odd", "endTimeUtc": "later", "status": "Completed"}],
)  # fmt: skip
async def test_a_change_of_another_shape_is_refused(lab: Lab, body: Any) -> None:
    name = await lab.named("train-first")
    response = await lab.client.patch(f"{HISTORY}/runs/{name}", json=body)
    assert response.status_code == 400
    assert (await lab.get(f"{HISTORY}/runs/{name}"))["displayName"] == "train-first"


async def test_events_of_several_runs(lab: Lab) -> None:
    await begin(lab, "one", status="Running")
    done = "Microsoft.MachineLearning.Run.Completed"
    events = [
        {"name": done, "data": {"RunId": "one"}},
        {"name": done, "data": {"RunId": "nobody"}},
        {"name": 7, "data": []},
    ]
    answer = await lab.post(f"{HISTORY}/batch/events", {"events": events})
    assert (len(answer["successes"]), len(answer["errors"])) == (1, 2)
    assert (await lab.get(f"{HISTORY}/runs/one"))["status"] == "Completed"


async def test_spans_are_the_stretches_of_a_life(lab: Lab) -> None:
    name = await lab.named("train-first")
    private = HISTORY.replace("/v1.0", "/v1.0/private")
    spans = (await lab.get(f"{private}/runs/{name}/spans"))["value"]
    assert [span["status"] for span in spans][-3:] == ["Running", "Finalizing", "Completed"]
    assert spans[0]["endTimestamp"] == spans[1]["startTimestamp"]
    active = (await lab.get(f"{private}/runs/{name}/spans/active"))["value"]
    assert [span["status"] for span in active] == ["Completed"]


# Experiments


async def experiments(lab: Lab, **body: Any) -> list[str]:
    answer = await lab.post(f"{HISTORY}/experiments:query", body)
    return [each["name"] for each in answer["value"]]


async def test_an_experiment_is_made_once(lab: Lab) -> None:
    first = await lab.post(f"{HISTORY}/experiments/fresh%20one")
    again = await lab.post(f"{HISTORY}/experiments/fresh%20one")
    assert first["experimentId"] == again["experimentId"]
    assert (await experiments(lab))[0] == "fresh one"
    assert await experiments(lab, filter="name eq 'fresh one'") == ["fresh one"]


async def test_a_renamed_experiment_keeps_its_id_and_its_runs(lab: Lab) -> None:
    before = await lab.get(f"{HISTORY}/experiments/demand")
    by_id = f"{HISTORY}/experimentids/{before['experimentId']}"
    asked = {"name": "supply", "description": "d", "tags": {"a": "b"}}
    after = (await lab.client.patch(by_id, json=asked)).json()
    assert after["experimentId"] == before["experimentId"]
    assert (after["name"], after["tags"]) == ("supply", {"a": "b"})
    runs = await query(lab, "supply")
    assert {run["experimentId"] for run in runs} == {before["experimentId"]}
    name = await lab.named("train-first")
    assert (await lab.get(f"{JOBS}/{name}"))["properties"]["experimentName"] == "supply"
    new = await begin(lab, "newcomer")
    assert new["experimentId"] != before["experimentId"]
    taken = await lab.client.patch(by_id, json={"name": "churn"})
    assert taken.status_code == 409
    assert (await lab.client.get(f"{HISTORY}/experiments/demand")).status_code == 404


async def test_archived_experiments_are_in_another_view(lab: Lab) -> None:
    told = await lab.get(f"{HISTORY}/experiments/demand")
    by_id = f"{HISTORY}/experimentids/{told['experimentId']}"
    await lab.client.patch(by_id, json={"archive": True})
    assert "demand" not in await experiments(lab)
    assert await experiments(lab, viewType="ArchivedOnly") == ["demand"]
    assert "demand" in await experiments(lab, viewType="All")
    await lab.client.patch(by_id, json={"archive": False, "tags": {"k": "v", "l": "w"}})
    await lab.post(f"{by_id}/tags:delete", {"tags": ["k"]})
    assert (await lab.get(by_id))["tags"] == {"l": "w"}


async def test_only_what_is_empty_is_deleted(lab: Lab) -> None:
    told = await lab.get(f"{HISTORY}/experiments/demand")
    refused = await lab.client.delete(f"{HISTORY}/experimentids/{told['experimentId']}")
    assert refused.status_code == 400
    made = await lab.post(f"{HISTORY}/experiments/empty")
    gone = await lab.client.delete(f"{HISTORY}/experimentids/{made['experimentId']}")
    assert gone.status_code == 202
    assert "empty" not in await experiments(lab, viewType="All")
