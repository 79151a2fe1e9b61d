"""Progress of jobs in words, never without what tells it."""

from __future__ import annotations

from collections.abc import Mapping

from amltui.domain.job import Job
from amltui.domain.metric import LastValue
from amltui.domain.progress import Progress, of_metrics
from amltui.kinds import format as fmt

NOTHING = f"{fmt.UNKNOWN} (no metric counts, no bar in the log, no earlier run alike)"


def by_metrics(
    job: Job, values: Mapping[str, float], last: LastValue, ran: float | None
) -> Progress | None:
    """What a list knows of it: the last values, and the step of the newest of them."""
    if not job.is_running or not job.parameters:
        return None
    known = {name: LastValue(name, value, 0) for name, value in values.items()}
    return of_metrics(job.parameters, {**known, last.name: last}, ran)


def words(told: Progress | None) -> str:
    """`42%, about 3h 02m left (epoch 1.3 of 3)`; what is unknown is said to be."""
    if told is None:
        return NOTHING
    share = fmt.UNKNOWN if told.share is None else f"{told.share:.0%}"
    left = "end unknown" if told.left is None else f"about {fmt.duration(told.left)} left"
    return f"{share}, {left} ({told.source})"


def brief(told: Progress | None) -> str:
    """For a column: `42% 3h epoch`; empty where nothing is known."""
    if told is None:
        return ""
    share = fmt.UNKNOWN if told.share is None else f"{told.share:.0%}"
    left = fmt.UNKNOWN if told.left is None else fmt.duration(told.left).partition(" ")[0]
    return f"{share} {left} {told.source.partition(' ')[0]}"
