"""What is watched for, and whether it has happened: rules, what was seen before, one look.

Nothing here asks anybody: a look goes in, and what is to be told comes out, each thing once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.metric import LastValue, MetricSeries, lower_is_better
from amltui.domain.query.values import number, seconds

LEAST_POINTS = 12
"""Values of a metric from which on a trend is one."""
LATEST = 3
"""Newest values that must all be bad: a single outlier is none of a trend."""


class Rule(Enum):
    """What can be watched for, in the words of commands and lists."""

    FINISHED = "finished"
    FAILED = "failed"
    NOT_A_NUMBER = "nan"
    DIVERGED = "diverging"
    STALLED = "stalled"
    COST = "cost"
    DURATION = "duration"
    PREEMPTED = "preempted"


LIMITS = {Rule.STALLED: 1800.0, Rule.COST: 50.0, Rule.DURATION: 86_400.0}
"""Where nothing else was said: seconds without news, USD, seconds."""
ABOUT = {
    Rule.FINISHED: "it has ended, however",
    Rule.FAILED: "it has failed",
    Rule.NOT_A_NUMBER: "a metric is NaN or infinite",
    Rule.DIVERGED: "its metric has lost all it had gained",
    Rule.STALLED: "neither metric nor log has news for that long",
    Rule.COST: "it has cost so many dollars, at retail prices",
    Rule.DURATION: "it has run for that long",
    Rule.PREEMPTED: "it has lost its nodes and waits for others",
}


class Condition(Struct, frozen=True):
    """A rule with its limit, where it has one: seconds, or USD."""

    rule: Rule
    limit: float | None = None

    @property
    def text(self) -> str:
        """As it is typed: `stalled:30m`."""
        if self.limit is None:
            return self.rule.value
        limit = f"{self.limit:g}" if self.rule is Rule.COST else _span(self.limit)
        return f"{self.rule.value}:{limit}"


SINGLE = frozenset({Rule.DIVERGED})
"""Rules that need the history of one job's metric: lists do not tell enough."""
USUAL = (
    Condition(Rule.FINISHED),
    Condition(Rule.FAILED),
    Condition(Rule.NOT_A_NUMBER),
    Condition(Rule.STALLED, LIMITS[Rule.STALLED]),
    Condition(Rule.PREEMPTED),
)
"""What a watch is about if nothing is said."""
RULES = {rule.value: rule for rule in Rule} | {
    "ended": Rule.FINISHED,
    "inf": Rule.NOT_A_NUMBER,
    "divergence": Rule.DIVERGED,
    "stall": Rule.STALLED,
}


def condition(text: str) -> Condition | None:
    """`failed`, `stalled:45m`, `cost:20`; None for what is no rule, or has no sensible limit."""
    word, colon, limit = text.strip().lower().partition(":")
    rule = RULES.get(word)
    if rule is None or (colon and rule not in LIMITS):
        return None
    if not colon:
        return Condition(rule, LIMITS.get(rule))
    value = number(limit.removeprefix("$")) if rule is Rule.COST else seconds(limit)
    if value is None or not 0 < value < math.inf:
        return None
    return Condition(rule, value)


class Look(Struct, frozen=True):
    """What one look at a job has told."""

    job: Job
    at: datetime
    values: Mapping[str, LastValue] = {}
    series: MetricSeries | None = None
    """Of the metric that the job is judged by, where divergence is watched for."""
    log_changed: datetime | None = None
    """When its log was last written to; None where nobody has looked, or it was not told."""
    per_hour: float | None = None
    """USD at retail prices; None where unknown."""


class History(Struct, frozen=True):
    """What is kept of earlier looks: as much as it takes to tell each thing once."""

    told: tuple[str, ...] = ()
    """Keys of what has been told."""
    has_run: bool = False
    """Whether it was running when it was last looked at."""


class Event(Struct, frozen=True):
    """Something that was watched for, and has happened."""

    key: str
    """The same for the same thing."""
    rule: Rule | None
    """None for the end of the watch itself: the job is over, or not there any more."""
    text: str
    """What has happened, in a few words."""
    health: Health


def judge(
    conditions: Iterable[Condition], history: History, look: Look
) -> tuple[tuple[Event, ...], History]:
    """What has happened since, and what is to be known at the next look."""
    job = look.job
    sign = _sign(look)
    wanted = {each.rule: each for each in conditions}
    found = [event for each in wanted.values() if (event := _happened(each, history, look, sign))]
    if Rule.FAILED in wanted and any(event.rule is Rule.FAILED for event in found):
        found = [event for event in found if event.rule is not Rule.FINISHED]
    fresh = tuple(event for event in found if event.key not in history.told)
    told = (*history.told, *(event.key for event in fresh))
    if job.is_running:  # what was over can happen again: it is told again then
        now = {event.key for event in found}
        passing = (Rule.STALLED.value, Rule.PREEMPTED.value)
        told = tuple(key for key in told if key in now or not key.startswith(passing))
    waits_again = history.has_run and job.health in {Health.WAITING, Health.BUSY}
    has_run = job.is_running or (waits_again and not job.ended_for_good)
    return fresh, History(told, has_run)


