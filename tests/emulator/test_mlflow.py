"""MLflow's REST interface: runs, metrics, experiments, logged models."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulator.lab import HISTORY, METRIC, MLFLOW, WORKSPACE, Lab, laboratory

JOBS = f"{WORKSPACE}/jobs"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def experiment(lab: Lab, name: str = "mine") -> str:
    return str((await lab.post(f"{MLFLOW}/experiments/create", {"name": name}))["experiment_id"])


async def begin(lab: Lab, experiment_id: str, name: str = "run", **more: Any) -> str:
    asked = {"experiment_id": experiment_id, "run_name": name, **more}
    run = (await lab.post(f"{MLFLOW}/runs/create", asked))["run"]
    return str(run["info"]["run_id"])


async def run_of(lab: Lab, run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await lab.get(f"{MLFLOW}/runs/get", run_id=run_id))["run"]
    return found


async def search(lab: Lab, *ids: str, **more: Any) -> list[str]:
    answer = await lab.post(f"{MLFLOW}/runs/search", {"experiment_ids": list(ids), **more})
    return [run["info"]["run_name"] for run in answer.get("runs", [])]


async def refused(lab: Lab, path: str, body: Any, code: str, status: int = 400) -> str:
    response = await lab.client.post(f"{MLFLOW}/{path}", json=body)
    assert (response.status_code, response.json()["error_code"]) == (status, code)
    return str(response.json()["message"])


# Runs


async def test_a_run_goes_where_its_client_says(lab: Lab) -> None:
    run_id = await begin(lab, await experiment(lab), start_time=1_700_000_000_123)
    info = (await run_of(lab, run_id))["info"]
    assert (info["status"], info["start_time"]) == ("RUNNING", 1_700_000_000_123)
    lab.pass_time(60)
    told = {"run_id": run_id, "status": "FINISHED", "end_time": 1_700_000_050_000}
    info = (await lab.post(f"{MLFLOW}/runs/update", told))["run_info"]
    assert (info["status"], info["end_time"]) == ("FINISHED", 1_700_000_050_000)
    assert (await lab.get(f"{JOBS}/{run_id}"))["properties"]["status"] == "Completed"
    back = {"run_id": run_id, "status": "RUNNING"}
    await lab.post(f"{MLFLOW}/runs/update", back)
    assert (await lab.get(f"{HISTORY}/runs/{run_id}"))["status"] == "Running"


async def test_jobs_are_runs(lab: Lab) -> None:
    name = await lab.named("train-first")
    run = await run_of(lab, name)
    assert run["info"]["status"] == "FINISHED"
    assert {each["key"] for each in run["data"]["params"]} == {"lr", "depth"}
    assert {each["key"] for each in run["data"]["metrics"]} == {"loss", "accuracy"}
    await lab.post(f"{MLFLOW}/runs/set-tag", {"run_id": name, "key": "k", "value": "v"})
    assert (await lab.get(f"{JOBS}/{name}"))["properties"]["tags"]["k"] == "v"


async def test_a_parameter_says_the_same_for_ever(lab: Lab) -> None:
    run_id = await begin(lab, await experiment(lab))
    for _ in range(2):
        asked = {"run_id": run_id, "key": "lr", "value": "0.1"}
        await lab.post(f"{MLFLOW}/runs/log-parameter", asked)
    other = {"run_id": run_id, "key": "lr", "value": "0.2"}
    message = await refused(lab, "runs/log-parameter", other, "INVALID_PARAMETER_VALUE")
    assert "already logged" in message
    twice = {
        "run_id": run_id,
        "params": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}],
        "metrics": [{"key": "m", "value": 1.0, "timestamp": 0, "step": 0}],
    }
    await refused(lab, "runs/log-batch", twice, "INVALID_PARAMETER_VALUE")
    data = (await run_of(lab, run_id))["data"]
    assert (data["params"], data["metrics"]) == ([{"key": "lr", "value": "0.1"}], [])


async def test_deleted_runs_are_archived_and_take_nothing(lab: Lab) -> None:
    mine = await experiment(lab)
    run_id = await begin(lab, mine)
    await lab.post(f"{MLFLOW}/runs/delete", {"run_id": run_id})
    assert await search(lab, mine) == []
    assert await search(lab, mine, run_view_type="DELETED_ONLY") == ["run"]
    assert (await lab.get(f"{JOBS}/{run_id}"))["properties"]["isArchived"] is True
    point = {"run_id": run_id, "key": "m", "value": 1.0}
    await refused(lab, "runs/log-metric", point, "INVALID_PARAMETER_VALUE")
    await lab.post(f"{MLFLOW}/runs/restore", {"run_id": run_id})
    await lab.post(f"{MLFLOW}/runs/log-metric", point)
    assert await search(lab, mine) == ["run"]


async def test_nested_runs_are_children(lab: Lab) -> None:
    mine = await experiment(lab)
    parent = await begin(lab, mine, "parent")
    tags = [{"key": "mlflow.parentRunId", "value": parent}]
    child = await begin(lab, mine, "child", tags=tags)
    found = await search(lab, mine, filter=f"tags.mlflow.parentRunId = '{parent}'")
    assert found == ["child"]
    listed = (await lab.get(f"{HISTORY}/runs/{parent}/children"))["value"]
    assert [run["runId"] for run in listed] == [child]
    assert (await lab.get(f"{HISTORY}/runs/{child}"))["rootRunId"] == parent


async def test_what_mlflow_notes_of_a_run_is_its_description(lab: Lab) -> None:
    run_id = await begin(lab, await experiment(lab))
    for key, value in (("mlflow.note.content", "for Kim"), ("mlflow.runName", "renamed")):
        await lab.post(f"{MLFLOW}/runs/set-tag", {"run_id": run_id, "key": key, "value": value})
    job = (await lab.get(f"{JOBS}/{run_id}"))["properties"]
    assert (job["description"], job["displayName"]) == ("for Kim", "renamed")


async def test_data_sets_and_models_of_a_run(lab: Lab) -> None:
    run_id = await begin(lab, await experiment(lab))
    data = {"dataset": {"name": "iris", "digest": "d1", "source_type": "http", "source": "{}"}}
    for _ in range(2):
        asked = {"run_id": run_id, "datasets": [data], "models": [{"model_id": "m-1"}]}
        await lab.post(f"{MLFLOW}/runs/log-inputs", asked)
    told = {"run_id": run_id, "model_json": '{"artifact_path": "model"}'}
    await lab.post(f"{MLFLOW}/runs/log-model", told)
    out = {"run_id": run_id, "models": [{"model_id": "m-2", "step": 3}]}
    await lab.post(f"{MLFLOW}/runs/outputs", out)
    run = await run_of(lab, run_id)
    assert run["inputs"]["dataset_inputs"] == [data]
    assert run["outputs"]["model_outputs"] == [{"model_id": "m-2", "step": 3}]
    tags = {each["key"]: each["value"] for each in run["data"]["tags"]}
    assert "artifact_path" in tags["mlflow.log-model.history"]
    await refused(
        lab, "runs/log-model", {"run_id": run_id, "model_json": "{"}, "INVALID_PARAMETER_VALUE"
    )


# Metrics


async def log(lab: Lab, run_id: str, values: list[Any], key: str = "loss", first: int = 0) -> None:
    metrics = [
        {"key": key, "value": value, "timestamp": 1_700_000_000_000 + 1000 * step, "step": step}
        for step, value in enumerate(values, first)
    ]
    await lab.post(f"{MLFLOW}/runs/log-batch", {"run_id": run_id, "metrics": metrics})


async def test_points_are_paged_in_the_order_they_were_logged(lab: Lab) -> None:
    run_id = await begin(lab, await experiment(lab))
    for start in range(0, 3000, 1000):
        await log(lab, run_id, [float(n) for n in range(start, start + 1000)], first=start)
    await log(lab, run_id, [-1.0], first=5)  # a step that was there
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {"run_id": run_id, "metric_key": "loss", "max_results": 700}
    while True:
        answer = await lab.get(f"{MLFLOW}/metrics/get-history", **query)
        found += answer["metrics"]
        if "next_page_token" not in answer:
            break
        query["page_token"] = answer["next_page_token"]
    assert [point["step"] for point in found] == [*range(3000), 5]
    last = (await run_of(lab, run_id))["data"]["metrics"]
    assert (last[0]["step"], last[0]["value"]) == (2999, 2999.0)
    none = await lab.get(f"{MLFLOW}/metrics/get-history", run_id=run_id, metric_key="none")
    assert none == {"metrics": []}


async def test_what_is_no_number_travels_as_text(lab: Lab) -> None:
    run_id = await begin(lab, await experiment(lab))
    await log(lab, run_id, ["NaN", "Infinity", "-Infinity", 1.5])
    answer = await lab.get(f"{MLFLOW}/metrics/get-history", run_id=run_id, metric_key="loss")
    values = [point["value"] for point in answer["metrics"]]
    assert values == ["NaN", "Infinity", "-Infinity", 1.5]
    series = lab.world.jobs.written.of(WORKSPACE.lower(), run_id)["loss"]
    assert math.isnan(series.values[0])


async def test_logged_points_are_seen_everywhere_at_once(lab: Lab) -> None:
    run_id = await begin(lab, await experiment(lab))
    await log(lab, run_id, [float(n) for n in range(900)])
    url = f"{METRIC}/runs/{run_id}"
    names = (await lab.post(f"{url}/list"))["value"]
    assert [each["metricKey"]["name"] for each in names] == ["loss"]
    sample = await lab.post(f"{url}/sample", {"metricName": "loss"})
    assert (sample["numValuesLogged"], len(sample["value"])) == (900, 900)
    late = {"metricName": "loss", "startTime": "2023-11-14T22:28:18Z"}
    full = await lab.post(f"{url}/full", late)
    assert [row["step"] for row in full["value"]] == list(range(898, 900))


async def test_a_batch_has_a_limit(lab: Lab) -> None:
    run_id = await begin(lab, await experiment(lab))
    point = {"key": "m", "value": 1.0, "timestamp": 0, "step": 0}
    tag = {"key": "k", "value": "v"}
    for body in ({"metrics": [point] * 1001}, {"tags": [tag] * 101}, {"params": [tag] * 101}):
        asked = {"run_id": run_id, **body}
        message = await refused(lab, "runs/log-batch", asked, "INVALID_PARAMETER_VALUE")
        assert "at most" in message


async def test_several_runs_at_once(lab: Lab) -> None:
    mine = await experiment(lab)
    one, two = await begin(lab, mine), await begin(lab, mine)
    for run_id in (one, two):
        await log(lab, run_id, [float(n) for n in range(500)])
    url = f"{MLFLOW}/metrics/get-history-bulk-interval"
    query = {"run_ids": [one, two], "metric_key": "loss", "max_results": 20}
    points = (await lab.get(url, **query))["metrics"]
    assert {point["run_id"] for point in points} == {one, two}
    assert len(points) == 20
    assert {0, 499} <= {point["step"] for point in points}
    stretch = {**query, "start_step": 100, "end_step": 104}
    points = (await lab.get(url, **stretch))["metrics"]
    assert [point["step"] for point in points] == [100, 101, 102, 103, 104] * 2
    response = await lab.client.get(url, params={"metric_key": "loss"})
    assert response.json()["error_code"] == "INVALID_PARAMETER_VALUE"


async def test_azures_own_batches_are_there_when_asked_for(lab: Lab) -> None:
    run_id = await begin(lab, await experiment(lab))
    preview = MLFLOW.replace("/api/2.0/", "/api/2.0/preview/")
    point = {"key": "m", "value": 1.0, "timestamp": 0, "step": 0}
    asked = {"run_id": run_id, "metrics": [point]}
    tracking = (await lab.post(f"{preview}/runs/log-batch-async", asked))["batch_tracking_id"]
    url = f"{preview}/runs/get-run-data-status"
    assert await lab.get(url, run_id=run_id, batch_tracking_id=tracking) == {"is_complete": True}
    assert (await run_of(lab, run_id))["data"]["metrics"][0]["value"] == 1.0


# Searches


async def three(lab: Lab) -> str:
    mine = await experiment(lab)
    for place, name in enumerate(("low", "middle", "high")):
        run_id = await begin(lab, mine, name, tags=[{"key": "team", "value": "it's " + name}])
        await log(lab, run_id, [float(place)], key="val acc")
        params = [{"key": "p", "value": str(place)}]
        await lab.post(f"{MLFLOW}/runs/log-batch", {"run_id": run_id, "params": params})
        lab.pass_time(1)
    return mine


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("metrics.`val acc` > 0", ["high", "middle"]),
        ("metrics.`val acc` >= 1 and params.p != '2'", ["middle"]),
        ("params.p = '0'", ["low"]),
        ("params.p IN ('0', '2')", ["high", "low"]),
        ("tags.team = 'it''s low'", ["low"]),
        ("tags.team LIKE '%middle'", ["middle"]),
        ("tags.team ILIKE 'IT_S HIGH'", ["high"]),
        ("tags.none != 'x'", ["high", "middle", "low"]),
        ("attributes.run_name = 'high'", ["high"]),
        ("attributes.status = 'RUNNING'", ["high", "middle", "low"]),
        ("status = 'FINISHED'", []),
        ("metrics.none < 1", []),
        ("", ["high", "middle", "low"]),
    ],
)
async def test_runs_are_found_by_filters(lab: Lab, asked: str, names: list[str]) -> None:
    assert await search(lab, await three(lab), filter=asked) == names


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (["metrics.`val acc` ASC"], ["low", "middle", "high"]),
        (["metrics.`val acc` DESC"], ["high", "middle", "low"]),
        (["metrics.none DESC"], ["high", "middle", "low"]),
        (["params.p DESC"], ["high", "middle", "low"]),
        (["attributes.start_time ASC"], ["low", "middle", "high"]),
        (["start_time DESC"], ["high", "middle", "low"]),
        (["attributes.run_name ASC"], ["high", "low", "middle"]),
    ],
)
async def test_an_order_holds_over_pages(lab: Lab, order: list[str], names: list[str]) -> None:
    mine = await three(lab)
    asked = {"experiment_ids": [mine], "order_by": order, "max_results": 1}
    found = []
    while True:
        answer = await lab.post(f"{MLFLOW}/runs/search", asked)
        found += [run["info"]["run_name"] for run in answer["runs"]]
        if "next_page_token" not in answer:
            break
        asked["page_token"] = answer["next_page_token"]
    assert found == names


@pytest.mark.parametrize(
    "body",
    [
        {"filter": "params.p = "},
        {"filter": "params.p = '1' or params.p = '2'"},
        {"filter": "attributes.nothing = 'x'"},
        {"filter": "metrics.`val acc` > 'many'"},
        {"filter": 7},
        {"max_results": 0},
        {"max_results": "many"},
        {"max_results": 10**9},
        {"order_by": 7},
        {"order_by": ["attributes.nothing ASC"]},
    ],
)
async def test_a_search_that_cannot_be_read_is_refused(lab: Lab, body: dict[str, Any]) -> None:
    asked = {"experiment_ids": [await three(lab)], **body}
    await refused(lab, "runs/search", asked, "INVALID_PARAMETER_VALUE")


async def test_attributes_can_be_out_of_reach(lab: Lab) -> None:
    """As the older edition of Microsoft's page has it."""
    mine = await three(lab)
    lab.world.mlflow_attribute_filters = False
    asked = {"experiment_ids": [mine], "filter": "attributes.status = 'RUNNING'"}
    await refused(lab, "runs/search", asked, "INVALID_PARAMETER_VALUE")
    assert await search(lab, mine, filter="params.p = '1'") == ["middle"]


