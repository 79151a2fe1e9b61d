"""All files of a run: its logs, and what it leaves in outputs."""

from __future__ import annotations

import json

from amltui.emulator.blobs import contents
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


def run_files(record: JobRecord, metrics: RunMetrics, now: float) -> dict[str, LogFile]:
    return log_files(record, now) | outputs(record, metrics, now)


def outputs(record: JobRecord, metrics: RunMetrics, now: float) -> dict[str, LogFile]:
    """What a completed training job has saved."""
    ended = timeline.ended_at(record, now)
    if ended is None or timeline.status_at(record, now) != "Completed" or not record.script:
        return {}
    last = {name: metrics.last_value(name) for name in metrics.names()}
    values = {name: number(value) for name, value in last.items() if value is not None}
    files = {
        "outputs/metrics.json": json.dumps(values, indent=1).encode(),
        "outputs/model/MLmodel": f"run_id: {record.name}\nflavors: {{}}\n".encode(),
        "outputs/model/model.pkl": bytes(range(256)) * (16 + record.seed % 64),
    }
    return {path: LogFile(head=[(ended, content)]) for path, content in files.items()}


def named_outputs(record: JobRecord, now: float) -> dict[str, LogFile]:
    """What a completed job has written where its outputs say, unless the client chose the place."""
    ended = timeline.ended_at(record, now)
    if ended is None or timeline.status_at(record, now) != "Completed":
        return {}
    files = {}
    for name, asked in record.outputs.items():
        told = asked if isinstance(asked, dict) else {}
        if told.get("uri"):
            continue
        kind = str(told.get("jobOutputType") or "uri_folder")
        for path, data in _made(kind, name).items():
            files[f"{name}/{path or name}"] = LogFile(head=[(ended, data)])
    return files


def _made(kind: str, name: str) -> contents.Files:
    if kind.endswith("_model"):
        return contents.model(kind, name, "1")
    return contents.data(kind, name)


def modified(record: JobRecord, now: float) -> float:
    """When the newest byte of a run's files was written, to the second."""
    ended = timeline.ended_at(record, now)
    if ended is None and record.stalls_at is not None:
        ran = min(record.stalls_at, timeline.running_seconds(record, now))
        return float(int(timeline.moment(record, ran)))
    return float(int(ended if ended is not None else now))
