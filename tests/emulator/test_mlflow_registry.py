"""MLflow's registry and the models of the workspace are one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulator.lab import MLFLOW, WORKSPACE, Lab, laboratory

MODELS = f"{WORKSPACE}/models"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def call(lab: Lab, method: str, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
    response = await lab.client.request(method, f"{MLFLOW}/{path}", json=body)
    assert response.status_code == status, response.text
    found: dict[str, Any] = response.json()
    return found


async def create(lab: Lab, name: str = "net", versions: int = 0) -> None:
    tags = [{"key": "team", "value": "vision"}]
    await call(lab, "POST", "registered-models/create", name=name, tags=tags)
    for number in range(versions):
        await call(lab, "POST", "model-versions/create", name=name, source=f"s3://m/{number}")


async def model(lab: Lab, name: str = "net") -> dict[str, Any]:
    found = await lab.get(f"{MLFLOW}/registered-models/get", name=name)
    told: dict[str, Any] = found["registered_model"]
    return told


async def version(lab: Lab, number: str, name: str = "net") -> dict[str, Any]:
    found = await lab.get(f"{MLFLOW}/model-versions/get", name=name, version=number)
    told: dict[str, Any] = found["model_version"]
    return told


async def found(lab: Lab, kind: str, **query: Any) -> list[str]:
    name = kind.replace("-", "_")
    answer = await lab.get(f"{MLFLOW}/{kind}/search", **query)
    return [each.get("version") or each["name"] for each in answer[name]]


async def test_what_mlflow_registers_resource_manager_has(lab: Lab) -> None:
    run_id = await lab.named("train-first")
    run = (await lab.get(f"{MLFLOW}/runs/get", run_id=run_id))["run"]["info"]
    await create(lab)
    source = f"{run['artifact_uri']}/outputs/model"
    made = await call(
        lab, "POST", "model-versions/create", name="net", source=source, run_id=run_id
    )
    assert made["model_version"]["source"] == source
    assert (made["model_version"]["version"], made["model_version"]["status"]) == ("1", "READY")
    held = await lab.get(f"{MODELS}/net/versions/1")
    assert held["properties"]["modelType"] == "mlflow_model"
    assert held["properties"]["jobName"] == run_id
    path = f"workspaceartifactstore/paths/ExperimentRun/dcid.{run_id}/outputs/model"
    assert held["properties"]["modelUri"].endswith(path)
    assert held["properties"]["flavors"] == {}
    assert (await lab.get(f"{MODELS}/net"))["properties"]["tags"] == {"team": "vision"}


async def test_what_resource_manager_puts_mlflow_finds(lab: Lab) -> None:
    asked = {"modelUri": "azureml://datastores/d/paths/m", "tags": {"a": "b"}, "jobName": "j"}
    put = await lab.client.put(f"{MODELS}/arm-made/versions/7", json={"properties": asked})
    assert put.status_code == 201
    told = await version(lab, "7", "arm-made")
    assert (told["source"], told["run_id"]) == ("azureml://datastores/d/paths/m", "j")
    assert told["tags"] == [{"key": "a", "value": "b"}]
    await call(lab, "PATCH", "model-versions/update", name="arm-made", version="7", description="x")
    held = await lab.get(f"{MODELS}/arm-made/versions/7")
    assert held["properties"]["description"] == "x"
    made = await call(lab, "POST", "model-versions/create", name="arm-made", source="s3://n")
    assert made["model_version"]["version"] == "8"


async def test_a_model_is_taken_once_renamed_and_deleted(lab: Lab) -> None:
    await create(lab, versions=2)
    taken = await call(lab, "POST", "registered-models/create", 400, name="net")
    assert taken["error_code"] == "RESOURCE_ALREADY_EXISTS"
    odd = await call(lab, "POST", "registered-models/create", 400, name="a/b")
    assert odd["error_code"] == "INVALID_PARAMETER_VALUE"
    await call(lab, "POST", "registered-models/rename", name="net", new_name="grid")
    assert await found(lab, "model-versions", filter="name='grid'") == ["2", "1"]
    gone = await lab.client.get(f"{MLFLOW}/registered-models/get", params={"name": "net"})
    assert gone.json()["error_code"] == "RESOURCE_DOES_NOT_EXIST"
    await call(lab, "DELETE", "registered-models/delete", name="grid")
    assert (await lab.client.get(f"{MODELS}/grid/versions/1")).status_code == 404
    again = await call(lab, "POST", "registered-models/create", name="grid")
    assert again["registered_model"]["latest_versions"] == []


async def test_models_are_searched_and_paged(lab: Lab) -> None:
    for name in ("zeta", "alpha", "beta"):
        await create(lab, name)
    await call(
        lab, "POST", "registered-models/set-tag", name="beta", key="mlflow.prompt.is_prompt",
        value="true",
    )  # fmt: skip
    ours = "tags.team = 'vision'"
    assert await found(lab, "registered-models", filter=ours) == ["alpha", "beta", "zeta"]
    no_prompts = f"{ours} and tag.`mlflow.prompt.is_prompt` != 'true'"
    assert await found(lab, "registered-models", filter=no_prompts) == ["alpha", "zeta"]
    assert await found(lab, "registered-models", filter="name LIKE '%eta'") == ["beta", "zeta"]
    backwards = await found(lab, "registered-models", filter=ours, order_by="name DESC")
    assert backwards == ["zeta", "beta", "alpha"]
    first = await lab.get(f"{MLFLOW}/registered-models/search", filter=ours, max_results=2)
    token = first["next_page_token"]
    assert await found(lab, "registered-models", filter=ours, max_results=2, page_token=token) == [
        "zeta"
    ]
    bad = await lab.client.get(
        f"{MLFLOW}/registered-models/search", params={"filter": "metrics.a > 1"}
    )
    assert bad.json()["error_code"] == "INVALID_PARAMETER_VALUE"


async def test_versions_are_searched(lab: Lab) -> None:
    await create(lab, versions=3)
    await call(lab, "POST", "model-versions/create", name="net", source="x", run_id="r-9")
    assert await found(lab, "model-versions", filter="run_id = 'r-9'") == ["4"]
    assert await found(lab, "model-versions", filter="name='net' and version_number > 2") == [
        "4", "3"
    ]  # fmt: skip
    order = {"filter": "name = 'net'", "order_by": "version_number ASC"}
    assert await found(lab, "model-versions", **order) == ["1", "2", "3", "4"]


async def test_a_version_moves_from_stage_to_stage(lab: Lab) -> None:
    await create(lab, versions=2)
    move = "model-versions/transition-stage"
    await call(lab, "POST", move, name="net", version="1", stage="production")
    await call(
        lab, "POST", move, name="net", version="2", stage="Production",
        archive_existing_versions=True,
    )  # fmt: skip
    assert (await version(lab, "1"))["current_stage"] == "Archived"
    latest = await call(
        lab, "POST", "registered-models/get-latest-versions", name="net", stages=["Production"]
    )
    assert [each["version"] for each in latest["model_versions"]] == ["2"]
    assert (await lab.get(f"{MODELS}/net/versions/2"))["properties"]["stage"] == "Production"
    odd = await call(lab, "POST", move, 400, name="net", version="1", stage="Nirvana")
    assert odd["error_code"] == "INVALID_PARAMETER_VALUE"
    await call(lab, "POST", move, name="net", version="2", stage="None")
    assert (await version(lab, "2"))["current_stage"] == "None"


async def test_an_alias_leads_to_a_version_until_that_is_gone(lab: Lab) -> None:
    await create(lab, versions=2)
    alias = f"{MLFLOW}/registered-models/alias"
    await call(lab, "POST", "registered-models/alias", name="net", alias="champion", version="1")
    got = await lab.get(alias, name="net", alias="champion")
    assert got["model_version"]["version"] == "1"
    assert (await model(lab))["aliases"] == [{"alias": "champion", "version": "1"}]
    assert (await version(lab, "1"))["aliases"] == ["champion"]
    nobody = await call(
        lab, "POST", "registered-models/alias", 404, name="net", alias="x", version="9"
    )
    assert nobody["error_code"] == "RESOURCE_DOES_NOT_EXIST"
    await call(lab, "DELETE", "model-versions/delete", name="net", version="1")
    assert (await model(lab))["aliases"] == []
    missing = await lab.client.get(alias, params={"name": "net", "alias": "champion"})
    assert missing.status_code == 404


async def test_tags_come_and_go(lab: Lab) -> None:
    await create(lab, versions=1)
    await call(lab, "POST", "model-versions/set-tag", name="net", version="1", key="k", value="v")
    await call(lab, "DELETE", "registered-models/delete-tag", name="net", key="team")
    assert (await version(lab, "1"))["tags"] == [{"key": "k", "value": "v"}]
    await call(lab, "DELETE", "model-versions/delete-tag", name="net", version="1", key="k")
    assert ((await version(lab, "1"))["tags"], (await model(lab))["tags"]) == ([], [])
    await call(lab, "PATCH", "registered-models/update", name="net", description="better")
    assert (await model(lab))["description"] == "better"


async def test_a_logged_model_is_registered_with_its_files(lab: Lab) -> None:
    run_id = await lab.named("train-first")
    run = (await lab.get(f"{MLFLOW}/runs/get", run_id=run_id))["run"]["info"]
    asked = {"experiment_id": run["experiment_id"], "source_run_id": run_id, "name": "net"}
    info = (await lab.post(f"{MLFLOW}/logged-models", asked))["model"]["info"]
    source = f"models:/{info['model_id']}"
    made = await call(lab, "POST", "model-versions/create", name="net", source=source)
    assert made["model_version"]["model_id"] == info["model_id"]
    where = await lab.get(f"{MLFLOW}/model-versions/get-download-uri", name="net", version="1")
    assert where["artifact_uri"] == info["artifact_uri"]
    held = await lab.get(f"{MODELS}/net/versions/1")
    assert f"dcid.{run_id}/models/" in held["properties"]["modelUri"]
