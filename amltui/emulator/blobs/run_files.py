"""All files of a run: its logs, and what it leaves in outputs."""

from __future__ import annotations

import json

from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.log_file import LogFile
from amltui.emulator.jobs.log_files import log_files
from amltui.emulator.jobs.metrics import RunMetrics
from amltui.emulator.jobs.mlflow_body import number
from amltui.emulator.jobs.record import JobRecord

CONTAINER = "azureml"


def blob_path(run: str, path: str) -> str:
    """Where a run's file lies in its storage account."""
    return f"{CONTAINER}/ExperimentRun/dcid.{run}/{path}"


def run_and_file(path: str) -> tuple[str, str] | None:
    """The run and its file, from a path in the storage account."""
    parts = path.split("/", 3)
    if len(parts) < 4 or parts[:2] != [CONTAINER, "ExperimentRun"]:
        return None
    return (parts[2].removeprefix("dcid."), parts[3]) if parts[2].startswith("dcid.") else None


def run_files(record: JobRecord, metrics: RunMetrics, now: float) -> dict[str, LogFile]:
    return log_files(record, now) | outputs(record, metrics, now)


def outputs(record: JobRecord, metrics: RunMetrics, now: float) -> dict[str, LogFile]:
    """What a completed training job has saved."""
    ended = timeline.ended_at(record, now)
    if ended is None or timeline.status_at(record, now) != "Completed" or not record.script:
        return {}
    last = {name: metrics.last(name) for name in metrics.names()}
    values = {name: number(point.value) for name, point in last.items() if point is not None}
    files = {
        "outputs/metrics.json": json.dumps(values, indent=1).encode(),
        "outputs/model/MLmodel": f"run_id: {record.name}\nflavors: {{}}\n".encode(),
        "outputs/model/model.pkl": bytes(range(256)) * (16 + record.seed % 64),
    }
    return {path: LogFile(head=[(ended, content)]) for path, content in files.items()}


def modified(record: JobRecord, now: float) -> float:
    """When the newest byte of a run's files was written, to the second."""
    ended = timeline.ended_at(record, now)
    return float(int(ended if ended is not None else now))
