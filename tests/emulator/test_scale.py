"""Big worlds cost what is asked of them."""

from __future__ import annotations

import time
from collections.abc import Sequence

import httpx
import pytest

from amltui.emulator.app import emulator, world_of
from amltui.emulator.jobs import series
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.series import Point
from amltui.emulator.world import World
from tests.emulator.lab import SignedIn

GRAPH = "/providers/Microsoft.ResourceGraph/resources"
QUERY = (
    "Resources | where type =~ 'microsoft.machinelearningservices/workspaces'"
    " | project id, name | order by id asc"
)


def client(world: World) -> httpx.AsyncClient:
    token, _ = world.mint.issue("https://management.azure.com")
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(emulator(world)),
        base_url="http://lab",
        auth=SignedIn(token),
    )


async def test_a_thousand_workspaces_are_listed_and_none_is_filled() -> None:
    """The graph names all 1,000 on one page; only the one that is looked into has computes."""
    world = world_of("a_thousand_workspaces")
    async with client(world) as http:
        rows = (await http.post(GRAPH, json={"query": QUERY, "options": {"$top": 1000}})).json()
        assert (rows["totalRecords"], rows["count"]) == (1000, 1000)
        assert len((await http.get("/subscriptions")).json()["value"]) == 100
        assert not world._computes
        first = rows["data"][0]["id"]
        names: set[str] = set()
        link: str | None = f"{first}/computes"
        while link is not None:
            page = (await http.get(link)).json()
            names |= {each["name"] for each in page["value"]}
            link = page.get("nextLink")
        assert len(names) == 20
        assert len(world._computes) == 1


async def test_everything_in_a_thousand_workspaces_is_counted_and_none_is_filled() -> None:
    """Endpoints and their deployments, too."""
    world = world_of("a_thousand_workspaces")
    async with client(world) as http:
        rows = (await http.post(GRAPH, json={"query": "Resources | count"})).json()
        assert rows["data"] == [{"Count": 9000}]
        assert len(world._unfilled) == 1000


async def test_a_hundred_thousand_runs_begin_at_once() -> None:
    """The world and its first pages of jobs are there in far less time than their number."""
    began = time.perf_counter()
    world = world_of("hundred_thousand_runs")
    async with client(world) as http:
        (place,) = world.workspaces.values()
        page = (await http.get(f"{place.id}/jobs")).json()
        assert len(page["value"]) == world.page_size
        assert (await http.get(page["nextLink"])).status_code == 200
        assert time.perf_counter() - began < 2.0


async def test_a_metric_of_a_million_points_answers_page_by_page() -> None:
    """The series says how long it is; its last page and its sample cost no more than others."""
    world = world_of("hundred_thousand_runs")
    (place,) = world.workspaces.values()
    world.enter(place)
    history = world.jobs.of(place.id)
    run = next(
        each for each in history.newest_first(world.now) if each.display_name == "million-points"
    )
    metrics = world.jobs.metrics(run, world.now)
    assert metrics.count("loss") > 900_000
    async with client(world) as http:
        base = f"/metric/v2.0{place.id}/runs/{run.name}"
        began = time.perf_counter()
        sample = (await http.post(f"{base}/sample", json={"metricName": "loss"})).json()
        assert sample["numValuesLogged"] > 900_000
        assert len(sample["value"]) <= 2000
        page = (await http.post(f"{base}/full", json={"metricName": "loss"})).json()
        assert len(page["value"]) == 1000
        assert page["continuationToken"]
        assert time.perf_counter() - began < 2.0


async def test_a_stretch_of_a_million_points_costs_what_is_told_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """MLflow's thinned-out stretch between two steps makes up its own points only."""
    world = world_of("hundred_thousand_runs")
    (place,) = world.workspaces.values()
    world.enter(place)
    history = world.jobs.of(place.id)
    run = next(
        each for each in history.newest_first(world.now) if each.display_name == "million-points"
    )
    made: list[int] = []
    points_at = series.points_at

    def counted(record: JobRecord, name: str, indices: Sequence[int]) -> list[Point]:
        made.append(len(indices))
        return points_at(record, name, indices)

    monkeypatch.setattr(series, "points_at", counted)
    async with client(world) as http:
        url = f"/mlflow/v2.0{place.id}/api/2.0/mlflow/metrics/get-history-bulk-interval"
        asked = {
            "run_ids": run.name,
            "metric_key": "loss",
            "start_step": 1000,
            "end_step": 800_000,
            "max_results": 100,
        }
        found = (await http.get(url, params=asked)).json()["metrics"]
    steps = [each["step"] for each in found]
    assert sum(made) == len(steps) == 100
    assert steps == sorted(set(steps))
    assert 1000 <= steps[0] < 1100
    assert 799_900 < steps[-1] <= 800_000


async def test_no_answer_holds_a_million_points() -> None:
    """Whoever asks for all of a metric gets a page of 25,000 and where the next one begins."""
    world = world_of("hundred_thousand_runs")
    (place,) = world.workspaces.values()
    world.enter(place)
    history = world.jobs.of(place.id)
    run = next(
        each for each in history.newest_first(world.now) if each.display_name == "million-points"
    )
    url = f"/mlflow/v2.0{place.id}/api/2.0/mlflow/metrics/get-history"
    asked = {"run_id": run.name, "metric_key": "loss", "max_results": str(10**8)}
    async with client(world) as http:
        first = (await http.get(url, params=asked)).json()
        assert len(first["metrics"]) == 25_000
        rest = {**asked, "page_token": first["next_page_token"], "max_results": "1"}
        (point,) = (await http.get(url, params=rest)).json()["metrics"]
    assert point["step"] == 25_000