# Experiments


async def test_a_name_that_an_experiment_has_left_is_free_for_another(lab: Lab) -> None:
    """Of two, and then three, each keeps its own name, id and runs."""
    first = await experiment(lab, "early")
    await begin(lab, first, "old")
    late = {"experiment_id": first, "new_name": "late"}
    for _ in range(2):  # a client that got no answer asks again
        await lab.post(f"{MLFLOW}/experiments/update", late)
    body = {
        "properties": {
            "jobType": "Command",
            "experimentName": "early",
            "command": "echo",
            "environmentId": "azureml:AzureML-sklearn:1",
        }
    }
    assert (await lab.client.put(f"{JOBS}/a-job", json=body)).status_code == 201
    await refused(lab, "experiments/create", {"name": "early"}, "RESOURCE_ALREADY_EXISTS")
    found = await lab.get(f"{MLFLOW}/experiments/get-by-name", experiment_name="early")
    second = found["experiment"]["experiment_id"]
    assert second != first
    await lab.post(f"{MLFLOW}/experiments/update", {"experiment_id": second, "new_name": "later"})
    third = await experiment(lab, "early")
    await begin(lab, third, "new")
    assert [await search(lab, each) for each in (first, second, third)] == [
        ["old"],
        ["a-job"],
        ["new"],
    ]
    assert (await lab.get(f"{JOBS}/a-job"))["properties"]["experimentName"] == "later"
    await refused(
        lab, "experiments/update", {**late, "new_name": "early"}, "RESOURCE_ALREADY_EXISTS"
    )


