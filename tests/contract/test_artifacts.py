"""Artifacts with azureml-mlflow, unmodified, and with azure-ai-ml."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from amltui.emulator.process import Service

LOGGING = """
import json, pathlib, sys
import mlflow

here = pathlib.Path(sys.argv[1])
(here / "up" / "deep").mkdir(parents=True)
(here / "up" / "one.txt").write_text("one")
(here / "up" / "deep" / "two.bin").write_bytes(bytes(range(256)) * 1000)
mlflow.set_experiment("artifacts")
with mlflow.start_run() as run:
    mlflow.log_artifact(str(here / "up" / "one.txt"), "notes")
    mlflow.log_artifacts(str(here / "up"), "folder")
    mlflow.log_text("hello", "said.txt")
    mlflow.log_dict({"a": 1}, "told.json")
    try:
        mlflow.log_text("again", "said.txt")
    except Exception as error:
        refused = str(error)
client = mlflow.MlflowClient()
mine = run.info.run_id

def tree(path=None):
    return {each.path: tree(each.path) if each.is_dir else None
            for each in client.list_artifacts(mine, path)}

back = here / "back"
mlflow.artifacts.download_artifacts(run_id=mine, dst_path=str(back))
files = {each.relative_to(back).as_posix(): each.stat().st_size
         for each in back.rglob("*") if each.is_file()}
text = mlflow.artifacts.load_text(f"runs:/{mine}/said.txt")
print(json.dumps({"run": mine, "tree": tree(), "files": files, "text": text,
                  "refused": refused}))
"""
READING = """
import json, sys
import mlflow

client = mlflow.MlflowClient()
path = client.download_artifacts(sys.argv[1], "user_logs/std_log.txt", sys.argv[2])
print(json.dumps({"listed": [each.path for each in client.list_artifacts(sys.argv[1])],
                  "text": open(path).read()}))
"""


def run(service: Service, script: str, *arguments: str, cloud: bool) -> dict[str, Any]:
    """What a script prints that is a program of its own: azure-ai-ml renames the cloud in this."""
    environment = {**os.environ, "MLFLOW_TRACKING_URI": f"azureml://{service.host}/mlflow/v1.0"
                   f"{service.workspace_id}"}  # fmt: skip
    environment.pop("AZUREML_CURRENT_CLOUD", None)
    if not cloud:
        del environment["ARM_CLOUD_METADATA_URL"]
    else:
        environment["AZUREML_CURRENT_CLOUD"] = "AmltuiEmulator"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, *arguments],
        env=environment, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize("cloud", [False, True], ids=["as-in-azure", "in-this-cloud"])
def test_mlflow_logs_lists_and_downloads(
    service: Service, ml: Any, tmp_path: Path, *, cloud: bool
) -> None:
    """In a process that believes to be in Azure, and in one that was pointed at this cloud."""
    told = run(service, LOGGING, str(tmp_path), cloud=cloud)
    assert told["files"] == {
        "folder/deep/two.bin": 256_000,
        "folder/one.txt": 3,
        "notes/one.txt": 3,
        "said.txt": 5,
        "told.json": 12,
    }
    assert told["text"] == "hello"
    assert "already exists" in told["refused"]
    assert set(told["tree"]) == {"folder", "notes", "said.txt", "told.json"}
    assert set(told["tree"]["folder"]) == {"folder/deep", "folder/one.txt"}
    ml.jobs.download(told["run"], download_path=str(tmp_path / "sdk"), all=True)
    assert (tmp_path / "sdk" / "artifacts" / "said.txt").read_text() == "hello"


def test_mlflow_reads_what_a_job_left(service: Service, ml: Any, tmp_path: Path) -> None:
    done = next(each for each in ml.jobs.list() if each.display_name == "train-first")
    told = run(service, READING, done.name, str(tmp_path), cloud=False)
    assert "user_logs" in told["listed"]
    assert "done" in told["text"]


def test_named_outputs_of_a_job_are_downloaded(ml: Any, tmp_path: Path) -> None:
    from azure.ai.ml import Output, command

    job = command(
        command="sleep 1",
        environment="azureml:train-env:1",
        compute="cpu-cluster",
        outputs={"model": Output(type="mlflow_model"), "table": Output(type="uri_folder")},
    )
    made = ml.jobs.create_or_update(job)
    ml.jobs.stream(made.name)
    ml.jobs.download(made.name, download_path=str(tmp_path), output_name="model")
    assert (tmp_path / "named-outputs" / "model" / "MLmodel").exists()
    ml.jobs.download(made.name, download_path=str(tmp_path / "all"), all=True)
    assert any((tmp_path / "all" / "artifacts" / "user_logs").iterdir())


def test_outputs_with_a_name_are_registered(ml: Any, tmp_path: Path) -> None:
    """As data and as models that ARM and MLflow have, once the job is completed; not before."""
    from azure.ai.ml import Output, command
    from azure.core.exceptions import ResourceNotFoundError

    job = command(
        command="sleep 1",
        environment="azureml:train-env:1",
        compute="cpu-cluster",
        outputs={
            "table": Output(type="uri_folder", name="made-table", version="7"),
            "model": Output(type="mlflow_model", name="made-model"),
            "weights": Output(type="custom_model", name="made-weights", version="1"),
        },
    )
    made = ml.jobs.create_or_update(job)
    with pytest.raises(ResourceNotFoundError):
        ml.data.get("made-table", "7")
    ml.jobs.stream(made.name)
    table = ml.data.get("made-table", "7")
    assert (table.type, f"azureml/{made.name}/table/" in table.path) == ("uri_folder", True)
    assert ml.data.get("made-table", label="latest").version == "7"
    model = ml.models.get("made-model", "1")
    assert (model.type, model.job_name) == ("mlflow_model", made.name)
    assert ml.models.get("made-weights", "1").type == "custom_model"
    ml.models.download("made-model", "1", download_path=str(tmp_path))
    assert list(tmp_path.rglob("MLmodel"))
    shown = ml.jobs.get(made.name).outputs
    assert (shown["table"].name, shown["table"].version) == ("made-table", "7")
