"""A job as MLflow's REST interface shows it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.experiments import Experiment
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


def start_of(record: JobRecord, now: float) -> float:
    """When it began: as its client says, when it first ran, or when it was made."""
    started = timeline.started_at(record, now) if record.started is None else record.started
    return record.created if started is None else started


def end_of(record: JobRecord, now: float) -> float | None:
    ended = timeline.ended_at(record, now)
    return ended if ended is None or record.ended is None else record.ended


def info(record: JobRecord, now: float, place: Place) -> dict[str, Any]:
    body = {
        "run_uuid": record.name,
        "run_id": record.name,
        "run_name": record.display_name or record.name,
        "experiment_id": place.experiment_id(record.experiment),
        "user_id": person_id(record.created_by),
        "status": status(record, now),
        "start_time": milliseconds(start_of(record, now)),
        "artifact_uri": artifact_uri(record, place),
        "lifecycle_stage": "deleted" if record.is_archived else "active",
    }
    if (ended := end_of(record, now)) is not None:
        body["end_time"] = milliseconds(ended)
    return body


def artifact_uri(record: JobRecord, place: Place) -> str:
    """Where azureml-mlflow finds the run's files."""
    return files_of(record.name, place.experiment(record.experiment), place)


def files_of(name: str, experiment: str, place: Place) -> str:
    """The files of what has this name, a run or a trace."""
    return (
        f"azureml://{place.host}/mlflow/v1.0{place.workspace}"
        f"/experiments/{experiment}/runs/{name}/artifacts"
    )


def run(record: JobRecord, now: float, place: Place, metrics: RunMetrics) -> dict[str, Any]:
    last = ((name, metrics.last(name)) for name in metrics.names())
    body: dict[str, Any] = {
        "info": info(record, now, place),
        "data": {
            "metrics": [metric(name, point) for name, point in last if point is not None],
            "params": pairs(record.parameters),
            "tags": pairs(tags(record)),
        },
    }
    models = record.models
    if record.datasets or models.get("inputs"):
        inputs = {"dataset_inputs": record.datasets, "model_inputs": models.get("inputs") or []}
        body["inputs"] = inputs
    if models.get("outputs"):
        body["outputs"] = {"model_outputs": models["outputs"]}
    return body


def tags(record: JobRecord) -> dict[str, str]:
    """The user's tags, and those MLflow expects of every run."""
    known = {
        "mlflow.user": record.created_by,
        "mlflow.runName": record.display_name or record.name,
        "mlflow.rootRunId": record.root or record.parent or record.name,
    }
    if record.parent:
        known["mlflow.parentRunId"] = record.parent
    if record.description:
        known["mlflow.note.content"] = record.description
    if record.models.get("history"):
        known["mlflow.log-model.history"] = json.dumps(record.models["history"])
    return known | {key: value or "" for key, value in (record.tags or {}).items()}


def experiment(held: Experiment) -> dict[str, Any]:
    return {
        "experiment_id": held.id,
        "name": held.shown,
        "artifact_location": "",
        "lifecycle_stage": "active" if held.archived is None else "deleted",
        "creation_time": milliseconds(held.created),
        "last_update_time": milliseconds(held.changed),
        "tags": pairs(held.tags),
    }


def pairs(values: Mapping[str, str | None]) -> list[dict[str, str]]:
    """As MLflow writes parameters and tags."""
    return [{"key": key, "value": value or ""} for key, value in values.items()]
