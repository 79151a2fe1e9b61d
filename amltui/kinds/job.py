"""Jobs: what runs, what waits, what failed and why, with a trend of the metric that matters."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from amltui.domain.health import Health
from amltui.domain.job import STATUSES, Job, health_of
from amltui.domain.listing import Listing
from amltui.domain.once import Once
from amltui.domain.query.condition import Condition, Query, Shape, Spec
from amltui.domain.waiting import Reason, Why, waits
from amltui.kinds import format as fmt
from amltui.kinds.fields import Asker, Field, common, is_text
from amltui.kinds.job_actions import JOB_ACTIONS
from amltui.kinds.job_progress import brief, by_metrics, words
from amltui.kinds.kind import (
    Cell,
    Children,
    Column,
    Fact,
    Kind,
    Part,
    PerWorkspace,
    Row,
    Search,
    Supplement,
    Toggle,
)

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient
    from amltui.domain.metric import LastValue, MetricSeries
    from amltui.domain.progress import Progress

NEWEST = 100
"""Jobs a list starts with, per workspace."""
WATCHED = "◆"
"""Before the name of a job that is watched."""
_BARS = 32
"""Values of a trend that are handed to be painted: no list has room for more."""
_EVER = datetime.min.replace(tzinfo=UTC)
PARENTS = {"sweep", "pipeline", "automl"}
"""Types of jobs that have others below them."""
TYPES = ("command", "sweep", "pipeline", "automl", "spark", "finetuning")
_RANKS = {Health.GOOD: 0, Health.ATTENTION: 0, Health.BUSY: 0, Health.WAITING: 1}


class Trend(Struct, frozen=True):
    """The metric that a job is judged by, and how it went."""

    series: MetricSeries
    last: LastValue
    values: dict[str, float] = field(default_factory=dict)
    """The last value of every metric."""

    @property
    def health(self) -> Health | None:
        return None if math.isfinite(self.last.value) else Health.ATTENTION


async def _beside(place: WorkspaceClient, job: Job, known: Trend | Why | None) -> Any:
    """What a job is judged by once it runs, and why it does not as long as it waits."""
    if not waits(job):
        return await _trend(place, job, known if isinstance(known, Trend) else None)
    from amltui.azure import waiting

    return await waiting.why(place, job)


async def _trend(place: WorkspaceClient, job: Job, known: Trend | None) -> Trend | None:
    """The trend, read on from what is known: one small question, a second if it moved."""
    from amltui.azure import metrics
    from amltui.domain.metric import primary

    values = await metrics.last_values(place, job.name)
    name = primary(values, job.primary_metric)
    if name is None:
        return None
    last, numbers = values[name], {each.name: each.value for each in values.values()}
    if known is None or known.series.name != name:
        return Trend(await metrics.outline(place, job.name, name), last, numbers)
    if known.last == last:
        return replace(known, values=numbers)
    newest = known.series.last
    newer = await metrics.points(place, job.name, name, since=newest.time if newest else None)
    return Trend(known.series.extended(newer.points), last, numbers)


def _trend_of(row: Row[Job]) -> Trend | None:
    return row.extra if isinstance(row.extra, Trend) else None


def why_of(row: Row[Job]) -> Why | None:
    """Why it waits, as long as it does and that has been asked."""
    return row.extra if isinstance(row.extra, Why) and waits(row.resource) else None


def _metrics(row: Row[Job]) -> dict[str, float]:
    """Last values by name: those that were read for the trend are newer than the list's."""
    trend = _trend_of(row)
    return row.resource.metrics | trend.values if trend is not None else row.resource.metrics


def _status(row: Row[Job]) -> Cell:
    if row.pending:
        return Cell(row.pending, Health.BUSY)
    trend = _trend_of(row)
    health = row.resource.health
    if health is Health.GOOD and trend is not None and trend.health is not None:
        health = trend.health
    return Cell(row.resource.status or fmt.UNKNOWN, health)


