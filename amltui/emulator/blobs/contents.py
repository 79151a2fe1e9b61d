"""What is in models and data that nobody has uploaded: small, but what their types say."""

from __future__ import annotations

import json
from hashlib import sha256

Files = dict[str, bytes]
"""By the path below where they lie; '' is a file that is all there is."""


def model(kind: str, name: str, version: str) -> Files:
    """A model of a type: mlflow_model, triton_model, or one file."""
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


def data(kind: str, name: str) -> Files:
    """Data of a type: uri_file, uri_folder or mltable."""
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
_TABLE = b"""type: mltable
paths:
  - file: ./data.csv
transformations:
  - read_delimited:
      delimiter: ','
      header: all_files_same_headers
"""
