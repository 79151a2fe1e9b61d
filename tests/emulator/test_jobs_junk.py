"""Bodies of any shape are refused in the service's own words, or taken; nothing breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from amltui.emulator.http.route import Route
from amltui.emulator.http.table import ROUTES
from tests.emulator.lab import WORKSPACE, Lab, laboratory

AREAS = ("Jobs_", "Runs_", "Run_", "Experiments_", "Events_", "Spans_", "Metric", "Mlflow_",
         "Schedules_")  # fmt: skip
JUNK: list[Any] = [
    None, [], {}, "", "x", 0, 7, -1, 1e308, True, [None], ["x"], [{}], {"x": None}, {"": []},
    [[[]]], {"key": 1, "value": {}}, "2023-01-01", {"properties": []}, {"properties": "x"},
]  # fmt: skip
MEMBERS = (
    "properties jobType command computeId environmentId tags inputs outputs resources limits"
    " distribution services jobs settings searchSpace objective trial taskDetails entry"
    " samplingAlgorithm earlyTermination trigger action isEnabled displayName experimentName"
    " filter orderBy top continuationToken runIds runs runId requests tagsToModify tagsToDelete"
    " name data events instances servicesToDelete spans status hidden description parameters"
    " metricName startTime endTime values metricNames viewType archive experiment_id run_id key"
    " value timestamp step metrics params experiment_ids max_results order_by page_token"
    " run_view_type new_name source version alias stage stages models datasets model_json"
    " new_stage trace locations request_ids max_timestamp_millis startTimeUtc endTimeUtc"
)
NAMES = MEMBERS.split()
KINDS = ("Command", "Sweep", "Pipeline", "AutoML", "Spark")
SPARK = {"sparkJobEntryType": "SparkJobPythonEntry", "file": "main.py"}
TRIGGER = {"triggerType": "Cron", "expression": "* * * * *"}


def routes() -> list[Route]:
    """One of each handler of this area."""
    found = {}
    for route in ROUTES:
        if route.operation.startswith(AREAS):
            found.setdefault((route.method, route.operation), route)
    return list(found.values())


def bodies(luck: Random) -> Iterator[Any]:
    """Junk, and objects of known members with junk in them."""
    yield luck.choice(JUNK)
    for _ in range(3):
        yield {luck.choice(NAMES): luck.choice(JUNK) for _ in range(luck.randint(1, 6))}
    inner = {luck.choice(NAMES): luck.choice(JUNK) for _ in range(luck.randint(1, 5))}
    kind = luck.choice(KINDS)
    needed = {
        "command": "x",
        "entry": SPARK,
        "codeId": "c",
        "taskDetails": {"x": 1},
    }
    job = {**needed, **inner, "jobType": kind}
    yield {"properties": job}
    definition = {"actionType": "CreateJob", "jobDefinition": job}
    yield {"properties": {"trigger": TRIGGER, "action": definition, **inner}}
    node = {luck.choice(NAMES): luck.choice(JUNK) for _ in range(3)}
    yield {"properties": {"jobType": "Pipeline", "jobs": {"a": node, "b": {**node, "type": "x"}}}}


def filled(path: str, names: dict[str, str], luck: Random) -> str:
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value if luck.random() < 0.7 else "nobody")
    return path


@pytest.mark.parametrize("seed", range(4))
async def test_no_body_breaks_a_route(seed: int) -> None:
    luck = Random(seed)
    async with laboratory() as lab:
        names = await things(lab)
        for route in routes():
            for body in bodies(luck):
                url = filled(route.path, names, luck)
                response = await lab.client.request(route.method, url, json=body)
                said = f"{route.operation} {json.dumps(body)[:300]}: {response.text[:200]}"
                assert response.status_code < 500, said
                if response.status_code >= 400:
                    told = response.json() if response.content else {"error": None}
                    assert "error" in told or "error_code" in told, said
        for path in ("jobs", "schedules"):
            lab.pass_time(200)
            assert (await lab.client.get(f"{WORKSPACE}/{path}")).status_code == 200


async def things(lab: Lab) -> dict[str, str]:
    """What there is to put into paths."""
    job = await lab.named("train-first")
    listed = await lab.post(f"/history/v1.0{WORKSPACE}/experiments:query", {})
    return {
        "sub": "s1",
        "rg": "rg1",
        "ws": "calm-ws",
        "job": job,
        "run": job,
        "experiment": "demand",
        "experiment_id": listed["value"][0]["experimentId"],
        "compute": "cpu-cluster",
        "node": "0",
        "container": f"dcid.{job}",
        "schedule": "nightly-check",
        "model": "m-1",
        "trace": "tr-1",
        "key": "k",
    }


@pytest.mark.parametrize("path", ["jobs", "schedules"])
@pytest.mark.parametrize("token", ["x", "AAAA", "W10", "WzEsMl0", "eyJhIjoxfQ", "-1"])
async def test_a_token_that_is_none_of_ours_begins_anew(path: str, token: str) -> None:
    async with laboratory() as lab:
        whole = await lab.get(f"{WORKSPACE}/{path}")
        again = await lab.get(f"{WORKSPACE}/{path}", **{"$skipToken": token})
        assert len(again["value"]) == len(whole["value"])