def _name(row: Row[Job]) -> str:
    return f"{WATCHED} {row.title}" if row.watched else row.title


def _story(row: Row[Job]) -> Cell:
    """What there is to say in one cell: a trend, an error, why it waits."""
    job, trend = row.resource, _trend_of(row)
    if job.error is not None:
        return Cell(fmt.one_line(job.error.summary), dim=True)
    if trend is not None:
        value, name = fmt.number(trend.last.value), trend.series.name
        if trend.health is not None and (bad := trend.series.first_bad):
            value = f"{value} @ {bad.step:,}"
        bars = fmt.thinned(trend.series.points, _BARS)
        return Cell(f"{value:<6} {name}", trend=tuple(point.value for point in bars))
    if (why := why_of(row)) is not None and why.reason is not Reason.UNKNOWN:
        return Cell(fmt.one_line(why.sentence), dim=True)
    if job.queueing:
        return Cell(fmt.one_line(job.queueing), dim=True)
    return Cell("")


def _order(job: Job) -> tuple[int, float]:
    """What runs, what waits, what is over; the newest first in each.

    A running job that was submitted long ago is what people look for, and its trend is only asked
    for while it is on the screen.
    """
    return _RANKS.get(job.health, 2), -(job.created or _EVER).timestamp()


def _is_parent(job: Job) -> bool:
    return (job.type or "").lower() in PARENTS


def _time(row: Row[Job]) -> str:
    return fmt.duration(row.resource.seconds(row.now))


def _facts(row: Row[Job]) -> Sequence[Fact]:
    job, trend = row.resource, _trend_of(row)
    nodes = f" · {job.node_count} node{'s' * (job.node_count != 1)}" if job.node_count else ""
    facts = [
        Fact("job", job.name),
        Fact("status", _status(row), aside=True),
        Fact("type", f"{job.type or fmt.UNKNOWN}{nodes}"),
    ]
    if job.error:
        code = f"{job.error.code}: " if job.error.code else ""
        facts.append(Fact("error", Cell(code + fmt.one_line(job.error.message), Health.BAD)))
    if (why := why_of(row)) is not None:
        facts.append(Fact("waits for", Cell(fmt.one_line(why.sentence), Health.WAITING)))
        facts += [Fact("evidence", fmt.one_line(each), aside=True) for each in why.evidence]
    elif job.queueing:
        facts.append(Fact("waits for", fmt.one_line(job.queueing)))
    if (told := _progress(row)) is not None:
        facts.append(Fact("progress", words(told)))
    if trend:
        name, last = trend.series.name, trend.last
        facts.append(Fact(name, f"{fmt.number(last.value)} @ {last.step:,}"))
        if best := trend.series.best:
            facts.append(Fact("best", f"{fmt.number(best.value)} @ {best.step:,}"))
    facts += [
        Fact("created", fmt.ago(job.created, row.now)),
        Fact("time", _time(row)),
        Fact("compute", job.compute or fmt.NONE),
        Fact("experiment", job.experiment or fmt.UNKNOWN),
        Fact("started", fmt.ago(job.started, row.now)),
        Fact("ended", fmt.ago(job.ended, row.now)),
        Fact("by", job.created_by or fmt.UNKNOWN),
        Fact("workspace", job.workspace.name),
    ]
    if job.parameters:
        pairs = "  ".join(f"{name} {value}" for name, value in job.parameters.items())
        facts.append(Fact("params", pairs))
    facts += [
        Fact("environment", job.environment or fmt.NONE),
        Fact("command", fmt.one_line(job.command or fmt.NONE)),
        Fact("tags", fmt.own_tags(job.tags) or fmt.NONE),
        Fact("description", fmt.one_line(job.description or fmt.NONE), aside=True),
        Fact("parent", job.parent or fmt.NONE, aside=True),
        Fact("studio", Cell(job.studio_url or fmt.NONE, link=job.studio_url), aside=True),
        Fact("service tags", fmt.service_tags(job.tags) or fmt.NONE, aside=True),
    ]
    return facts


