"""A job as Azure Resource Manager shows it."""

from __future__ import annotations

import json
from typing import Any

from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.place import Place
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.wiretime import iso

TYPE = "Microsoft.MachineLearningServices/workspaces/jobs"


def job(record: JobRecord, now: float, place: Place) -> dict[str, Any]:
    """A pipeline's child has no properties here: run history must be asked."""
    body: dict[str, Any] = {
        "id": f"{place.workspace}/jobs/{record.name}",
        "name": record.name,
        "type": TYPE,
    }
    if record.step is None:
        body["properties"] = _properties(record, now, place)
    body["systemData"] = {
        "createdAt": iso(record.created),
        "createdBy": record.created_by,
        "createdByType": "User",
    }
    return body


def tags(record: JobRecord, now: float) -> dict[str, str | None] | None:
    """The user's tags, and what the service adds while nodes are held."""
    if record.tags is None or record.compute is None:
        return record.tags
    if timeline.status_at(record, now) not in timeline.ON_NODES:
        return record.tags
    running = record.nodes if timeline.status_at(record, now) == "Running" else 0
    state = {
        "AllocationState": "steady",
        "PreparingNodeCount": record.nodes - running,
        "RunningNodeCount": running,
        "CurrentNodeCount": record.nodes,
    }
    return {**record.tags, "_aml_system_ComputeTargetStatus": json.dumps(state)}


def properties(record: JobRecord) -> dict[str, str]:
    known = {
        "_azureml.ComputeTargetType": "amlctrain" if record.compute else "amlsk8s",
        "ProcessInfoFile": "azureml-logs/process_info.json",
        "ProcessStatusFile": "azureml-logs/process_status.json",
    }
    return known | {
        key: value for key, value in record.properties.items() if not key.startswith("demo.")
    }


def services(record: JobRecord, place: Place) -> dict[str, Any] | None:
    if not record.has_services:
        return None
    return {
        "Tracking": _service("Tracking", place.tracking),
        "Studio": _service("Studio", f"https://ml.azure.com/runs/{record.name}?wsid={place.short}"),
    }


def _service(kind: str, endpoint: str) -> dict[str, Any]:
    return {
        "jobServiceType": kind,
        "port": None,
        "endpoint": endpoint,
        "status": None,
        "errorMessage": None,
        "properties": None,
        "nodes": None,
    }


def _properties(record: JobRecord, now: float, place: Place) -> dict[str, Any]:
    common = {
        "description": record.description,
        "tags": tags(record, now),
        "properties": properties(record),
        "displayName": record.display_name,
        "status": timeline.status_at(record, now),
        "experimentName": record.experiment,
        "services": services(record, place),
        "computeId": place.compute(record.compute),
        "isArchived": record.is_archived,
        "identity": None,
        "componentId": None,
        "notificationSetting": None,
        "jobType": record.type,
        "inputs": _inputs(record),
        "outputs": record.outputs,
    }
    own = {"Sweep": _sweep, "Pipeline": _pipeline}.get(record.type, _command)
    return {**record.specification, **common, **own(record)}


def _command(record: JobRecord) -> dict[str, Any]:
    return {
        "codeId": record.specification.get("codeId"),
        "command": record.command or "python train.py",
        "environmentId": record.environment,
        "distribution": record.distribution,
        "limits": record.specification.get("limits"),
        "environmentVariables": record.specification.get("environmentVariables") or {},
        "parameters": {},
        "queueSettings": record.specification.get("queueSettings"),
        "resources": _resources(record),
    }


def _sweep(record: JobRecord) -> dict[str, Any]:
    return {
        "trial": {
            "command": record.command or "python train.py --lr ${{search_space.lr}}",
            "environmentId": record.environment,
            "codeId": None,
            "distribution": None,
            "environmentVariables": {},
            "resources": _resources(record),
            **(record.specification.get("trial") or {}),
        },
        "objective": record.specification.get("objective"),
        "searchSpace": record.specification.get("searchSpace")
        or {"lr": ["loguniform", [-10.4, -5.8]], "weight_decay": ["uniform", [0.0, 0.1]]},
        "samplingAlgorithm": record.specification.get("samplingAlgorithm")
        or {"samplingAlgorithmType": "Random", "rule": "Random", "seed": None},
        "earlyTermination": record.specification.get("earlyTermination"),
        "limits": record.specification.get("limits"),
    }


def _pipeline(record: JobRecord) -> dict[str, Any]:
    return {
        "jobs": record.specification.get("jobs") or {},
        "settings": record.specification.get("settings") or {},
        "sourceJobId": None,
    }


def _resources(record: JobRecord) -> dict[str, Any]:
    return {
        "instanceCount": record.nodes,
        "instanceType": None,
        "properties": {},
        "shmSize": "2g",
        "dockerArgs": None,
        **(record.specification.get("resources") or {}),
    }


def _inputs(record: JobRecord) -> dict[str, Any]:
    return {
        name: value
        if isinstance(value, dict)
        else {
            "description": None,
            "uri": value,
            "mode": "ReadOnlyMount",
            "jobInputType": "uri_folder",
        }
        for name, value in record.inputs.items()
    }
