"""Children of a job as a list: the steps of a pipeline, or the leaderboard of a sweep."""

from __future__ import annotations

from collections.abc import Sequence

from amltui.domain.child import Child, Leaderboard
from amltui.domain.health import Health
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell, Column, Row

MOST_PARAMETERS = 4
"""Columns for what differs: the job's own screen has the rest."""


def _status(row: Row[Child]) -> Cell:
    if row.pending:
        return Cell(row.pending, Health.BUSY)
    return Cell(row.resource.job.status or fmt.UNKNOWN, row.resource.health)


def _time(row: Row[Child]) -> str:
    return fmt.duration(row.resource.job.seconds(row.now))


def columns(board: Leaderboard) -> Sequence[Column[Child]]:
    """A column for the metric and for each parameter in which the children differ."""
    return (
        Column("STATUS", _status, 12, importance=8),
        Column("NAME", lambda r: r.resource.title, 20, flex=3, importance=9),
        *([_metric(board.metric)] if board.metric is not None else []),
        *(_parameter(name) for name in board.parameters[:MOST_PARAMETERS]),
        Column(
            "TIME",
            _time,
            8,
            sort=lambda r: r.resource.job.seconds(r.now),
            importance=6,
            right=True,
        ),
        Column("FIRST ERROR", _error, 14, flex=2, importance=3),
    )


def _metric(name: str) -> Column[Child]:
    def cell(row: Row[Child]) -> Cell:
        last = row.resource.metrics.get(name)
        if last is None:
            return Cell(fmt.NONE, dim=True)
        bad = None if row.resource.score(name) is not None else Health.ATTENTION
        return Cell(fmt.number(last.value), bad)

    return Column(name, cell, 11, sort=lambda r: r.resource.score(name), importance=7, right=True)


def _parameter(name: str) -> Column[Child]:
    def sort(row: Row[Child]) -> tuple[bool, float, str] | None:
        value = row.resource.job.parameters.get(name)
        if value is None:
            return None
        try:
            return False, float(value), ""
        except ValueError:
            return True, 0.0, value.lower()

    return Column(
        name,
        lambda row: fmt.one_line(row.resource.job.parameters.get(name, fmt.NONE)),
        10,
        sort=sort,
        importance=5,
        right=True,
    )


def _error(row: Row[Child]) -> Cell:
    error = row.resource.job.error
    return Cell(fmt.one_line(error.summary) if error is not None else "", dim=True)
