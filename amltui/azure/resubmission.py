"""What a job would have to be asked for to have it again."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from amltui.azure import loose

_READ_ONLY = ("status", "isArchived", "parameters")
_TOLD = ("Studio", "Tracking")
"""Services that every job has without asking."""
_GIT = ("azureml.git.", "mlflow.source.git.")
_SERVICE = ("_aml_system", "_azureml.", "azureml.", "mlflow.", "Process", "StatusDetails")
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}", re.ASCII)
_AGAIN = re.compile(r"-r\d{10}$")
MOST = 255
"""Characters of a job's name."""


def is_name(text: object) -> bool:
    """Whether a job may be called so."""
    return isinstance(text, str) and _NAME.fullmatch(text) is not None


def new_name(name: str, now: datetime) -> str:
    """Of the job and the second: `train-r1124194205`."""
    mark = f"-r{now:%m%d%H%M%S}"
    return _AGAIN.sub("", name)[: MOST - len(mark)] + mark


def document(resource: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Name and properties, as somebody would write them who wants the same job again.

    What only the service may write is left out, and where it put the outputs: another job's
    results would go there too.
    """
    name = loose.text(resource, "name") or ""
    kept = {
        member: value
        for member, value in loose.obj(resource, "properties").items()
        if value is not None and member not in _READ_ONLY
    }
    kept["services"] = _services(loose.obj(kept, "services"))
    kept["tags"] = {
        tag: value for tag, value in loose.obj(kept, "tags").items() if not tag.startswith(_SERVICE)
    }
    kept["properties"] = {
        key: value
        for key, value in loose.obj(kept, "properties").items()
        if key.startswith(_GIT) or not key.startswith(_SERVICE)
    }
    kept["outputs"] = {
        output: _elsewhere(told, name) for output, told in loose.obj(kept, "outputs").items()
    }
    return {"name": new_name(name, now), "properties": _filled(kept)}


def shared_outputs(properties: dict[str, Any]) -> list[str]:
    """Addresses that are written to by the job before too."""
    outputs = loose.obj(properties, "outputs").values()
    return [uri for told in outputs if (uri := loose.text(told, "uri")) is not None]


def _services(told: dict[str, Any]) -> dict[str, Any]:
    """The interactive ones, without where they were."""
    return {
        name: {
            member: value
            for member, value in service.items()
            if member in {"jobServiceType", "port", "properties", "nodes"}
        }
        for name, service in told.items()
        if name not in _TOLD and isinstance(service, dict)
    }


def _elsewhere(output: Any, name: str) -> Any:
    """An output without the folder that the service made for the job of that name."""
    if isinstance(output, dict) and f"dcid.{name}" in (loose.text(output, "uri") or ""):
        return {member: value for member, value in output.items() if member != "uri"}
    return output


def _filled(value: Any) -> Any:
    """Without members that are null or empty."""
    if not isinstance(value, dict):
        return value
    filled = {name: _filled(each) for name, each in value.items() if each is not None}
    return {name: each for name, each in filled.items() if each not in ({}, [])}
