"""Submitting jobs again, as they were or edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amltui.domain.job import Job
from amltui.kinds import format as fmt
from amltui.kinds.job_words import az_job
from amltui.kinds.kind import Action, Draft, Edited, Row, Unusable

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient


def cannot_resubmit(job: Job) -> str | None:
    """Why this job cannot be submitted again."""
    if job.parent:
        return f"{job.title} belongs to {job.parent}: submit that again"
    return None


async def _document(place: WorkspaceClient, job: Job) -> dict[str, Any]:
    from amltui.azure import jobs, resubmission

    return resubmission.document(await jobs.raw(place, job.name), datetime.now(UTC))


def _resubmitting(edited: Mapping[str, Edited]) -> Action[Job]:
    from amltui.azure import resubmission

    names = []
    for document in (each.after for each in edited.values()):
        name = document.get("name")
        if not resubmission.is_name(name):
            raise Unusable(
                "The name of a job has letters, digits, - and _, and 255 of them at most"
            )
        if not isinstance(document.get("properties"), dict):
            raise Unusable(f"{name} has no properties")
        names.append(str(name).lower())
    if len(set(names)) < len(names):
        raise Unusable("Each of the new jobs needs a name of its own")
    return _resubmit(edited)


def _resubmit(edited: Mapping[str, Edited] | None = None) -> Action[Job]:
    held = edited or {}

    def name(job: Job) -> str:
        return str(held[job.key].after["name"]) if job.key in held else "…"

    async def run(place: WorkspaceClient, job: Job) -> None:
        from amltui.azure import job_changes

        document = held[job.key].after
        await job_changes.submit(place, document["name"], document["properties"])

    def effect(row: Row[Job]) -> Sequence[str]:
        if row.resource.key not in held:
            return ("the job as it was asked for, in your editor first",)
        from amltui.azure import resubmission
        from amltui.kinds.drafts import differences

        each = held[row.resource.key]
        changed = differences(each.before["properties"], each.after["properties"])
        shared = resubmission.shared_outputs(each.after["properties"])
        told = [
            f"a new job {each.after['name']}, which costs what its compute costs",
            f"edited: {changed}" if changed else "! not edited: the same job again",
        ]
        if shared:
            told.append(f"! writes where {row.title} has written: {fmt.one_line(shared[0])}")
        return told

    return Action(
        name="resubmit",
        key="R",
        title="Resubmit",
        doing="submitting again",
        done="submitted again",
        run=run,
        request=lambda job: f"PUT {job.workspace.path}/jobs/{name(job)} like {job.name}",
        command=lambda job: (
            az_job("show", job, " -o yaml") + " > job.yml; az ml job create -f job.yml"
        ),
        effect=effect,
        refusal=cannot_resubmit,
        draft=Draft(_document, _resubmitting),
    )


RESUBMIT = _resubmit()
