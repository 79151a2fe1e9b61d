"""What can be opened of a job: its page, its tracking server, and what was asked for inside it."""

from __future__ import annotations

from typing import Any

from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.place import Place
from amltui.emulator.jobs.record import JobRecord

_PORTS = {"jupyterlab": 8888, "tensorboard": 6006, "vscode": 8704, "ssh": 22}
_SPELLED = {"jupyterlab": "JupyterLab", "tensorboard": "TensorBoard", "vscode": "VSCode"}


def of_job(record: JobRecord, now: float, place: Place) -> dict[str, Any] | None:
    """As ARM writes them; never a service that is null."""
    if not record.has_services:
        return None
    return {
        "Tracking": _service("Tracking", place.tracking),
        "Studio": _service("Studio", f"https://ml.azure.com/runs/{record.name}?wsid={place.short}"),
        **{name: _interactive(record, each, now) for name, each in asked(record).items()},
    }


def of_run(record: JobRecord, now: float) -> dict[str, Any]:
    """As run history writes them: only what runs inside the job."""
    return {
        name: {
            "type": kind_of(each),
            "port": port_of(each),
            "sslThumbprint": None,
            "endpoint": None,
            "proxyEndpoint": _endpoint(record, each, "<nodeIndex>"),
            "status": _status(record, now),
            "errorMessage": None,
            "enabled": True,
            "properties": each.get("properties") or {},
        }
        for name, each in asked(record).items()
    }


def instances(record: JobRecord, node: int, now: float) -> dict[str, Any]:
    """On one of its nodes."""
    if node >= record.nodes:
        return {}
    told = record.specification.get("instances") or {}
    return {
        name: {
            "type": kind_of(each),
            "port": port_of(each),
            "status": _status(record, now),
            "error": None,
            "endpoint": _endpoint(record, each, str(node)) if _is_up(record, now) else None,
            "properties": each.get("properties") or {},
        }
        for name, each in {**asked(record), **told.get(str(node), {})}.items()
    }


def asked(record: JobRecord) -> dict[str, dict[str, Any]]:
    return record.specification.get("services") or {}


def kind_of(service: dict[str, Any]) -> str:
    kind = str(service.get("jobServiceType") or service.get("type") or "Custom")
    return _SPELLED.get(kind.lower(), kind)


def port_of(service: dict[str, Any]) -> int | None:
    return service.get("port") or _PORTS.get(kind_of(service).lower())


def _interactive(record: JobRecord, service: dict[str, Any], now: float) -> dict[str, Any]:
    return {
        "jobServiceType": kind_of(service),
        "port": port_of(service),
        "endpoint": _endpoint(record, service, "<nodeIndex>") if _is_up(record, now) else None,
        "status": _status(record, now),
        "errorMessage": None,
        "properties": service.get("properties") or {},
        "nodes": service.get("nodes"),
    }


def _is_up(record: JobRecord, now: float) -> bool:
    return timeline.status_at(record, now) == "Running"


def _status(record: JobRecord, now: float) -> str:
    if _is_up(record, now):
        return "Running"
    return "Stopped" if timeline.is_terminal(record, now) else "Starting"


def _endpoint(record: JobRecord, service: dict[str, Any], node: str) -> str:
    kind = kind_of(service).lower()
    return f"https://{kind}-{record.name}-{node}.nodes.azureml.ms"


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
