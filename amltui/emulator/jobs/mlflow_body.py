"""A job as MLflow's REST interface shows it."""

from __future__ import annotations

import math
from typing import Any

from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.metrics import RunMetrics
from amltui.emulator.jobs.place import Place, person_id
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.series import Point

_STATUSES = {
    "Running": "RUNNING",
    "Finalizing": "RUNNING",
    "NotResponding": "RUNNING",
    "CancelRequested": "RUNNING",
    "Completed": "FINISHED",
    "Failed": "FAILED",
    "Canceled": "KILLED",
}


def status(record: JobRecord, now: float) -> str:
    return _STATUSES.get(timeline.status_at(record, now), "SCHEDULED")


def milliseconds(at: float | None) -> int | None:
    return None if at is None else round(at * 1000)


def number(value: float) -> float | str:
    """JSON has no NaN: it travels as a string."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def metric(name: str, point: Point) -> dict[str, Any]:
    return {
        "key": name,
        "value": number(point.value),
        "timestamp": milliseconds(point.time),
        "step": point.step,
    }


def info(record: JobRecord, now: float, place: Place) -> dict[str, Any]:
    started = timeline.started_at(record, now)
    body = {
        "run_uuid": record.name,
        "run_id": record.name,
        "run_name": record.display_name or record.name,
        "experiment_id": place.experiment_id(record.experiment),
        "user_id": person_id(record.created_by),
        "status": status(record, now),
        "start_time": milliseconds(started if started is not None else record.created),
        "artifact_uri": f"azureml://{place.host}/mlflow/v1.0{place.workspace}"
        f"/experiments/{record.experiment}/runs/{record.name}/artifacts",
        "lifecycle_stage": "deleted" if record.is_archived else "active",
    }
    if (ended := timeline.ended_at(record, now)) is not None:
        body["end_time"] = milliseconds(ended)
    return body


def run(record: JobRecord, now: float, place: Place, metrics: RunMetrics) -> dict[str, Any]:
    last = ((name, metrics.last(name)) for name in metrics.names())
    return {
        "info": info(record, now, place),
        "data": {
            "metrics": [metric(name, point) for name, point in last if point is not None],
            "params": [{"key": key, "value": value} for key, value in record.parameters.items()],
            "tags": [{"key": key, "value": value} for key, value in tags(record).items()],
        },
    }


def tags(record: JobRecord) -> dict[str, str]:
    """The user's tags, and those MLflow expects of every run."""
    known = {
        "mlflow.user": record.created_by,
        "mlflow.runName": record.display_name or record.name,
        "mlflow.rootRunId": record.parent or record.name,
    }
    if record.parent:
        known["mlflow.parentRunId"] = record.parent
    return known | {key: value or "" for key, value in (record.tags or {}).items()}


def experiment(name: str, created: float, place: Place) -> dict[str, Any]:
    return {
        "experiment_id": place.experiment_id(name),
        "name": name,
        "artifact_location": "",
        "lifecycle_stage": "active",
        "creation_time": milliseconds(created),
        "last_update_time": milliseconds(created),
        "tags": [],
    }
