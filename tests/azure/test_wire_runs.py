"""Runs, their details and their metrics as the services wrote them become exactly these values."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from amltui.azure import metrics, run_facts, runs
from amltui.azure.run_facts import RunFacts
from amltui.domain.job import Job, JobError
from amltui.domain.log import LogFile
from amltui.domain.metric import LastValue, MetricSeries
from amltui.domain.points import MetricPoint
from tests.azure.answers import HISTORY, PLACE, Reply
from tests.azure.samples import sample

TARGET = (
    '{"AllocationState":"steady","PreparingNodeCount":0,"RunningNodeCount":0,"CurrentNodeCount":1}'
)
STEP = RunFacts(
    run_id="a37e0899-de52-4f90-a37f-12fa8f47218a",
    status="Completed",
    created=datetime(2023, 2, 22, 20, 31, 41, 356300, tzinfo=UTC),
    started=datetime(2023, 2, 22, 20, 31, 41, 356300, tzinfo=UTC),
    ended=datetime(2023, 2, 22, 20, 33, 46, 114639, tzinfo=UTC),
    created_by="Alex Example",
    creator="b2d93c95-4b4e-414c-af81-134342850c50",
    parent="055360d8-13a3-40b2-ae75-d6422d961a16",
    compute="cpu-cluster",
    node_count=1,
    display_name="sleepy_fig_gnk72vzt",
    type="Command",
    tags={
        "azureml.nodeid": "95421ceb",
        "azureml.pipeline": "055360d8-13a3-40b2-ae75-d6422d961a16",
        "_aml_system_ComputeTargetStatus": TARGET,
        "mlflow.source.type": "JOB",
        "mlflow.source.name": "driver/amlbi_main.py",
    },
)


def test_a_step_of_a_pipeline():
    [item] = sample("runs", "children")["value"]
    assert run_facts.parse(item) == STEP


def test_a_step_as_a_job():
    job = run_facts.as_job(PLACE, STEP)
    assert job == Job(
        workspace=PLACE,
        name=STEP.run_id,
        display_name="sleepy_fig_gnk72vzt",
        experiment=None,
        type="Command",
        status="Completed",
        compute="cpu-cluster",
        created=STEP.created,
        started=STEP.started,
        ended=STEP.ended,
        created_by="Alex Example",
        creator=STEP.creator,
        tags=STEP.tags,
        node_count=1,
        parent=STEP.parent,
    )
    assert job.seconds(datetime(2030, 1, 1, tzinfo=UTC)) == pytest.approx(124.758339)


def test_a_reused_step_took_no_time():
    found = run_facts.parse(sample("runs", "reused_step"))
    assert found is not None
    assert found.started == found.ended == datetime(2023, 4, 14, 1, 37, 46, 248201, tzinfo=UTC)


def test_details_of_a_running_pipeline():
    body = sample("runs", "details")
    found = runs.parse_details("000000000000000000000", body)
    assert found.facts == RunFacts(
        run_id="000000000000000000000",
        status="Running",
        created=datetime(2023, 5, 30, 8, 4, 15, 15948, tzinfo=UTC),
        started=datetime(2023, 5, 30, 8, 4, 15, 873840, tzinfo=UTC),
        created_by="Alex Example",
        creator="3d2d6936-72b5-4420-a9d6-f48607f0ad86",
        type="Pipeline",
        parameters={
            "pipeline_job_training_learning_rate1": "0.1",
            "pipeline_job_training_learning_rate2": "0.01",
        },
    )
    assert found.logs == tuple(
        LogFile(f"logs/azureml/{name}.txt", body["logFiles"][f"logs/azureml/{name}.txt"])
        for name in ("executionlogs", "stderrlogs", "stdoutlogs")
    )


def test_the_users_own_logs_come_first():
    files = {"system_logs/lifecycler/a.log": "https://1", "user_logs/std_log.txt": "https://2"}
    found = runs.parse_details("r", {"logFiles": files | {"azureml-logs/70.txt": "https://3"}})
    assert [file.path for file in found.logs] == [
        "user_logs/std_log.txt",
        "azureml-logs/70.txt",
        "system_logs/lifecycler/a.log",
    ]


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (
            {
                "error": {
                    "code": "UserError",
                    "message": "Execution failed.\nExit code 1",
                    "innerError": {"code": "BadArgument", "innerError": {"code": "ExitCode"}},
                },
                "correlation": {"operation": "op-1"},
            },
            JobError("Execution failed.\nExit code 1", "ExitCode"),
        ),
        ({"error": {"code": "ServiceError"}}, JobError("ServiceError", "ServiceError")),
        ({"code": "UserError", "message": " bare "}, JobError("bare", "UserError")),
        ({"error": {"code": None, "message": None, "details": None}}, None),
        ({"error": None, "correlation": None}, None),
        (None, None),
        ("text", None),
    ],
)
def test_why_a_run_failed(told, error):
    assert run_facts.job_error(told) == error


@pytest.mark.parametrize(
    ("written", "type_"),
    [
        ({"runType": "azureml.scriptrun"}, "Command"),
        ({"runType": "azureml.StepRun"}, "Command"),
        ({"runType": "azureml.PipelineRun"}, "Pipeline"),
        ({"runType": "azureml.HyperDrive"}, "Sweep"),
        ({"runType": "hyperdrive"}, "Sweep"),
        ({"runType": "automl"}, "AutoML"),
        ({"runType": None, "properties": {"azureml.runsource": "automl"}}, "AutoML"),
        ({"runType": "azureml.tomorrow"}, "azureml.tomorrow"),
        ({}, None),
    ],
)
def test_run_types_in_the_words_of_resource_manager(written, type_):
    found = run_facts.parse({"runId": "r", **written})
    assert found is not None
    assert found.type == type_


async def test_children_are_listed_over_their_pages(rig):
    rig.service.data_plane()
    first = sample("runs", "children") | {"continuationToken": "t/1=="}
    second = {"value": [{"runId": "r2"}, first["value"][0]], "continuationToken": None}
    rig.service.on("GET", "/children", Reply(200, first), Reply(200, second))
    listing = await runs.children(rig.place, "pipeline")
    assert [job.name for job in listing.items] == [STEP.run_id, "r2"]
    assert not listing.more
    asked = rig.service.sent("GET", "/children")
    assert str(asked[0].url) == f"{HISTORY}/runs/pipeline/children"
    assert asked[1].url.params["$continuationtoken"] == "t/1=="


async def test_a_token_too_long_for_an_address_costs_the_rest_of_the_children_only(rig):
    rig.service.data_plane()
    body = sample("runs", "children") | {"continuationToken": "x" * 630_096}
    rig.service.on("GET", "/children", Reply(200, body))
    listing = await runs.children(rig.place, "pipeline")
    assert [job.name for job in listing.items] == [STEP.run_id]
    assert listing.more
    assert listing.notes[0].startswith("further children are missing: ")
    assert len(listing.notes[0]) < 300


@pytest.mark.parametrize("tokens", [["a", "a"], ["a", "b", "a", "b"]])
async def test_pages_of_children_without_end_end(rig, tokens):
    rig.service.data_plane()
    rig.service.on(
        "GET",
        "/children",
        lambda request: Reply(
            200,
            {
                "value": [],
                "continuationToken": tokens[len(rig.service.requests) % len(tokens)],
            },
        ),
    )
    assert (await runs.children(rig.place, "pipeline")).items == ()
    assert len(rig.service.requests) < 250


def test_points_of_a_series():
    body = {
        "columns": {"loss": "Double"},
        "value": [
            {"step": 0, "createdUtc": "2023-05-30T08:04:20.1234567+00:00", "data": {"loss": 1.5}},
            {"step": "1", "createdUtc": None, "data": {"loss": "NaN"}},
            {"step": 2, "data": {"loss": "Infinity"}},
            {"step": 3, "data": {"other": 4, "text": "x"}},
            {"step": 4, "data": {"loss": None}},
            {"step": 5, "data": None},
            {"data": {"loss": 7}},
            "nonsense",
        ],
    }
    assert metrics.parse_points("loss", body, 10) == [
        MetricPoint(0, 1.5, datetime(2023, 5, 30, 8, 4, 20, 123456, tzinfo=UTC)),
        MetricPoint(1, math.nan),
        MetricPoint(2, math.inf),
        MetricPoint(3, 4.0),
        MetricPoint(14, 7.0),
    ]


async def test_last_values_come_from_mlflow(rig):
    rig.service.data_plane()
    told = [
        {"key": "loss", "value": 0.5, "timestamp": 1684730318505, "step": "12"},
        {"key": "acc", "value": "NaN", "timestamp": "1684730318505"},
        {"key": "experiment_status", "value": "Running"},
        {"key": None, "value": 1},
        {"key": "far", "value": 1, "timestamp": 1e30, "step": -1},
    ]
    body = {"run": {"info": {}, "data": {"metrics": told}}}
    rig.service.on("GET", "/mlflow/runs/get", Reply(200, body))
    at = datetime(2023, 5, 22, 4, 38, 38, 505000, tzinfo=UTC)
    assert await metrics.last_values(rig.place, "r1") == {
        "loss": LastValue("loss", 0.5, 12, at),
        "acc": LastValue("acc", math.nan, 0, at),
        "far": LastValue("far", 1.0, -1),
    }


async def test_a_sample_knows_how_many_values_there_are(rig):
    rig.service.data_plane()
    body = {"value": [{"step": 5, "data": {"loss": 1}}], "numValuesLogged": "9000"}
    rig.service.on("POST", "/runs/r%2F1/sample", Reply(200, body))
    rig.service.on("POST", "/runs/r/1/sample", Reply(200, body))
    found = await metrics.sample(rig.place, "r/1", "loss")
    assert found == MetricSeries("loss", (MetricPoint(5, 1.0),), 9000)


async def test_a_series_is_read_over_its_pages_each_asked_with_the_token_of_the_last(rig):
    rig.service.data_plane()
    big = "t" * 630_096
    rig.service.on(
        "POST",
        "/full",
        Reply(200, {"value": [{"step": 0, "data": {"loss": 3}}], "continuationToken": big}),
        Reply(200, {"value": [], "continuationToken": "u"}),
        Reply(200, {"value": [{"step": 1, "data": {"loss": 2}}], "continuationToken": None}),
    )
    since = datetime(2023, 5, 22, 4, 38, 38, tzinfo=UTC)
    found = await metrics.points(rig.place, "r1", "loss", since)
    assert found == MetricSeries("loss", (MetricPoint(0, 3.0), MetricPoint(1, 2.0)))
    asked = [request.read().decode() for request in rig.service.sent("POST", "/full")]
    assert asked[0] == '{"metricName":"loss","startTime":"2023-05-22T04:38:38Z"}'
    assert [big in each for each in asked] == [False, True, False]


async def test_a_series_that_repeats_its_token_is_read_once_more_only(rig):
    rig.service.data_plane()
    rig.service.on("POST", "/full", Reply(200, {"value": [], "continuationToken": "again"}))
    assert await metrics.points(rig.place, "r1", "loss") == MetricSeries("loss")
    assert len(rig.service.sent("POST", "/full")) == 2


async def test_a_metric_that_the_metric_service_does_not_know_is_asked_of_mlflow(rig):
    rig.service.data_plane()
    rig.service.on("POST", "/full", Reply(404))
    rig.service.on(
        "GET",
        "/metrics/get-history",
        Reply(200, {"metrics": [{"value": 1, "step": 0}], "next_page_token": "p2"}),
        Reply(200, {"metrics": [{"value": "2", "step": "1"}], "next_page_token": ""}),
    )
    found = await metrics.points(rig.place, "r1", "loss")
    assert found == MetricSeries("loss", (MetricPoint(0, 1.0), MetricPoint(1, 2.0)))
    assert rig.service.sent("GET", "get-history")[1].url.params["page_token"] == "p2"


async def test_a_metric_that_nobody_knows_is_an_empty_series(rig):
    rig.service.data_plane()
    assert await metrics.points(rig.place, "r1", "loss") == MetricSeries("loss")
