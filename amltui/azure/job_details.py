"""A job's details, from Resource Manager's job, run history's run and the price of its compute."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from amltui.azure import address, computes, jobs, loose, serverless
from amltui.azure.errors import AzureError, NotSignedIn
from amltui.domain.job_details import Binding, ErrorLine, Git, JobDetails, Service
from amltui.domain.serverless import is_on_it

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.job import Job

_SPAN = re.compile(r"(?:(\d+)\.)?(\d+):(\d\d):(\d\d(?:\.\d+)?)", re.ASCII)
"""Of .NET: [days.]hours:minutes:seconds."""
_DEEPEST = 12
_TOLD = {"studio", "tracking"}


async def get(place: WorkspaceClient, job: Job) -> JobDetails:
    """What can be had: of steps and trials Resource Manager tells nothing."""
    run, resource, price = await asyncio.gather(
        _or_nothing(place.history("GET", f"/runs/{address.segment(job.name)}")),
        _or_nothing(jobs.raw(place, job.name)),
        _price(place, job),
    )
    if isinstance(run, AzureError) and isinstance(resource, AzureError):
        raise resource
    found = parse(
        {} if isinstance(resource, AzureError) else resource,
        {} if isinstance(run, AzureError) else run,
    )
    return replace(found, price_per_hour=price)


def parse(resource: Any, run: Any) -> JobDetails:
    """From whatever the services sent."""
    told = loose.obj(resource, "properties")
    trial = loose.obj(told, "trial")

    def text(*path: str) -> str | None:
        return loose.text(told, *path) or loose.text(trial, *path)

    return JobDetails(
        inputs=tuple(_bindings(loose.obj(told, "inputs"), loose.obj(run, "inputs"))),
        outputs=tuple(_bindings(loose.obj(told, "outputs"), loose.obj(run, "outputs"))),
        environment=text("environmentId"),
        code=text("codeId"),
        distribution=_distribution(
            loose.obj(told, "distribution") or loose.obj(trial, "distribution")
        ),
        instance_type=text("resources", "instanceType") or loose.text(run, "compute", "vmSize"),
        timeout=text("limits", "timeout"),
        tier=loose.text(told, "queueSettings", "jobTier"),
        identity=loose.text(told, "identity", "identityType"),
        git=_git(told, run),
        services=tuple(_services(loose.obj(told, "services"))),
        errors=tuple(_errors(loose.obj(run, "error"))),
        warnings=tuple(
            said for each in loose.objects(run, "warnings") if (said := loose.text(each, "message"))
        ),
        attempt=loose.whole(run, "currentAttemptId"),
        last_start=loose.moment(run, "lastStartTimeUtc"),
        compute_seconds=span(loose.text(run, "computeDuration")),
        cancelled_why=loose.text(run, "cancelationReason"),
    )


def span(text: str | None) -> float | None:
    """Seconds of `1.02:03:04.5`; None for what is none."""
    found = _SPAN.fullmatch(text or "")
    if found is None:
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


async def _price(place: WorkspaceClient, job: Job) -> float | None:
    if job.compute is None:
        return None
    if is_on_it(job):
        return await serverless.price(place, job)
    try:
        return (await computes.get(place, job.compute)).price_per_hour
    except NotSignedIn:
        raise
    except AzureError:
        return None


async def _or_nothing(asking: Any) -> Any:
    try:
        return await asking
    except NotSignedIn:
        raise
    except AzureError as error:
        return error


def _bindings(asked: dict[str, Any], became: dict[str, Any]) -> Iterator[Binding]:
    """As they were asked for; run history knows the assets that they are or have become."""
    for name in dict.fromkeys((*asked, *became)):
        told, asset = asked.get(name), loose.text(became, name, "assetId")
        kind = loose.text(told, "jobInputType") or loose.text(told, "jobOutputType")
        named, version = loose.text(told, "assetName"), loose.text(told, "assetVersion")
        yield Binding(
            name=name,
            type=kind or loose.text(became, name, "type"),
            uri=loose.text(told, "uri") or loose.text(told, "value") or asset,
            mode=loose.text(told, "mode"),
            asset=f"{named}:{version or 'new'}" if named else None,
        )


def _distribution(told: dict[str, Any]) -> str | None:
    kind = loose.text(told, "distributionType")
    counts = [
        f"{count} {words}"
        for member, words in (
            ("processCountPerInstance", "processes per node"),
            ("workerCount", "workers"),
            ("parameterServerCount", "parameter servers"),
        )
        if (count := loose.whole(told, member)) is not None
    ]
    return " · ".join([kind, *counts]) if kind else None


def _git(told: dict[str, Any], run: Any) -> Git:
    held: dict[str, str] = {}
    for each in (told, run):
        for bag in ("tags", "properties"):
            held |= {
                name.lower(): value
                for name, value in loose.obj(each, bag).items()
                if isinstance(value, str) and value.strip()
            }
    dirty = held.get("azureml.git.dirty")
    return Git(
        repository=held.get("azureml.git.repository_uri") or held.get("mlflow.source.git.repourl"),
        branch=held.get("azureml.git.branch") or held.get("mlflow.source.git.branch"),
        commit=held.get("azureml.git.commit") or held.get("mlflow.source.git.commit"),
        dirty=None if dirty is None else dirty.lower() == "true",
    )


def _services(told: dict[str, Any]) -> Iterator[Service]:
    for name, service in told.items():
        if name.lower() not in _TOLD and isinstance(service, dict):
            yield Service(
                name=name,
                type=loose.text(service, "jobServiceType"),
                status=loose.text(service, "status"),
                endpoint=loose.text(service, "endpoint"),
                error=loose.text(service, "errorMessage"),
            )


def _errors(told: dict[str, Any]) -> Iterator[ErrorLine]:
    """From the outside in; details stand below the error that they belong to."""
    yield from _links(loose.obj(told, "error") or told, 0)


def _links(error: dict[str, Any], depth: int) -> Iterator[ErrorLine]:
    code, message = loose.text(error, "code"), loose.text(error, "message")
    if depth > _DEEPEST or not error:
        return
    if code or message:
        yield ErrorLine(depth, code, message)
    for each in loose.objects(error, "details"):
        yield from _links(each, depth + 1)
    yield from _links(loose.obj(error, "innerError") or loose.obj(error, "innererror"), depth + 1)
