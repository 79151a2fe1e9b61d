"""One page of the runs that a question means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from typing import Any

from amltui.emulator.http.unhurried import unhurried
from amltui.emulator.jobs.history import JobHistory
from amltui.emulator.jobs.narrowing import EVERYTHING, Narrowing
from amltui.emulator.jobs.ranking import Placed, Ranking
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.sources import Key, key_of

MOST_READ = 20_000
"""Runs that are looked at for one page: a page can be short, and still have one behind it."""

MOST_RANKINGS = 16
"""Orders that are kept of a workspace: the one that was asked for longest ago goes first."""

Token = int | list[Any]
"""Where the next page starts: an index of what is sorted, or a place in the history."""


@dataclass(frozen=True)
class Question:
    """Which runs, in which order."""

    passes: Callable[[JobRecord], bool]
    narrowing: Narrowing = EVERYTHING
    experiments: Collection[str] | None = None
    """What they are filed under; None is any."""
    order: Callable[[JobRecord], Placed] | None = None
    """A run's place in it; None is the natural order: by the moment of creation."""
    name: Hashable = None
    """What tells it from other questions that have an order."""
    oldest_first: bool = False
    """Of the natural order."""


async def page(
    question: Question, history: JobHistory, now: float, token: Any, size: int
) -> tuple[list[JobRecord], Token | None]:
    """The runs of a page, and where the next one starts."""
    narrowing, order = question.narrowing, question.order
    few = narrowing.few(history, now)
    if few is None and order is None:
        return await _walked(question, history, now, token, size)
    start = token if isinstance(token, int) and token > 0 else 0
    following = start + size
    if few is None and not narrowing.is_timed and order is not None:
        ranking = _ranking(question, history)
        place = _placing(question.passes, order)
        found, has_more = await ranking.page(place, question.experiments, now, start, size)
        return found, following if has_more else None
    some = narrowing.walk(history, now, None, question.experiments) if few is None else few
    passing = [each async for each in unhurried(some) if _is_meant(question, each)]
    if order is not None:
        ordered = sorted(passing, key=_newest_foremost(order))
    else:
        ordered = sorted(passing, key=key_of, reverse=not question.oldest_first)
    return ordered[start:following], following if following < len(ordered) else None


def _ranking(question: Question, history: JobHistory) -> Ranking:
    """What is known of this order from other pages."""
    held = history.rankings
    found = held.pop(question.name, None)
    if found is None:
        found = Ranking(history)
        if len(held) >= MOST_RANKINGS:
            del held[next(iter(held))]
    held[question.name] = found
    return found


def _placing(
    passes: Callable[[JobRecord], bool], order: Callable[[JobRecord], Placed]
) -> Callable[[JobRecord], Placed | None]:
    place = _newest_foremost(order)
    return lambda record: place(record) if passes(record) else None


def _newest_foremost(order: Callable[[JobRecord], Placed]) -> Callable[[JobRecord], Placed]:
    """Of those that are alike."""
    return lambda record: (*order(record), -record.created, record.name)


async def _walked(
    question: Question, history: JobHistory, now: float, token: Any, size: int
) -> tuple[list[JobRecord], Token | None]:
    """Costs what is looked at for this page."""
    found: list[JobRecord] = []
    last: Key | None = None
    walk = question.narrowing.walk(
        history, now, _place(token), question.experiments, oldest_first=question.oldest_first
    )
    read = 0
    async for record in unhurried(walk):
        if len(found) == size or read == MOST_READ:
            # The run that is seen here shows that there is more.
            return found, list(last) if last is not None else None
        read += 1
        last = key_of(record)
        if question.passes(record):
            found.append(record)
    return found, None


def _is_meant(question: Question, record: JobRecord) -> bool:
    experiments = question.experiments
    return (experiments is None or record.experiment in experiments) and question.passes(record)


def _place(token: Any) -> Key | None:
    match token:
        case [int() | float() as created, str() as name]:
            return (float(created), name)
    return None
