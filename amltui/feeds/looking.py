"""One look at a watched job: no more questions than its rules need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from amltui.azure.errors import AzureError, NotSignedIn, Throttled
from amltui.domain.job import Job
from amltui.domain.metric import MetricSeries, primary
from amltui.domain.watch import Condition, Look, Rule
from amltui.feeds.clock import Clock

if TYPE_CHECKING:
    from datetime import datetime

    from amltui.azure.client import WorkspaceClient
    from amltui.domain.metric import LastValue

_BY_METRICS = {Rule.NOT_A_NUMBER, Rule.DIVERGED, Rule.STALLED}


class Known(Struct):
    """What earlier looks at a job have read, so that it is not read again."""

    series: MetricSeries | None = None
    per_hour: float | None = None
    is_priced: bool = False


async def look(
    place: WorkspaceClient,
    name: str,
    conditions: Sequence[Condition],
    known: Known,
    clock: Clock,
    listed: Job | None = None,
) -> Look:
    """What the service tells of a job now.

    `listed` is the job where a list has just told it. Metrics of a job that has none, and logs
    that cannot be read, are not known; that the job itself cannot be looked at is raised.
    """
    from amltui.azure import jobs, metrics

    job = listed or await jobs.get(place, name)
    rules = {each.rule: each for each in conditions}
    if not job.is_running or not rules.keys() & {*_BY_METRICS, Rule.COST}:
        return Look(job, clock.now())
    if Rule.COST in rules and not known.is_priced:
        await _price(place, job, known)
    values: dict[str, LastValue] = {}
    if rules.keys() & _BY_METRICS:
        values = await metrics.last_values(place, job.name)
    if Rule.DIVERGED in rules:
        await _read_on(place, job, values, known)
    changed = None
    stalled = rules.get(Rule.STALLED)
    if stalled is not None and _is_silent(job, values, stalled.limit or 0.0, clock.now()):
        changed = await _log_changed(place, job)
    return Look(job, clock.now(), values, known.series, changed, known.per_hour)


def _is_silent(job: Job, values: dict[str, LastValue], limit: float, now: datetime) -> bool:
    """Whether its metrics alone would call it stalled: only then its log is asked about."""
    moments = [value.time for value in values.values() if value.time is not None]
    last = max(moments, default=job.started)
    return last is not None and now - last >= timedelta(seconds=limit)


async def _log_changed(place: WorkspaceClient, job: Job) -> datetime | None:
    """When any log of its processes was last written to; None where that cannot be had."""
    from amltui.azure import logs

    try:
        files = [each for each in await logs.files(place, job.name) if each.kind <= 1][:MOST_LOGS]
        moments = [(await logs.read(place, each, 0, 1)).changed for each in files]
    except (NotSignedIn, Throttled):
        raise
    except AzureError:
        return None
    return max((each for each in moments if each is not None), default=None)


MOST_LOGS = 4
"""Logs that are asked about: of hundreds of ranks, those that stand first."""


async def _read_on(
    place: WorkspaceClient, job: Job, values: dict[str, LastValue], known: Known
) -> None:
    """The series of the metric that the job is judged by; only what is new of it."""
    from amltui.azure import metrics

    name = primary(values, job.primary_metric)
    if name is None:
        return
    series = known.series
    newest = series.last if series is not None and series.name == name else None
    if series is None or newest is None or newest.time is None:
        known.series = await metrics.outline(place, job.name, name)
    elif (newest.step, newest.time) != (values[name].step, values[name].time):
        newer = await metrics.points(place, job.name, name, since=newest.time)
        known.series = series.extended(newer.points)


async def _price(place: WorkspaceClient, job: Job, known: Known) -> None:
    """What its nodes cost, asked once; unknown where it is not told."""
    from amltui.azure import job_details

    try:
        price = (await job_details.get(place, job)).price_per_hour
    except (NotSignedIn, Throttled):
        raise
    except AzureError:
        return
    known.is_priced = True
    known.per_hour = None if price is None else price * (job.node_count or 1)
