"""The models the scenarios begin with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from amltui.emulator.places import Workspace
from amltui.emulator.resources import Resource
from amltui.emulator.scenarios.stock_assets import upload

DAY = 86_400.0

_MODELS: dict[str, list[tuple[str, str, list[str], dict[str, str | None]]]] = {
    "vision-prod": [
        ("resnet50-imagenet-lt", "mlflow_model", ["1", "2", "3", "4", "5"], {"stage": "prod"}),
        ("resnet34-distilled", "custom_model", ["1", "2"], {"teacher": "resnet101"}),
        ("effnet-b3", "custom_model", ["1", "2023-11-02", "rc_0412"], {}),
        ("yolo-tiles", "triton_model", ["1", "2", "3"], {"precision": "fp16"}),
    ],
    "nlp-dev": [
        ("nlp-sft-7b", "mlflow_model", ["1", "2"], {"base": "7b", "license": None}),
        ("reranker-small", "custom_model", ["7", "8", "9", "10", "11"], {}),
        ("embed-wiki-zh-向量", "custom_model", ["1"], {"语言": "中文"}),
    ],
    "edu-lab": [("mnist-cnn", "custom_model", ["1"], {})],
    "risk-prod": [
        ("credit-gbm", "mlflow_model", ["5", "6", "7", "8"], {"reviewed-by": "", "tier": "1"}),
        ("fraud-iso", "mlflow_model", ["1", "2"], {}),
        ("asr-small", "triton_model", ["3"], {}),
    ],
}
_EVERYWHERE: list[tuple[str, str, list[str], dict[str, str | None]]] = [
    ("churn-xgb", "mlflow_model", ["1", "2", "3"], {"team": "growth"}),
    ("demand-prophet", "custom_model", ["1", "test_775218847481"], {}),
]


_FILES = {"mlflow_model": "model", "triton_model": "models"}
"""What the folders of models are called; others are one file."""
_COMMON: dict[str, Any] = {"description": None, "properties": {}, "isArchived": False}


def models(place: Workspace, epoch: float, jobs: Sequence[str]) -> Iterator[Resource]:
    """Several versions of each; every second one comes from one of these jobs."""
    for rank, (model, kind, names, tags) in enumerate(_MODELS.get(place.name, _EVERYWHERE)):
        identity = f"{place.id}/models/{model}"
        common = {**_COMMON, "tags": tags}
        yield Resource(identity, epoch - DAY * (9 + 2.3 * rank), "Kim Lang", common)
        for age, version in enumerate(reversed(names)):
            source = rank + age
            yield Resource(
                f"{identity}/versions/{version}",
                epoch - DAY * (0.4 + 2.3 * rank + 5.1 * age),
                "Kim Lang",
                {
                    **common,
                    "description": "Used by the scoring endpoint." if age == 0 else None,
                    "isAnonymous": False,
                    "flavors": {},
                    "modelType": kind,
                    "modelUri": upload(place, model, version, _FILES.get(kind, f"{model}.pkl")),
                    "jobName": jobs[source % len(jobs)] if jobs and source % 2 == 0 else None,
                    "stage": None,
                    "provisioningState": "Succeeded",
                    "datasets": [],
                },
            )
