"""A job as Azure Resource Manager shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from amltui.emulator.jobs import job_services, timeline
from amltui.emulator.jobs.place import Place
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.wiretime import iso

BEST = "best_child_run_id"
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


def asked_of(record: JobRecord, place: Place) -> dict[str, Any]:
    """What a client would put to have the same job again."""
    own = _OWN.get(record.type, _command)
    return {
        **own(record, place),
        "jobType": record.type,
        "displayName": record.display_name,
        "experimentName": place.experiment(record.experiment),
        "computeId": place.compute(record.compute),
        "inputs": {name: _input(value) for name, value in record.inputs.items()},
        "outputs": record.outputs,
        "tags": record.tags,
    }


def tags(record: JobRecord, now: float) -> dict[str, str | None] | None:
    """The user's tags, and what the service adds while nodes are held, and in the end."""
    if record.tags is None:
        return None
    if record.tags_at_end and timeline.is_over(record, now):
        return {**record.tags, **record.tags_at_end}
    if record.compute is None or timeline.status_at(record, now) not in timeline.ON_NODES:
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
    if record.schedule is not None:
        known["azureml.scheduleId"] = record.schedule
    return known | {
        key: value for key, value in record.properties.items() if not key.startswith("demo.")
    }


def _best(record: JobRecord, now: float) -> dict[str, str]:
    """The child of an ended sweep that azure-ai-ml downloads in its place."""
    best = record.tags_at_end.get(BEST)
    return {BEST: best} if best is not None and timeline.is_over(record, now) else {}


def _properties(record: JobRecord, now: float, place: Place) -> dict[str, Any]:
    common = {
        "description": record.description,
        "tags": tags(record, now),
        "properties": {**properties(record), **_best(record, now)},
        "displayName": record.display_name,
        "status": timeline.status_at(record, now),
        "experimentName": place.experiment(record.experiment),
        "services": job_services.of_job(record, now, place),
        "computeId": place.compute(record.compute),
        "isArchived": record.is_archived,
        "identity": record.specification.get("identity"),
        "componentId": record.specification.get("componentId"),
        "notificationSetting": record.specification.get("notificationSetting"),
        "jobType": record.type,
        "inputs": {name: _input(value) for name, value in record.inputs.items()},
        "outputs": {name: output_body(record, name, each) for name, each in record.outputs.items()},
    }
    own = _OWN.get(record.type, _command)
    kept = {name: value for name, value in record.specification.items() if name not in _HIDDEN}
    return {**kept, **common, **own(record, place)}


_HIDDEN = {"instances", "services"}


def _command(record: JobRecord, place: Place) -> dict[str, Any]:
    return {
        "codeId": record.specification.get("codeId"),
        "command": record.command or "python train.py",
        "environmentId": record.environment or f"{place.workspace}/environments/local/versions/1",
        "distribution": record.distribution,
        "limits": record.specification.get("limits"),
        "environmentVariables": record.specification.get("environmentVariables") or {},
        "parameters": {},
        "queueSettings": record.specification.get("queueSettings"),
        "resources": _resources(record),
    }


def _sweep(record: JobRecord, place: Place) -> dict[str, Any]:
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
        "queueSettings": record.specification.get("queueSettings"),
    }


def _pipeline(record: JobRecord, place: Place) -> dict[str, Any]:
    nodes = record.specification.get("jobs") or {}
    return {
        "jobs": {name: _node(name, each, record, place) for name, each in nodes.items()},
        "settings": record.specification.get("settings") or {},
        "sourceJobId": record.specification.get("sourceJobId"),
    }


def _node(name: str, node: Any, record: JobRecord, place: Place) -> Any:
    """A step has a component, if only one without a name."""
    if not isinstance(node, dict) or node.get("type") != "command":
        return node
    version = uuid5(NAMESPACE_URL, f"{record.workspace}/{record.name}/{name}")
    component = f"{place.workspace}/components/azureml_anonymous/versions/{version}"
    return {"componentId": component, **node}


def _automl(record: JobRecord, place: Place) -> dict[str, Any]:
    return {
        "environmentId": record.environment,
        "environmentVariables": record.specification.get("environmentVariables") or {},
        "taskDetails": record.specification.get("taskDetails"),
        "resources": _resources(record),
        "queueSettings": record.specification.get("queueSettings"),
    }


def _spark(record: JobRecord, place: Place) -> dict[str, Any]:
    kept = record.specification
    return {
        "codeId": kept.get("codeId"),
        "entry": kept.get("entry"),
        "args": kept.get("args"),
        "conf": kept.get("conf") or {},
        **{name: kept.get(name) or [] for name in ("archives", "files", "jars", "pyFiles")},
        "environmentId": record.environment,
        "environmentVariables": kept.get("environmentVariables") or {},
        "resources": kept.get("resources"),
        "queueSettings": kept.get("queueSettings"),
    }


_OWN: dict[str, Callable[[JobRecord, Place], dict[str, Any]]] = {
    "Sweep": _sweep,
    "Pipeline": _pipeline,
    "AutoML": _automl,
    "Spark": _spark,
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


def _input(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        value = {"uri": value, "mode": "ReadOnlyMount", "jobInputType": "uri_folder"}
    kind = "uri_folder" if "uri" in value else "literal"
    return {"description": None, **value, "jobInputType": value.get("jobInputType") or kind}


def output_body(record: JobRecord, name: str, value: Any) -> dict[str, Any]:
    """With the place it is written to, which the service chooses unless the client does."""
    asked = value if isinstance(value, dict) else {}
    usual = f"azureml://datastores/workspaceblobstore/paths/azureml/{record.name}/{name}/"
    return {
        "description": None,
        **asked,
        "uri": asked.get("uri") or usual,
        "mode": asked.get("mode") or "ReadWriteMount",
        "jobOutputType": asked.get("jobOutputType") or "uri_folder",
    }
