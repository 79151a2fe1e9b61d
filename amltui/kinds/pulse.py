"""The lines of the home screen, made from what all workspaces have told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.endpoint import Deployment
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.metric import LastValue, primary
from amltui.domain.overview import JobNow, Overview
from amltui.domain.quota import Usage
from amltui.domain.waste import Reason, Waste
from amltui.kinds import format as fmt
from amltui.kinds import money, remedy
from amltui.kinds.kind import Cell, Column, Row

DAY = timedelta(hours=24)
STUCK = timedelta(minutes=30)
"""A job that waits longer is told."""
BUCKETS = 10
_BAR = 18
"""Cells of a quota's bar."""
_HEALTH = {
    Reason.NOT_A_NUMBER: Health.ATTENTION,
    Reason.STALLED: Health.STALLED,
    Reason.FAILED: Health.BAD,
}


class Line(Struct, frozen=True, gc=False):
    """One line of any box, and what it leads to."""

    key: str
    name: str
    workspace: WorkspaceId
    health: Health
    target: Any
    """A workspace's id, or the resource that Enter opens; None leads nowhere."""
    texts: tuple[Cell | str, ...] = ()
    """The rest of its cells."""


def text(place: int) -> Any:
    """A column's cell: the line's text at that place."""
    return lambda row: row.resource.texts[place]


def workspaces(overview: Overview, states: Mapping[str, Cell]) -> list[Line]:
    """One for each workspace, the most expensive first; `states` by its key."""
    lines = []
    for place in overview.places:
        part = overview.of(place)
        jobs = [each.job for each in part.jobs]
        fails = sum(job.health is Health.BAD and _recent(job, overview.now) for job in jobs)
        rate = part.rate
        texts = (
            str(part.count(Health.GOOD)),
            str(part.count(Health.WAITING)),
            Cell(str(fails), Health.BAD if fails else None),
            _nodes(part),
            Cell("", trend=_arrivals(jobs, overview.now)),
            "≥" * (not rate.is_exact and rate.least is not None) + fmt.money(rate.least),
            states.get(place.key, Cell(fmt.UNKNOWN)),
        )
        lines.append((-rate.known, Line(place.key, place.name, place, Health.DONE, place, texts)))
    return [line for _, line in sorted(lines, key=lambda each: (each[0], each[1].key))]


WORKSPACES: Sequence[Column[Line]] = (
    Column("NAME", lambda r: r.resource.name, 13, flex=1, importance=9),
    Column("RUN", text(0), 3, importance=8, right=True),
    Column("QUE", text(1), 3, importance=7, right=True),
    Column("FAIL24h", text(2), 7, importance=6),
    Column("NODES", text(3), 6, importance=5),
    Column("24 h", text(4), BUCKETS, importance=2),
    Column("$/h", text(5), 7, importance=8, right=True),
    Column("STATE", text(6), 13, importance=7),
)


def attention(overview: Overview) -> list[Line]:
    """What is wasteful, what has failed in the last day, what waits for long."""
    now = overview.now
    lines = [_of_waste(waste, now) for waste in overview.wastes]
    jobs = [each.job for each in overview.jobs]
    failed = [job for job in jobs if job.health is Health.BAD and _recent(job, now)]
    failed.sort(key=lambda job: job.ended or job.created or now, reverse=True)
    waiting = [job for job in jobs if _waits(job, now)]
    lines += [
        _of_job(job, "stuck", f"{fmt.age(job.created, now)} {fmt.one_line(job.queueing or '')}")
        for job in waiting
    ]
    lines += [
        _of_job(job, "failed", fmt.one_line(job.error.summary) if job.error else "")
        for job in failed
    ]
    return lines


ATTENTION: Sequence[Column[Line]] = (
    Column("WHAT", text(0), 12, importance=8),
    Column("NAME", lambda r: r.resource.name, 14, flex=1, importance=9),
    Column("WORKSPACE", lambda r: r.resource.workspace.name, 11, importance=2),
    Column("", text(1), 7, flex=1, importance=5),
    Column("$/h", text(2), 6, importance=7, right=True),
)


def running(overview: Overview) -> list[Line]:
    """The running jobs, the most expensive first."""
    known = {each.job.key: each for each in overview.jobs}
    lines = []
    for cost in overview.costs:
        job = cost.job
        texts = (
            fmt.duration(job.seconds(overview.now)),
            _metric(known.get(job.key)),
            money.per_hour(cost.per_hour),
        )
        lines.append(Line(job.key, job.title, job.workspace, job.health, job, texts))
    return lines


RUNNING: Sequence[Column[Line]] = (
    Column("NAME", lambda r: r.resource.name, 18, flex=2, importance=9),
    Column("WORKSPACE", lambda r: r.resource.workspace.name, 11, importance=6),
    Column("TIME", text(0), 7, importance=7, right=True),
    Column("METRIC", text(1), 14, flex=1, importance=5),
    Column("$/h", text(2), 9, importance=8, right=True),
)


def finished(overview: Overview) -> list[Line]:
    """The jobs that ended in the last day, the latest first."""
    jobs = [
        each.job for each in overview.jobs if each.job.ended and _recent(each.job, overview.now)
    ]
    jobs.sort(key=lambda job: job.ended or overview.now, reverse=True)
    return [
        Line(
            job.key,
            job.title,
            job.workspace,
            job.health,
            job,
            (
                Cell(fmt.age(job.ended, overview.now), job.health),
                fmt.one_line(job.error.summary) if job.error else (job.status or fmt.UNKNOWN),
            ),
        )
        for job in jobs
    ]


