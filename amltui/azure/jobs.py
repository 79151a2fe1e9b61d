"""Jobs: the newest of a workspace, one of them in full, and cancelling."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from amltui.azure import address, loose, run_facts, runs
from amltui.azure.errors import AzureError, NotFound, NotSignedIn, ServiceBroken
from amltui.azure.operation import Operation
from amltui.azure.shape import Each, Shape
from amltui.azure.unhurried import unhurried
from amltui.domain.arm_id import last_segment
from amltui.domain.job import Job
from amltui.domain.listing import Listing

if TYPE_CHECKING:
    from amltui.azure.run_facts import RunFacts
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.arm_id import WorkspaceId

T = TypeVar("T")

_RESOURCES = {"instanceCount": ..., "instanceType": ...}
_OBJECTIVE = {"primaryMetric": ...}
JOB = {
    "name": ...,
    "systemData": {"createdAt": ..., "createdBy": ...},
    "properties": {
        "displayName": ...,
        "experimentName": ...,
        "jobType": ...,
        "status": ...,
        "computeId": ...,
        "settings": {"default_compute": ...},
        "tags": ...,
        "services": {"Studio": {"endpoint": ...}},
        "description": ...,
        "command": ...,
        "environmentId": ...,
        "trial": {"command": ..., "environmentId": ..., "resources": _RESOURCES},
        "resources": _RESOURCES,
        "queueSettings": {"jobTier": ...},
        "entry": {"file": ..., "className": ...},
        "isArchived": ...,
        "parameters": ...,
        "inputs": Each({"jobInputType": ..., "value": ...}),
        "objective": _OBJECTIVE,
        "taskDetails": _OBJECTIVE,
    },
}
"""What `parse` reads."""
PAGE = Shape({"value": [JOB], "nextLink": ...})


async def newest(
    place: WorkspaceClient, limit: int | None, params: Mapping[str, str] | None = None
) -> Listing[Job]:
    """Root jobs, newest first, with the times and errors that only run history knows."""
    return await _page(place, limit, params, (), None)


async def _page(
    place: WorkspaceClient,
    limit: int | None,
    params: Mapping[str, str] | None,
    held: Sequence[Job],
    start: str | None,
) -> Listing[Job]:
    """The jobs that were left over before, and those behind a link, up to a number of them."""
    found = {job.key: job for job in held}
    link: str | None = start
    enough = limit is not None and len(found) >= limit
    if (start is None and not held) or (start is not None and not enough):
        async for page in place.pages("/jobs", params=params, start=start, shape=PAGE):
            link = page.link
            async for item in unhurried(page.items):
                # A job that is created between two pages pushes another one onto both.
                if (job := parse(place.id, item)) is not None:
                    found.setdefault(job.key, job)
            if limit is not None and len(found) >= limit:
                break
    jobs = list(found.values())
    jobs, rest = (jobs, []) if limit is None else (jobs[:limit], jobs[limit:])
    facts, notes = await _facts(place, jobs)
    told = (run_facts.enriched(job, facts[job.name]) if job.name in facts else job for job in jobs)
    if not rest and link is None:
        return Listing(tuple(told), notes=notes)
    following = partial(_page, place, limit, params, tuple(rest), link)
    return Listing(tuple(told), True, notes, following)


async def renewed(place: WorkspaceClient, jobs: Sequence[Job]) -> tuple[Job, ...]:
    """The same jobs as they are now: those that are over are not asked about."""
    moving = [job async for job in unhurried(jobs) if not job.ended_for_good]
    if not moving:
        return tuple(jobs)
    facts, _ = await _facts(place, moving)
    return tuple(
        replace(run_facts.enriched(job, now), status=now.status or job.status)
        if (now := facts.get(job.name)) is not None
        else job
        for job in jobs
    )


async def get(place: WorkspaceClient, name: str) -> Job:
    """One job. Of steps and trials ARM tells only the name, and run history the rest."""
    import asyncio

    resource, run = await asyncio.gather(
        _or_error(raw(place, name)), _or_error(runs.get(place, name))
    )
    if isinstance(resource, AzureError):
        if isinstance(run, AzureError) or not isinstance(resource, NotFound):
            raise resource
        return run_facts.as_job(place.id, run)
    job = parse(place.id, resource)
    if job is None:
        raise ServiceBroken(f"the answer for job {name} is not a job")
    if isinstance(run, NotSignedIn):
        raise run
    if isinstance(run, AzureError):
        return job
    bare = not loose.obj(resource, "properties")
    return run_facts.as_job(place.id, run) if bare else run_facts.enriched(job, run)


async def raw(place: WorkspaceClient, name: str) -> dict[str, Any]:
    """The job as ARM wrote it."""
    body = await place.get(_path(name))
    if not isinstance(body, dict):
        raise ServiceBroken(f"the answer for job {name} is not a job")
    return body


async def cancel(place: WorkspaceClient, name: str) -> Operation:
    """Ask for the end of a job; Conflict if it has ended already."""
    answer = await place.send("POST", f"{_path(name)}/cancel")
    return Operation.from_answer("cancel", name, answer)


async def _or_error(asking: Awaitable[T]) -> T | AzureError:
    """What came, or why it did not: two questions side by side, of which one may fail."""
    try:
        return await asking
    except AzureError as error:
        return error


async def _facts(
    place: WorkspaceClient, jobs: Sequence[Job]
) -> tuple[dict[str, RunFacts], tuple[str, ...]]:
    """By name; a note instead where the data plane cannot be asked at all."""
    try:
        listing = await runs.facts(place, jobs)
    except NotSignedIn:
        raise
    except AzureError as error:
        return {}, (f"times and errors are missing: {error}",)
    return {each.run_id: each for each in listing.items}, listing.notes


def _path(name: str) -> str:
    return f"/jobs/{address.segment(name)}"


def parse(place: WorkspaceId, item: Any) -> Job | None:
    """A job; None for what has no name."""
    name = loose.text(item, "name")
    if name is None:
        return None
    properties = loose.obj(item, "properties")
    return Job(
        workspace=place,
        name=name,
        display_name=loose.text(properties, "displayName"),
        experiment=loose.text(properties, "experimentName"),
        type=loose.text(properties, "jobType"),
        status=loose.text(properties, "status"),
        compute=_compute(properties),
        created=loose.moment(item, "systemData", "createdAt"),
        created_by=loose.text(item, "systemData", "createdBy"),
        tags=loose.tags(properties, "tags"),
        studio_url=loose.text(properties, "services", "Studio", "endpoint"),
        description=loose.text(properties, "description"),
        command=_command(properties),
        environment=_environment(
            loose.text(properties, "environmentId")
            or loose.text(properties, "trial", "environmentId")
        ),
        node_count=loose.whole(properties, "resources", "instanceCount")
        or loose.whole(properties, "trial", "resources", "instanceCount"),
        instance_type=loose.text(properties, "resources", "instanceType")
        or loose.text(properties, "trial", "resources", "instanceType"),
        tier=loose.text(properties, "queueSettings", "jobTier"),
        is_archived=loose.at(properties, "isArchived") is True,
        parameters=_parameters(properties),
        primary_metric=loose.text(properties, "objective", "primaryMetric")
        or loose.text(properties, "taskDetails", "primaryMetric"),
    )


def _compute(properties: Any) -> str | None:
    return last_segment(
        loose.text(properties, "computeId") or loose.text(properties, "settings", "default_compute")
    )


def _command(properties: Any) -> str | None:
    return (
        loose.text(properties, "command")
        or loose.text(properties, "trial", "command")
        or loose.text(properties, "entry", "file")
        or loose.text(properties, "entry", "className")
    )


def _environment(environment_id: str | None) -> str | None:
    """`train-env:3` of an ARM id; whatever else is written is kept."""
    if environment_id is None:
        return None
    name, found, version = environment_id.partition("/versions/")
    return f"{last_segment(name)}:{version}" if found else environment_id


def _parameters(properties: Any) -> dict[str, str]:
    """Declared parameters, and inputs that are plain values."""
    literal = {
        name: value
        for name, told in loose.mapping(properties, "inputs").items()
        if (loose.text(told, "jobInputType") or "").lower() == "literal"
        and (value := loose.text(told, "value")) is not None
    }
    return loose.texts(properties, "parameters") | literal
