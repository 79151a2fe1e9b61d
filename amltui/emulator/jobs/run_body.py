"""A job as run history shows it."""

from __future__ import annotations

from typing import Any

from amltui.emulator.jobs import arm_body, job_services, timeline
from amltui.emulator.jobs.failures import failure_of
from amltui.emulator.jobs.place import Place, person_id, run_uuid
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.wiretime import iso, timespan

_RUN_TYPES = {
    "Command": "commandjob",
    "Sweep": "hyperdrive",
    "Pipeline": "azureml.PipelineRun",
    "AutoML": "automl",
    "Spark": "spark",
}

_SOURCES = {"Sweep": "hyperdrive", "Pipeline": "azureml.PipelineRun", "AutoML": "automl"}
_ORCHESTRATORS = {"Sweep": "HyperDrive", "Pipeline": "PipelineRun", "AutoML": "AutoML"}


def run(record: JobRecord, now: float, place: Place) -> dict[str, Any]:
    """A Run."""
    workspace = record.workspace
    started, ended = timeline.started_at(record, now), timeline.ended_at(record, now)
    root = root_of(record)
    return {
        "runNumber": int(record.created),
        "rootRunId": root,
        "createdUtc": iso(record.created),
        "createdBy": person(record.created_by, place),
        "userId": person_id(record.created_by),
        "token": None,
        "tokenExpiryTimeUtc": None,
        "error": error(record, now, place),
        "warnings": None,
        "revision": 1 + sum(each.start <= now for each in timeline.phases(record)),
        "statusRevision": sum(each.start <= now for each in timeline.phases(record)),
        "runUuid": run_uuid(workspace, record.name),
        "parentRunUuid": run_uuid(workspace, record.parent) if record.parent else None,
        "rootRunUuid": run_uuid(workspace, root),
        "lastStartTimeUtc": None,
        "currentComputeTime": "00:00:00" if ended is None and started is not None else None,
        "computeDuration": timespan(None if started is None else (ended or now) - started),
        "effectiveStartTimeUtc": None,
        "lastModifiedBy": person(record.created_by, place),
        "lastModifiedUtc": iso(_modified(record, now)),
        "duration": timespan(None if ended is None else ended - record.created),
        "cancelationReason": _canceled(record, now),
        "currentAttemptId": 1,
        "runId": record.name,
        "parentRunId": record.parent,
        "experimentId": place.experiment_id(record.experiment),
        "status": timeline.status_at(record, now),
        "startTimeUtc": iso(started),
        "endTimeUtc": iso(ended),
        "scheduleId": record.schedule,
        "displayName": record.display_name,
        "name": record.step,
        "dataContainerId": f"dcid.{record.name}",
        "description": record.description,
        "hidden": record.is_archived,
        "runType": run_type(record),
        "runTypeV2": _type_v2(record),
        "properties": properties(record),
        "parameters": record.parameters,
        "actionUris": {},
        "scriptName": None,
        "target": target_of(record),
        "uniqueChildRunComputeTargets": [],
        "tags": arm_body.tags(record, now) or {},
        "settings": {},
        "services": job_services.of_run(record, now),
        "inputDatasets": [],
        "outputDatasets": [],
        "runDefinition": None,
        "jobSpecification": None,
        "primaryMetricName": primary_metric(record),
        "createdFrom": None,
        "cancelUri": None,
        "completeUri": None,
        "diagnosticsUri": None,
        "computeRequest": {"nodeCount": record.nodes, "gpuCount": record.gpus},
        "compute": {
            "target": target_of(record),
            "targetType": "local" if record.is_tracked else "amlcompute",
            "vmSize": None,
            "instanceType": None,
            "instanceCount": record.nodes,
            "gpuCount": record.gpus,
            "priority": None,
            "region": place.location,
            "armId": place.compute(record.compute),
            "properties": None,
        },
        "retainForLifetimeOfWorkspace": None,
        "queueingInfo": _queueing(record, now),
        "inputs": None,
        "outputs": _outputs(record, now, place),
    }


def root_of(record: JobRecord) -> str:
    """The job without a parent that it belongs to."""
    return record.root or record.parent or record.name


def run_type(record: JobRecord) -> str:
    if record.step and record.type == "Command":
        return "azureml.StepRun"
    if record.is_tracked:
        return str(record.specification.get("runType") or "azureml.scriptrun")
    return _RUN_TYPES.get(record.type, "commandjob")


def _type_v2(record: JobRecord) -> dict[str, Any]:
    return {
        "orchestrator": _ORCHESTRATORS.get(record.type, "Execution"),
        "traits": ["mlflow"] if record.is_tracked else ["scriptRun", "remote", "CommonRuntime"],
        "attribution": "Aether" if record.step else None,
        "computeType": None if record.is_tracked else "AmlcTrain",
    }


def run_type_v2(record: JobRecord, name: str) -> str | None:
    """What `RunTypeV2/Orchestrator` and `RunTypeV2/Traits/x` say in a filter."""
    told = _type_v2(record)
    head, slash, trait = name.partition("/")
    if head.lower() == "traits":
        return trait if slash and trait in told["traits"] else None
    return next((told[key] for key in told if key.lower() == head.lower()), None)


def target_of(record: JobRecord) -> str:
    return record.compute or ("local" if record.is_tracked else "serverless")