def _happened(each: Condition, history: History, look: Look, sign: datetime | None) -> Event | None:
    job, rule = look.job, each.rule
    match rule:
        case Rule.FINISHED if job.ended_for_good:
            return Event(f"finished {job.status}", rule, _ended(job, look.at), job.health)
        case Rule.FAILED if job.health is Health.BAD:
            why = f": {job.error.summary}" if job.error else ""
            return Event("failed", rule, f"failed{why}", Health.BAD)
        case Rule.PREEMPTED if history.has_run and job.health is Health.WAITING:
            return Event("preempted", rule, f"lost its nodes, {job.status}", Health.ATTENTION)
    if job.is_running:
        return _while_running(each, look, sign)
    return None


def _while_running(each: Condition, look: Look, sign: datetime | None) -> Event | None:
    job, rule, limit = look.job, each.rule, each.limit or 0.0
    match rule:
        case Rule.NOT_A_NUMBER:
            return _not_a_number(look.values)
        case Rule.DIVERGED if look.series is not None:
            if (why := divergence(look.series)) is not None:
                return Event("diverging", rule, why, Health.ATTENTION)
        case Rule.STALLED if sign is not None and look.at - sign >= timedelta(seconds=limit):
            silent = _span((look.at - sign).total_seconds())
            what = "no metric, no log" if look.log_changed else "no metric"
            return Event(each.text, rule, f"{what} for {silent}", Health.STALLED)
        case Rule.COST | Rule.DURATION:
            ran = job.seconds(look.at)
            if ran is None:
                return None
            if rule is Rule.DURATION and ran >= limit:
                return Event(each.text, rule, f"has run for {_span(ran)}", Health.ATTENTION)
            cost = None if look.per_hour is None else look.per_hour * ran / 3600
            if rule is Rule.COST and cost is not None and cost >= limit:
                return Event(each.text, rule, f"has cost ~${cost:,.2f}", Health.ATTENTION)
    return None


def _not_a_number(values: Mapping[str, LastValue]) -> Event | None:
    bad = min((name for name in values if not math.isfinite(values[name].value)), default=None)
    if bad is None:
        return None
    value = values[bad]
    word = "NaN" if math.isnan(value.value) else "Inf" if value.value > 0 else "-Inf"
    text = f"{bad} is {word} at step {value.step:,}"
    return Event("nan", Rule.NOT_A_NUMBER, text, Health.ATTENTION)


def divergence(series: MetricSeries) -> str | None:
    """Why a metric runs away in the wrong direction; None if it does not, or that is not known.

    Its newest values have all lost everything that its best had gained over its first ones, and
    half of what the best is besides where that is more.
    """
    values = [point.value for point in series.points if math.isfinite(point.value)]
    if len(values) < LEAST_POINTS:
        return None
    falls = lower_is_better(series.name)
    heights = values if falls else [-value for value in values]
    best = min(heights)
    at = heights.index(best)
    if len(heights) - at <= LATEST:
        return None
    first = sorted(heights[:LATEST])[LATEST // 2]
    allowed = max(first - best, abs(best) / 2)
    if min(heights[-LATEST:]) <= best + allowed:
        return None
    way = "risen" if falls else "fallen"
    return f"{series.name} has {way} to {values[-1]:.4g}, best was {values[at]:.4g}"


def _sign(look: Look) -> datetime | None:
    """The newest sign of life that is known of a running job."""
    if not look.job.is_running:
        return None
    moments = [value.time for value in look.values.values() if value.time is not None]
    moments += [each for each in (look.log_changed, look.job.started) if each is not None]
    return max(moments, default=None)


def _ended(job: Job, now: datetime) -> str:
    ran = job.seconds(now)
    return f"{job.status}" + (f" after {_span(ran)}" if ran is not None else "")


def _span(length: float) -> str:
    """A length of time as it is typed: 90s, 30m, 1h30m; rounded once it is long."""
    whole = int(length)
    if whole < 120 and whole % 60:
        return f"{whole}s"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes}m"
    hours, minutes = divmod(minutes, 60)
    if hours < 48 and minutes:
        return f"{hours * 60 + minutes}m" if hours < 2 else f"{hours + minutes / 60:.3g}h"
    return f"{hours}h" if hours < 48 else f"{hours / 24:.3g}d"


def wanted(words: Sequence[str]) -> tuple[tuple[Condition, ...], str]:
    """The rules among these words, and the others, which are a filter."""
    found = {each.rule: each for word in words if (each := condition(word)) is not None}
    rest = " ".join(word for word in words if condition(word) is None)
    return tuple(found.values()), rest


def limited(each: Condition, step: int) -> Condition:
    """With twice the limit, or half of it."""
    if each.limit is None:
        return each
    return replace(each, limit=min(max(each.limit * 2.0**step, 1.0), 1e7))
