"""The files of the assets that scenarios begin with: small, but what their names say."""

from __future__ import annotations

import json
from hashlib import sha256

from amltui.emulator.datastores import paths
from amltui.emulator.places import Workspace
from amltui.emulator.resources import Resource
from amltui.emulator.world import World

Files = dict[str, bytes]
"""By the path below where the asset lies; '' is a file that is the asset itself."""


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
        return _model(str(asset.properties["modelType"]), name, asset.name)
    if kind == "data":
        return _data(str(asset.properties["dataType"]), name)
    return CODE if kind == "codes" else {"Dockerfile": _DOCKER}


def _model(kind: str, name: str, version: str) -> Files:
    weights = _bytes(f"{name}/{version}", 4096)
    if kind == "mlflow_model":
        flavor = "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n"
        return {
            "MLmodel": f"{flavor}model_uuid: {sha256(weights).hexdigest()[:32]}\n".encode(),
            "conda.yaml": CONDA.encode(),
            "model.pkl": weights,
            "requirements.txt": b"mlflow==2.16.2\nscikit-learn==1.5.2\n",
        }
    if kind == "triton_model":
        config = f'name: "{name}"\nplatform: "onnxruntime_onnx"\nmax_batch_size: 16\n'
        return {f"{name}/1/model.onnx": weights, f"{name}/config.pbtxt": config.encode()}
    return {"": weights}


def _data(kind: str, name: str) -> Files:
    rows = "".join(f"{row},{(row * 37) % 101},{(row * 53) % 7}\n" for row in range(120))
    table = f"id,{name.replace('-', '_')},label\n{rows}".encode()
    if kind == "uri_file":
        return {"": table}
    if kind == "mltable":
        return {"MLTable": _TABLE, "data.csv": table}
    pictures = {f"{part}/{row:03d}.png": _picture(row) for part in ("a", "b") for row in range(4)}
    return {**pictures, "labels.csv": table}


def _picture(row: int) -> bytes:
    """What begins as a PNG does."""
    return b"\x89PNG\r\n\x1a\n" + _bytes(str(row), 200)


def _bytes(name: str, size: int) -> bytes:
    """The same for the same name."""
    block = sha256(name.encode()).digest()
    return (block * (size // len(block) + 1))[:size]


CONDA = json.dumps(
    {
        "name": "train",
        "channels": ["conda-forge"],
        "dependencies": ["python=3.10", "pip", {"pip": ["scikit-learn==1.5.2", "mlflow"]}],
    }
)
"""A conda file as the service keeps it: JSON."""
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
_TABLE = b"""type: mltable
paths:
  - file: ./data.csv
transformations:
  - read_delimited:
      delimiter: ','
      header: all_files_same_headers
"""
_DOCKER = b"FROM mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04\nRUN pip install mlflow\n"
