"""The columns of a run's metrics."""

from __future__ import annotations

import math
from dataclasses import dataclass

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.domain.metric import MetricSeries
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell, Column, Row

_BARS = 64
"""Values of a trend that are handed to be painted."""


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric of a run, as a row."""

    workspace: WorkspaceId
    series: MetricSeries

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
    best = row.resource.series.best
    return fmt.NONE if best is None else fmt.number(best.value)


def _step(row: Row[MetricRow]) -> str:
    last = row.resource.series.last
    return fmt.NONE if last is None else f"{last.step:,}"


METRIC_COLUMNS: tuple[Column[MetricRow], ...] = (
    Column("NAME", lambda r: r.resource.name, 12, flex=2, importance=9),
    Column("TREND", _trend, 11, flex=1, importance=6),
    Column("LAST", _last, 9, importance=8, right=True),
    Column("BEST", _best, 9, importance=7, right=True),
    Column("STEP", _step, 9, importance=4, right=True),
)
