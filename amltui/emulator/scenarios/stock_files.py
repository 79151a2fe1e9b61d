"""The files of the assets that scenarios begin with: small, but what their names say."""

from __future__ import annotations

from amltui.emulator.blobs import contents
from amltui.emulator.blobs.contents import Files
from amltui.emulator.datastores import paths
from amltui.emulator.places import Workspace
from amltui.emulator.resources import Resource
from amltui.emulator.world import World


def lay(world: World, place: Workspace | None, asset: Resource) -> None:
    """Put the files of a version where it says that they are."""
    properties = asset.properties
    build = properties.get("build") or {}
    uri = next(
        (
            str(value)
            for value in (
                properties.get("modelUri"),
                properties.get("dataUri"),
                properties.get("codeUri"),
                build.get("contextUri"),
            )
            if value
        ),
        "",
    )
    found = paths.place(world, place, uri)
    if found is None:
        return
    account, container, top = found
    name = asset.id.split("/")[10]
    metadata = {"name": name, "version": asset.name, "upload_status": "completed"}
    world.storage.stock(
        account,
        container,
        {_joined(top, path): data for path, data in _files(asset, name).items()},
        asset.created,
        metadata if name.isascii() else {},
    )


def _joined(top: str, path: str) -> str:
    return "/".join(part for part in (top.rstrip("/"), path) if part)


def _files(asset: Resource, name: str) -> Files:
    kind = asset.id.split("/")[9]
    if kind == "models":
        return contents.model(str(asset.properties["modelType"]), name, asset.name)
    if kind == "data":
        return contents.data(str(asset.properties["dataType"]), name)
    return CODE if kind == "codes" else {"Dockerfile": _DOCKER}


CODE: Files = {
    "train.py": b"""import argparse

import mlflow

parser = argparse.ArgumentParser()
parser.add_argument("--data")
parser.add_argument("--lr", type=float, default=0.01)
asked = parser.parse_args()
for step in range(100):
    mlflow.log_metric("loss", 1 / (1 + asked.lr * step), step)
""",
    "requirements.txt": b"mlflow\nscikit-learn==1.5.2\n",
}
_DOCKER = b"FROM mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04\nRUN pip install mlflow\n"
