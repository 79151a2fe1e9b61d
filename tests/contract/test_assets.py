"""Assets with azure-ai-ml, unmodified: from a local path and back, archived, labelled, counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from amltui.emulator.process import Service


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files in it, and no other like it."""
    made = tmp_path / "content"
    (made / "deep").mkdir(parents=True)
    (made / "one.txt").write_text(f"one {uuid4()}")
    (made / "deep" / "two.bin").write_bytes(bytes(range(256)) * 40)
    return made


@pytest.fixture
def name() -> str:
    return f"asset_{uuid4().hex[:8]}"


def contents(folder: Path) -> dict[str, bytes]:
    """What is in a folder, by path."""
    files = (each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in files}


def test_a_model_goes_up_and_comes_down(ml: Any, folder: Path, name: str, tmp_path: Path) -> None:
    from azure.ai.ml.entities import Model

    made = ml.models.create_or_update(
        Model(name=name, path=str(folder), type="custom_model", tags={"a": "b"})
    )
    assert (made.name, made.version, made.tags) == (name, "1", {"a": "b"})
    assert "/datastores/workspaceblobstore/paths/LocalUpload/" in made.path
    ml.models.download(name, "1", download_path=str(tmp_path / "back"))
    assert contents(tmp_path / "back" / name / "content") == contents(folder)


def test_what_is_there_already_is_not_uploaded_again(ml: Any, folder: Path, name: str) -> None:
    """The second version lies where the first does: the metadata of its files say so."""
    from azure.ai.ml.entities import Model

    first, second = (ml.models.create_or_update(Model(name=name, path=str(folder))) for _ in "12")
    assert (first.version, second.version) == ("1", "2")
    assert first.path == second.path


def test_a_model_of_one_file(ml: Any, folder: Path, name: str, tmp_path: Path) -> None:
    from azure.ai.ml.entities import Model

    ml.models.create_or_update(Model(name=name, version="7", path=str(folder / "one.txt")))
    ml.models.download(name, "7", download_path=str(tmp_path / "back"))
    assert contents(tmp_path / "back")[f"{name}/one.txt"] == (folder / "one.txt").read_bytes()
    assert ml.models.get(name, label="latest").version == "7"


@pytest.mark.parametrize("kind", ["uri_file", "uri_folder", "mltable"])
def test_data_of_each_type(ml: Any, service: Service, folder: Path, name: str, kind: str) -> None:
    from azure.ai.ml.entities import Data

    (folder / "MLTable").write_text("type: mltable\npaths:\n  - file: ./one.txt\n")
    path = folder / "one.txt" if kind == "uri_file" else folder
    # What an MLTable may hold the client would look up in the internet, needed or not.
    here = {"skip_validation": True, "mltable_schema_url": f"{service.arm}/metadata/endpoints"}
    made = ml.data.create_or_update(Data(name=name, path=str(path), type=kind, **here))
    assert (made.version, made.type) == ("1", kind)
    again = ml.data.create_or_update(Data(name=name, path=str(path), type=kind, **here))
    assert again.version == "2"
    assert ml.data.get(name, label="latest").version == "2"
    assert [each.version for each in ml.data.list(name=name)] == ["2", "1"]
    assert name in [each.name for each in ml.data.list()]
    assert next(each for each in ml.data.list() if each.name == name).latest_version == "2"


def test_environments(ml: Any, folder: Path, name: str) -> None:
    """One of an image and a conda file, one that is built from a folder."""
    from azure.ai.ml.entities import BuildContext, Environment

    conda = folder / "conda.yaml"
    conda.write_text("name: e\nchannels: [conda-forge]\ndependencies: [python=3.10]\n")
    image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
    made = ml.environments.create_or_update(
        Environment(name=name, image=image, conda_file=str(conda), description="d")
    )
    assert (made.version, made.image) == ("1", image)
    assert ml.environments.get(name, "1").conda_file["dependencies"] == ["python=3.10"]
    # Without a version the client first puts the last one again, and takes a conflict for a no.
    other = ml.environments.create_or_update(Environment(name=name, image="mcr.microsoft.com/x"))
    assert (other.version, ml.environments.get(name, label="latest").version) == ("2", "2")
    (folder / "Dockerfile").write_text("FROM scratch\n")
    built = ml.environments.create_or_update(
        Environment(name=f"{name}_b", build=BuildContext(path=str(folder)))
    )
    assert built.build.dockerfile_path == "Dockerfile"
    assert "LocalUpload" in built.build.path


def test_a_component_brings_its_code(ml: Any, folder: Path, name: str, tmp_path: Path) -> None:
    """The code is uploaded once: it is found again by its hash, under any name."""
    from azure.ai.ml import Input, command

    def put(version: str) -> Any:
        component = command(
            name=name,
            command="python one.py --data ${{inputs.data}}",
            environment="azureml:train-env:3",
            code=str(folder),
            inputs={"data": Input(type="uri_folder")},
        ).component
        component.name, component.version = name, version
        return ml.components.create_or_update(component)

    first, second = put("1"), put("2")
    assert first.code == second.code
    assert ml.components.get(name, "1").command == "python one.py --data ${{inputs.data}}"
    assert [each.version for each in ml.components.list(name=name)] == ["2", "1"]
    code, version = first.code.split("/")[-3::2]
    ml._code.download(code, version, download_path=str(tmp_path / "code"))
    assert contents(tmp_path / "code") == contents(folder)


