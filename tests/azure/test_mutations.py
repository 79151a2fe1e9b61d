"""Whatever is missing, null or of another type in a body: it is read without an error, and what is
read is what its type says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from amltui.azure import (
    computes,
    envelope,
    jobs,
    metrics,
    models,
    prices,
    run_facts,
    runs,
    subscriptions,
    workspaces,
)
from amltui.azure.protocol import location_verdict, operation_verdict
from amltui.azure.run_facts import RunFacts
from amltui.domain.compute import Compute, Node
from amltui.domain.job import Job
from amltui.domain.model import Model, ModelVersion
from amltui.domain.points import MetricPoint
from amltui.domain.price import VmSize
from amltui.domain.subscription import Subscription
from amltui.domain.workspace import Workspace
from tests.azure.answers import PLACE
from tests.azure.mutations import assert_well_formed, mutations
from tests.azure.samples import sample
from tests.azure.test_loose import JSON

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def compute(item: Any) -> Compute | None:
    found = computes.parse(PLACE, item)
    if found is not None:
        assert found.health
        assert found.burn_per_hour is None or found.burn_per_hour >= 0
        assert found.on_since is None or found.is_on
        counts = found.nodes
        assert counts is None or min(counts.running, counts.idle, counts.billed) >= 0
    return found


def job(item: Any) -> Job | None:
    found = jobs.parse(PLACE, item)
    if found is not None:
        assert found.health
        assert found.title.strip()
    return found


def run(item: Any) -> Job | None:
    facts = run_facts.parse(item)
    if facts is None:
        return None
    found = run_facts.as_job(PLACE, facts)
    assert_well_formed(facts, RunFacts)
    seconds = found.seconds(NOW)
    assert seconds is None or seconds >= 0
    assert found.error is None or found.error.summary
    return found


def version(item: Any) -> ModelVersion | None:
    return models.parse_version(PLACE, "m", item)


SURFACES: dict[str, tuple[Callable[[Any], Any], Any, list[Any]]] = {
    "compute": (compute, Compute | None, [
        sample("computes", name) for name in (
            "cluster", "cluster_creating", "cluster_failed", "instance", "instance_stopped",
            "official_instance", "official_aks", "official_kubernetes",
        )
    ]),
    "node": (computes.parse_node, Node, sample("computes", "official_nodes")["nodes"]),
    "job": (job, Job | None, [
        sample("jobs", name) for name in (
            "command_running", "command_failed", "pipeline_running", "child", "sweep",
            "official_command", "official_sweep", "official_automl",
        )
    ]),
    "run": (run, Job | None, [
        sample("runs", "reused_step"), *sample("runs", "children")["value"],
        {"runId": "r", "status": "Failed", "startTimeUtc": "2023-01-01T00:00:00Z", "error": {
            "error": {"code": "UserError", "message": "m", "innerError": {"code": "x"}}}},
    ]),
    "details": (
        lambda body: runs.parse_details("r", body), runs.RunDetails, [sample("runs", "details")]
    ),
    "workspace": (workspaces.parse, Workspace | None, [
        sample("workspaces", "workspace"), sample("workspaces", "official"),
    ]),
    "model": (lambda item: models.parse(PLACE, item), Model | None, [
        *sample("models", "containers")["value"], sample("models", "container"),
    ]),
    "version": (version, ModelVersion | None, [
        sample("models", "version_of_mlflow"), sample("models", "version_archived"),
    ]),
    "size": (prices.parse, VmSize | None, sample("prices")["value"]),
    "subscription": (
        subscriptions.parse, Subscription | None, sample("subscriptions", "subscriptions")["value"]
    ),
    "points": (
        lambda body: tuple(metrics.parse_points("loss", body, 0)), tuple[MetricPoint, ...],
        [{"value": [{"step": 1, "createdUtc": "2023-01-01T00:00:00Z", "data": {"loss": 1.5}}]}],
    ),
    "error": (envelope.read, envelope.Told, list(sample("refusals").values())),
}  # fmt: skip


@pytest.mark.parametrize("surface", SURFACES)
def test_a_body_with_one_thing_wrong_is_read_and_what_is_read_is_well_formed(surface):
    read, hint, bodies = SURFACES[surface]
    tried = 0
    for body in bodies:
        before = read(body)
        for what in mutations(body):
            tried += 1
            try:
                assert_well_formed(read(body), hint, surface)
            except Exception as failure:
                raise AssertionError(f"{what}: {failure!r}") from failure
        assert read(body) == before
    assert tried > 50


@pytest.mark.parametrize("surface", SURFACES)
def test_any_json_is_read(surface):
    read, hint, _ = SURFACES[surface]

    @given(JSON)
    def whatever(value: Any) -> None:
        # Lists are made of objects only before their items come here.
        item = value if isinstance(value, dict) else {"name": value, "properties": value}
        assert_well_formed(read(item), hint, surface)

    whatever()


def test_no_operation_makes_a_verdict_fail():
    for polled in sample("operations"):
        for _ in mutations(polled["responseBody"]):
            operation_verdict(polled["status"], polled["headers"], polled["responseBody"])
            location_verdict(polled["status"], polled["headers"], polled["responseBody"])
