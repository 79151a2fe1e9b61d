"""The models and endpoints the scenarios begin with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from amltui.emulator.places import Workspace, guid
from amltui.emulator.resources import Resource

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


_OWNER = "Paul Weber"
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
                    "modelUri": f"azureml:/{place.id}/datastores/workspaceblobstore"
                    f"/paths/LocalUpload/{model}/{version}/model",
                    "jobName": jobs[source % len(jobs)] if jobs and source % 2 == 0 else None,
                    "stage": None,
                    "provisioningState": "Succeeded",
                    "datasets": [],
                },
            )


def endpoints(place: Workspace, epoch: float) -> Iterator[Resource]:
    """Online endpoints with their deployments."""
    if place.name == "risk-prod":
        yield from _risk(place, epoch)
    elif place.name not in {"edu-lab", "nlp-dev"}:
        name = f"{place.name[:20]}-ep"
        split = {"blue": 90, "green": 10}
        yield _endpoint(place, name, epoch - 21 * DAY, split, tags={"team": "growth"})
        for colour, age, model in (("blue", 20, "churn-xgb/2"), ("green", 2, "churn-xgb/3")):
            yield _deployment(place, name, colour, epoch - age * DAY, "Standard_DS3_v2", 1, model)


_SERVING = (
    "2026-01-01 00:00:00,000 I [70] gunicorn.error - Starting gunicorn 22.0.0",
    "2026-01-01 00:00:01,204 I [70] gunicorn.error - Listening at: http://0.0.0.0:31311 (70)",
    "2026-01-01 00:00:03,871 I [95] azmlinfsrv - Users's init has completed successfully",
    "2026-01-01 00:00:09,518 I [95] azmlinfsrv - POST /score 200 12.4ms 1180",
)
_BROKEN = (
    "2026-01-01 00:00:02,410 E [94] azmlinfsrv - Traceback (most recent call last):",
    '  File "/var/azureml-app/score.py", line 18, in init',
    "    model = joblib.load(path)",
    "ModuleNotFoundError: No module named 'sklearn.ensemble._gb_losses'",
    "2026-01-01 00:00:02,431 I [94] gunicorn.error - Worker exiting (pid: 94)",
)


def _risk(place: Workspace, epoch: float) -> Iterator[Resource]:
    size = "Standard_F4s_v2"
    split = {"blue": 90, "green": 10}
    yield _endpoint(place, "credit-ep", epoch - 60 * DAY, split, tags={"tier": "1"})
    yield _deployment(place, "credit-ep", "blue", epoch - 40 * DAY, size, 2, "credit-gbm/7")
    yield _deployment(
        place, "credit-ep", "green", epoch - DAY, size, 1, "credit-gbm/8", "Failed", _BROKEN
    )
    yield _endpoint(place, "asr-ep", epoch - 90 * DAY, {"main": 100}, auth="AADToken")
    speech = "Standard_NC4as_T4_v3"
    yield _deployment(place, "asr-ep", "main", epoch - 90 * DAY, speech, 1, "asr-small/3")
    yield _endpoint(place, "fraud-draft", epoch - 3 * DAY, {}, tags=None)


def _endpoint(
    place: Workspace,
    name: str,
    created: float,
    traffic: dict[str, int],
    auth: str = "Key",
    tags: dict[str, str] | None = None,
) -> Resource:
    identity = f"{place.id}/onlineEndpoints/{name}"
    return Resource(
        identity,
        created,
        _OWNER,
        {
            "description": None,
            "authMode": auth,
            "compute": None,
            "traffic": traffic,
            "mirrorTraffic": {},
            "publicNetworkAccess": "Enabled",
        },
        {
            "tags": tags,
            "location": place.location,
            "kind": "Managed",
            "identity": {
                "type": "SystemAssigned",
                "principalId": guid(identity),
                "tenantId": place.subscription.tenant,
            },
        },
    )


def _deployment(
    place: Workspace,
    endpoint: str,
    name: str,
    created: float,
    size: str,
    instances: int,
    model: str,
    state: str | None = None,
    log: Sequence[str] = _SERVING,
) -> Resource:
    named, _, version = model.partition("/")
    probe = {
        "failureThreshold": 30,
        "successThreshold": 1,
        "timeout": "PT2S",
        "period": "PT10S",
        "initialDelay": "PT10S",
    }
    properties: dict[str, Any] = {
        "description": None,
        "properties": {},
        "codeConfiguration": {"codeId": None, "scoringScript": "score.py"},
        "environmentId": f"{place.id}/environments/sklearn-1.5/versions/33",
        "environmentVariables": {},
        "scaleSettings": {"scaleType": "Default"},
        "requestSettings": {
            "maxQueueWait": "PT0S",
            "requestTimeout": "PT5S",
            "maxConcurrentRequestsPerInstance": 1,
        },
        "modelMountPath": None,
        "appInsightsEnabled": False,
        "livenessProbe": probe,
        "readinessProbe": probe,
        "instanceType": size,
        "model": f"{place.id}/models/{named}/versions/{version}",
        "egressPublicNetworkAccess": "Enabled",
        "dataCollector": None,
        "endpointComputeType": "Managed",
    }
    return Resource(
        f"{place.id}/onlineEndpoints/{endpoint}/deployments/{name}",
        created,
        _OWNER,
        properties,
        {
            "tags": {},
            "location": place.location,
            "kind": "Managed",
            "sku": {"name": "Default", "tier": "Standard", "capacity": instances},
        },
        kept={"state": state, "log": list(log)},
    )
