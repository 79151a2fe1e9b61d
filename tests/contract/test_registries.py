"""Registries with azure-ai-ml: made, filled, shared into, and Microsoft's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amltui.emulator.process import Service

WAIT = 60


@pytest.fixture(scope="module")
def made(ml: Any) -> Any:
    from azure.ai.ml.entities import Registry, RegistryRegionDetails

    asked = Registry(
        name="my-registry", location="eastus2", tags={"a": "b"},
        replication_locations=[RegistryRegionDetails(location="eastus2")],
    )  # fmt: skip
    return ml.registries.begin_create(asked).result(WAIT)


def inside(ml: Any, name: str) -> Any:
    from azure.ai.ml import MLClient

    return MLClient(ml._credential, registry_name=name)


def test_a_registry_is_made_listed_and_found(made: Any, ml: Any) -> None:
    assert made.name == "my-registry"
    assert made.tags == {"a": "b"}
    assert "my-registry" in [each.name for each in ml.registries.list()]
    assert ml.registries.get("my-registry").location == "eastus2"
    assert ml.registries.get("my-registry").mlflow_registry_uri.startswith("azureml://")


def test_curated_environments_and_models_of_microsoft(ml: Any) -> None:
    common = inside(ml, "azureml")
    assert "sklearn-1.5" in [each.name for each in common.environments.list()]
    newest = common.environments.get("sklearn-1.5", label="latest")
    assert newest.version == "35"
    assert newest.image.startswith("mcr.microsoft.com/")
    assert [each.version for each in common.models.list(name="gpt2")] == ["20", "19"]
    assert common.models.get("gpt2", version="20").type == "mlflow_model"
    assert common.components.get("train_test_split", version="0.0.3").command


def test_an_environment_is_kept_and_found(made: Any, ml: Any) -> None:
    from azure.ai.ml.entities import Environment

    mine = inside(ml, "my-registry")
    kept = mine.environments.create_or_update(
        Environment(name="env", version="1", image="mcr.microsoft.com/x:1")
    )
    assert kept.id == "azureml://registries/my-registry/environments/env/versions/1"
    assert mine.environments.get("env", version="1").image == "mcr.microsoft.com/x:1"


def test_a_models_files_go_up_and_come_down(made: Any, ml: Any, tmp_path: Path) -> None:
    from azure.ai.ml.entities import Model

    mine, folder = inside(ml, "my-registry"), tmp_path / "net"
    folder.mkdir()
    (folder / "weights.bin").write_bytes(b"123")
    asked = Model(name="net", version="1", path=str(folder), tags={"a": "b"})
    assert mine.models.create_or_update(asked).tags == {"a": "b"}
    assert [each.version for each in mine.models.list(name="net")] == ["1"]
    mine.models.download("net", "1", download_path=str(tmp_path / "down"))
    found = [each for each in (tmp_path / "down").rglob("*") if each.is_file()]
    assert [(each.name, each.read_bytes()) for each in found] == [("weights.bin", b"123")]


def test_a_component_and_data_are_kept(made: Any, ml: Any) -> None:
    from azure.ai.ml import command
    from azure.ai.ml.entities import Data

    mine = inside(ml, "my-registry")
    step = command(
        name="step", version="1", command="echo hi",
        environment="azureml://registries/azureml/environments/sklearn-1.5/versions/35",
    ).component  # fmt: skip
    assert mine.components.create_or_update(step).name == "step"
    assert mine.components.get("step", version="1").command == "echo hi"
    assert "step" in [each.name for each in mine.components.list()]
    data = Data(name="table", version="1", type="uri_file", path="https://example.org/t.csv")
    mine.data.create_or_update(data)
    assert mine.data.get("table", version="1").type == "uri_file"


def test_a_model_of_a_workspace_is_shared(made: Any, ml: Any) -> None:
    from azure.ai.ml.entities import Model
    from azure.core.exceptions import ResourceNotFoundError

    path = "azureml://datastores/workspaceblobstore/paths/LocalUpload/x/m.pkl"
    ml.models.create_or_update(Model(name="to-share", version="3", path=path, tags={"k": "v"}))
    ml.models.share("to-share", "3", share_with_name="shared", share_with_version="1",
                    registry_name="my-registry")  # fmt: skip
    mine = inside(ml, "my-registry")
    assert mine.models.get("shared", version="1").tags == {"k": "v"}
    with pytest.raises(ResourceNotFoundError):
        mine.models.get("shared", version="2")


def test_a_registry_of_microsoft_is_read_only(ml: Any) -> None:
    from azure.ai.ml.entities import Environment
    from azure.core.exceptions import HttpResponseError

    with pytest.raises(HttpResponseError, match="not allowed to access registry azureml"):
        inside(ml, "azureml").environments.create_or_update(
            Environment(name="mine", version="1", image="x")
        )


def test_a_registry_is_deleted(made: Any, ml: Any, service: Service) -> None:
    from azure.core.exceptions import ResourceNotFoundError

    ml.registries.begin_delete(name="my-registry").result(WAIT)
    with pytest.raises(ResourceNotFoundError):
        ml.registries.get("my-registry")
