"""Jobs as the service wrote them become exactly these values."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amltui.azure import jobs
from amltui.domain.health import Health
from amltui.domain.job import Job
from tests.azure.answers import PLACE, Reply
from tests.azure.samples import sample

STUDIO = (
    "https://ml.azure.com/runs/{name}?wsid=/subscriptions/00000000-0000-0000-0000-000000000000"
    "/resourcegroups/00000/workspaces/00000"
)
TRACKING = f"azureml://{{region}}.api.azureml.ms/mlflow/v1.0{PLACE.path}?"
TARGET = (
    '{"AllocationState":"steady","PreparingNodeCount":0,"RunningNodeCount":0,"CurrentNodeCount":0}'
)


def parsed(name: str) -> Job:
    found = jobs.parse(PLACE, sample("jobs", name))
    assert found is not None
    return found


def test_a_running_command():
    name = "test_92541083814"
    assert parsed("command_running") == Job(
        workspace=PLACE,
        name=name,
        display_name=name,
        experiment="ray-test",
        type="Command",
        status="Running",
        compute="testCompute",
        created=datetime(2023, 5, 3, 4, 15, 27, 393866, tzinfo=UTC),
        created_by="Alex Example",
        tags={"_aml_system_ComputeTargetStatus": TARGET},
        studio_url=STUDIO.format(name=name),
        command="ray status;",
        environment="CliV2AnonymousEnvironment:6bacc0d892cc968bcd98bcbbea577d56",
        node_count=2,
    )


def test_a_failed_command_with_a_tag_without_a_value():
    name = "test_927586954556"
    assert parsed("command_failed") == Job(
        workspace=PLACE,
        name=name,
        display_name="test_display_name",
        experiment="mfe-test1",
        type="Command",
        status="Failed",
        compute="cpu-cluster",
        created=datetime(2022, 10, 3, 22, 56, 21, 804590, tzinfo=UTC),
        created_by="Alex Example",
        tags={"empty_tag": None},
        studio_url=STUDIO.format(name=name),
        command="pip freeze",
        environment="azureml:AzureML-sklearn-0.24-ubuntu18.04-py37-cpu:1",
        node_count=1,
    )


@pytest.mark.parametrize(
    ("name", "type_", "status", "health", "compute"),
    [
        ("command_running", "Command", "Running", Health.GOOD, "testCompute"),
        ("command_completed", "Command", "Completed", Health.DONE, "testCompute"),
        ("command_failed", "Command", "Failed", Health.BAD, "cpu-cluster"),
        ("command_queued", "Command", "Queued", Health.WAITING, "testCompute"),
        ("pipeline_running", "Pipeline", "Running", Health.GOOD, None),
        ("pipeline_cancelling", "Pipeline", "CancelRequested", Health.BUSY, "cpu-cluster"),
        ("sweep", "Sweep", "Running", Health.GOOD, "testCompute"),
        ("child", None, None, Health.UNKNOWN, None),
        ("official_command", "Command", "NotStarted", Health.WAITING, "string"),
        ("official_sweep", "Sweep", "NotStarted", Health.WAITING, "string"),
        ("official_pipeline", "Pipeline", "NotStarted", Health.WAITING, "string"),
        ("official_automl", "AutoML", "Scheduled", Health.UNKNOWN, "string"),
    ],
)
def test_kinds_and_states_of_jobs(name, type_, status, health, compute):
    found = parsed(name)
    assert (found.type, found.status, found.compute) == (type_, status, compute)
    assert found.health is health


def test_a_sweep_tells_its_trials_command_environment_and_metric():
    found = parsed("sweep")
    assert found.command == (
        "python ./sweep_script.py --lr ${{search_space.lr}} --conv_size"
        " ${{search_space.conv_size}} --dropout_rate ${{search_space.dropout_rate}}"
    )
    assert found.environment == "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu:33"
    assert (found.primary_metric, found.node_count) == ("accuracy", 1)


def test_a_step_of_a_pipeline_is_told_by_its_name_only():
    assert parsed("child") == Job(
        workspace=PLACE,
        name="3728f549-8d54-4999-aa3f-5f9f5cabef5c",
        display_name=None,
        experiment=None,
        type=None,
        status=None,
        created=datetime(2023, 4, 14, 1, 37, 46, 171700, tzinfo=UTC),
        created_by="Alex Example",
    )
    assert parsed("child").title == "3728f549-8d54-4999-aa3f-5f9f5cabef5c"


def test_the_official_command_shows_its_parameters_and_plain_inputs():
    found = parsed("official_command")
    assert found.parameters == {"string": "string"}
    assert (found.command, found.environment, found.node_count) == ("string", "string", 1)


def test_spark_jobs_are_told_by_their_entry():
    body = sample("jobs", "official_command")
    body["properties"] |= {"command": None, "jobType": "Spark", "entry": {"file": "main.py"}}
    found = jobs.parse(PLACE, body)
    assert found is not None
    assert (found.type, found.command) == ("Spark", "main.py")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"{PLACE.path}/environments/train-env/versions/3", "train-env:3"),
        ("azureml://registries/azureml/environments/sklearn-1.5/versions/33", "sklearn-1.5:33"),
        ("azureml:sklearn:1", "azureml:sklearn:1"),
        (None, None),
    ],
)
def test_environments_by_name_and_version(written, shown):
    body = sample("jobs", "official_command")
    body["properties"]["environmentId"] = written
    found = jobs.parse(PLACE, body)
    assert found is not None
    assert found.environment == shown


async def test_the_official_list_without_a_data_plane_is_shown_with_a_note(rig):
    rig.service.on("GET", "/jobs", Reply(200, sample("jobs", "official_list")))
    rig.service.on("GET", "/workspaces/00000", Reply(200, sample("workspaces", "official")))
    listing = await jobs.newest(rig.place, 100)
    assert [each.name for each in listing.items] == ["string"]
    assert listing.notes == (
        "times and errors are missing: the service pointed to example.com, which does not belong"
        " to AzureCloud: nothing was sent there",
    )