def primary_metric(record: JobRecord) -> str | None:
    objective = record.specification.get("objective") or {}
    return objective.get("primaryMetric") or record.properties.get("primary_metric")


def details(
    record: JobRecord, now: float, place: Place, log_files: dict[str, str]
) -> dict[str, Any]:
    """RunDetails: no display name, no experiment, and a creation time of another name."""
    body = run(record, now, place)
    seconds = timeline.running_seconds(record, now)
    kept = (
        "runId runUuid parentRunUuid rootRunUuid target status parentRunId dataContainerId "
        "startTimeUtc endTimeUtc error warnings tags properties parameters services "
        "inputDatasets outputDatasets computeDuration createdBy computeRequest compute "
        "primaryMetricName queueingInfo revision duration"
    )
    return {
        **{name: body[name] for name in kept.split()},
        "createdTimeUtc": body["createdUtc"],
        "logFiles": log_files,
        "jobCost": {
            "chargedCpuCoreSeconds": None,
            "chargedCpuMemoryMegabyteSeconds": None,
            "chargedGpuSeconds": round(seconds * record.gpus * record.nodes, 3),
            "chargedNodeUtilizationSeconds": None,
        },
        "runDefinition": definition(record, place),
        "jobSpecification": None,
    }


def properties(record: JobRecord) -> dict[str, str]:
    source = _SOURCES.get(record.type, "azureml.StepRun" if record.step else "azureml.scriptrun")
    more = {"azureml.runsource": "mlflow" if record.is_tracked else source}
    if record.step:
        more |= {"azureml.moduleName": record.step, "azureml.pipelinerunid": record.parent or ""}
    return {**more, **arm_body.properties(record)}


def person(name: str, place: Place) -> dict[str, Any]:
    return {
        "userObjectId": person_id(name),
        "userPuId": None,
        "userIdp": f"https://sts.windows.net/{place.tenant}/",
        "userAltSecId": None,
        "userIss": f"https://sts.windows.net/{place.tenant}/",
        "userTenantId": place.tenant,
        "userName": name,
        "upn": None,
    }


def error(record: JobRecord, now: float, place: Place) -> dict[str, Any] | None:
    """Why it failed: the service's own envelope inside the run."""
    if timeline.status_at(record, now) != "Failed":
        return None
    failure = failure_of(record)
    return {
        "error": {
            "code": "UserError",
            "severity": None,
            "message": failure.message,
            "messageFormat": "{Message}",
            "messageParameters": {"Message": failure.message},
            "referenceCode": None,
            "detailsUri": None,
            "target": None,
            "details": [],
            "innerError": {"code": failure.code, "innerError": None},
            "debugInfo": None,
            "additionalInfo": None,
        },
        "correlation": {"operation": run_uuid(record.workspace, record.name)[:8], "request": None},
        "environment": place.location,
        "location": place.location,
        "time": iso(timeline.ended_at(record, now)),
        "componentName": "CommonRuntime",
    }


def _modified(record: JobRecord, now: float) -> float:
    return max(each.start for each in timeline.phases(record) if each.start <= max(now, 0.0))


def _outputs(record: JobRecord, now: float, place: Place) -> dict[str, Any] | None:
    """The assets that a job's outputs have become."""
    if not record.outputs or timeline.status_at(record, now) != "Completed":
        return None
    home = f"azureml://locations/{place.location}{place.workspace}"
    return {
        name: {
            "assetId": f"{home}/{_asset(record, name)}",
            "type": "UriFolder",
        }
        for name in record.outputs
    }


def _asset(record: JobRecord, output: str) -> str:
    """What an output has become: an asset of the name that was asked for, or one without."""
    asked = dict(record.named_outputs()).get(output)
    if asked is None:
        return f"data/azureml_{record.name}_output_data_{output}/versions/1"
    segment = "models" if str(asked.get("jobOutputType")).lower().endswith("_model") else "data"
    return f"{segment}/{asked['assetName']}/versions/{asked.get('assetVersion') or 1}"


def _canceled(record: JobRecord, now: float) -> str | None:
    return record.reason if timeline.status_at(record, now) == "Canceled" else None


def _queueing(record: JobRecord, now: float) -> dict[str, Any] | None:
    if timeline.status_at(record, now) not in {"Queued", "Provisioning", "NotStarted"}:
        return None
    return {
        "code": "InsufficientQuota" if "quota" in (record.queueing or "") else "WaitingForNodes",
        "message": record.queueing or "Waiting for nodes to be allocated.",
        "lastRefreshTimestamp": iso(now),
    }


def definition(record: JobRecord, place: Place) -> dict[str, Any]:
    """In this corner of the service names are PascalCase and enums are numbers."""
    return {
        "JobType": record.type,
        "ComputeId": place.compute(record.compute),
        "DisplayName": record.display_name,
        "ExperimentName": place.experiment(record.experiment),
        "Command": record.command,
        "EnvironmentId": record.environment,
        "Properties": arm_body.properties(record),
        "Inputs": {
            name: {"JobInputType": 4, "Uri": _uri(value), "Mode": 0}
            for name, value in record.inputs.items()
        },
    }


def _uri(value: Any) -> Any:
    return value.get("uri", value.get("value")) if isinstance(value, dict) else value
