"""Jobs with azure-ai-ml: created, followed, changed, canceled, deleted."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

ENVIRONMENT = "azureml://registries/azureml/environments/sklearn-1.5/versions/33"
ENDED = {"Completed", "Failed", "Canceled"}


@pytest.fixture(scope="module", autouse=True)
def _loaded(ml: Any) -> None:
    """What follows jobs the client loads when it is first used, which takes as long as a job."""
    ml.jobs._runs_operations.get_run_details(next(iter(ml.jobs.list())).name)


@pytest.fixture
def submit(ml: Any) -> Callable[..., Any]:
    """Create a command job: `submit("echo hello")`."""
    from azure.ai.ml import command

    def create(line: str, **options: Any) -> Any:
        usual = {"environment": ENVIRONMENT, "compute": "cpu-cluster", "experiment_name": "tried"}
        return ml.jobs.create_or_update(command(command=line, **{**usual, **options}))

    return create


def followed(ml: Any, name: str, until: set[str] = ENDED, seconds: float = 30) -> list[str]:
    """The states that a job goes through, until one of these."""
    seen: list[str] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status = str(ml.jobs.get(name).status.value)
        if not seen or seen[-1] != status:
            seen.append(status)
        if status in until:
            return seen
        time.sleep(0.05)
    raise AssertionError(f"{name} went through {seen} only")


def named(ml: Any, **options: Any) -> list[str]:
    found = list(ml.jobs.list(**options))
    assert None not in found, "the client could not read a job"
    return [each.name for each in found]


def test_every_job_can_be_read(ml: Any) -> None:
    """The list is newest first, has all kinds and no children."""
    jobs = list(ml.jobs.list())
    assert None not in jobs
    assert {"command", "sweep", "pipeline"} <= {each.type for each in jobs}
    created = [each.creation_context.created_at for each in jobs]
    assert created == sorted(created, reverse=True)


def test_a_job_is_queued_runs_and_ends(ml: Any, submit: Callable[..., Any]) -> None:
    job = submit("sleep 20", display_name="a nap", tags={"team": "contract"})
    assert (job.display_name, job.tags["team"]) == ("a nap", "contract")
    assert {"Studio", "Tracking"} <= set(job.services)
    seen = followed(ml, job.name)
    assert seen[-2:] in (["Finalizing", "Completed"], ["Running", "Completed"])
    assert "Running" in seen
    newer = takewhile(lambda each: each.name != job.name, ml.jobs.list())
    began = job.creation_context.created_at
    assert all(each.creation_context.created_at > began for each in newer)


def test_a_log_is_streamed_as_it_grows(
    ml: Any, submit: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    code = "import time\nfor i in range(40):\n    print('epoch', i)\n    time.sleep(1)"
    job = submit(f'python -c "{code}"')
    ml.jobs.stream(job.name)
    printed = capsys.readouterr().out
    assert "Streaming user_logs/std_log.txt" in printed
    assert printed.index("epoch 0") < printed.index("epoch 39") < printed.index("Execution Summary")


def test_a_failure_says_why(ml: Any, submit: Callable[..., Any]) -> None:
    from azure.ai.ml.exceptions import JobException

    job = submit("echo trying; exit 3")
    with pytest.raises(JobException, match="exited with status code 3"):
        ml.jobs.stream(job.name)
    assert ml.jobs.get(job.name).status == "Failed"


def test_uploaded_code_is_what_runs(
    ml: Any, submit: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its prints are in the log, and its error is the job's."""
    from azure.ai.ml.exceptions import JobException

    code = tmp_path / "src"
    code.mkdir()
    lines = ["import time", "def main():", "    print('from the file')", "    time.sleep(30)"]
    lines += ["    raise RuntimeError('as written')", "main()"]
    (code / "train.py").write_text("\n".join(lines))
    job = submit("python train.py", code=str(code))
    with pytest.raises(JobException, match="RuntimeError: as written"):
        ml.jobs.stream(job.name)
    assert "from the file" in capsys.readouterr().out


def test_logs_are_downloaded(ml: Any, submit: Callable[..., Any], tmp_path: Path) -> None:
    job = submit("echo to be kept")
    followed(ml, job.name)
    ml.jobs.download(job.name, download_path=str(tmp_path))
    (log,) = tmp_path.rglob("std_log.txt")
    assert "to be kept" in log.read_text()


def test_what_cannot_run_is_refused(ml: Any, submit: Callable[..., Any]) -> None:
    from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

    for wrong in ({"compute": "nowhere"}, {"environment": "azureml:nothing:1"}):
        with pytest.raises(HttpResponseError) as told:
            submit("echo x", **wrong)
        assert told.value.status_code in {400, 404}
    with pytest.raises(ResourceNotFoundError) as missing:
        ml.jobs.get("nobody")
    assert missing.value.error is not None
    assert missing.value.error.code == "UserError"


