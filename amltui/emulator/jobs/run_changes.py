"""What clients can change of a run through run history, and the runs they begin there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from amltui.emulator.jobs import timeline, wiretime
from amltui.emulator.jobs.record import JobRecord

_TEXTS = ("displayName", "description", "status", "runType", "target", "parentRunId")
_OBJECTS = ("tags", "properties", "parameters", "services")
STATUSES = (
    timeline.TERMINAL
    | timeline.WAITING
    | timeline.ON_NODES
    | {
        "CancelRequested",
        "Pausing",
        "Unapproved",
    }
)
EVENTS = {"Start": "Running", "End": "Completed", "Cancelled": "Canceled"}
"""Words of events that are not the status itself."""


class BadChange(Exception):
    """What was put cannot be taken; the message says why."""


def check(asked: Any) -> Mapping[str, Any]:
    """The members of a CreateRun, each of its kind."""
    if not isinstance(asked, Mapping):
        raise BadChange("The request's body must be an object.")
    for name in _TEXTS:
        if not isinstance(asked.get(name), (str, type(None))):
            raise BadChange(f"The field {name} must be a string.")
    for name in _OBJECTS:
        if not isinstance(asked.get(name), (Mapping, type(None))):
            raise BadChange(f"The field {name} must be an object.")
    for name in ("tags", "properties"):
        values = (asked.get(name) or {}).values()
        if not all(isinstance(each, (str, int, float, type(None))) for each in values):
            raise BadChange(f"The field {name} must hold strings.")
    if (status := asked.get("status")) is not None and status not in STATUSES:
        raise BadChange(f"'{status}' is not a status of a run.")
    return asked


def changed(record: JobRecord, asked: Mapping[str, Any], now: float) -> JobRecord:
    """Tags and properties are merged; `hidden` archives; a status holds from now on."""
    hidden = asked.get("hidden")
    record = replace(
        record,
        display_name=_given(asked, "displayName", record.display_name),
        description=_given(asked, "description", record.description),
        tags={**(record.tags or {}), **_texts(asked.get("tags"))},
        properties={**record.properties, **_filled(asked.get("properties"))},
        parameters={**record.parameters, **_filled(asked.get("parameters"))},
        is_archived=record.is_archived if hidden is None else bool(hidden),
    )
    if (status := asked.get("status")) is not None:
        record = moved(record, str(status), _moment(asked, "endTimeUtc", now), now)
    return record


def begun(
    name: str, workspace: str, experiment: str, asked: Mapping[str, Any], now: float, who: str
) -> JobRecord:
    """A run that a client tells of: it goes where the client says."""
    status = str(asked.get("status") or "NotStarted")
    record = JobRecord(
        name=name,
        workspace=workspace.lower(),
        created=now,
        display_name=asked.get("displayName") or name,
        experiment=experiment,
        compute=None,
        created_by=who,
        parent=asked.get("parentRunId") or None,
        timeline=((status, 0.0),),
        specification={"runType": asked.get("runType")},
        started=_moment(asked, "startTimeUtc", now) if asked.get("startTimeUtc") else None,
        is_tracked=True,
    )
    return changed(record, {**asked, "status": None}, now)


def moved(record: JobRecord, status: str, at: float, now: float) -> JobRecord:
    """In another status from a moment on, which cannot lie before what it already was."""
    if status == timeline.status_at(record, now):
        return record
    done = [mark for mark in record.timeline if record.created + mark[1] <= now]
    after = max([0.0, *(offset for _, offset in done)])
    at = min(now, max(record.created + after, at))
    return replace(
        record, timeline=(*done, (status, at - record.created)), cancel_requested_at=None
    )


def by_event(record: JobRecord, name: str, data: Any, now: float) -> JobRecord:
    """After `Microsoft.MachineLearning.Run.Completed` and such; other events change nothing."""
    word = name.rpartition(".")[2]
    status = EVENTS.get(word, word)
    if status not in STATUSES:
        return record
    told = data if isinstance(data, Mapping) else {}
    reason = told.get("message") or told.get("Message")
    if status == "Failed" and reason:
        record = replace(record, failure="raised", reason=str(reason))
    return moved(record, status, now, now)


def _given(asked: Mapping[str, Any], name: str, usual: str | None) -> str | None:
    value = asked.get(name)
    return usual if value is None else str(value)


def _texts(values: Mapping[str, Any] | None) -> dict[str, str | None]:
    """Tags keep a null; whatever else is there becomes text."""
    return {
        str(key): None if value is None else str(value) for key, value in (values or {}).items()
    }


def _filled(values: Mapping[str, Any] | None) -> dict[str, str]:
    return {key: value or "" for key, value in _texts(values).items()}


def _moment(asked: Mapping[str, Any], name: str, usual: float) -> float:
    text = asked.get(name)
    if not text:
        return usual
    try:
        return wiretime.parse(str(text))
    except ValueError as error:
        raise BadChange(f"The field {name} must be a time.") from error
