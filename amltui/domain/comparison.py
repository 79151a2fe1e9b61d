"""Runs side by side: what each has reached, and in what they differ."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from amltui.domain.job import Job
from amltui.domain.job_cost import spent
from amltui.domain.job_details import JobDetails
from amltui.domain.metric import LastValue, is_neutral, lower_is_better, primary

METRIC, TIME, COST, PARAMETER, SETTING, DATA, CODE = (
    "metric",
    "time",
    "cost",
    "param",
    "setting",
    "data",
    "code",
)
LETTERS = "abcdefghijkl"
"""What runs are called where they are compared: so many, at the most."""


class Side(Struct, frozen=True):
    """One run with all that it is compared by."""

    job: Job
    details: JobDetails = field(default_factory=JobDetails)
    metrics: Mapping[str, LastValue] = field(default_factory=dict)
    note: str = ""
    """What could not be asked for; empty when everything is there."""


class Line(Struct, frozen=True):
    """One thing that runs are compared by, with what each run has of it."""

    group: str
    name: str
    texts: tuple[str | None, ...] = ()
    """None where a run has none of it."""
    numbers: tuple[float | None, ...] = ()
    """Of metrics, times and costs only."""
    falls: bool = False
    """Whether lower is better."""

    @property
    def differs(self) -> bool:
        """Whether any run has another value; 1e-3 is 0.001."""
        if self.numbers:
            return len({_same(each) for each in self.numbers}) > 1
        return len({_canonical(text) for text in self.texts}) > 1

    @property
    def best(self) -> frozenset[int]:
        """The runs with the best value; none where all are alike or only one has any."""
        if self.group != METRIC or is_neutral(self.name):
            return frozenset()
        known = {i: n for i, n in enumerate(self.numbers) if n is not None and math.isfinite(n)}
        if len(known) < 2 or len(set(known.values())) < 2:
            return frozenset()
        wanted = (min if self.falls else max)(known.values())
        return frozenset(i for i, n in known.items() if n == wanted)

    def delta(self, index: int, baseline: int) -> float | None:
        """How far a run is from the baseline, as a share of it; None where that means nothing."""
        if not self.numbers or index == baseline:
            return None
        value, base = self.numbers[index], self.numbers[baseline]
        if value is None or base is None or not base:
            return None
        share = (value - base) / abs(base)
        return share if math.isfinite(share) else None


def lines(sides: Sequence[Side], now: datetime) -> list[Line]:
    """Everything that these runs can be compared by, metrics first."""
    return [*_metrics(sides), *_times(sides, now), *_texts(sides)]


def main_metric(sides: Sequence[Side]) -> str | None:
    """The metric to judge by: one that all have, where there is any."""
    shared = set.intersection(*(set(side.metrics) for side in sides)) if sides else set()
    names = shared or {name for side in sides for name in side.metrics}
    declared = next((side.job.primary_metric for side in sides if side.job.primary_metric), None)
    return primary(names, declared)


def _metrics(sides: Sequence[Side]) -> Iterator[Line]:
    main = main_metric(sides)
    names = {name for side in sides for name in side.metrics}
    for name in sorted(names, key=lambda name: (name != main, name)):
        values = (side.metrics.get(name) for side in sides)
        numbers = tuple(None if value is None else value.value for value in values)
        yield Line(METRIC, name, numbers=numbers, falls=lower_is_better(name))


def _times(sides: Sequence[Side], now: datetime) -> Iterator[Line]:
    yield Line(TIME, "duration", numbers=tuple(side.job.seconds(now) for side in sides), falls=True)
    waits = tuple(
        (job.started - job.created).total_seconds()
        if (job := side.job).started is not None and job.created is not None
        else None
        for side in sides
    )
    yield Line(TIME, "before start", numbers=waits, falls=True)
    dollars = tuple(spent(side.job, side.details.price_per_hour, now) for side in sides)
    yield Line(COST, "estimate, retail", numbers=dollars, falls=True)


def _texts(sides: Sequence[Side]) -> Iterator[Line]:
    def line(group: str, name: str, of: Callable[[Side], object]) -> Line:
        found = (of(side) for side in sides)
        return Line(group, name, tuple(None if value is None else str(value) for value in found))

    for name in _names(sides, lambda side: side.job.parameters):
        yield line(PARAMETER, name, lambda side, name=name: side.job.parameters.get(name))  # type: ignore[misc]
    settings: Mapping[str, Callable[[Side], object]] = {
        "environment": lambda side: side.details.environment or side.job.environment,
        "compute": lambda side: side.job.compute,
        "nodes": lambda side: side.job.node_count,
        "machine": lambda side: side.details.instance_type,
        "distribution": lambda side: side.details.distribution,
        "type": lambda side: side.job.type,
        "timeout": lambda side: side.details.timeout,
    }
    for name, of in settings.items():
        yield line(SETTING, name, of)
    for name in _names(sides, _data):
        yield line(DATA, name, lambda side, name=name: _data(side).get(name))  # type: ignore[misc]
    code: Mapping[str, Callable[[Side], object]] = {
        "command": lambda side: side.job.command,
        "git commit": lambda side: side.details.git.commit,
        "git branch": lambda side: side.details.git.branch,
        "uncommitted": lambda side: side.details.git.dirty,
        "code": lambda side: side.details.code,
    }
    for name, of in code.items():
        yield line(CODE, name, of)


def _data(side: Side) -> dict[str, str | None]:
    literal = side.job.parameters
    return {each.name: each.uri for each in side.details.inputs if each.name not in literal}


def _names(sides: Sequence[Side], of: Callable[[Side], Mapping[str, object]]) -> list[str]:
    return sorted({name for side in sides for name in of(side)})


def _same(number: float | None) -> str:
    return "none" if number is None else repr(number)


def _canonical(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return repr(float(text))
    except ValueError:
        return text
