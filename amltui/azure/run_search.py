"""Jobs that a filter means, found by whichever service can look for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from amltui.azure import jobs, loose, run_facts, runs
from amltui.azure.errors import AzureError, BadRequest, Conflict, NotAllowed, NotFound, NotSignedIn
from amltui.azure.run_question import NOTHING, Question, question
from amltui.azure.shape import Shape
from amltui.azure.times import from_timestamp
from amltui.domain.job import Job
from amltui.domain.listing import Listing
from amltui.domain.query.condition import Condition

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient

REFUSED = (BadRequest, NotFound, NotAllowed, Conflict)
EXPERIMENTS_KEPT = 60.0
"""Seconds for which the names of the experiments are not asked for again."""
MOST_EXPERIMENTS = 2000
ON_A_PAGE = 200
"""Experiments in one answer."""
MOST_FRUITLESS = 10
"""Pages of nothing but trials and steps that are turned at once: those are no jobs of their own."""
_PARENT = "mlflow.parentRunId"
_TYPICAL = {
    "FINISHED": "Completed",
    "FAILED": "Failed",
    "KILLED": "Canceled",
    "RUNNING": "Running",
    "SCHEDULED": "Queued",
}
"""What MLflow's words mean where run history does not tell more."""

_PAIR = {"key": ..., "value": ...}
RUN = {
    "info": {
        "run_id": ...,
        "run_uuid": ...,
        "run_name": ...,
        "experiment_id": ...,
        "status": ...,
        "start_time": ...,
        "end_time": ...,
        "user_id": ...,
        "lifecycle_stage": ...,
    },
    "data": {"tags": [_PAIR], "params": [_PAIR], "metrics": [_PAIR]},
}
PAGE = Shape({"runs": [RUN], "next_page_token": ...})

Suits = Callable[[str, Sequence[Condition]], bool]
"""Whether an experiment's name is one that the conditions allow."""


class _Stream(Struct, frozen=True):
    """One search, and where its next page starts."""

    filter: str
    token: str | None = None


async def search(
    place: WorkspaceClient,
    conditions: Sequence[Condition],
    suits: Suits,
    me: str | None,
    now: Callable[[], datetime],
    limit: int,
    *,
    with_metrics: bool = False,
) -> Listing[Job]:
    """The newest jobs that pass what the service can look at; `served` tells what that was.

    A search that is refused is asked for less, from the next time on at once.
    """
    while True:
        asked = question(conditions, me, now(), place.search_rung, with_metrics=with_metrics)
        if not asked.is_search:
            listing = await jobs.newest(place, limit, asked.listing or None)
            return replace(listing, served=tuple(each.text for each in asked.served))
        try:
            listing = await _searched(place, asked, suits, limit)
        except REFUSED:
            place.search_rung = min(place.search_rung + 1, NOTHING)
            continue
        if listing.items or all(each.field != "user" for each in asked.served):
            return listing
        # That MLflow's user_id is the directory's id is nowhere documented: nobody is told that
        # there is nothing of theirs on that ground alone.
        conditions = [each for each in conditions if each.field != "user"]


async def _searched(
    place: WorkspaceClient, asked: Question, suits: Suits, limit: int
) -> Listing[Job]:
    names = await place.client.kept.get(
        ("experiments", place.id.key), partial(_experiments, place), EXPERIMENTS_KEPT
    )
    meant = {
        identity: name
        for identity, name in names.items()
        if not asked.experiments or suits(name, asked.experiments)
    }
    served = tuple(each.text for each in asked.served)
    if not meant:
        return Listing(served=served)
    status = [f"attributes.status = '{each}'" for each in asked.statuses] or [""]
    streams = [_Stream(" AND ".join(filter(None, (each, *asked.clauses)))) for each in status]
    return await _page(place, asked, meant, tuple(streams), limit, served)


