"""The data, environments, components and code that scenarios begin with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from amltui.emulator.assets.kinds import USUAL_ENVIRONMENT
from amltui.emulator.blobs.address import SUFFIX
from amltui.emulator.blobs.contents import CONDA
from amltui.emulator.datastores import paths
from amltui.emulator.places import Workspace, guid
from amltui.emulator.resources import Resource
from amltui.emulator.scenarios.microsoft import ENVIRONMENTS, curated
from amltui.emulator.scenarios.stock_files import CODE

DAY = 86_400.0
_DATA: dict[str, list[tuple[str, str, int, dict[str, str]]]] = {
    "vision-prod": [
        ("imagenet-lt", "uri_folder", 4, {"license": "research"}),
        ("tiles-annotated", "uri_folder", 7, {"team": "vision"}),
        ("val-manifest", "uri_file", 2, {}),
    ],
    "nlp-dev": [
        ("sft-dialogues", "mltable", 3, {"language": "en,de,zh"}),
        ("wiki-zh-2026", "uri_folder", 1, {}),
    ],
    "risk-prod": [
        ("applications", "mltable", 12, {"pii": "yes"}),
        ("chargebacks", "uri_file", 5, {"pii": "no"}),
    ],
}
_DATA_ELSEWHERE: list[tuple[str, str, int, dict[str, str]]] = [
    ("churn-raw", "uri_file", 3, {"team": "growth"}),
    ("shelf-pictures", "uri_folder", 2, {}),
    ("weekly-features", "mltable", 2, {"source": "pipeline"}),
]
_WHO = "Kim Lang"
_COMMON: dict[str, Any] = {"description": None, "tags": {}, "properties": {}, "isArchived": False}
_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20260901.v1"


def assets(place: Workspace, epoch: float) -> Iterator[Resource]:
    """All of them, containers and versions."""
    yield from _data(place, epoch)
    yield from _environments(place, epoch)
    yield from _codes(place, epoch)
    yield from _components(place, epoch)


def upload(place: Workspace, name: str, version: str, file: str) -> str:
    """Where azure-ai-ml would have put a file or folder: below the hash of what it holds."""
    folder = guid(place.id.lower(), name, version).replace("-", "")
    return paths.uri_of(place, "workspaceblobstore", f"LocalUpload/{folder}/{file}")


def _data(place: Workspace, epoch: float) -> Iterator[Resource]:
    for rank, (name, kind, count, tags) in enumerate(_DATA.get(place.name, _DATA_ELSEWHERE)):
        file = {"uri_file": f"{name}.csv", "uri_folder": f"{name}/", "mltable": f"{name}/"}[kind]
        versions = [
            {"dataType": kind, "dataUri": upload(place, name, str(number), file), "tags": tags}
            for number in range(1, count + 1)
        ]
        yield from _asset(
            place, "data", name, epoch - rank * 3.1 * DAY, versions, {"dataType": kind}
        )


def _environments(place: Workspace, epoch: float) -> Iterator[Resource]:
    for rank, name in enumerate(ENVIRONMENTS):
        yield from curated(f"{place.id}/environments/{name}", name, place.created + rank)
    trains = [
        _environment(image=_IMAGE, condaFile=CONDA, tags={"python": "3.10"}) for _ in range(3)
    ]
    yield from _asset(place, "environments", "train-env", epoch - 2 * DAY, trains)
    context = upload(place, "serve-env", "1", "context/")
    serve = _environment(build={"contextUri": context, "dockerfilePath": "Dockerfile"})
    yield from _asset(place, "environments", "serve-env", epoch - 6 * DAY, [serve])


def _environment(**given: Any) -> dict[str, Any]:
    return {**USUAL_ENVIRONMENT, **given}


def _codes(place: Workspace, epoch: float) -> Iterator[Resource]:
    """Code is named by nobody: a component or a job has its id."""
    digest = sha256(b"".join(CODE.values())).hexdigest()
    version = {
        "codeUri": f"https://{place.account}.{SUFFIX}:443/{place.guid[:8]}-{_code(place)}/",
        "properties": {"hash_sha256": digest, "hash_version": "202208"},
        "provisioningState": "Succeeded",
    }
    yield from _asset(place, "codes", _code(place), epoch - 8 * DAY, [version])


def _code(place: Workspace) -> str:
    return guid(place.id.lower(), "code", "train")


def _components(place: Workspace, epoch: float) -> Iterator[Resource]:
    environment = f"azureml:{place.id}/environments/train-env/versions/3"
    code = f"azureml:{place.id}/codes/{_code(place)}/versions/1"
    for rank, (name, command, inputs, count) in enumerate(
        (
            ("prepare_data", "python prepare.py --data ${{inputs.data}}", {}, 2),
            (
                "train_model",
                "python train.py --data ${{inputs.data}} --lr ${{inputs.lr}}",
                {"lr": {"type": "number", "default": "0.01", "optional": "True"}},
                3,
            ),
        )
    ):
        versions = [
            {
                "stage": None,
                "provisioningState": "Succeeded",
                "componentSpec": {
                    "$schema": "https://azuremlschemas.azureedge.net/latest"
                    "/commandComponent.schema.json",
                    "name": name,
                    "version": str(number),
                    "display_name": name.replace("_", " ").capitalize(),
                    "is_deterministic": "True",
                    "type": "command",
                    "inputs": {"data": {"type": "uri_folder"}, **inputs},
                    "outputs": {"output": {"type": "uri_folder"}},
                    "code": code,
                    "environment": environment,
                    "resources": {"instance_count": "1"},
                    "command": command,
                },
            }
            for number in range(1, count + 1)
        ]
        yield from _asset(place, "components", name, epoch - (3 + rank) * DAY, versions)


def _asset(
    place: Workspace,
    segment: str,
    name: str,
    newest: float,
    versions: Sequence[dict[str, Any]],
    common: dict[str, Any] | None = None,
) -> Iterator[Resource]:
    """A container, and its versions from 1 on, some days apart."""
    identity = f"{place.id}/{segment}/{name}"
    first = max(place.created, newest - 5.3 * DAY * len(versions))
    yield Resource(identity, first, _WHO, {**_COMMON, **(common or {})})
    for number, given in enumerate(versions, 1):
        made = max(place.created, newest - 5.3 * DAY * (len(versions) - number))
        properties = {**_COMMON, "isAnonymous": False, **given}
        yield Resource(f"{identity}/versions/{number}", made, _WHO, properties)
