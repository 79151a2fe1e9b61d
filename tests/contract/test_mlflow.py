"""MLflow, plain and with Azure's plug-in: tracking, registry, and the jobs both are."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from amltui.emulator.process import Service


@pytest.fixture(scope="module")
def client(service: Service, credential: Any) -> Iterator[Any]:
    """MLflow's own client, by its address and a token."""
    import mlflow

    uri = f"{service.arm}/mlflow/v1.0{service.workspace_id}"
    token = credential.get_token("https://management.azure.com/.default").token
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_TOKEN", token)
        patch.setenv("MLFLOW_ENABLE_ASYNC_LOGGING", "false")
        mlflow.set_tracking_uri(uri)
        mlflow.set_registry_uri(uri)
        yield mlflow.MlflowClient()


def test_a_run_is_told_from_beginning_to_end(client: Any, ml: Any) -> None:
    import mlflow

    mlflow.set_experiment("told")
    with mlflow.start_run(run_name="first", tags={"t": "1"}, description="by hand") as run:
        mlflow.log_params({"lr": 0.1, "depth": 3})
        for step in range(20):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        mlflow.log_metrics({"a": math.nan, "b": math.inf}, step=1)
        name = run.info.run_id
        assert ml.jobs.get(name).status == "Running"
        with mlflow.start_run(nested=True, run_name="inner") as inner:
            mlflow.log_metric("loss", 3.0)
    told = client.get_run(name)
    assert (told.info.status, told.data.params) == ("FINISHED", {"lr": "0.1", "depth": "3"})
    assert told.data.metrics["loss"] == 0.05
    assert math.isnan(told.data.metrics["a"])
    history = client.get_metric_history(name, "loss")
    assert [point.step for point in history] == list(range(20))
    job = ml.jobs.get(name)
    assert (job.status, job.display_name, job.experiment_name) == ("Completed", "first", "told")
    assert [each.name for each in ml.jobs.list(parent_job_name=name)] == [inner.info.run_id]
    listed = [each.name for each in ml.jobs.list()]
    assert name in listed
    assert inner.info.run_id not in listed


def test_jobs_are_runs(client: Any, ml: Any) -> None:
    job = next(each for each in ml.jobs.list() if each.status == "Completed")
    run = client.get_run(job.name)
    assert run.info.status == "FINISHED"
    client.set_tag(job.name, "seen", "by mlflow")
    assert ml.jobs.get(job.name).tags["seen"] == "by mlflow"


def test_runs_are_searched(client: Any) -> None:
    import mlflow

    experiment = client.create_experiment("searched")
    for value in (1, 2, 3):
        with mlflow.start_run(experiment_id=experiment, run_name=f"r{value}"):
            mlflow.log_metric("m", value)
            mlflow.log_param("p", value)

    def found(query: str = "", **options: Any) -> list[str]:
        runs = client.search_runs([experiment], query, **options)
        return [run.info.run_name for run in runs]

    assert found() == ["r3", "r2", "r1"]
    assert found("metrics.m >= 2") == ["r3", "r2"]
    assert found("params.p = '1'") == ["r1"]
    assert found("attributes.status = 'FINISHED' and metrics.m < 2") == ["r1"]
    assert found(order_by=["metrics.m ASC"]) == ["r1", "r2", "r3"]
    first = client.search_runs([experiment], max_results=2)
    rest = client.search_runs([experiment], max_results=2, page_token=first.token)
    assert (len(first), len(rest)) == (2, 1)
    gone = client.search_runs([experiment])[0].info.run_id
    client.delete_run(gone)
    assert found() == ["r2", "r1"]
    client.restore_run(gone)
    assert len(found()) == 3