async def _page(
    place: WorkspaceClient,
    asked: Question,
    experiments: Mapping[str, str],
    streams: tuple[_Stream, ...],
    limit: int,
    served: tuple[str, ...],
) -> Listing[Job]:
    """The next page of every stream, one after the other in time."""
    size = max(10, limit // len(streams))
    answers = await asyncio.gather(
        *(_turned(place, asked, experiments, stream, size) for stream in streams)
    )
    found = {job.key: job for several, _ in answers for job in several}
    left = tuple(stream for _, stream in answers if stream is not None)
    told, notes = await _told(place, list(found.values()))
    if not left:
        return Listing(told, notes=notes, served=served)
    following = partial(_page, place, asked, experiments, left, limit, served)
    return Listing(told, True, notes, following, served)


async def _turned(
    place: WorkspaceClient,
    asked: Question,
    experiments: Mapping[str, str],
    stream: _Stream,
    size: int,
) -> tuple[list[Job], _Stream | None]:
    """A page with jobs on it, and the stream behind it; None at its end."""
    found: list[Job] = []
    token = stream.token
    for _ in range(MOST_FRUITLESS):
        body = {
            "experiment_ids": list(experiments)[:MOST_EXPERIMENTS],
            "filter": stream.filter,
            "run_view_type": asked.view,
            "max_results": size,
            "order_by": ["attributes.start_time DESC"],
        }
        if token is not None:
            body["page_token"] = token
        answer = await place.mlflow("POST", "/runs/search", body, reads=True, shape=PAGE)
        for run in loose.objects(answer, "runs"):
            if (job := _job(place, run, experiments)) is not None:
                found.append(job)
        before, token = token, loose.text(answer, "next_page_token")
        if token is None or token == before:
            return found, None
        if found:
            break
    return found, replace(stream, token=token)


async def _told(
    place: WorkspaceClient, found: list[Job]
) -> tuple[tuple[Job, ...], tuple[str, ...]]:
    """With what only run history knows of them."""
    try:
        listing = await runs.facts(place, found)
    except NotSignedIn:
        raise
    except AzureError as error:
        return tuple(found), (f"times and errors are missing: {error}",)
    facts = {each.run_id: each for each in listing.items}
    told = []
    for job in found:
        if (known := facts.get(job.name)) is None:
            told.append(job)
            continue
        full = run_facts.as_job(place.id, known, job.experiment)
        told.append(
            replace(
                full,
                display_name=full.display_name or job.display_name,
                status=full.status or job.status,
                tags=full.tags or job.tags,
                metrics=job.metrics,
                studio_url=_studio(place, job.name),
                parameters=full.parameters or job.parameters,
            )
        )
    # Of steps and trials some clients do not write the parent's name where MLflow looks for it.
    return tuple(job for job in told if job.parent is None), listing.notes


def _studio(place: WorkspaceClient, name: str) -> str:
    """The run's page, as Resource Manager would tell it."""
    return f"{place.client.cloud.studio}/runs/{name}?wsid={place.id.path}"


async def _experiments(place: WorkspaceClient) -> dict[str, str]:
    """Names of the experiments by id."""
    found: dict[str, str] = {}
    token: str | None = None
    while len(found) < MOST_EXPERIMENTS:
        body: dict[str, Any] = {"max_results": ON_A_PAGE, "view_type": "ALL"}
        if token is not None:
            body["page_token"] = token
        answer = await place.mlflow("POST", "/experiments/search", body, reads=True)
        for each in loose.objects(answer, "experiments"):
            identity, name = loose.text(each, "experiment_id"), loose.text(each, "name")
            if identity is not None and name is not None:
                found[identity] = name
        before, token = token, loose.text(answer, "next_page_token")
        if token is None or token == before:
            break
    return found


def _job(place: WorkspaceClient, run: Any, experiments: Mapping[str, str]) -> Job | None:
    """What MLflow tells of a run; None for a step or a trial, and for what has no id."""
    name = loose.text(run, "info", "run_id") or loose.text(run, "info", "run_uuid")
    tags = {
        key: loose.text(each, "value")
        for each in loose.objects(run, "data", "tags")
        if (key := loose.text(each, "key")) is not None
    }
    if name is None or tags.get(_PARENT):
        return None
    return Job(
        workspace=place.id,
        name=name,
        display_name=loose.text(run, "info", "run_name") or tags.get("mlflow.runName"),
        experiment=experiments.get(loose.text(run, "info", "experiment_id") or ""),
        type=None,
        status=_TYPICAL.get(loose.text(run, "info", "status") or ""),
        created=_milliseconds(run, "start_time"),
        started=_milliseconds(run, "start_time"),
        ended=_milliseconds(run, "end_time"),
        created_by=tags.get("mlflow.user"),
        creator=loose.text(run, "info", "user_id"),
        tags=tags,
        is_archived=loose.text(run, "info", "lifecycle_stage") == "deleted",
        parameters={
            key: loose.text(each, "value") or ""
            for each in loose.objects(run, "data", "params")
            if (key := loose.text(each, "key")) is not None
        },
        metrics={
            key: value
            for each in loose.objects(run, "data", "metrics")
            if (key := loose.text(each, "key")) is not None
            and (value := loose.number(each, "value")) is not None
        },
    )


def _milliseconds(run: Any, member: str) -> datetime | None:
    at = loose.number(run, "info", member)
    return None if at is None else from_timestamp(at / 1000)
