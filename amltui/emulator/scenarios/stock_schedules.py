"""The schedules that the scenarios begin with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amltui.emulator.places import Workspace
from amltui.emulator.resources import Resource

DAY = 86_400.0
OWNER = "nightly-build"
_NIGHTLY = {
    "calm-ws": ("nightly-check", "cpu-cluster", "demand", "python check.py --since yesterday"),
    "vision-prod": ("nightly-export", "cpu-d13", "img-cls", "python export.py --format onnx"),
    "nlp-dev": ("nightly-eval", "nlp-cpu", "nlp-eval", "python eval.py --suite all"),
    "risk-prod": ("nightly-scoring", "risk-cpu", "scoring", "python score.py --portfolio all"),
    "contoso-dev": ("nightly-churn", "cpu-cluster", "churn", "python churn.py --refresh"),
}
"""Of a workspace: the schedule's name, its compute, its experiment and its command."""
AGES = {"calm-ws": 6 * DAY}
USUAL_AGE = 3600.0
"""Seconds since they were made: most are new, and have not run yet."""


def schedules(place: Workspace, epoch: float) -> Iterator[Resource]:
    """One that runs every night, and one that is switched off."""
    told = _NIGHTLY.get(place.name)
    if told is None:
        return
    name, compute, experiment, command = told
    every_night = {"triggerType": "Cron", "expression": "30 2 * * *"}
    job = _command(place, compute, experiment, command)
    yield _schedule(
        place, name, epoch - AGES.get(place.name, USUAL_AGE), every_night, job, is_enabled=True
    )
    weekly = {
        "triggerType": "Recurrence",
        "frequency": "Week",
        "interval": 1,
        "schedule": {"hours": [6], "minutes": [0], "weekDays": ["Monday"], "monthDays": None},
    }
    retrain = _command(place, compute, experiment, "python train.py --full")
    yield _schedule(place, "weekly-retrain", epoch - 90 * DAY, weekly, retrain, is_enabled=False)


def _schedule(
    place: Workspace,
    name: str,
    created: float,
    trigger: dict[str, Any],
    job: dict[str, Any],
    *,
    is_enabled: bool,
) -> Resource:
    times = {"startTime": None, "endTime": None, "timeZone": "UTC"}
    return Resource(
        f"{place.id}/schedules/{name}",
        created,
        OWNER,
        {
            "description": None,
            "tags": {},
            "properties": {},
            "displayName": name,
            "isEnabled": is_enabled,
            "trigger": {**times, **trigger},
            "action": {"actionType": "CreateJob", "jobDefinition": {**job, "displayName": name}},
        },
    )


def _command(place: Workspace, compute: str, experiment: str, command: str) -> dict[str, Any]:
    environment = "azureml://registries/azureml/environments/sklearn-1.5/versions/33"
    return {
        "description": None,
        "tags": {},
        "properties": {},
        "status": "NotStarted",
        "experimentName": experiment,
        "services": None,
        "computeId": f"{place.id}/computes/{compute}",
        "isArchived": False,
        "identity": None,
        "componentId": None,
        "notificationSetting": None,
        "jobType": "Command",
        "command": command,
        "codeId": None,
        "environmentId": environment,
        "environmentVariables": {},
        "inputs": {},
        "outputs": {},
        "distribution": None,
        "limits": None,
        "queueSettings": None,
        "resources": {"instanceCount": 1, "instanceType": None, "properties": {}},
        "parameters": {},
    }
