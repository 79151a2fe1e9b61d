"""What Microsoft gives every tenant: the registry `azureml`, which all may read and none writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amltui.emulator import registries
from amltui.emulator.places import guid
from amltui.emulator.resources import Resource
from amltui.emulator.scenarios import stock_files
from amltui.emulator.world import World

DAY = 86_400.0
_WHO = "Microsoft"
_IMAGES = "mcr.microsoft.com/azureml"
ENVIRONMENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "sklearn-1.5": ("Scikit-learn 1.5 on CPU.", ("33", "34", "35")),
    "sklearn-1.1": ("Scikit-learn 1.1 on CPU.", ("31", "32")),
    "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu": ("Scikit-learn 1.0 on CPU.", ("33", "67")),
    "lightgbm-3.3": ("LightGBM 3.3 on CPU.", ("50", "51")),
    "acft-hf-nlp-gpu": ("Fine-tuning of language models on GPU.", ("77", "78")),
    "acpt-pytorch-2.2-cuda12.1": ("PyTorch 2.2 with CUDA 12.1.", ("28", "29", "30")),
    "AzureML-ACPT-pytorch-1.13-py38-cuda11.7-gpu": ("PyTorch 1.13 on GPU.", ("15", "16")),
    "tensorflow-2.16-cuda12": ("TensorFlow 2.16 with CUDA 12.", ("9", "10")),
    "minimal-ubuntu22.04-py39-cpu-inference": ("A server for scoring, and no more.", ("44", "45")),
    "responsibleai-tabular": ("Dashboards of Responsible AI.", ("20",)),
}
_MODELS: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "bert-base-uncased": ("mlflow_model", ("18", "19"), {"task": "fill-mask"}),
    "gpt2": ("mlflow_model", ("19", "20"), {"task": "text-generation"}),
    "Mistral-7B-v01": ("mlflow_model", ("16", "17"), {"task": "text-generation"}),
    "openai-whisper-large": ("mlflow_model", ("20",), {"task": "speech-recognition"}),
    "facebook-dinov2-base-imagenet1k-1-layer": (
        "mlflow_model",
        ("11",),
        {"task": "image-classification"},
    ),
}
_COMPONENTS: dict[str, tuple[str, str]] = {
    "import_data_database": ("0.0.1", "python import.py --source ${{inputs.source}}"),
    "import_data_file_system": ("0.0.1", "python import.py --path ${{inputs.path}}"),
    "train_test_split": ("0.0.3", "python split.py --data ${{inputs.data}}"),
}


def registry(world: World) -> None:
    """The registry `azureml`, in a subscription that its readers cannot see."""
    holder = guid("subscription", "Microsoft")
    created = world.epoch - 1200 * DAY
    held = Resource(
        registries.id_of(holder, "azureml-rg", "azureml"),
        created,
        _WHO,
        {
            "intellectualPropertyPublisher": None,
            "publicNetworkAccess": "Enabled",
            "managedResourceGroup": None,
            "regionDetails": [
                {"location": region, "acrDetails": [], "storageAccountDetails": []}
                for region in ("eastus", "eastus2", "westus2", "westeurope", "northeurope")
            ],
            "registryPrivateEndpointConnections": [],
        },
        {"location": "eastus", "tags": {}, "kind": None, "sku": None, "identity": None},
        kept={"is_foreign": True},
    )
    world.resources.stock([held])
    for asset in _assets(held):
        world.resources.stock([asset])
        stock_files.lay(world, None, asset)


def _assets(held: Resource) -> Iterator[Resource]:
    for name in ENVIRONMENTS:
        yield from curated(f"{held.id}/environments/{name}", name, held.created)
    for name, (kind, versions, tags) in _MODELS.items():
        for version in versions:
            more: dict[str, Any] = {
                "flavors": {},
                "modelType": kind,
                "modelUri": f"https://{registries.account(held)}.blob.core.windows.net"
                f"/azureml-{guid(name, version)}/mlflow_model_folder",
                "jobName": None,
                "stage": None,
                "provisioningState": "Succeeded",
                "datasets": [],
            }
            yield _version(f"{held.id}/models/{name}", held.created, version, None, tags, more)
        yield _container(f"{held.id}/models/{name}", held.created, None, tags, len(versions))
    for name, (version, command) in _COMPONENTS.items():
        identity = f"{held.id}/components/{name}"
        yield _version(identity, held.created, version, None, {}, _component(name, command))
        yield _container(identity, held.created, None, {}, 1)


def curated(identity: str, name: str, since: float) -> Iterator[Resource]:
    """An environment of Microsoft's with its versions, as registries and workspaces have it."""
    text, versions = ENVIRONMENTS[name]
    image = f"{_IMAGES}/curated/{name.lower()}"
    for version in versions:
        more = {"image": f"{image}:{version}", "environmentType": "Curated", **_BARE}
        yield _version(identity, since, version, text, {}, more)
    yield _container(identity, since, text, {}, len(versions))


_BARE: dict[str, Any] = {
    "build": None,
    "condaFile": None,
    "osType": "Linux",
    "autoRebuild": "Disabled",
    "inferenceConfig": None,
    "stage": None,
    "provisioningState": "Succeeded",
}


def _component(name: str, command: str) -> dict[str, Any]:
    return {
        "stage": None,
        "provisioningState": "Succeeded",
        "componentSpec": {
            "$schema": "https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json",
            "name": name,
            "version": _COMPONENTS[name][0],
            "display_name": name.replace("_", " ").capitalize(),
            "is_deterministic": "True",
            "type": "command",
            "inputs": {command.partition("inputs.")[2].strip("}"): {"type": "string"}},
            "outputs": {"output": {"type": "uri_folder"}},
            "environment": "azureml://registries/azureml/environments/sklearn-1.5/versions/35",
            "resources": {"instance_count": "1"},
            "command": command,
        },
    }


def _container(
    identity: str, since: float, text: str | None, tags: dict[str, str], versions: int
) -> Resource:
    created = since + DAY * (len(_path(identity)) - 3 * versions)
    properties = {"description": text, "tags": tags, "properties": {}, "isArchived": False}
    return Resource(identity, created, _WHO, properties)


def _version(
    identity: str,
    since: float,
    version: str,
    text: str | None,
    tags: dict[str, str],
    more: dict[str, Any],
) -> Resource:
    """Each is a month and some days younger than the one before."""
    rank = int(version.rpartition(".")[2])
    return Resource(
        f"{identity}/versions/{version}",
        since + DAY * (len(_path(identity)) + 11 * rank),
        _WHO,
        {
            "description": text,
            "tags": tags,
            "properties": {},
            "isArchived": False,
            "isAnonymous": False,
            **more,
        },
    )


def _path(identity: str) -> str:
    """`environments/sklearn-1.5`."""
    return "/".join(identity.split("/")[9:])
