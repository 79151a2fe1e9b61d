"""Long histories, in an order and by their names: what a page costs is counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from amltui.emulator.jobs.generated import Generated
from amltui.emulator.jobs.history import LONGEST_JOB
from amltui.emulator.jobs.log_lines import Progress
from amltui.emulator.jobs.record import JobRecord, quickly
from amltui.emulator.jobs.stories import thousands
from tests.emulator.lab import HISTORY, MLFLOW, WORKSPACE, Lab, laboratory
from tests.emulator.storage_account import StorageAccount

COUNT = 200
EXPERIMENTS = ("img-cls", "distill", "detection")


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory(partial(thousands, count=COUNT)) as lab:
        lab.world.jobs.of(WORKSPACE)
        yield lab


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The indices of the jobs that are made up meanwhile."""
    made: list[int] = []
    write = Generated.written

    def written(self: Generated, index: int) -> JobRecord:
        made.append(index)
        return write(self, index)

    with monkeypatch.context() as patch:
        patch.setattr(Generated, "written", written)
        yield made


async def search(lab: Lab, *order: str, **body: Any) -> dict[str, Any]:
    experiments = (await lab.post(f"{MLFLOW}/experiments/search", {"max_results": 100}))[
        "experiments"
    ]
    ids = [each["experiment_id"] for each in experiments if each["name"] in EXPERIMENTS]
    asked = {"experiment_ids": ids, "order_by": list(order), "max_results": 40, **body}
    found: dict[str, Any] = await lab.post(f"{MLFLOW}/runs/search", asked)
    return found