def _progress(row: Row[Job]) -> Progress | None:
    """As far as the list's own questions tell it."""
    job, trend = row.resource, _trend_of(row)
    if trend is None:
        return None
    return by_metrics(job, trend.values, trend.last, job.seconds(row.now))


def _tally(listed: Sequence[Job]) -> Sequence[Cell]:
    counts: Counter[Health] = Counter()
    for status, times in Counter(job.status for job in listed).items():
        counts[health_of(status)] += times
    running, queued, failed = (
        counts[health] for health in (Health.GOOD, Health.WAITING, Health.BAD)
    )
    return (
        Cell(f"run {running}"),
        Cell(f"queue {queued}"),
        Cell(f"fail {failed}", Health.BAD if failed else None),
    )


def _record(job: Job, now: datetime) -> dict[str, object]:
    return {
        "name": job.name,
        "display_name": job.display_name,
        "experiment": job.experiment,
        "type": job.type,
        "status": job.status,
        "compute": job.compute,
        "workspace": job.workspace.name,
        "resource_group": job.workspace.resource_group,
        "subscription_id": job.workspace.subscription_id,
        "created": fmt.iso(job.created),
        "started": fmt.iso(job.started),
        "ended": fmt.iso(job.ended),
        "duration_s": job.seconds(now),
        "created_by": job.created_by,
        "tags": job.tags,
        "error": job.error and {"code": job.error.code, "message": job.error.message},
        "studio_url": job.studio_url,
        "archived": job.is_archived,
        "parent": job.parent,
    }


# The first frame has no answers: what asks for them is imported when it is asked.


async def _newest(place: WorkspaceClient, limit: int | None = NEWEST) -> Listing[Job]:
    from amltui.azure import jobs

    return await jobs.newest(place, limit)


async def _renewed(place: WorkspaceClient, listed: Sequence[Job]) -> Sequence[Job]:
    from amltui.azure import jobs

    return await jobs.renewed(place, listed)


def _served(query: Query, asker: Asker) -> str:
    from amltui.azure.run_question import question

    return question(
        query.conditions, asker.object_id, datetime.now(UTC), with_metrics=query.with_numbers
    ).text


async def _search(
    place: WorkspaceClient, query: Query, asker: Asker, limit: int | None
) -> Listing[Job]:
    from amltui.azure import run_search

    return await run_search.search(
        place,
        query.conditions,
        _is_named,
        asker.object_id,
        lambda: datetime.now(UTC),
        limit or NEWEST,
        with_metrics=query.with_numbers,
    )


def _is_named(experiment: str, conditions: Sequence[Condition]) -> bool:
    """Whether an experiment may be called so."""
    return all(is_text(each, experiment) is not each.unwanted for each in conditions)


async def _children(place: WorkspaceClient, job: Job) -> Listing[Job]:
    from amltui.azure import runs

    return _within(job, await runs.children_page(place, job.name))


def _within(parent: Job, listing: Listing[Job]) -> Listing[Job]:
    """Children are filed under the experiment of their parent, of which run history says the id."""

    async def older() -> Listing[Job]:
        assert listing.older is not None
        return _within(parent, await listing.older())

    named = (replace(job, experiment=job.experiment or parent.experiment) for job in listing.items)
    return replace(listing, items=tuple(named), older=older if listing.older else None)


async def _get(place: WorkspaceClient, name: str) -> Job:
    from amltui.azure import jobs

    return await jobs.get(place, name)


