"""MLflow's search filters: comparisons joined by AND."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from amltui.emulator.jobs import mlflow_body, timeline
from amltui.emulator.jobs.metrics import RunMetrics
from amltui.emulator.jobs.place import person_id
from amltui.emulator.jobs.record import JobRecord

_COMPARISON = re.compile(
    r"""\s*(?:(?P<kind>metrics?|params?|parameters?|tags?|attributes?|attr|run)\s*\.\s*)?
        (?:`(?P<ticked>[^`]+)`|"(?P<quoted>[^"]+)"|(?P<plain>[\w./\-]+))
        \s*(?P<compare>!=|>=|<=|=|>|<|LIKE|ILIKE|IN|NOT\s+IN)\s*
        (?P<value>'(?:[^']|'')*'|"[^"]*"|\([^)]*\)|[^\s]+)\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}

Test = Callable[[JobRecord, RunMetrics, float], bool]


class BadSearch(Exception):
    """MLflow's INVALID_PARAMETER_VALUE, in words."""


def parse(text: str | None) -> Test:
    """A test of runs; an empty filter lets everything through."""
    tests: list[Test] = []
    rest = (text or "").strip()
    while rest:
        match = _COMPARISON.match(rest)
        if match is None:
            raise BadSearch(f"Invalid clause(s) in filter string: '{rest}'")
        tests.append(_test(match))
        rest = rest[match.end() :]
        if rest:
            if not re.match(r"and\s", rest, re.IGNORECASE):
                raise BadSearch(f"Invalid clause(s) in filter string: '{rest}'")
            rest = rest[4:]
    return lambda record, metrics, now: all(each(record, metrics, now) for each in tests)


def value_of(kind: str, name: str, record: JobRecord, metrics: RunMetrics, now: float) -> Any:
    """What a comparison or an order looks at."""
    if kind.startswith("metric"):
        point = metrics.last(name) if name in metrics.names() else None
        return None if point is None else point.value
    if kind.startswith("param"):
        return record.parameters.get(name)
    if kind.startswith("tag"):
        return mlflow_body.tags(record).get(name)
    return _attribute(name, record, now)


def order_key(
    clause: str, metrics: Callable[[JobRecord], RunMetrics], now: float
) -> tuple[Callable[[JobRecord], Any], bool]:
    """The key of `metrics.loss DESC`, and whether it is descending."""
    words = clause.strip().rsplit(None, 1)
    direction = words[-1].upper() if len(words) > 1 else ""
    field = words[0] if direction in {"ASC", "DESC"} else clause.strip()
    kind, dot, name = field.partition(".")
    kind, name = (kind, name.strip('`"')) if dot else ("attributes", kind)

    def key(record: JobRecord) -> Any:
        value = value_of(kind, name, record, metrics(record), now)
        return (value is not None, value if value is not None else 0)

    return key, direction == "DESC"


def _attribute(name: str, record: JobRecord, now: float) -> Any:
    match name.lower().replace("_", "").replace(" ", ""):
        case "status":
            return mlflow_body.status(record, now)
        case "runid":
            return record.name
        case "runname":
            return record.display_name or record.name
        case "starttime" | "created":
            return mlflow_body.milliseconds(record.created)
        case "endtime":
            ended = timeline.ended_at(record, now)
            return mlflow_body.milliseconds(ended)
        case "userid":
            return person_id(record.created_by)
    raise BadSearch(f"Invalid attribute key '{name}' specified.")


def _test(match: re.Match[str]) -> Test:
    kind = (match["kind"] or "attributes").lower()
    name = match["ticked"] or match["quoted"] or match["plain"]
    words = " ".join(match["compare"].upper().split())
    text = match["value"]
    wanted = text[1:-1].replace("''", "'") if text[0] in "'\"" else text

    def test(record: JobRecord, metrics: RunMetrics, now: float) -> bool:
        value = value_of(kind, name, record, metrics, now)
        if value is None:
            return words == "!=" and not kind.startswith("metric")
        if words in {"LIKE", "ILIKE"}:
            flags = re.IGNORECASE if words == "ILIKE" else 0
            pattern = re.escape(wanted).replace("%", ".*").replace("_", ".")
            return re.fullmatch(pattern, str(value), flags) is not None
        if words.endswith("IN"):
            options = re.findall(r"'([^']*)'", text)
            return (str(value) in options) is (words == "IN")
        if isinstance(value, (int, float)):
            try:
                return _COMPARE[words](value, float(wanted))
            except ValueError as error:
                raise BadSearch(f"Expected a number, got '{wanted}'") from error
        return _COMPARE[words](str(value), wanted)

    return test