async def test_an_experiment_lives_and_dies(lab: Lab) -> None:
    mine = await experiment(lab)
    await refused(lab, "experiments/create", {"name": "mine"}, "RESOURCE_ALREADY_EXISTS")
    tag = {"experiment_id": mine, "key": "k", "value": "v"}
    await lab.post(f"{MLFLOW}/experiments/set-experiment-tag", tag)
    await lab.post(f"{MLFLOW}/experiments/update", {"experiment_id": mine, "new_name": "ours"})
    held = (await lab.get(f"{MLFLOW}/experiments/get-by-name", experiment_name="ours"))[
        "experiment"
    ]
    assert (held["experiment_id"], held["tags"]) == (mine, [{"key": "k", "value": "v"}])
    await lab.post(f"{MLFLOW}/experiments/delete-experiment-tag", tag)
    await refused(
        lab, "experiments/delete-experiment-tag", tag, "RESOURCE_DOES_NOT_EXIST", status=404
    )
    await lab.post(f"{MLFLOW}/experiments/delete", {"experiment_id": mine})
    asked = {"view_type": "DELETED_ONLY", "max_results": 10}
    gone = (await lab.post(f"{MLFLOW}/experiments/search", asked))["experiments"]
    assert [(each["name"], each["lifecycle_stage"]) for each in gone] == [("ours", "deleted")]
    begun = {"experiment_id": mine}
    await refused(lab, "runs/create", begun, "INVALID_PARAMETER_VALUE")
    await lab.post(f"{MLFLOW}/experiments/restore", {"experiment_id": mine})
    await begin(lab, mine)


