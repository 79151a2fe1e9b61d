"""How far a running job is: asked in the order in which the answers are good."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from amltui.azure.errors import AzureError, NotSignedIn
from amltui.domain.job import Job
from amltui.domain.log import LogKind
from amltui.domain.progress import Progress, of_bar, of_earlier, of_metrics
from amltui.feeds.clock import Clock

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient

END = 4096
"""Bytes of the end of its log in which a bar is looked for."""


async def read(
    place: WorkspaceClient, job: Job, others: Iterable[Job], clock: Clock
) -> Progress | None:
    """By metrics that count, else by a bar in the log, else by `others` that have completed.

    None where nothing tells; what cannot be asked tells nothing.
    """
    from amltui.azure import metrics

    if not job.is_running:
        return None
    ran = job.seconds(clock.now())
    counted: Progress | None = None
    try:
        values = await metrics.last_values(place, job.name)
        counted = of_metrics(job.parameters, values, ran)
        if counted is not None and counted.left is not None:
            return counted
        if (found := of_bar(await _end_of_log(place, job, clock))) is not None:
            return found
    except NotSignedIn:
        raise
    except AzureError:
        pass  # the job itself tells of the trouble, and earlier runs are known without asking
    return of_earlier(job, ran, others) or counted


async def _end_of_log(place: WorkspaceClient, job: Job, clock: Clock) -> str:
    from amltui.azure import logs
    from amltui.feeds.log_tail import LogTail
    from amltui.feeds.open_log import end_of

    file = next(
        (each for each in await logs.files(place, job.name) if each.kind is LogKind.USER), None
    )
    if file is None:
        return ""
    chunk = await end_of(LogTail(place, job.name, file.path, clock), END)
    return chunk.data[-END:].decode("utf-8", "replace")
