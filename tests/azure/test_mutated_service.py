"""A service whose bodies have one thing wrong: everything still lists and opens, or says in one
sentence of the client's own why it does not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from math import nan
from typing import Any

import pytest

from amltui.azure import computes, jobs, logs, metrics, models, runs, workspaces
from amltui.azure.client import WorkspaceClient
from amltui.azure.errors import AzureError
from tests.azure import answers
from tests.azure.answers import PLACE, Reply, Rig
from tests.azure.mutations import mutations
from tests.azure.samples import sample

ODD = (None, -7, "odd", ["odd"], {"odd": "odd"})
JOB = "test_92541083814"
NODES = {"nodes": [{"nodeId": "n1", "nodeState": "idle", "port": 5}], "nextLink": None}
SERIES = {"value": [{"step": 1, "data": {"loss": 1.0}}], "continuationToken": None}
LAST = {"run": {"data": {"metrics": [{"key": "loss", "value": 1, "step": 2, "timestamp": 5}]}}}
SUBSCRIPTIONS = {"value": sample("subscriptions", "subscriptions")["value"][:1]}
QUERIED = {"value": [{"runId": JOB, "status": "Running"}], "continuationToken": None}
COMPUTES = {"value": [sample("computes", "cluster"), sample("computes", "instance")]}
GRAPH = {"data": [sample("workspaces", "workspace")], "$skipToken": None}


def plan(rig: Rig) -> dict[str, Any]:
    """A whole workspace; the bodies by name, to be changed in place."""
    bodies = {
        "workspace": sample("workspaces", "workspace"),
        "discovery": sample("runs", "discovery"),
        "jobs": {"value": [sample("jobs", "command_running")]},
        "job": sample("jobs", "command_running"),
        "queried": QUERIED,
        "run": sample("runs", "reused_step"),
        "details": sample("runs", "details"),
        "children": sample("runs", "children"),
        "computes": COMPUTES,
        "compute": sample("computes", "instance"),
        "nodes": NODES,
        "sizes": sample("prices"),
        "models": {"value": sample("models", "containers")["value"][:1]},
        "versions": {"value": sample("models", "versions")["value"]},
        "last": LAST,
        "series": SERIES,
        "graph": GRAPH,
        "subscriptions": SUBSCRIPTIONS,
        "accepted": {"status": "Succeeded"},
    }
    bodies["details"].pop("runDefinition")
    for method, path, name in (
        ("GET", "/workspaces/00000", "workspace"),
        ("GET", "/discovery", "discovery"),
        ("GET", "/jobs", "jobs"),
        ("GET", f"/jobs/{JOB}", "job"),
        ("POST", "/runs:query", "queried"),
        ("GET", f"/runs/{JOB}", "run"),
        ("GET", "/details", "details"),
        ("GET", "/children", "children"),
        ("GET", "/computes", "computes"),
        ("GET", "/computes/ci", "compute"),
        ("POST", "/listNodes", "nodes"),
        ("GET", "/vmSizes", "sizes"),
        ("GET", "/models", "models"),
        ("GET", "/versions", "versions"),
        ("GET", "/mlflow/runs/get", "last"),
        ("POST", "/(full|sample)", "series"),
        ("POST", "/Microsoft.ResourceGraph/resources", "graph"),
        ("GET", "/subscriptions", "subscriptions"),
        ("GET", "/status", "accepted"),
    ):
        rig.service.on(method, path, lambda _, name=name: Reply(200, bodies[name]))
    status = {"Azure-AsyncOperation": "https://management.azure.com/status"}
    rig.service.on("POST", "/(stop|cancel)", Reply(202, b"null", status))
    return bodies


async def stopped(place: WorkspaceClient) -> None:
    await place.client.wait_for(await computes.stop(place, "ci"))


ASKED: dict[str, tuple[Callable[[WorkspaceClient], Awaitable[Any]], tuple[str, ...]]] = {
    "jobs": (lambda place: jobs.newest(place, 10), ("jobs", "queried", "discovery", "workspace")),
    "job": (lambda place: jobs.get(place, JOB), ("job", "run")),
    "children": (lambda place: runs.children(place, JOB), ("children",)),
    "logs": (lambda place: logs.files(place, JOB), ("details",)),
    "computes": (computes.list_all, ("computes", "sizes")),
    "compute": (lambda place: computes.get(place, "ci"), ("compute",)),
    "nodes": (lambda place: computes.nodes(place, "cpu"), ("nodes",)),
    "models": (models.list_all, ("models",)),
    "versions": (lambda place: models.versions(place, "m"), ("versions",)),
    "last values": (lambda place: metrics.last_values(place, JOB), ("last",)),
    "series": (lambda place: metrics.points(place, JOB, "loss"), ("series",)),
    "sample": (lambda place: metrics.sample(place, JOB, "loss"), ("series",)),
    "workspaces": (lambda place: workspaces.list_all(place.client), ("graph",)),
    "workspace": (lambda place: workspaces.get(place.client, PLACE), ("workspace",)),
    "stop": (stopped, ("accepted",)),
}


ONE = {"job", "compute", "workspace", "stop"}
"""What has nothing to show where the one body that was asked for is something else."""


async def refused(
    ask: Callable[[WorkspaceClient], Awaitable[Any]], place: WorkspaceClient
) -> AzureError | None:
    """The client's own error; any other is raised."""
    try:
        await ask(place)
    except AzureError as error:
        return error
    return None


@pytest.mark.parametrize("asked", ASKED)
async def test_one_thing_wrong_costs_no_list_and_at_most_the_one_thing_that_was_asked_for(asked):
    ask, changed = ASKED[asked]
    rig = answers.rig()
    bodies = plan(rig)
    await ask(rig.place)
    tried = 0
    for name in changed:
        for what in mutations(bodies[name], ODD):
            tried += 1
            refusal = await refused(ask, answers.rig(rig.service).place)
            assert refusal is None or (asked in ONE and str(refusal)), f"{name}{what}: {refusal!r}"
    await rig.client.aclose()
    assert tried >= 5


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize(
    "reply",
    [
        Reply(200),
        Reply(200, b"null"),
        Reply(200, b'{"value": ['),
        Reply(200, b"<html>hello</html>"),
        Reply(200, b"\xef\xbb\xbf[1, 2]"),
        Reply(200, {"value": [None, [], "x", 5, {}], "nextLink": [], "status": {}}),
        Reply(200, [None]),
        Reply(200, nan),
        Reply(204),
        Reply(302, None, {"Location": "https://evil.example/"}),
        Reply(404, b"<html>"),
        Reply(418, {"error": "teapot"}),
        Reply(500, {"error": {"code": None, "message": None}}),
        Reply(200, b"[" * 100_000),
    ],
    ids=lambda reply: f"{reply.status} {str(reply.body)[:20]}",
)
async def test_whatever_every_address_answers(asked, reply):
    ask, _ = ASKED[asked]
    rig = answers.rig()
    rig.service.on("GET", "", reply)
    rig.service.on("POST", "", reply)
    refusal = await refused(ask, rig.place)
    assert refusal is None or str(refusal)
    assert {request.url.host for request in rig.service.requests} == {"management.azure.com"}
    await rig.client.aclose()