async def test_experiments_are_searched_and_paged(lab: Lab) -> None:
    for name in ("b-one", "a-two", "b-three"):
        await experiment(lab, name)
    asked = {"filter": "name LIKE 'b-%'", "order_by": ["name ASC"], "max_results": 1}
    first = await lab.post(f"{MLFLOW}/experiments/search", asked)
    assert [each["name"] for each in first["experiments"]] == ["b-one"]
    second = {**asked, "page_token": first["next_page_token"]}
    answer = await lab.post(f"{MLFLOW}/experiments/search", second)
    assert [each["name"] for each in answer["experiments"]] == ["b-three"]
    assert "next_page_token" not in answer


async def test_the_experiment_that_is_always_there(lab: Lab) -> None:
    """A script that names none gets MLflow's number 0."""
    run_id = await begin(lab, "0")
    told = await lab.get(f"{HISTORY}/experiments/Default")
    assert (await run_of(lab, run_id))["info"]["experiment_id"] == told["experimentId"]


# What MLflow 3 asks for


async def test_a_logged_model_is_made_finished_and_found(lab: Lab) -> None:
    mine = await experiment(lab)
    run_id = await begin(lab, mine)
    asked = {"experiment_id": mine, "name": "net", "source_run_id": run_id}
    info = (await lab.post(f"{MLFLOW}/logged-models", asked))["model"]["info"]
    assert info["status"] == "LOGGED_MODEL_PENDING"
    assert f"/runs/{run_id}/artifacts/" in info["artifact_uri"]
    url = f"{MLFLOW}/logged-models/{info['model_id']}"
    done = await lab.client.patch(url, json={"status": "LOGGED_MODEL_READY"})
    assert done.json()["model"]["info"]["status"] == "LOGGED_MODEL_READY"
    await lab.client.patch(f"{url}/tags", json={"tags": [{"key": "k", "value": "v"}]})
    await lab.post(f"{url}/params", {"params": [{"key": "depth", "value": "4"}]})
    wanted = {"experiment_ids": [mine], "filter": "tags.k = 'v' and params.depth = '4'"}
    found = (await lab.post(f"{MLFLOW}/logged-models/search", wanted))["models"]
    assert [each["info"]["model_id"] for each in found] == [info["model_id"]]
    assert (await lab.client.delete(f"{url}/tags/k")).status_code == 200
    assert (await lab.post(f"{MLFLOW}/logged-models/search", wanted)) == {"models": []}
    assert (await lab.client.delete(url)).status_code == 200
    missing = await lab.client.get(url)
    assert missing.json()["error_code"] == "RESOURCE_DOES_NOT_EXIST"


