"""The columns of a run's metrics."""

from __future__ import annotations

import math
from datetime import timedelta

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.domain.metric import MetricSeries
from amltui.domain.points import MetricPoint
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell, Column, Row

_BARS = 64
"""Values of a trend that are handed to be painted."""


class MetricRow(Struct, frozen=True):
    """A metric of a run, as a row."""

    workspace: WorkspaceId
    series: MetricSeries
    pinned: bool | None = None
    """None where nothing is pinned, and names need no room for a mark."""
    letter: str = ""
    """Of the run whose values these are, where it is not the first."""

    @property
    def name(self) -> str:
        return self.series.name

    @property
    def key(self) -> str:
        return self.series.name

    @property
    def health(self) -> Health:
        last = self.series.last
        bad = last is not None and not math.isfinite(last.value)
        return Health.ATTENTION if bad else Health.GOOD


def _trend(row: Row[MetricRow]) -> Cell:
    points = fmt.thinned(row.resource.series.points, _BARS)
    return Cell("", trend=tuple(point.value for point in points))


def _last(row: Row[MetricRow]) -> Cell:
    last = row.resource.series.last
    if last is None:
        return Cell(fmt.NONE)
    bad = row.resource.health is Health.ATTENTION
    return Cell(fmt.number(last.value), Health.ATTENTION if bad else None)


def _best(row: Row[MetricRow]) -> str:
    """With an arrow that says which way is better."""
    series = row.resource.series
    best = series.best
    return fmt.NONE if best is None else f"{'↓' if series.falls else '↑'} {fmt.number(best.value)}"


def _min(row: Row[MetricRow]) -> str:
    return _value(row.resource.series.points.lowest())


def _max(row: Row[MetricRow]) -> str:
    return _value(row.resource.series.points.highest())


def _value(point: MetricPoint | None) -> str:
    return fmt.NONE if point is None else fmt.number(point.value)


def _best_step(row: Row[MetricRow]) -> str:
    best = row.resource.series.best
    return fmt.NONE if best is None else f"{best.step:,}"


def _step(row: Row[MetricRow]) -> str:
    last = row.resource.series.last
    return fmt.NONE if last is None else f"{last.step:,}"


def _age(row: Row[MetricRow]) -> str:
    """Of the last point. Not in seconds, so that a metric that stands still writes nothing."""
    last = row.resource.series.last
    if last is None or last.time is None:
        return fmt.NONE
    return "<1m" if (row.now - last.time) < timedelta(minutes=1) else fmt.age(last.time, row.now)


def _count(row: Row[MetricRow]) -> str:
    series = row.resource.series
    return f"{len(series.points) if series.logged is None else series.logged:,}"


def _name(row: Row[MetricRow]) -> str:
    metric = row.resource
    name = f"{metric.name} ({metric.letter})" if metric.letter else metric.name
    if metric.pinned is None:
        return name
    return f"{'*' if metric.pinned else ' '} {name}"


METRIC_COLUMNS: tuple[Column[MetricRow], ...] = (
    Column("NAME", _name, 12, flex=2, importance=9),
    Column("TREND", _trend, 11, flex=1, importance=6),
    Column("LAST", _last, 9, importance=8, right=True),
    Column("BEST", _best, 11, importance=7, right=True),
    Column("@STEP", _best_step, 9, importance=3, right=True),
    Column("MIN", _min, 9, importance=1, right=True),
    Column("MAX", _max, 9, importance=1, right=True),
    Column("STEP", _step, 9, importance=4, right=True),
    Column("AGE", _age, 4, importance=5, right=True),
    Column("POINTS", _count, 9, importance=2, right=True),
)
