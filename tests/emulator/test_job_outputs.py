"""Outputs of jobs that have a name: assets, once their job is completed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from amltui.emulator.state import StateFile
from tests.emulator.lab import HISTORY, MLFLOW, NOON, WORKSPACE, Lab, laboratory

ENVIRONMENT = "azureml://registries/azureml/environments/sklearn-1.5/versions/33"
TABLE = {"jobOutputType": "mltable", "assetName": "table", "assetVersion": "4"}
MODEL = {"jobOutputType": "mlflow_model", "assetName": "made", "description": "From a job"}


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def submit(lab: Lab, name: str, outputs: dict[str, Any], line: str = "sleep 1") -> int:
    """The status of putting a job with these outputs."""
    asked = {
        "jobType": "Command",
        "command": line,
        "environmentId": ENVIRONMENT,
        "computeId": f"{WORKSPACE}/computes/cpu-cluster",
        "outputs": outputs,
    }
    made = await lab.client.put(f"{WORKSPACE}/jobs/{name}", json={"properties": asked})
    return made.status_code


async def status(lab: Lab, path: str) -> int:
    return (await lab.client.get(f"{WORKSPACE}/{path}")).status_code


async def test_an_output_with_a_name_is_an_asset_when_its_job_is_completed(lab: Lab) -> None:
    """Dated to the end of the job, whenever somebody looks; with the place it was written to."""
    await submit(lab, "makes", {"rows": TABLE, "model": MODEL, "rest": {}})
    assert await status(lab, "data/table") == 404
    lab.pass_time(6000)
    run = await lab.get(f"{HISTORY}/runs/makes")
    data = await lab.get(f"{WORKSPACE}/data/table/versions/4")
    assert data["properties"]["dataType"] == "mltable"
    assert data["properties"]["dataUri"].endswith(
        "/workspaces/calm-ws/datastores/workspaceblobstore/paths/azureml/makes/rows/"
    )
    assert data["systemData"]["createdAt"][:19] == run["endTimeUtc"][:19]
    assert (await lab.get(f"{WORKSPACE}/data/table"))["properties"]["dataType"] == "mltable"
    model = (await lab.get(f"{WORKSPACE}/models/made/versions/1"))["properties"]
    assert (model["modelType"], model["jobName"]) == ("mlflow_model", "makes")
    assert model["description"] == "From a job"
    seen = await lab.get(f"{MLFLOW}/model-versions/get", name="made", version="1")
    assert seen["model_version"]["run_id"] == "makes"
    told = await lab.post(f"{HISTORY}/rundata", {"runId": "makes"})
    places = {name: each["assetId"] for name, each in told["runMetadata"]["outputs"].items()}
    assert places["rows"].endswith("/data/table/versions/4")
    assert places["model"].endswith("/models/made/versions/1")


async def test_every_job_registers_the_next_version(lab: Lab) -> None:
    """In the order in which they end; a version that is there already is left as it is."""
    for name in ("first", "second"):
        await submit(lab, name, {"model": MODEL, "rows": TABLE})
        lab.pass_time(10)
    lab.pass_time(6000)
    versions = (await lab.get(f"{WORKSPACE}/models/made/versions"))["value"]
    named = [(each["name"], each["properties"]["jobName"]) for each in versions]
    assert named == [("2", "second"), ("1", "first")]
    rows = await lab.get(f"{WORKSPACE}/data/table/versions/4")
    assert "/azureml/first/rows/" in rows["properties"]["dataUri"]
    shown = (await lab.get(f"{WORKSPACE}/jobs/second"))["properties"]["outputs"]
    assert shown["model"]["assetVersion"] == "2"


async def test_a_job_that_does_not_complete_registers_nothing(lab: Lab) -> None:
    await submit(lab, "fails", {"model": MODEL}, "exit 1")
    await submit(lab, "stopped", {"rows": TABLE}, "sleep 500")
    lab.pass_time(20)
    await lab.client.post(f"{WORKSPACE}/jobs/stopped/cancel")
    lab.pass_time(6000)
    assert await status(lab, "models/made") == 404
    assert await status(lab, "data/table") == 404


async def test_steps_of_a_pipeline_register_theirs(lab: Lab) -> None:
    step = {
        "type": "command",
        "component": {"command": "sleep 1", "outputs": {"o": {"type": "custom_model"}}},
        "outputs": {
            "o": {"value": "${{parent.outputs.all}}", "type": "literal", "name": "of-step"}
        },
    }
    asked = {
        "jobType": "Pipeline",
        "computeId": f"{WORKSPACE}/computes/cpu-cluster",
        "jobs": {"step": step},
        "outputs": {"all": {**TABLE, "assetName": "of-all"}},
    }
    made = await lab.client.put(f"{WORKSPACE}/jobs/pipes", json={"properties": asked})
    assert made.status_code == 201, made.text
    lab.pass_time(6000)
    model = await lab.get(f"{WORKSPACE}/models/of-step/versions/1")
    assert model["properties"]["modelType"] == "custom_model"
    assert await status(lab, "data/of-all/versions/4") == 200


async def test_what_was_done_to_the_asset_outlives_a_restart() -> None:
    """It is not registered again over its archiving, nor after its deletion."""
    state = StateFile(":memory:")
    async with laboratory(state=state) as lab:
        await submit(lab, "makes", {"rows": TABLE, "model": MODEL})
        lab.pass_time(6000)
        rows = await lab.get(f"{WORKSPACE}/data/table/versions/4")
        rows["properties"]["isArchived"] = True
        await lab.client.put(f"{WORKSPACE}/data/table/versions/4", json=rows)
        await lab.client.delete(f"{WORKSPACE}/models/made/versions/1")
    for _ in range(2):
        async with laboratory(state=state, now=NOON + 6000) as lab:
            rows = await lab.get(f"{WORKSPACE}/data/table/versions/4")
            assert rows["properties"]["isArchived"]
            assert await status(lab, "models/made/versions/1") == 404


@pytest.mark.parametrize("name", ["a/b", "", 5, {}, "../x"])
async def test_names_that_no_asset_can_have_are_refused(lab: Lab, name: Any) -> None:
    assert await submit(lab, "odd", {"o": {"assetName": name}}) == 400