_FIELDS: tuple[Field[Job], ...] = (
    Field(Spec("status", Shape.CHOICE, "where it stands", STATUSES), lambda r: r.resource.status),
    Field(
        Spec("experiment", Shape.TEXT, "what it is filed under", aliases=("exp",)),
        lambda r: r.resource.experiment,
    ),
    Field(Spec("compute", Shape.TEXT, "what it runs on"), lambda r: r.resource.compute),
    Field(
        Spec("user", Shape.PERSON, "who submitted it: me, or a name", aliases=("by", "owner")),
        lambda r: (r.resource.created_by, r.resource.creator),
    ),
    Field(Spec("type", Shape.CHOICE, "what it is", TYPES), lambda r: r.resource.type),
    Field(
        Spec("metrics", Shape.NUMBERS, "the last value of a metric", aliases=("metric", "m")),
        _metrics,
    ),
    Field(
        Spec("params", Shape.TEXTS, "a parameter", aliases=("param", "p")),
        lambda r: r.resource.parameters,
    ),
    Field(Spec("time", Shape.SPAN, "how long it ran"), lambda r: r.resource.seconds(r.now)),
    Field(
        Spec("progress", Shape.TEXT, "how far it is, what is left, and what tells so"),
        lambda r: brief(_progress(r)),
    ),
    Field(Spec("nodes", Shape.NUMBER, "machines it has"), lambda r: r.resource.node_count),
    Field(
        Spec("error", Shape.TEXT, "why it failed: error:~memory"),
        lambda r: r.resource.error and (r.resource.error.message, r.resource.error.code or ""),
    ),
    Field(
        Spec("archived", Shape.CHOICE, "put away", ("no", "yes", "all")),
        lambda r: ("yes" if r.resource.is_archived else "no", "all"),
    ),
    *common(lambda job: job.created, lambda job: job.tags),
)

JOB: Kind[Job] = Kind(
    name="job",
    title="Jobs",
    key="2",
    noun=("job", "jobs"),
    source=PerWorkspace(
        _newest,
        newest=_newest,
        get=_get,
        moment=lambda job: job.created,
        renew=_renewed,
        search=Search(_served, _search),
    ),
    columns=(
        Column("STATUS", _status, 12, importance=8),
        Column("NAME", _name, 22, sort=lambda r: r.resource.title, flex=3, importance=9, tree=True),
        Column("WORKSPACE", lambda r: r.resource.workspace.name, 12, importance=3, scattered=True),
        Column("EXPERIMENT", lambda r: r.resource.experiment or fmt.UNKNOWN, 11, importance=2),
        Column("COMPUTE", lambda r: r.resource.compute or fmt.NONE, 10, importance=2),
        Column("BY", lambda r: fmt.person(r.resource.created_by), 10, importance=2),
        Column(
            "AGE",
            lambda r: fmt.age(r.resource.created, r.now),
            4,
            sort=lambda r: r.resource.created,
            importance=3,
            right=True,
        ),
        Column(
            "TIME",
            _time,
            8,
            sort=lambda r: r.resource.seconds(r.now),
            importance=6,
            right=True,
        ),
        Column("METRIC / FIRST ERROR", _story, 26, flex=2, importance=7),
    ),
    record=_record,
    facts=_facts,
    tally=Once(_tally),
    empty="No jobs yet: submit one with `az ml job create -f job.yml`.",
    actions=JOB_ACTIONS,
    fields=_FIELDS,
    toggles=(
        Toggle("M", "Mine", "user:me"),
        Toggle("exclamation_mark", "Failures", "status:failed"),
        Toggle("A", "Archived too", "archived:all"),
    ),
    parts=(
        Part("metrics", "m", "Metrics"),
        Part("logs", "l", "Logs"),
        Part("json", "y", "JSON"),
        Part("compare", "equals_sign", "Compare"),
        Part("watch", "b", "Watch"),
    ),
    link=lambda job: job.studio_url,
    order=_order,
    supplement=Supplement(
        fetch=_beside,
        wanted=lambda job: job.is_running or job.health is Health.DONE or waits(job),
        final=lambda job: job.ended_for_good,
    ),
    children=Children(
        possible=_is_parent,
        page=_children,
        order=lambda job: (job.created or _EVER, job.name),
        over=lambda job: job.ended_for_good,
    ),
    calm=10.0,
    resource=Job,
)