def test_what_a_component_does_takes_a_new_version(ml: Any) -> None:
    from azure.core.exceptions import HttpResponseError

    found = ml.components.get("train_model", "3")
    found.command = "rm -rf /"
    with pytest.raises(HttpResponseError, match="immutable"):
        ml.components.create_or_update(found)


@pytest.mark.parametrize("kind", ["models", "data", "environments", "components"])
def test_archived_and_restored(ml: Any, kind: str) -> None:
    """Whole, and by version: lists show what is in their view."""
    from azure.ai.ml.constants import ListViewType

    operations = getattr(ml, kind)
    name = {"models": "churn-xgb", "data": "churn-raw", "environments": "train-env",
            "components": "train_model"}[kind]  # fmt: skip

    def names(view: ListViewType) -> list[str]:
        return [each.name for each in operations.list(list_view_type=view)]

    def versions(view: ListViewType) -> list[str]:
        return [each.version for each in operations.list(name=name, list_view_type=view)]

    operations.archive(name)
    assert name in names(ListViewType.ARCHIVED_ONLY)
    assert name not in names(ListViewType.ACTIVE_ONLY)
    operations.restore(name)
    assert name in names(ListViewType.ACTIVE_ONLY)
    operations.archive(name, version="1")
    assert versions(ListViewType.ARCHIVED_ONLY) == ["1"]
    assert "1" not in versions(ListViewType.ACTIVE_ONLY)
    operations.restore(name, version="1")
    assert "1" in versions(ListViewType.ALL)
    assert versions(ListViewType.ARCHIVED_ONLY) == []


def test_what_scenarios_begin_with_can_be_downloaded(ml: Any, tmp_path: Path) -> None:
    for number, model in enumerate(ml.models.list()):
        version = next(iter(ml.models.list(name=model.name)))
        back = tmp_path / str(number)
        ml.models.download(model.name, version.version, download_path=str(back))
        assert any(contents(back).values())
    from azure.ai.ml._artifacts._artifact_utilities import download_artifact_from_aml_uri

    for number, data in enumerate(ml.data.list()):
        found = ml.data.get(data.name, label="latest")
        if "asset_" in found.name:
            continue
        back = tmp_path / f"data-{number}"
        download_artifact_from_aml_uri(found.path, str(back), ml.datastores)
        assert any(contents(back).values())
    spec = ml.components.get("train_model", "1")
    code, version = spec.code.split("/")[-3::2]
    ml._code.download(code, version, download_path=str(tmp_path / "code"))
    assert "train.py" in contents(tmp_path / "code")


def test_the_files_of_a_job_are_downloaded(ml: Any, tmp_path: Path) -> None:
    done = next(each for each in ml.jobs.list() if each.status == "Completed"
                and each.type == "command")  # fmt: skip
    ml.jobs.download(done.name, download_path=str(tmp_path), all=True)
    found = contents(tmp_path / "artifacts")
    assert any(path.startswith("user_logs/std_log") for path in found)
    assert b"done" in found["user_logs/std_log.txt"]


def test_a_registry_takes_files_and_gives_them_back(
    ml: Any, folder: Path, name: str, tmp_path: Path
) -> None:
    """A model goes from a local path, and from a workspace, into a registry."""
    from azure.ai.ml import MLClient
    from azure.ai.ml.entities import Model, Registry, RegistryRegionDetails

    asked = Registry(
        name="files-registry", location="eastus2",
        replication_locations=[RegistryRegionDetails(location="eastus2")],
    )  # fmt: skip
    ml.registries.begin_create(asked).result(60)
    inside = MLClient(ml._credential, registry_name="files-registry")
    inside.models.create_or_update(Model(name=name, version="1", path=str(folder)))
    inside.models.download(name, "1", download_path=str(tmp_path / "own"))
    assert contents(tmp_path / "own" / name / "content") == contents(folder)
    ml.models.create_or_update(Model(name=name, version="1", path=str(folder)))
    ml.models.share(name, "1", share_with_name=f"{name}_s", share_with_version="1",
                    registry_name="files-registry")  # fmt: skip
    inside.models.download(f"{name}_s", "1", download_path=str(tmp_path / "shared"))
    assert contents(tmp_path / "shared" / f"{name}_s" / "content") == contents(folder)


def test_models_of_microsoft_are_downloaded(ml: Any, tmp_path: Path) -> None:
    from azure.ai.ml import MLClient

    MLClient(ml._credential, registry_name="azureml").models.download(
        "gpt2", "20", download_path=str(tmp_path)
    )
    assert any(path.endswith("MLmodel") for path in contents(tmp_path))
