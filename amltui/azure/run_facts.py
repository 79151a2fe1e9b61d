"""What run history says of a run: the facts that the ARM job lacks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from amltui.azure import loose
from amltui.azure.envelope import innermost
from amltui.domain.arm_id import last_segment
from amltui.domain.job import Job, JobError

if TYPE_CHECKING:
    from amltui.domain.arm_id import WorkspaceId


class RunFacts(Struct, frozen=True, gc=False):
    """One run. Text the service wrote is kept as it was written."""

    run_id: str
    status: str | None = None
    created: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    error: JobError | None = None
    queueing: str | None = None
    created_by: str | None = None
    creator: str | None = None
    parent: str | None = None
    compute: str | None = None
    node_count: int | None = None
    instance_type: str | None = None
    display_name: str | None = None
    type: str | None = None
    description: str | None = None
    tags: dict[str, str | None] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    primary_metric: str | None = None
    is_archived: bool = False


RUN = {
    "runId": ...,
    "status": ...,
    "createdUtc": ...,
    "createdTimeUtc": ...,
    "startTimeUtc": ...,
    "endTimeUtc": ...,
    "error": ...,
    "queueingInfo": {"message": ...},
    "createdBy": {"userName": ..., "upn": ..., "userObjectId": ...},
    "parentRunId": ...,
    "compute": {"target": ..., "instanceCount": ..., "vmSize": ...},
    "target": ...,
    "computeRequest": {"nodeCount": ...},
    "displayName": ...,
    "runType": ...,
    "properties": {"azureml.runsource": ...},
    "description": ...,
    "tags": ...,
    "parameters": ...,
    "primaryMetricName": ...,
    "hidden": ...,
}
"""What `parse` reads."""


def parse(run: Any) -> RunFacts | None:
    """The facts of a run or of its details; None for what has no run id."""
    run_id = loose.text(run, "runId")
    if run_id is None:
        return None
    return RunFacts(
        run_id=run_id,
        status=loose.text(run, "status"),
        # The details spell it createdTimeUtc.
        created=loose.moment(run, "createdUtc") or loose.moment(run, "createdTimeUtc"),
        started=loose.moment(run, "startTimeUtc"),
        ended=loose.moment(run, "endTimeUtc"),
        error=job_error(loose.at(run, "error")),
        queueing=loose.text(run, "queueingInfo", "message"),
        created_by=loose.text(run, "createdBy", "userName") or loose.text(run, "createdBy", "upn"),
        creator=loose.text(run, "createdBy", "userObjectId"),
        parent=loose.text(run, "parentRunId"),
        compute=last_segment(loose.text(run, "compute", "target") or loose.text(run, "target")),
        node_count=loose.whole(run, "compute", "instanceCount")
        or loose.whole(run, "computeRequest", "nodeCount"),
        instance_type=loose.text(run, "compute", "vmSize"),
        display_name=loose.text(run, "displayName"),
        type=_type(run),
        description=loose.text(run, "description"),
        tags=loose.tags(run, "tags"),
        parameters=loose.texts(run, "parameters"),
        primary_metric=loose.text(run, "primaryMetricName"),
        is_archived=loose.at(run, "hidden") is True,
    )


def job_error(told: Any) -> JobError | None:
    """Why a run failed. Successful runs may carry an error whose members are all null."""
    error = loose.obj(told, "error") or loose.obj({"error": told}, "error")
    message = loose.text(error, "message")
    code = innermost(error) or loose.text(error, "code")
    if message is None and code is None:
        return None
    return JobError((message or code or "").strip(), code)


def as_job(place: WorkspaceId, facts: RunFacts, experiment: str | None = None) -> Job:
    """A job of which only run history knows: a step of a pipeline, a trial of a sweep."""
    bare = Job(
        workspace=place,
        name=facts.run_id,
        display_name=facts.display_name,
        experiment=experiment,
        type=facts.type,
        status=facts.status,
        tags=facts.tags,
        description=facts.description,
        is_archived=facts.is_archived,
    )
    return enriched(bare, facts)


def enriched(job: Job, facts: RunFacts) -> Job:
    """The job with the facts that it does not have itself. Times and errors are run history's."""
    return replace(
        job,
        status=job.status or facts.status,
        created=job.created or facts.created,
        started=facts.started,
        ended=facts.ended,
        error=facts.error,
        queueing=facts.queueing,
        created_by=job.created_by or facts.created_by,
        creator=job.creator or facts.creator,
        parent=job.parent or facts.parent,
        compute=job.compute or facts.compute,
        node_count=job.node_count or facts.node_count,
        instance_type=job.instance_type or facts.instance_type,
        parameters=job.parameters or facts.parameters,
        primary_metric=job.primary_metric or facts.primary_metric,
    )


_TYPES = {
    "azureml.scriptrun": "Command",
    "azureml.commandjob": "Command",
    "commandjob": "Command",
    "azureml.steprun": "Command",
    "azureml.pipelinerun": "Pipeline",
    "hyperdrive": "Sweep",
    "azureml.hyperdrive": "Sweep",
    "automl": "AutoML",
    "azureml.automl": "AutoML",
}


def _type(run: Any) -> str | None:
    """In ARM's words, where there is one for it."""
    written = loose.text(run, "runType") or loose.text(run, "properties", "azureml.runsource")
    return _TYPES.get((written or "").lower(), written)
