"""What is asked of Azure Monitor: names, times, interval, aggregations, filter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from amltui.emulator.monitor import catalogue
from amltui.emulator.monitor.catalogue import AGGREGATIONS, GRAINS, Metric

MINUTE = 60
HOUR = 3600.0
FULL = "FULL"
MOST_METRICS = 20
MOST_POINTS = 20_000
"""More points of one series than this are not asked for at once."""
_CLAUSE = re.compile(r"\(?\s*([\w ]+?)\s+(eq|ne|sw)\s+'((?:[^']|'')*)'\s*\)?", re.IGNORECASE)
_JOINT = re.compile(r"\s+(and|or)\s+", re.IGNORECASE)
_ORDER = re.compile(r"(\w+)(?:\s+(asc|desc))?", re.IGNORECASE)


class Wrong(Exception):
    """A question that makes no sense; says why, as the service does."""


@dataclass(frozen=True)
class Condition:
    """What one clause of a filter says of a dimension."""

    dimension: str
    """In lower case."""
    how: str
    value: str

    def holds(self, label: str) -> bool:
        if self.how == "eq":
            return self.value == "*" or label.lower() == self.value.lower()
        if self.how == "sw":
            return label.lower().startswith(self.value.lower())
        return label.lower() != self.value.lower()


@dataclass(frozen=True)
class Question:
    """A question that makes sense. Minutes count from the epoch."""

    metrics: tuple[Metric, ...]
    start: int
    end: int
    interval: str
    aggregations: tuple[str, ...]
    """In lower case, as answers have them; empty where each metric's own is wanted."""
    conditions: tuple[Condition, ...]
    top: int
    order: tuple[str, bool] | None
    """An aggregation, and whether the largest come first."""
    is_metadata: bool

    @property
    def grain(self) -> int:
        """Minutes of one point."""
        return max(1, self.end - self.start) if self.interval == FULL else GRAINS[self.interval]

    @property
    def split(self) -> tuple[str, ...]:
        """The dimensions of the filter, each once."""
        return tuple(dict.fromkeys(each.dimension for each in self.conditions))

    def wants(self, labels: Mapping[str, str]) -> bool:
        """Whether a series passes the filter: one clause of each dimension has to hold."""
        known = {name.lower(): label for name, label in labels.items()}
        return all(
            any(
                each.holds(known.get(name, ""))
                for each in self.conditions
                if each.dimension == name
            )
            for name in self.split
        )


def read(query: Mapping[str, str], namespace: str, now: float) -> Question:
    """The question of query parameters (by lower-case name); Wrong where it makes no sense."""
    metrics = _metrics(query, namespace)
    start, end = _span(query.get("timespan"), now)
    interval = _interval(query, end - start)
    conditions = _filter(query.get("$filter"), metrics)
    kind = query.get("resulttype", "Data").lower()
    if kind not in {"data", "metadata"}:
        raise Wrong(f"Invalid result type: {query['resulttype']}, valid ones are: Data,Metadata")
    top = query.get("top", "10")
    if not top.isdigit() or not int(top):
        raise Wrong(f"The top parameter must be a positive number, not {top}.")
    return Question(
        metrics,
        start,
        end,
        interval,
        _aggregations(query.get("aggregation")),
        conditions,
        int(top),
        _order(query.get("orderby")),
        kind == "metadata",
    )


def stamp(minute: int) -> str:
    return f"{datetime.fromtimestamp(minute * MINUTE, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _metrics(query: Mapping[str, str], namespace: str) -> tuple[Metric, ...]:
    asked = query.get("metricnamespace")
    if asked and asked.lower() != namespace.lower():
        raise Wrong(f"Cannot find metric namespace {asked} for a resource of type {namespace}.")
    known = catalogue.NAMESPACES[namespace]
    names = query.get("metricnames") or query.get("metric") or known[0].name
    found = []
    for name in names.split(","):
        metric = catalogue.find(namespace, name)
        if metric is None:
            provider, _, kind = namespace.partition("/")
            valid = ",".join(each.name for each in known)
            raise Wrong(
                f"Failed to find metric configuration for provider: {provider}, resource Type:"
                f" {kind}, metric: {name}, Valid metrics: {valid}"
            )
        found.append(metric)
    if len(found) > MOST_METRICS:
        raise Wrong(f"At most {MOST_METRICS} metrics can be asked for at once.")
    return tuple(found)