async def test_traces_are_kept_by_experiment(lab: Lab) -> None:
    mine = await experiment(lab)
    three_zero = MLFLOW.replace("/api/2.0/", "/api/3.0/")
    place = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": mine}}
    told = {"trace_id": "tr-1", "trace_location": place, "tags": {"a": "b"}}
    answer = await lab.post(f"{three_zero}/traces", {"trace": {"trace_info": told}})
    assert answer["trace"]["trace_info"]["trace_id"] == "tr-1"
    tag = {"key": "c", "value": "d"}
    assert (await lab.client.patch(f"{three_zero}/traces/tr-1/tags", json=tag)).status_code == 200
    found = await lab.post(f"{three_zero}/traces/search", {"locations": [place]})
    (tags,) = (each["tags"] for each in found["traces"])
    spans = tags.pop("mlflow.artifactLocation")
    assert tags == {"a": "b", "c": "d"}
    files = HISTORY + spans.partition("/calm-ws")[2]
    promised = await lab.post(f"{files}/batch/metadata", {"paths": [{"path": "traces.json"}]})
    assert list(promised["artifacts"]) == ["traces.json"]
    assert (await lab.get(f"{files}/contentinfo", path="traces.json"))["contentUri"]
    assert (await lab.client.get(files.replace("tr-1", "tr-2"))).status_code == 404
    elsewhere = {"mlflow_experiment": {"experiment_id": "none"}}
    assert (await lab.post(f"{three_zero}/traces/search", {"locations": [elsewhere]})) == {
        "traces": []
    }
    gone = await lab.post(f"{three_zero}/traces/delete-traces", {"request_ids": ["tr-1"]})
    assert gone == {"traces_deleted": 1}


async def test_files_are_listed_folder_by_folder(lab: Lab) -> None:
    name = await lab.named("train-first")
    top = await lab.get(f"{MLFLOW}/artifacts/list", run_id=name)
    folders = [each["path"] for each in top["files"] if each["is_dir"]]
    assert folders == ["outputs", "system_logs", "user_logs"]
    inside = await lab.get(f"{MLFLOW}/artifacts/list", run_id=name, path="user_logs")
    (log_file,) = inside["files"]
    assert log_file["path"] == "user_logs/std_log.txt"
    assert log_file["file_size"] > 0
