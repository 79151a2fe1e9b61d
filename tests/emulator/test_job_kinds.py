"""Jobs that clients create: commands, sweeps, pipelines, AutoML, Spark."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulator.lab import HISTORY, METRIC, MLFLOW, WORKSPACE, Lab, laboratory

JOBS = f"{WORKSPACE}/jobs"
COMPUTE = f"{WORKSPACE}/computes/cpu-cluster"
ENVIRONMENT = "azureml://registries/azureml/environments/sklearn-1.5/versions/33"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def create(lab: Lab, name: str, kind: str, **properties: Any) -> dict[str, Any]:
    asked = {"jobType": kind, "computeId": COMPUTE, "experimentName": "mine", **properties}
    response = await lab.client.put(f"{JOBS}/{name}", json={"properties": asked})
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


async def command(lab: Lab, name: str, line: str, **more: Any) -> dict[str, Any]:
    return await create(lab, name, "Command", command=line, environmentId=ENVIRONMENT, **more)


async def properties(lab: Lab, name: str) -> dict[str, Any]:
    found: dict[str, Any] = (await lab.get(f"{JOBS}/{name}"))["properties"]
    return found


async def children(lab: Lab, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await lab.get(f"{HISTORY}/runs/{name}/children"))["value"]
    return found


async def log(lab: Lab, name: str, path: str = "user_logs/std_log.txt") -> str:
    details = await lab.get(f"{HISTORY}/runs/{name}/details")
    return (await lab.blob(details["logFiles"][path])).text


# Commands


async def test_a_log_says_what_the_command_prints_when_it_does(lab: Lab) -> None:
    code = "import time\nfor i in range(30):\n    print('epoch', i)\n    time.sleep(1)"
    await command(lab, "talks", f'python -c "{code}"')
    lab.pass_time(16)
    before = await log(lab, "talks")
    assert "epoch 5\n" in before
    assert "epoch 29\n" not in before
    lab.pass_time(30)
    after = await log(lab, "talks")
    assert after.startswith(before)
    assert "epoch 29\n" in after
    assert (await properties(lab, "talks"))["status"] == "Completed"


async def test_an_error_of_the_program_is_the_jobs(lab: Lab) -> None:
    await command(lab, "raises", "python -c \"raise ValueError('no such column')\"")
    lab.pass_time(40)
    details = await lab.get(f"{HISTORY}/runs/raises/details")
    assert details["status"] == "Failed"
    assert "ValueError: no such column" in details["error"]["error"]["message"]
    assert "Traceback" in await log(lab, "raises")


async def test_a_job_that_takes_too_long_is_canceled(lab: Lab) -> None:
    await command(lab, "long", "sleep 500", limits={"timeout": "PT30S", "jobLimitsType": "Command"})
    lab.pass_time(20)
    assert (await properties(lab, "long"))["status"] == "Running"
    lab.pass_time(30)
    run = await lab.get(f"{HISTORY}/runs/long")
    assert run["status"] == "Canceled"
    assert "30 seconds" in run["cancelationReason"]


async def test_every_process_has_a_log(lab: Lab) -> None:
    distribution = {"distributionType": "PyTorch", "processCountPerInstance": 2}
    resources = {"instanceCount": 2}
    await command(lab, "ranks", "python t.py", distribution=distribution, resources=resources)
    lab.pass_time(20)
    files = (await lab.get(f"{HISTORY}/runs/ranks/details"))["logFiles"]
    logs = [path for path in files if path.startswith("user_logs/")]
    assert logs == [f"user_logs/std_log_process_{rank}.txt" for rank in range(4)]
    assert "rank 3" in await log(lab, "ranks", "user_logs/std_log_process_3.txt")


async def test_a_script_logs_metrics_while_it_runs(lab: Lab) -> None:
    await command(lab, "trains", "python train.py")
    lab.pass_time(10)
    first = await lab.post(f"{METRIC}/runs/trains/sample", {"metricName": "loss"})
    lab.pass_time(5)
    second = await lab.post(f"{METRIC}/runs/trains/sample", {"metricName": "loss"})
    assert 0 < first["numValuesLogged"] < second["numValuesLogged"]


async def test_services_are_opened_while_the_job_runs(lab: Lab) -> None:
    asked = {"lab": {"jobServiceType": "JupyterLab"}, "shell": {"jobServiceType": "SSH"}}
    body = await command(lab, "opens", "sleep 60", services=asked)
    assert sorted(body["properties"]["services"]) == ["Studio", "Tracking", "lab", "shell"]
    assert body["properties"]["services"]["lab"]["endpoint"] is None
    lab.pass_time(20)
    told = (await properties(lab, "opens"))["services"]["lab"]
    assert (told["status"], told["port"]) == ("Running", 8888)
    assert "<nodeIndex>" in told["endpoint"]
    node = (await lab.get(f"{HISTORY}/runs/opens/serviceinstances/0"))["instances"]
    assert node["lab"]["endpoint"].startswith("https://jupyterlab-opens-0.")
    assert (await lab.get(f"{HISTORY}/runs/opens/serviceinstances/7"))["instances"] == {}
    refused = await lab.client.get(f"{HISTORY}/runs/opens/serviceinstances/x")
    assert refused.status_code == 400


async def test_outputs_have_a_type_and_a_place(lab: Lab) -> None:
    body = await command(lab, "writes", "echo x", outputs={"model": {"mode": "Upload"}})
    told = body["properties"]["outputs"]["model"]
    assert (told["jobOutputType"], told["mode"]) == ("uri_folder", "Upload")
    assert told["uri"].startswith("azureml://datastores/")
    data = await lab.post(f"{HISTORY}/rundata", {"runId": "writes"})
    assert data["runMetadata"]["outputs"] is None
    lab.pass_time(60)
    data = await lab.post(f"{HISTORY}/rundata", {"runId": "writes"})
    assert list(data["runMetadata"]["outputs"]) == ["model"]


async def test_an_environment_that_is_not_there_is_refused(lab: Lab) -> None:
    for identity in ("azureml:mine:1", f"{WORKSPACE}/environments/mine/versions/1"):
        asked = {"jobType": "Command", "command": "x", "environmentId": identity}
        response = await lab.client.put(f"{JOBS}/no-place", json={"properties": asked})
        assert response.status_code == 400
        assert "EnvironmentNotFound" in response.text
    put = await lab.client.put(
        f"{WORKSPACE}/environments/mine/versions/1", json={"properties": {"image": "ubuntu"}}
    )
    assert put.status_code == 201
    await create(lab, "a-place", "Command", command="x", environmentId="azureml:mine:1")
    await create(lab, "a-label", "Command", command="x", environmentId="azureml:mine@latest")


async def test_spark_runs(lab: Lab) -> None:
    entry = {"sparkJobEntryType": "SparkJobPythonEntry", "file": "main.py"}
    code = f"{WORKSPACE}/codes/c/versions/1"
    body = await create(lab, "sparks", "Spark", entry=entry, codeId=code, computeId=None)
    assert body["properties"]["entry"] == entry
    assert body["properties"]["pyFiles"] == []
    lab.pass_time(60)
    assert (await properties(lab, "sparks"))["status"] == "Completed"


async def test_an_earlier_job_can_be_asked_for_again(lab: Lab) -> None:
    await command(lab, "once", "echo again", tags={"a": "b"})
    body = await create(lab, "twice", "Command", sourceJobId=f"{JOBS}/once")
    assert body["properties"]["command"] == "echo again"


async def test_a_deleted_name_can_be_used_again(lab: Lab) -> None:
    await command(lab, "phoenix", "echo 1")
    lab.pass_time(60)
    assert (await lab.client.delete(f"{JOBS}/phoenix")).status_code == 200
    await command(lab, "phoenix", "echo 2")
    listed = [job["name"] for job in (await lab.get(JOBS))["value"]]
    assert listed.count("phoenix") == 1
    assert listed[0] == "phoenix"


# Sweeps

SPACE = {"lr": ["uniform", [0.001, 0.1]], "depth": ["choice", [[2, 5, 7]]]}


def sweep(**more: Any) -> dict[str, Any]:
    return {
        "trial": {"command": "python t.py --lr ${{search_space.lr}}", "environmentId": ENVIRONMENT},
        "objective": {"goal": "Maximize", "primaryMetric": "val_acc"},
        "searchSpace": SPACE,
        "samplingAlgorithm": {"samplingAlgorithmType": "Random"},
        "limits": {"jobLimitsType": "Sweep", "maxTotalTrials": 6, "maxConcurrentTrials": 2},
        **more,
    }


async def scores(lab: Lab, name: str) -> dict[str, float]:
    found = {}
    for child in await children(lab, name):
        run = (await lab.get(f"{MLFLOW}/runs/get", run_id=child["runId"]))["run"]
        last = {each["key"]: each["value"] for each in run["data"]["metrics"]}
        if child["status"] == "Completed":
            found[child["runId"]] = last["val_acc"]
    return found


async def test_trials_run_some_at_a_time(lab: Lab) -> None:
    await create(lab, "sweep", "Sweep", **sweep())
    lab.pass_time(12)
    trials = await children(lab, "sweep")
    assert [trial["status"] for trial in trials] == ["Running", "Running"]
    lab.pass_time(200)
    trials = await children(lab, "sweep")
    assert [trial["status"] for trial in trials] == ["Completed"] * 6
    assert (await properties(lab, "sweep"))["status"] == "Completed"


async def test_trials_have_other_parameters_and_the_best_is_named(lab: Lab) -> None:
    await create(lab, "sweep", "Sweep", **sweep())
    lab.pass_time(300)
    chosen = [json.loads(each["tags"]["hyperparameters"]) for each in await children(lab, "sweep")]
    assert all(0.001 <= each["lr"] <= 0.1 and each["depth"] in {2, 5, 7} for each in chosen)
    assert len({each["lr"] for each in chosen}) == 6
    board = await scores(lab, "sweep")
    assert len(set(board.values())) > 1
    told = await properties(lab, "sweep")
    best = told["tags"]["best_child_run_id"]
    assert told["properties"]["best_child_run_id"] == best  # whose files azure-ai-ml downloads
    assert board[best] == max(board.values())
    run = await lab.get(f"{HISTORY}/runs/sweep")
    assert run["primaryMetricName"] == "val_acc"


async def test_a_grid_is_gone_through(lab: Lab) -> None:
    grid = sweep(
        searchSpace={"a": ["choice", [[1, 2]]], "b": ["choice", [["x", "y"]]]},
        samplingAlgorithm={"samplingAlgorithmType": "Grid"},
    )
    await create(lab, "grid", "Sweep", **grid)
    lab.pass_time(300)
    chosen = [json.loads(each["tags"]["hyperparameters"]) for each in await children(lab, "grid")]
    assert chosen == [{"a": a, "b": b} for a in (1, 2) for b in ("x", "y")]


async def test_a_policy_ends_trials_that_fall_behind(lab: Lab) -> None:
    limits = {"jobLimitsType": "Sweep", "maxTotalTrials": 20, "maxConcurrentTrials": 4}
    policy = {"policyType": "MedianStopping", "evaluationInterval": 1}
    await create(lab, "strict", "Sweep", **sweep(limits=limits, earlyTermination=policy))
    lab.pass_time(600)
    trials = await children(lab, "strict")
    assert {"Completed", "Canceled"} == {trial["status"] for trial in trials}
    stopped = next(trial for trial in trials if trial["status"] == "Canceled")
    assert "MedianStopping" in stopped["cancelationReason"]


async def test_a_sweep_of_nothing_but_failures_fails(lab: Lab) -> None:
    trial = {"command": "exit 2", "environmentId": ENVIRONMENT}
    await create(lab, "doomed", "Sweep", **sweep(trial=trial))
    lab.pass_time(300)
    details = await lab.get(f"{HISTORY}/runs/doomed/details")
    assert details["status"] == "Failed"
    assert "All trials" in details["error"]["error"]["message"]


async def test_a_sweep_ends_with_its_time(lab: Lab) -> None:
    limits = {**sweep()["limits"], "timeout": "PT20S"}
    await create(lab, "short", "Sweep", **sweep(limits=limits))
    lab.pass_time(300)
    trials = await children(lab, "short")
    assert len(trials) == 2
    assert {trial["status"] for trial in trials} == {"Canceled"}


# Pipelines


def step(line: str, *reads: str, **more: Any) -> dict[str, Any]:
    inputs = {
        f"from_{each}": {
            "job_input_type": "uri_folder",
            "value": f"${{{{parent.jobs.{each}.outputs.o}}}}",
        }
        for each in reads
    }
    return {"type": "command", "command": line, "inputs": inputs, **more}


async def pipeline(lab: Lab, name: str, nodes: dict[str, Any], **settings: Any) -> None:
    await create(lab, name, "Pipeline", jobs=nodes, settings=settings)


async def statuses(lab: Lab, name: str) -> dict[str, str]:
    return {each["name"]: each["status"] for each in await children(lab, name)}


async def test_steps_begin_when_what_they_read_is_there(lab: Lab) -> None:
    nodes = {"last": step("sleep 9", "a", "b"), "a": step("sleep 9"), "b": step("sleep 40")}
    await pipeline(lab, "flow", nodes)
    lab.pass_time(15)
    assert await statuses(lab, "flow") == {"a": "Running", "b": "Running"}
    lab.pass_time(25)
    assert await statuses(lab, "flow") == {"a": "Completed", "b": "Running"}
    lab.pass_time(60)
    runs = {each["name"]: each for each in await children(lab, "flow")}
    assert {each["status"] for each in runs.values()} == {"Completed"}
    assert runs["last"]["createdUtc"] > runs["b"]["endTimeUtc"]
    assert (await properties(lab, "flow"))["status"] == "Completed"
    assert runs["a"]["properties"]["azureml.pipelinerunid"] == "flow"


@pytest.mark.parametrize(
    ("continues", "others"),
    [
        (True, {"slow": "Completed", "after_slow": "Completed"}),
        (False, {"slow": "Canceled"}),
    ],
)
async def test_a_failure_stops_what_needs_it_or_everything(
    lab: Lab, continues: bool, others: dict[str, str]
) -> None:
    nodes = {
        "bad": step("sleep 8; exit 1"),
        "needs_bad": step("sleep 1", "bad"),
        "slow": step("sleep 60"),
        "after_slow": step("sleep 1", "slow"),
    }
    await pipeline(lab, "broken", nodes, continue_on_step_failure=continues)
    lab.pass_time(200)
    assert await statuses(lab, "broken") == {"bad": "Failed", **others}
    details = await lab.get(f"{HISTORY}/runs/broken/details")
    assert details["status"] == "Failed"
    assert "Step bad" in details["error"]["error"]["message"]


async def test_a_pipeline_within_a_pipeline_has_children_of_its_own(lab: Lab) -> None:
    inner = {"type": "pipeline", "jobs": {"x": step("sleep 2"), "y": step("sleep 2", "x")}}
    await pipeline(lab, "outer", {"first": step("sleep 2"), "nest": inner})
    lab.pass_time(120)
    nest = next(each for each in await children(lab, "outer") if each["name"] == "nest")
    assert (nest["status"], nest["runType"]) == ("Completed", "azureml.PipelineRun")
    deepest = await children(lab, nest["runId"])
    assert [each["name"] for each in deepest] == ["x", "y"]
    assert {each["rootRunId"] for each in deepest} == {"outer"}


async def test_a_component_tells_what_its_step_does(lab: Lab) -> None:
    component = f"{WORKSPACE}/components/prep/versions/1"
    spec = {"name": "prep", "version": "1", "type": "command", "command": "echo ${{inputs.word}}"}
    put = await lab.client.put(component, json={"properties": {"componentSpec": spec}})
    assert put.status_code == 201
    node = {"type": "command", "componentId": component, "inputs": {"word": {"value": "hi there"}}}
    await pipeline(lab, "composed", {"prep": node})
    lab.pass_time(40)
    (child,) = await children(lab, "composed")
    assert "hi there\n" in await log(lab, child["runId"])


async def test_steps_in_a_circle_are_refused(lab: Lab) -> None:
    nodes = {"a": step("x", "b"), "b": step("x", "a")}
    asked = {"jobType": "Pipeline", "jobs": nodes}
    response = await lab.client.put(f"{JOBS}/round", json={"properties": asked})
    assert response.status_code == 400
    assert "circle" in response.text


async def test_canceling_a_pipeline_reaches_the_innermost_step(lab: Lab) -> None:
    inner = {"type": "pipeline", "jobs": {"x": step("sleep 500")}}
    await pipeline(lab, "deep", {"nest": inner, "never": step("x", "nest")})
    lab.pass_time(20)
    assert (await lab.client.post(f"{JOBS}/deep/cancel")).status_code == 202
    lab.pass_time(600)
    (nest,) = await children(lab, "deep")
    (x,) = await children(lab, nest["runId"])
    assert (nest["status"], x["status"]) == ("Canceled", "Canceled")


# AutoML


async def test_automl_scores_its_children_in_their_tags(lab: Lab) -> None:
    details = {
        "taskType": "Classification",
        "primaryMetric": "AUCWeighted",
        "limitSettings": {"maxTrials": 4, "maxConcurrentTrials": 2},
        "trainingData": {"jobInputType": "mltable", "uri": "azureml:d:1"},
    }
    await create(lab, "auto", "AutoML", taskDetails=details)
    lab.pass_time(40)
    early = (await children(lab, "auto"))[-1]
    assert early["tags"]["score"] == "<NaN>;"
    lab.pass_time(300)
    setup, *trials = await children(lab, "auto")
    assert setup["runId"] == "auto_setup"
    assert [trial["tags"]["iteration"] for trial in trials] == ["<0>;", "<1>;", "<2>;", "<3>;"]
    found = {trial["runId"]: float(trial["tags"]["score"][1:-2]) for trial in trials}
    told = await properties(lab, "auto")
    assert told["status"] == "Completed"
    assert found[told["tags"]["automl_best_child_run_id"]] == max(found.values())
    assert told["properties"]["primary_metric"] == "AUC_weighted"
    names = (await lab.post(f"{METRIC}/runs/auto_0/list", {}))["value"]
    assert "AUC_weighted" in {each["metricKey"]["name"] for each in names}