async def pages(lab: Lab, *order: str, **body: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        answer = await search(lab, *order, **body, **token)
        found += answer["runs"]
        if "next_page_token" not in answer:
            return found
        token = {"page_token": answer["next_page_token"]}


def loss(run: dict[str, Any]) -> float:
    metrics = {each["key"]: each["value"] for each in run["data"]["metrics"]}
    return float(metrics.get("train/loss", "inf"))


def ids(runs: list[dict[str, Any]]) -> list[str]:
    return [run["info"]["run_id"] for run in runs]


async def test_a_second_page_looks_at_what_it_shows(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first page reads each run once; another reads its own, and what is not over."""
    with counted(monkeypatch) as made:
        first = await search(lab, "metrics.`train/loss` ASC")
        assert COUNT <= len(made) < 2 * COUNT
    with counted(monkeypatch) as made:
        answer = await search(lab, "metrics.`train/loss` ASC", page_token=first["next_page_token"])
        assert len(answer["runs"]) == 40
        assert len(set(made)) < COUNT / 2


async def test_all_pages_together_are_the_order(lab: Lab) -> None:
    """No run is missing or there twice, and what has no such metric comes last."""
    runs = await pages(lab, "metrics.`train/loss` ASC")
    everything = await pages(lab)
    assert sorted(ids(runs)) == sorted(ids(everything))
    assert len(runs) > 0.9 * COUNT
    assert [loss(run) for run in runs] == sorted(loss(run) for run in runs)
    backwards = await pages(lab, "metrics.`train/loss` DESC")
    known = [loss(run) for run in backwards if loss(run) != float("inf")]
    assert known == sorted(known, reverse=True)
    assert loss(backwards[-1]) == float("inf")


async def test_what_a_client_does_to_an_old_run_moves_it(lab: Lab) -> None:
    """A metric that is logged for a run that is over, and an archived one, count at once."""
    order = "metrics.`train/loss` ASC"
    best, second, *_ = ids((await search(lab, order))["runs"])
    last = ids(await pages(lab, order))[-1]
    point = {"key": "train/loss", "value": -1.0, "timestamp": 1, "step": 10**6}
    await lab.post(f"{MLFLOW}/runs/log-metric", {"run_id": last, **point})
    assert ids((await search(lab, order))["runs"])[:3] == [last, best, second]
    await lab.post(f"{MLFLOW}/runs/delete", {"run_id": best})
    assert ids((await search(lab, order))["runs"])[:2] == [last, second]
    await lab.post(f"{MLFLOW}/runs/restore", {"run_id": best})
    assert ids((await search(lab, order))["runs"])[:3] == [last, best, second]


async def test_runs_that_end_later_find_their_place(lab: Lab) -> None:
    """Hours later the order is the one that a service would give that is asked first then."""
    order = "metrics.`train/loss` ASC"
    await search(lab, order)
    for _ in range(2):
        lab.pass_time(LONGEST_JOB)
        runs = await pages(lab, order)
        assert [loss(run) for run in runs] == sorted(loss(run) for run in runs)
        assert sorted(ids(runs)) == sorted(ids(await pages(lab)))


async def test_run_history_sorts_texts_both_ways(lab: Lab) -> None:
    """`DisplayName desc` is `DisplayName asc` from the other end."""

    async def names(order: str) -> list[str]:
        found: list[str] = []
        token = None
        while True:
            asked = {"orderBy": order, "top": 50, "continuationToken": token}
            answer = await lab.post(f"{HISTORY}/experiments/distill/runs:query", asked)
            found += [each["displayName"] for each in answer["value"]]
            token = answer["continuationToken"]
            if token is None:
                return found

    forwards = await names("DisplayName asc")
    assert len(forwards) > 50
    assert forwards == sorted(forwards)
    assert await names("DisplayName desc") == forwards[::-1]


async def test_others_are_answered_while_a_history_is_put_in_order(lab: Lab) -> None:
    """A listing that was asked for later is there before the long order is."""
    order = asyncio.create_task(search(lab, "metrics.`val/loss` ASC"))
    finished: list[str] = []
    order.add_done_callback(lambda _: finished.append("order"))
    while len(finished) == 0 and "listing" not in finished:
        await lab.get(f"{WORKSPACE}/jobs")
        finished.append("listing")
    await order
    assert finished[0] == "listing"


async def test_the_same_order_twice_at_once_is_worked_out_once(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    with counted(monkeypatch) as made:
        one, two = await asyncio.gather(
            search(lab, "metrics.`val/loss` ASC"), search(lab, "metrics.`val/loss` ASC")
        )
        assert ids(one["runs"]) == ids(two["runs"])
        assert len([each for each in made if each == 5]) < 10
        assert len(made) < 3 * COUNT


async def test_a_folder_of_runs_is_listed_by_their_names(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of the artifact store makes up the runs on it, whatever else there is."""
    account = StorageAccount(lab)
    query = "prefix=ExperimentRun/&delimiter=/&maxresults=5"
    with counted(monkeypatch) as made:
        folders = [each for each in await account.names(query) if each.endswith("/")]
        assert len(set(made)) <= 7
    assert len(folders) == 5
    assert folders == sorted(folders)
    begun = await account.names("prefix=ExperimentRun/&delimiter=/")
    runs = await pages(lab)
    assert {f"ExperimentRun/dcid.{name}/" for name in ids(runs)} <= set(begun)


async def test_a_list_of_folders_reads_no_log(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a log is, which takes some of its lines, is worked out for who lists its folder."""
    read: list[int] = []
    stamp = Progress.stamp

    def stamped(self: Progress, index: int) -> str:
        read.append(index)
        return stamp(self, index)

    monkeypatch.setattr(Progress, "stamp", stamped)
    account = StorageAccount(lab)
    folders = await account.names("prefix=ExperimentRun/&delimiter=/")
    assert len(folders) >= COUNT
    assert not read
    done = next(
        each for each in (await search(lab))["runs"] if each["info"]["status"] == "FINISHED"
    )
    root = f"ExperimentRun/dcid.{done['info']['run_id']}/user_logs/"
    assert f"{root}std_log.txt" in await account.names(f"prefix={root}&delimiter=/")
    assert read


async def test_runs_that_come_later_are_in_the_folder(lab: Lab) -> None:
    """What a client begins, and what a routine does, joins the names in their order."""
    account = StorageAccount(lab)
    query = "prefix=ExperimentRun/&delimiter=/"
    before = await account.names(query)
    experiment = (await lab.post(f"{MLFLOW}/experiments/search", {"max_results": 1}))[
        "experiments"
    ][0]["experiment_id"]
    run = await lab.post(f"{MLFLOW}/runs/create", {"experiment_id": experiment})
    name = run["run"]["info"]["run_id"]
    await account.put(f"ExperimentRun/dcid.{name}/outputs/note.txt", b"note")
    lab.pass_time(3600.0)
    after = await account.names(query)
    assert after == sorted(after)
    assert set(before) < set(after)
    assert f"ExperimentRun/dcid.{name}/" in after
    assert len(after) >= len(before) + 5


async def test_resource_graph_tells_a_workspace_anew_when_it_has_changed(lab: Lab) -> None:
    """What is kept of one workspace's row is of no use once somebody has changed it."""
    asked = {"query": "Resources | where type =~ 'microsoft.machinelearningservices/workspaces'"}
    graph = "/providers/Microsoft.ResourceGraph/resources"
    (row,) = (await lab.post(graph, asked))["data"]
    again = (await lab.client.get(WORKSPACE)).json()
    assert again["properties"]["workspaceId"] == row["properties"]["workspaceId"]
    changed = await lab.client.patch(WORKSPACE, json={"tags": {"owner": "kim"}})
    assert changed.status_code in {200, 202}
    lab.pass_time(120.0)
    (row,) = (await lab.post(graph, asked))["data"]
    assert row["tags"] == {"owner": "kim"}


def test_a_record_that_is_made_quickly_is_like_any_other() -> None:
    """With the usual values of all that is not told, and none that it shares with another."""
    told: dict[str, Any] = {"name": "a", "workspace": "w", "created": 1.0, "gpus": 3}
    made = quickly(**told, tags={"a": "b"})
    assert made == JobRecord(**told, tags={"a": "b"})
    assert (
        replace(made, gpus=4).to_json()
        == JobRecord(**{**told, "gpus": 4}, tags={"a": "b"}).to_json()
    )
    assert made.inputs is not quickly(**told).inputs
