"""MLflow's searches over runs: what a comparison and an order look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from amltui.emulator.jobs import mlflow_body, timeline
from amltui.emulator.jobs.metrics import RunMetrics
from amltui.emulator.jobs.mlflow_clauses import BadSearch, Clause
from amltui.emulator.jobs.narrowing import Narrowing
from amltui.emulator.jobs.place import person_id
from amltui.emulator.jobs.record import JobRecord

_START = {"starttime", "created"}
_PARENT = "mlflow.parentRunId"


@dataclass(frozen=True)
class Reader:
    """Reads what searches ask for from runs, at one moment."""

    metrics: Callable[[JobRecord], RunMetrics]
    now: float
    has_attributes: bool = True
    """Whether attributes can be searched: two editions of Microsoft's page disagree."""

    def passes(self, clauses: list[Clause], record: JobRecord) -> bool:
        return all(each.holds(self.value(record, each.kind, each.name)) for each in clauses)

    def value(self, record: JobRecord, kind: str, name: str) -> Any:
        """What a comparison or an order looks at."""
        match kind:
            case "metric":
                return self.metrics(record).last_value(name)
            case "param":
                return record.parameters.get(name)
            case "tag":
                return mlflow_body.tags(record).get(name)
            case "dataset":
                held = (each.get("dataset") or {} for each in record.datasets)
                return next((each.get(name) for each in held if name in each), None)
        return _attribute(name, record, self.now)


def check(clauses: list[Clause], *, has_attributes: bool) -> None:
    """Raise BadSearch for what cannot be asked."""
    for each in clauses:
        if each.kind != "attribute":
            continue
        key = _key(each.name)
        if key not in _ATTRIBUTES:
            raise BadSearch(f"Invalid attribute key '{each.name}' specified.")
        if not has_attributes and key not in {"runid", "runname"}:
            raise BadSearch(
                f"Invalid attribute key '{each.name}': filtering by attributes is not supported."
            )


def narrowing(clauses: list[Clause]) -> Narrowing:
    """Where the runs can be that pass all of these."""
    return reduce(lambda one, two: one & two, map(_narrowing, clauses), Narrowing())


def natural(orders: list[tuple[str, str, bool]]) -> bool | None:
    """Whether an order is by creation: True newest first, False oldest first, None another."""
    if not orders:
        return True
    kind, name, descending = orders[0]
    return descending if kind == "attribute" and _key(name) in _START else None


def _narrowing(clause: Clause) -> Narrowing:
    key = _key(clause.name)
    match clause.kind, key, clause.word:
        case "tag", _, "=" if clause.name == _PARENT:
            return Narrowing(parents=frozenset({clause.wanted}))
        case "attribute", "runid", "=":
            return Narrowing(names=frozenset({clause.wanted}))
        case "attribute", "runid", "IN":
            return Narrowing(names=frozenset(clause.options))
        case "attribute", "status", "=" if clause.wanted in {"RUNNING", "SCHEDULED"}:
            return Narrowing(is_alive=True)
    return Narrowing()


_ATTRIBUTES = frozenset(
    {"status", "runid", "runname", "starttime", "created", "endtime", "duration", "userid"}
)


def _key(name: str) -> str:
    return name.lower().replace("_", "").replace(" ", "")


def _attribute(name: str, record: JobRecord, now: float) -> Any:
    match _key(name):
        case "status":
            return mlflow_body.status(record, now)
        case "runid":
            return record.name
        case "runname":
            return record.display_name or record.name
        case "starttime":
            return mlflow_body.milliseconds(mlflow_body.start_of(record, now))
        case "created":
            return mlflow_body.milliseconds(record.created)
        case "endtime":
            return mlflow_body.milliseconds(mlflow_body.end_of(record, now))
        case "duration":
            ended, started = timeline.ended_at(record, now), timeline.started_at(record, now)
            return None if ended is None or started is None else (ended - started) * 1000
        case "userid":
            return person_id(record.created_by)
    raise BadSearch(f"Invalid attribute key '{name}' specified.")
