"""The words that jobs are found by: display names, descriptions and tags."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from amltui.domain.job import Job
from amltui.kinds import format as fmt
from amltui.kinds.job_words import az_job, history_request
from amltui.kinds.kind import Action, Prompt, Row, Unusable

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient


def cannot_untag(job: Job) -> str | None:
    """Why no tag of this job can be taken away."""
    return None if _own(job) else f"{job.title} has no tags"


def _own(job: Job) -> list[str]:
    return [name for name in job.tags if not name.startswith(fmt.SERVICE_TAGS)]


def _renaming(words: str) -> Action[Job]:
    title = words.strip()
    if not title:
        raise Unusable("A name has at least one letter")
    return _rename(title)


def _rename(title: str | None = None) -> Action[Job]:
    shown = fmt.one_line(title or "…")

    async def run(place: WorkspaceClient, job: Job) -> None:
        from amltui.azure import job_changes

        await job_changes.rename(place, job, title or job.title)

    return Action(
        name="rename",
        key="",
        title="Rename",
        doing="renaming",
        done="renamed",
        run=run,
        request=lambda job: history_request(job, f'{{"displayName": "{shown}"}}'),
        command=lambda job: az_job("update", job, f" --set display_name={shlex.quote(shown)}"),
        effect=lambda row: (f"is shown as {shown}", "its name in addresses stays"),
        prompt=Prompt("a new name", "--to", _renaming, before=lambda job: job.title),
    )


def _describing(words: str) -> Action[Job]:
    text = words.strip()
    if not text:
        raise Unusable("A description has at least one letter")
    return _describe(text)


def _describe(text: str | None = None) -> Action[Job]:
    shown = fmt.one_line(text or "…")

    async def run(place: WorkspaceClient, job: Job) -> None:
        from amltui.azure import job_changes

        await job_changes.describe(place, job, text or "")

    def effect(row: Row[Job]) -> Sequence[str]:
        before = row.resource.description
        told = [f"is described as {shown}"]
        if text is not None and before and before != text:
            told.append(f"! instead of {fmt.one_line(before)}")
        return told

    return Action(
        name="describe",
        key="",
        title="Describe",
        doing="describing",
        done="described",
        run=run,
        request=lambda job: history_request(job, f'{{"description": "{shown}"}}'),
        command=lambda job: az_job("update", job, f" --set description={shlex.quote(shown)}"),
        effect=effect,
        prompt=Prompt(
            "a description", "--to", _describing, before=lambda job: job.description or ""
        ),
    )


def _tagging(words: str) -> Action[Job]:
    tags: dict[str, str] = {}
    for word in _split(words):
        name, _, value = word.partition("=")
        if not name:
            raise Unusable(f"{word} has no name before the =")
        tags[name] = value
    return _tag(tags)


def _tag(tags: Mapping[str, str] | None = None) -> Action[Job]:
    shown = fmt.one_line(fmt.tags((tags or {}).items())) or "…"

    async def run(place: WorkspaceClient, job: Job) -> None:
        from amltui.azure import job_changes

        await job_changes.tag(place, job, tags or {})

    def effect(row: Row[Job]) -> Sequence[str]:
        held = row.resource.tags
        replaced = [name for name, value in (tags or {}).items() if held.get(name, value) != value]
        told = [f"has the tags {shown}; its others stay"]
        if replaced:
            told.append(f"! replaces the value of {fmt.one_line(', '.join(replaced))}")
        return told

    return Action(
        name="tag",
        key="e",
        title="Tag",
        doing="tagging",
        done="tagged",
        run=run,
        request=lambda job: history_request(job, f'{{"tags": {shown}}}'),
        command=lambda job: az_job("update", job, _sets(tags or {})),
        effect=effect,
        prompt=Prompt("tags as key=value", "--tags", _tagging),
    )


def _sets(tags: Mapping[str, str]) -> str:
    return "".join(
        f" --set {shlex.quote(fmt.one_line(f'tags.{name}={value}'))}"
        for name, value in tags.items()
    )


def _untagging(words: str) -> Action[Job]:
    return _untag(tuple(_split(words)))


def _untag(names: Sequence[str] = ()) -> Action[Job]:
    shown = fmt.one_line(", ".join(names)) or "…"

    async def run(place: WorkspaceClient, job: Job) -> None:
        from amltui.azure import job_changes

        await job_changes.untag(place, job, names)

    def refusal(job: Job) -> str | None:
        if names and not any(name in job.tags for name in names):
            return f"{job.title} has no tag {shown}"
        return cannot_untag(job)

    return Action(
        name="untag",
        key="",
        title="Untag",
        doing="untagging",
        done="untagged",
        run=run,
        request=lambda job: f"{history_request(job, '')}/tags delete {shown}".replace(
            " /tags", "/tags"
        ),
        command=lambda job: az_job("update", job, "".join(f" --remove tags.{n}" for n in names)),
        effect=lambda row: (f"loses the tags {shown}",),
        refusal=refusal,
        prompt=Prompt("tags to take away", "--tags", _untagging, before=_removable),
    )


def _removable(job: Job) -> str:
    return shlex.join(_own(job))


def _split(words: str) -> list[str]:
    """Words apart at blanks, but for those in quotes."""
    try:
        found = shlex.split(words)
    except ValueError as error:
        raise Unusable("A quote is opened and not closed") from error
    if not found:
        raise Unusable("At least one is wanted")
    return found


RENAME, DESCRIBE, TAG, UNTAG = _rename(), _describe(), _tag(), _untag()
