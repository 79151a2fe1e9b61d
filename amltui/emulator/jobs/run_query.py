"""One page of the runs that a question means."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from amltui.emulator.jobs.history import JobHistory
from amltui.emulator.jobs.narrowing import EVERYTHING, Narrowing
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.sources import Key, key_of

MOST_READ = 20_000
"""Runs that are looked at for one page: a page can be short, and still have one behind it."""

Sort = Callable[[list[JobRecord]], list[JobRecord]]
Token = int | list[Any]
"""Where the next page starts: an index of what is sorted, or a place in the history."""


@dataclass(frozen=True)
class Question:
    """Which runs, in which order."""

    passes: Callable[[JobRecord], bool]
    narrowing: Narrowing = EVERYTHING
    experiments: Collection[str] | None = None
    """What they are filed under; None is any."""
    sort: Sort | None = None
    """None is the natural order: by the moment of creation."""
    oldest_first: bool = False
    """Of the natural order."""


def page(
    question: Question, history: JobHistory, now: float, token: Any, size: int
) -> tuple[list[JobRecord], Token | None]:
    """The runs of a page, and where the next one starts."""
    few = question.narrowing.few(history, now)
    if few is None and question.sort is None:
        return _walked(question, history, now, token, size)
    if few is None:
        few = list(question.narrowing.walk(history, now, None, question.experiments))
    passing = [each for each in few if _is_meant(question, each)]
    if question.sort is not None:
        ordered = question.sort(passing)
    else:
        ordered = sorted(passing, key=key_of, reverse=not question.oldest_first)
    start = token if isinstance(token, int) and token > 0 else 0
    following = start + size
    return ordered[start:following], following if following < len(ordered) else None


def _walked(
    question: Question, history: JobHistory, now: float, token: Any, size: int
) -> tuple[list[JobRecord], Token | None]:
    """Costs what is looked at for this page."""
    found: list[JobRecord] = []
    last: Key | None = None
    walk = question.narrowing.walk(
        history, now, _place(token), question.experiments, oldest_first=question.oldest_first
    )
    for read, record in enumerate(walk):
        if len(found) == size or read == MOST_READ:
            # The run that is seen here shows that there is more.
            return found, list(last) if last is not None else None
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