FINISHED: Sequence[Column[Line]] = (
    Column("AGO", text(0), 5, importance=8),
    Column("NAME", lambda r: r.resource.name, 16, flex=2, importance=9),
    Column("", text(1), 12, flex=1, importance=6),
)


def quotas(usages: Sequence[Usage]) -> list[Line]:
    """The limits, the nearest first. They lead nowhere: a family is not one thing."""
    lines = []
    for usage in usages:
        limit = fmt.NONE if usage.limit < 0 else str(usage.limit)
        full = min(_BAR, round(usage.share * _BAR))
        health = Health.ATTENTION if usage.share >= 1 else None
        texts = (
            usage.region,
            Cell(f"{usage.used}/{limit}", health),
            Cell("", bar="█" * full + "·" * (_BAR - full)),
        )
        place = WorkspaceId(usage.subscription_id, "", "")
        lines.append(Line(usage.key, usage.title, place, Health.DONE, None, texts))
    return lines


QUOTAS: Sequence[Column[Line]] = (
    Column("REGION", text(0), 11, importance=7),
    Column("FAMILY", lambda r: r.resource.name, 12, flex=1, importance=9),
    Column("USED", text(1), 9, importance=8, right=True),
    Column("", text(2), _BAR + 1, importance=3),
)


def endpoints(overview: Overview) -> list[Line]:
    """The deployments of all endpoints: broken ones first, then by price."""
    order = sorted(
        overview.deployments,
        key=lambda each: (not each.has_failed, -(each.burn_per_hour or 0.0), each.key),
    )
    return [
        Line(each.key, each.title, each.workspace, each.health, each, _serving(each))
        for each in order
    ]


ENDPOINTS: Sequence[Column[Line]] = (
    Column("DEPLOYMENT", lambda r: r.resource.name, 16, flex=2, importance=9),
    Column("SHARE", text(0), 5, importance=6, right=True),
    Column("STATE", text(1), 18, flex=1, importance=7),
    Column("$/h", text(2), 9, importance=8, right=True),
)


def _serving(each: Deployment) -> tuple[Cell | str, ...]:
    share = fmt.UNKNOWN if each.traffic is None else f"{each.traffic}%"
    state = each.provisioning_state or fmt.UNKNOWN
    told = f"{state} (billed)" if each.has_failed and each.is_managed else state
    if each.quiet_for is not None and not each.has_failed:
        told = f"no requests {fmt.duration(each.quiet_for).partition(' ')[0]}"
    health = Health.ATTENTION if each.quiet_for is not None else each.health
    return (
        share,
        Cell(told, Health.BAD if each.has_failed else health),
        money.per_hour(each.burn_per_hour),
    )


def _of_waste(waste: Waste, now: datetime) -> Line:
    health = _HEALTH.get(waste.reason, Health.ATTENTION)
    name = remedy.title_of(waste)
    texts = (
        Cell(waste.reason.value, health),
        remedy.since(waste, now),
        fmt.money(waste.per_hour),
    )
    key = f"{waste.key}/{waste.reason.name}"
    return Line(key, name, waste.workspace, health, waste.resource, texts)


def _of_job(job: Job, word: str, detail: str) -> Line:
    texts = (Cell(word, job.health), detail, "")
    return Line(f"{job.key}/{word}", job.title, job.workspace, job.health, job, texts)


def _recent(job: Job, now: datetime) -> bool:
    moment = job.ended or job.created
    return moment is not None and now - moment < DAY


def _waits(job: Job, now: datetime) -> bool:
    created = job.created
    return job.health is Health.WAITING and created is not None and now - created >= STUCK


def _nodes(part: Overview) -> str:
    """Nodes that are up, of all that may be; unknown while nothing was told."""
    if part.silent:
        return fmt.UNKNOWN
    nodes = [each.nodes for each in part.computes if each.nodes]
    most = [each.maximum for each in nodes]
    room = fmt.UNKNOWN if None in most else str(sum(each or 0 for each in most))
    return f"{sum(each.billed for each in nodes)}/{room}"


def _arrivals(jobs: Sequence[Job], now: datetime) -> tuple[float, ...]:
    """How many jobs came in each part of the last day; nothing where none did."""
    counts = [0.0] * BUCKETS
    for job in jobs:
        if job.created is not None and timedelta(0) <= now - job.created < DAY:
            counts[BUCKETS - 1 - int((now - job.created) / DAY * BUCKETS)] += 1
    return tuple(counts) if any(counts) else ()


def _metric(each: JobNow | None) -> Cell | str:
    values: Mapping[str, LastValue] = each.values if each is not None else {}
    name = primary(values, each.job.primary_metric if each else None)
    if name is None:
        return ""
    value = values[name].value
    return Cell(f"{name} {fmt.number(value)}", None if math.isfinite(value) else Health.ATTENTION)


def rows(lines: Sequence[Line], now: datetime) -> list[Row[Any]]:
    """The lines for a table."""
    return [Row(line, now) for line in lines]