def _span(text: str | None, now: float) -> tuple[int, int]:
    """The minutes of `start/end`; the last hour where nothing is said."""
    if not text:
        return int((now - HOUR) // MINUTE), int(now // MINUTE)
    first, slash, last = text.partition("/")
    try:
        start, end = _moment(first), _moment(last)
    except ValueError as error:
        raise Wrong(f"Invalid timespan {text}: it must be two times with a slash between.") from (
            error
        )
    if not slash or end <= start:
        raise Wrong(f"Invalid timespan {text}: the end must be after the start.")
    return int(start // MINUTE), max(int(start // MINUTE) + 1, -int(-end // MINUTE))


def _moment(text: str) -> float:
    # A plus in a query that nobody encoded arrives as a blank.
    told = datetime.fromisoformat(text.strip().replace(" ", "+"))
    return told.replace(tzinfo=told.tzinfo or UTC).timestamp()


def _interval(query: Mapping[str, str], minutes: int) -> str:
    asked = (query.get("interval") or "PT1M").upper()
    if asked == FULL:
        return FULL
    if asked in GRAINS:
        if minutes // GRAINS[asked] > MOST_POINTS:
            raise Wrong("The timespan has too many points of this interval.")
        return asked
    if query.get("autoadjusttimegrain", "").lower() == "true":
        wanted = re.fullmatch(r"PT(\d+)M", asked)
        least = int(wanted[1]) if wanted else 1
        return next((name for name, size in GRAINS.items() if size >= least), "P1D")
    clocks = ",".join(_clock(size) for size in GRAINS.values())
    raise Wrong(f"Detect invalid time grain input: {asked}, supported ones are: {clocks}")


def _clock(minutes: int) -> str:
    days, rest = divmod(minutes, 1440)
    text = f"{rest // 60:02d}:{rest % 60:02d}:00"
    return f"{days}.{text}" if days else text


def _aggregations(text: str | None) -> tuple[str, ...]:
    found = []
    for name in (text or "").split(","):
        if not name.strip():
            continue
        known = next((each for each in AGGREGATIONS if each.lower() == name.strip().lower()), None)
        if known is None:
            valid = ",".join(AGGREGATIONS)
            raise Wrong(f"Invalid aggregation type: {name.strip()}, valid ones are: {valid}")
        found.append(known.lower())
    return tuple(dict.fromkeys(found))


def _filter(text: str | None, metrics: tuple[Metric, ...]) -> tuple[Condition, ...]:
    if not text:
        return ()
    found = []
    for piece in _JOINT.split(text)[::2]:
        clause = _CLAUSE.fullmatch(piece.strip())
        if clause is None:
            raise Wrong(f"Invalid filter syntax near '{piece.strip()}'.")
        name, how, value = clause.groups()
        for metric in metrics:
            if metric.dimension(name) is None:
                known = ",".join(metric.dimensions)
                raise Wrong(
                    f"Metric: {metric.name} does not support requested dimension combination:"
                    f" {name.lower()}, supported ones are: {known}"
                )
        found.append(Condition(name.strip().lower(), how.lower(), value.replace("''", "'")))
    return tuple(found)


def _order(text: str | None) -> tuple[str, bool] | None:
    if not text:
        return None
    found = _ORDER.fullmatch(text.strip())
    names = [each.lower() for each in AGGREGATIONS]
    if found is None or found[1].lower() not in names:
        raise Wrong(f"Invalid orderby: {text}")
    return found[1].lower(), (found[2] or "asc").lower() == "desc"
