"""Run history: the facts of many jobs in few questions, one run's details, its children."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from amltui.azure import address, loose, run_facts
from amltui.azure.errors import (
    AzureError,
    BadRequest,
    Conflict,
    NotAllowed,
    NotFound,
    NotSignedIn,
    ServiceBroken,
)
from amltui.azure.run_facts import RunFacts
from amltui.azure.shape import Shape
from amltui.domain.job import Job, JobError
from amltui.domain.listing import Listing, unique
from amltui.domain.log import LogFile, order

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient

AT_ONCE = 50
"""Run ids in one question."""
MOST_SINGLY = 50
"""Runs that are asked for one by one where the question itself is refused."""
MOST_KEPT = 5000
"""Ended runs that are remembered for a workspace."""
MOST_CHILDREN = 2000
MOST_PAGES = 200
"""Of children: pages may be empty and yet not be the last."""

PAGE = Shape({"value": [run_facts.RUN], "continuationToken": ...})

_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}", re.ASCII)
"""What can stand in a filter without quotes; nothing but what Azure allows as a job name."""


class RunDetails(Struct, frozen=True):
    """One run with its logs."""

    facts: RunFacts
    logs: tuple[LogFile, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def status(self) -> str | None:
        return self.facts.status

    @property
    def started(self) -> datetime | None:
        return self.facts.started

    @property
    def ended(self) -> datetime | None:
        return self.facts.ended

    @property
    def error(self) -> JobError | None:
        return self.facts.error


async def get(place: WorkspaceClient, run_id: str) -> RunFacts:
    """One run."""
    facts = run_facts.parse(await place.history("GET", f"/runs/{address.segment(run_id)}"))
    if facts is None:
        raise ServiceBroken(f"the answer for run {run_id} is not a run")
    return facts


async def facts(place: WorkspaceClient, jobs: Sequence[Job]) -> Listing[RunFacts]:
    """What run history knows of these jobs. What it does not tell is left out, and noted.

    Runs that are over never change: they are asked for once.
    """
    import asyncio

    known = [place.ended_runs[job.name] for job in jobs if job.name in place.ended_runs]
    wanted = [job for job in jobs if job.name not in place.ended_runs]
    by_experiment: dict[str, list[str]] = {}
    singly: list[str] = []
    for job in wanted:
        if job.experiment and _PLAIN_ID.fullmatch(job.name):
            by_experiment.setdefault(job.experiment, []).append(job.name)
        else:
            singly.append(job.name)
    questions = [
        _query(place, experiment, names[first : first + AT_ONCE])
        for experiment, names in by_experiment.items()
        for first in range(0, len(names), AT_ONCE)
    ]
    found: list[RunFacts] = []
    notes: list[str] = []
    for answer in await asyncio.gather(*questions):
        found += answer.found
        singly += answer.refused
        notes += answer.notes
    if singly:
        one_by_one = await _each(place, singly[:MOST_SINGLY])
        found += one_by_one.found
        notes += one_by_one.notes
        if len(singly) > MOST_SINGLY:
            notes.append(f"times are missing for {len(singly) - MOST_SINGLY} jobs")
    _remember(place, jobs, found)
    return Listing((*known, *found), notes=tuple(dict.fromkeys(notes)))


async def details(place: WorkspaceClient, run_id: str) -> RunDetails:
    """A run with signed links to its logs. There are none before it starts."""
    body = await place.history("GET", f"/runs/{address.segment(run_id)}/details")
    return parse_details(run_id, body)


async def children(place: WorkspaceClient, run_id: str) -> Listing[Job]:
    """Steps of a pipeline, trials of a sweep: direct children only, which ARM does not list."""
    page = await children_page(place, run_id)
    found = [*page.items]
    for _ in range(MOST_PAGES - 1):
        if page.older is None:
            return Listing(tuple(unique(found)))
        if len(found) >= MOST_CHILDREN:
            break
        try:
            page = await page.older()
        except NotSignedIn:
            raise
        except AzureError as error:
            # Tokens of 600,000 characters have been seen, which no URL can carry.
            note = f"further children are missing: {error}"
            return Listing(tuple(unique(found)), more=True, notes=(note,))
        found += page.items
    return Listing(tuple(unique(found)), more=page.older is not None)


async def children_page(
    place: WorkspaceClient, run_id: str, token: str | None = None
) -> Listing[Job]:
    """As many children as one answer brings, in the order they were made."""
    path = f"/runs/{address.segment(run_id)}/children"
    params = {"$continuationtoken": token} if token else None
    body = await place.history("GET", path, params=params, shape=PAGE)
    parsed = (run_facts.parse(item) for item in loose.objects(body, "value"))
    found = tuple(run_facts.as_job(place.id, run) for run in parsed if run is not None)
    following = loose.text(body, "continuationToken")
    if following is None or following == token:
        return Listing(found)
    return Listing(found, more=True, older=partial(children_page, place, run_id, following))


def parse_details(run_id: str, body: Any) -> RunDetails:
    """Details, from whatever the service sent for them."""
    facts = run_facts.parse(body) or RunFacts(run_id)
    files = [
        LogFile(path, url)
        for path, url in loose.mapping(body, "logFiles").items()
        if isinstance(url, str) and url
    ]
    warnings = tuple(
        said for each in loose.objects(body, "warnings") if (said := loose.text(each, "message"))
    )
    return RunDetails(facts, tuple(sorted(files, key=lambda file: order(file.path))), warnings)


class _Answer(Struct, frozen=True):
    """What one question brought."""

    found: Sequence[RunFacts] = ()
    refused: Sequence[str] = ()
    """Runs to be asked for one by one."""
    notes: Sequence[str] = ()


async def _query(place: WorkspaceClient, experiment: str, names: list[str]) -> _Answer:
    """Runs of one experiment: there is no question for those of a whole workspace."""
    path = f"/experiments/{address.segment(experiment)}/runs:query"
    body: dict[str, Any] = {
        "filter": "(" + " or ".join(f"RunId eq {name}" for name in names) + ")",
        "top": len(names),
    }
    found: list[RunFacts] = []
    try:
        for _ in range(len(names)):
            answer = await place.history("POST", path, body, reads=True, shape=PAGE)
            found += _parsed(loose.objects(answer, "value"))
            token = loose.text(answer, "continuationToken")
            if token is None or len(found) >= len(names) or token == body.get("continuationToken"):
                break
            body["continuationToken"] = token
        return _Answer(found)
    except (BadRequest, NotAllowed, NotFound, Conflict):
        return _Answer(found, refused=names)
    except NotSignedIn:
        raise
    except AzureError as error:
        return _Answer(found, notes=[_missing(error)])


async def _each(place: WorkspaceClient, names: Sequence[str]) -> _Answer:
    import asyncio

    answers = await asyncio.gather(*(_one(place, name) for name in names))
    found = [each for each in answers if isinstance(each, RunFacts)]
    return _Answer(found, notes=[each for each in answers if isinstance(each, str)])


async def _one(place: WorkspaceClient, name: str) -> RunFacts | str | None:
    """The facts of a run, or why there are none; None for a run that is not there."""
    try:
        return await get(place, name)
    except NotFound:
        return None
    except NotSignedIn:
        raise
    except AzureError as error:
        return _missing(error)


def _missing(error: AzureError) -> str:
    return f"times and errors are missing: {error}"


def _parsed(items: Iterable[Any]) -> list[RunFacts]:
    return [each for item in items if (each := run_facts.parse(item)) is not None]


def _remember(place: WorkspaceClient, jobs: Sequence[Job], found: Sequence[RunFacts]) -> None:
    """Keep the ended ones, where ARM and run history agree that they have ended."""
    over = {job.name for job in jobs if job.ended_for_good or job.status is None}
    for each in found:
        if each.run_id in over and each.ended is not None:
            place.ended_runs[each.run_id] = each
    for run_id in list(islice(place.ended_runs, max(0, len(place.ended_runs) - MOST_KEPT))):
        del place.ended_runs[run_id]