def test_experiments_come_and_go(client: Any) -> None:
    from mlflow import MlflowException

    identity = client.create_experiment("early", tags={"a": "b"})
    with pytest.raises(MlflowException) as taken:
        client.create_experiment("early")
    assert taken.value.error_code == "RESOURCE_ALREADY_EXISTS"
    client.set_experiment_tag(identity, "k", "v")
    client.rename_experiment(identity, "late")
    held = client.get_experiment_by_name("late")
    assert (held.experiment_id, held.tags) == (identity, {"a": "b", "k": "v"})
    client.delete_experiment(identity)
    assert "late" not in [each.name for each in client.search_experiments()]
    client.restore_experiment(identity)
    assert "late" in [each.name for each in client.search_experiments(filter_string="name='late'")]
    with pytest.raises(MlflowException) as missing:
        client.get_run("nobody")
    assert missing.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_a_parameter_stays(client: Any) -> None:
    from mlflow import MlflowException

    run = client.create_run(client.create_experiment("fixed")).info.run_id
    client.log_param(run, "p", 1)
    client.log_param(run, "p", 1)
    with pytest.raises(MlflowException) as refused:
        client.log_param(run, "p", 2)
    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"


def test_the_registry_is_the_workspaces(client: Any, ml: Any) -> None:
    client.create_registered_model("shared", description="d")
    version = client.create_model_version("shared", "s3://somewhere/model")
    assert (version.version, version.status) == ("1", "READY")
    assert ml.models.get("shared", "1").type == "mlflow_model"
    client.transition_model_version_stage("shared", "1", "Production")
    assert ml.models.get("shared", "1").stage == "Production"
    client.set_registered_model_alias("shared", "champion", "1")
    assert client.get_model_version_by_alias("shared", "champion").version == "1"
    client.set_model_version_tag("shared", "1", "k", "v")
    assert ml.models.get("shared", "1").tags == {"k": "v"}
    assert [each.version for each in client.search_model_versions("name='shared'")] == ["1"]
    stocked = {each.name for each in client.search_registered_models()}
    assert stocked == {each.name for each in ml.models.list()}
    client.rename_registered_model("shared", "renamed")
    assert "renamed" in {each.name for each in ml.models.list()}
    client.delete_registered_model("renamed")
    assert "renamed" not in {each.name for each in ml.models.list()}


def test_a_thousand_points_are_logged_at_once(client: Any) -> None:
    from mlflow.entities import Metric

    run = client.create_run(client.create_experiment("quick")).info.run_id
    for start in range(0, 5000, 1000):
        points = [Metric("m", step * 0.5, step, step) for step in range(start, start + 1000)]
        client.log_batch(run, points)
    history = client.get_metric_history(run, "m")
    assert len(history) == 5000
    assert history[-1].value == 2499.5


PLUG_IN = """
import json, sys
import mlflow
from mlflow import MlflowClient

mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_experiment("plugged")
with mlflow.start_run(run_name="by plug-in") as run:
    mlflow.log_metrics({"a": 1.0, "b": 2.0}, step=1)
    mlflow.log_metrics({"a": 2.0}, step=2, synchronous=False).wait()
    mlflow.log_param("p", 1)
client = MlflowClient()
told = client.get_run(run.info.run_id)
steps = [point.step for point in client.get_metric_history(run.info.run_id, "a")]
print(json.dumps({"run": run.info.run_id, "metrics": told.data.metrics, "steps": steps}))
"""


def test_azures_plug_in_tracks(service: Service, ml: Any) -> None:
    """In a process of its own: azure-ai-ml leaves a cloud behind that it cannot read."""
    uri = f"azureml://{service.host}/mlflow/v1.0{service.workspace_id}"
    hidden = {"AZUREML_CURRENT_CLOUD", "ARM_CLOUD_METADATA_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    line = [sys.executable, "-W", "ignore", "-c", PLUG_IN, uri]
    ended = subprocess.run(line, capture_output=True, text=True, env=environment, timeout=60)
    assert ended.returncode == 0, ended.stderr[-2000:]
    told = json.loads(ended.stdout.strip().splitlines()[-1])
    assert (told["metrics"], told["steps"]) == ({"a": 2.0, "b": 2.0}, [1, 2])
    assert ml.jobs.get(told["run"]).display_name == "by plug-in"
