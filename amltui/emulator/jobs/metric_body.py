"""Metrics as metric/v2.0 writes them."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from amltui.emulator.jobs.mlflow_body import number
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.series import Point
from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.jobs.written import WrittenTable

SCALAR = "azureml.v1.scalar"


def definition(
    name: str, columns: dict[str, str], kind: str, namespace: str = ""
) -> dict[str, Any]:
    """What a list says of a metric."""
    return {
        "metricKey": {
            "namespace": namespace,
            "name": name,
            "labels": [],
            "columnNames": list(columns),
        },
        "columns": columns,
        "properties": {"uxMetricType": kind},
    }


def series(record: JobRecord, name: str, points: list[Point]) -> dict[str, Any]:
    """A series of numbers: its one column is called as the metric is."""
    rows = [(each.step, each.time, {name: number(each.value)}) for each in points]
    return _metric(record, name, {name: "Double"}, SCALAR, rows)


def table(
    record: JobRecord, name: str, held: WrittenTable, start: int, stop: int
) -> dict[str, Any]:
    """Rows of any columns."""
    return _metric(record, name, held.columns, held.kind, held.rows[start:stop])


def _metric(
    record: JobRecord,
    name: str,
    columns: dict[str, str],
    kind: str,
    rows: list[tuple[int, float, dict[str, Any]]],
) -> dict[str, Any]:
    metric_id = str(uuid5(NAMESPACE_URL, f"{record.workspace}/{record.name}/{name}"))
    return {
        "dataContainerId": f"dcid.{record.name}",
        "name": name,
        "columns": columns,
        "properties": {"uxMetricType": kind},
        "namespace": None,
        "standardSchemaId": None,
        "value": [
            {"metricId": metric_id, "createdUtc": iso(at), "step": step, "data": data}
            for step, at, data in rows
        ],
    }
