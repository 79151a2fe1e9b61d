"""From samples of a minute to the points and series of an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amltui.emulator.monitor.catalogue import Metric
from amltui.emulator.monitor.question import FULL, Question, stamp

LATE = 2
"""Minutes that it takes for a sample to arrive."""
SAMPLES = 60
"""So many minutes of a point are looked at, evenly spread, where it has more and none can hide
what happened in no other: the load of a machine, not the number of requests."""
_STEADY = {"Resource", "Quota"}


@dataclass(frozen=True)
class Series:
    """One sample a minute, with the dimensions it belongs to."""

    labels: Mapping[str, str]
    at: Callable[[int], float | None]
    """None where there is no sample."""


def answer(question: Question, metric: Metric, found: Iterable[Series], now: float) -> list[Any]:
    """The time series of a metric; with nothing to split, one, even if it has no samples."""
    groups: dict[tuple[str, ...], list[Series]] = defaultdict(list)
    names = [metric.dimension(name) or name for name in question.split]
    if not names:
        groups[()] = []
    for each in found:
        if question.wants(each.labels):
            groups[tuple(each.labels.get(name, "") for name in names)].append(each)
    wanted = question.aggregations or (metric.primary.lower(),)
    made = [
        {
            "metadatavalues": [
                {"name": {"value": name.lower(), "localizedValue": name.lower()}, "value": label}
                for name, label in zip(names, labels, strict=True)
            ],
            **(
                {}
                if question.is_metadata
                else {"data": _points(question, metric, members, wanted, int(now // 60) - LATE)}
            ),
        }
        for labels, members in groups.items()
    ]
    return _cut(question, made, wanted) if names else made


def _points(
    question: Question,
    metric: Metric,
    members: Sequence[Series],
    wanted: Sequence[str],
    newest: int,
) -> list[dict[str, Any]]:
    grain = question.grain
    first = question.start if question.interval == FULL else question.start - question.start % grain
    points = []
    for begin in range(first, question.end, grain):
        point: dict[str, Any] = {"timeStamp": stamp(begin)}
        end = min(begin + grain, question.end, newest + 1)
        step = max(1, (end - begin) // SAMPLES) if metric.category in _STEADY else 1
        samples = [
            value
            for minute in range(max(begin, question.start), end, step)
            for each in members
            if (value := each.at(minute)) is not None
        ]
        if samples:
            point |= {name: _aggregated(name, samples, step) for name in wanted}
        points.append(point)
    return points


def _aggregated(name: str, samples: Sequence[float], step: int) -> float:
    if name == "average":
        return round(sum(samples) / len(samples), 6)
    if name == "total":
        return round(sum(samples) * step, 6)
    if name == "count":
        return float(len(samples) * step)
    return float(min(samples) if name == "minimum" else max(samples))


def _cut(question: Question, made: list[Any], wanted: Sequence[str]) -> list[Any]:
    """The first so many, in the order that is asked for."""
    name, backwards = question.order or (wanted[0], True)

    def rank(each: Any) -> float:
        values = [point[name] for point in each.get("data", ()) if name in point]
        return sum(values) / len(values) if values else float("-inf")

    if not question.is_metadata and name in wanted:
        made.sort(key=rank, reverse=backwards)
    return made[: question.top]
