"""The endpoints the scenarios begin with: some busy, one that nobody asks, one that is broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amltui.emulator.change import UPDATING, Change
from amltui.emulator.endpoints import batch, deployments, online
from amltui.emulator.places import Workspace
from amltui.emulator.resources import Resource

DAY = 86_400.0
_OWNER = "Paul Weber"
_ENVIRONMENT = "azureml://registries/azureml/environments/sklearn-1.5/versions/33"
_BROKEN = (
    "{time} E [95] azmlinfsrv - Traceback (most recent call last):",
    '  File "/var/azureml-app/score.py", line 18, in init',
    "    model = joblib.load(path)",
    "ModuleNotFoundError: No module named 'sklearn.ensemble._gb_losses'",
    "{time} I [95] gunicorn.error - Worker exiting (pid: 95)",
)
_CRASHED = "ResourceNotReady: user container has crashed or terminated: see its log."


def endpoints(place: Workspace, epoch: float) -> Iterator[Resource]:
    """Online endpoints with their deployments, and a batch endpoint."""
    if place.name == "risk-prod":
        yield from _risk(place, epoch)
    elif place.name not in {"edu-lab", "nlp-dev"}:
        name = f"{place.name[:20]}-ep"
        split = {"blue": 90, "green": 10}
        yield _endpoint(place, name, epoch - 21 * DAY, split, rpm=4.0, tags={"team": "growth"})
        for colour, age, model in (("blue", 20, "churn-xgb/2"), ("green", 2, "churn-xgb/3")):
            yield _deployment(place, name, colour, epoch - age * DAY, "Standard_DS3_v2", 1, model)
        yield from _batch(place, epoch - 30 * DAY)


def _risk(place: Workspace, epoch: float) -> Iterator[Resource]:
    size = "Standard_F4s_v2"
    split = {"blue": 90, "green": 10}
    yield _endpoint(place, "credit-ep", epoch - 60 * DAY, split, rpm=170.0, tags={"tier": "1"})
    yield _deployment(
        place, "credit-ep", "blue", epoch - 40 * DAY, size, 2, "credit-gbm/7", latency=26.0
    )
    yield _deployment(
        place, "credit-ep", "green", epoch - DAY, size, 1, "credit-gbm/8", is_broken=True
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
    rpm: float = 0.0,
) -> Resource:
    identity = f"{place.id}/onlineEndpoints/{name}"
    held = {"authMode": auth, "traffic": traffic}
    return Resource(
        identity,
        created,
        _OWNER,
        online.properties(held, {}, traffic),
        {
            "tags": tags,
            "location": place.location,
            "kind": "Managed",
            "identity": online.identity(None, identity, place.subscription.tenant),
        },
        kept={"rpm": rpm},
    )


def _deployment(
    place: Workspace,
    endpoint: str,
    name: str,
    created: float,
    size: str,
    instances: int,
    model: str,
    latency: float = 12.0,
    is_broken: bool = False,
) -> Resource:
    named, _, version = model.partition("/")
    asked: dict[str, Any] = {
        "endpointComputeType": "Managed",
        "codeConfiguration": {"codeId": None, "scoringScript": "score.py"},
        "environmentId": _ENVIRONMENT,
        "instanceType": size,
        "model": f"{place.id}/models/{named}/versions/{version}",
    }
    failure = {"at": "init", "error": _CRASHED, "lines": list(_BROKEN)} if is_broken else None
    return Resource(
        f"{place.id}/onlineEndpoints/{endpoint}/deployments/{name}",
        created,
        _OWNER,
        deployments.properties(asked),
        {
            "tags": {},
            "location": place.location,
            "kind": "Managed",
            "sku": deployments.sku({"capacity": instances}),
        },
        kept={"latency": latency, "started": created, "rollout": 400.0, "failure": failure},
        change=Change(UPDATING, created, 1800.0, _CRASHED) if is_broken else None,
    )


def _batch(place: Workspace, created: float) -> Iterator[Resource]:
    """Scores what a night has brought, on the workspace's first cluster."""
    identity = f"{place.id}/batchEndpoints/{place.name[:20]}-batch"
    cluster = {"vision-prod": "cpu-d13"}.get(place.name, "cpu-cluster")
    members = {"tags": {"schedule": "nightly"}, "location": place.location}
    defaults = {"authMode": "AADToken", "defaults": {"deploymentName": "nightly"}}
    yield Resource(
        identity,
        created,
        _OWNER,
        batch.endpoint(defaults, {}, ["nightly"]),
        {**members, "identity": {"type": "None", "principalId": online.NOBODY,
                                 "tenantId": online.NOBODY}},
    )  # fmt: skip
    asked = {
        "compute": f"{place.id}/computes/{cluster}",
        "model": {"referenceType": "Id", "assetId": f"{place.id}/models/churn-xgb/versions/3"},
        "environmentId": _ENVIRONMENT,
        "codeConfiguration": {"codeId": None, "scoringScript": "batch_score.py"},
        "miniBatchSize": 10,
        "resources": {"instanceCount": 2},
    }
    yield Resource(
        f"{identity}/deployments/nightly", created + 600, _OWNER, batch.deployment(asked), members
    )