def test_processes_have_logs_and_services_are_opened(ml: Any, submit: Callable[..., Any]) -> None:
    from azure.ai.ml.entities import JupyterLabJobService

    job = submit(
        "sleep 60",
        instance_count=2,
        distribution={"type": "pytorch", "process_count_per_instance": 2},
        services={"lab": JupyterLabJobService()},
    )
    followed(ml, job.name, {"Running"})
    assert ml.jobs.get(job.name).services["lab"].status == "Running"
    assert ml.jobs.show_services(job.name)["lab"]["port"] == 8888
    details = ml.jobs._runs_operations.get_run_details(job.name)
    ranks = [path for path in details.log_files if path.startswith("user_logs/")]
    assert len(ranks) == 4
    ml.jobs.begin_cancel(job.name).result(30)


def test_a_canceled_job_can_be_archived_changed_and_deleted(
    ml: Any, submit: Callable[..., Any]
) -> None:
    from azure.core.exceptions import ResourceNotFoundError

    job = submit("sleep 5000")
    followed(ml, job.name, {"Running"})
    ml.jobs.begin_cancel(job.name).result(30)
    assert ml.jobs.get(job.name).status == "Canceled"
    ml.jobs.archive(job.name)
    assert job.name in named(ml, list_view_type="ArchivedOnly")
    assert job.name not in named(ml, list_view_type="ActiveOnly")
    ml.jobs.restore(job.name)
    assert job.name in named(ml)
    changed = ml.jobs.update(job.name, tags={"k": "v"}, display_name="new", description="told")
    assert (changed.tags["k"], changed.display_name, changed.description) == ("v", "new", "told")
    ml.jobs.begin_delete(job.name).result(30)
    with pytest.raises(ResourceNotFoundError):
        ml.jobs.get(job.name)


def test_a_sweep_finds_its_best_trial(ml: Any) -> None:
    from azure.ai.ml import command
    from azure.ai.ml.sweep import Choice, Uniform

    trial = command(
        command="python train.py --lr ${{inputs.lr}} --depth ${{inputs.depth}}",
        environment=ENVIRONMENT,
        compute="cpu-cluster",
        inputs={"lr": 0.1, "depth": 2},
    )
    sweep = trial(lr=Uniform(0.001, 0.1), depth=Choice([2, 4, 8])).sweep(
        sampling_algorithm="random", primary_metric="val_acc", goal="Maximize"
    )
    sweep.set_limits(max_total_trials=4, max_concurrent_trials=2)
    sweep.experiment_name = "swept"
    job = ml.jobs.create_or_update(sweep)
    followed(ml, job.name)
    children = list(ml.jobs.list(parent_job_name=job.name))
    assert [each.status for each in children] == ["Completed"] * 4
    ended = ml.jobs.get(job.name)
    assert ended.tags["best_child_run_id"] in {each.name for each in children}
    assert ended.search_space["lr"].min_value == 0.001
    assert not {each.name for each in children} & set(named(ml))


def test_a_pipeline_goes_from_step_to_step(ml: Any) -> None:
    from azure.ai.ml import Input, Output, command
    from azure.ai.ml.dsl import pipeline

    folder = "uri_folder"
    first = command(
        name="prepare",
        command="sleep 3",
        environment=ENVIRONMENT,
        outputs={"out": Output(type=folder)},
    )
    second = command(
        name="fit",
        command="exit 1",
        environment=ENVIRONMENT,
        inputs={"data": Input(type=folder)},
    )

    @pipeline(default_compute="cpu-cluster")
    def flow() -> None:
        prepared = first()
        second(data=prepared.outputs.out)

    job = ml.jobs.create_or_update(flow(), experiment_name="piped")
    assert set(job.jobs) == {"prepared", "fit"}
    followed(ml, job.name)
    children = list(ml.jobs.list(parent_job_name=job.name))
    assert [(each.display_name, each.status) for each in children] == [
        ("prepared", "Completed"),
        ("fit", "Failed"),
    ]
    assert ml.jobs.get(children[0].name).status == "Completed"


def test_automl_tries_algorithms(ml: Any) -> None:
    from azure.ai.ml import Input, automl

    job = automl.classification(
        training_data=Input(type="mltable", path="azureml://datastores/workspaceblobstore/paths/t"),
        target_column_name="y",
        primary_metric="accuracy",
        compute="cpu-cluster",
        experiment_name="automated",
    )
    job.set_limits(max_trials=2, max_concurrent_trials=2)
    made = ml.jobs.create_or_update(job)
    followed(ml, made.name)
    ended = ml.jobs.get(made.name)
    assert (ended.status, ended.primary_metric) == ("Completed", "Accuracy")
    assert ended.tags["automl_best_child_run_id"].startswith(f"{made.name}_")


def test_the_management_client_sees_the_same_jobs(
    ml: Any, management: Callable[..., Any], service: Any
) -> None:
    from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient as Client

    client = management(Client, service.subscription_id)
    place = (service.resource_group, service.workspace)
    held = [each.name for each in client.jobs.list(*place)]
    assert held == named(ml)
    assert client.jobs.get(*place, held[0]).properties.experiment_name
