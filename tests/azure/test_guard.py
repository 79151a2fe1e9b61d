"""Read-only is kept at one place that nothing passes, and every change leaves a line."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from amltui.azure import computes
from amltui.azure.audit import AuditLog
from amltui.azure.client import AzureClient, WorkspaceClient
from amltui.azure.errors import Conflict, ReadOnly
from amltui.azure.guard import Guard
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.endpoint import Deployment
from amltui.feeds.overview import OverviewFeed
from amltui.kinds.deployment import DEPLOYMENT
from amltui.kinds.kind import Action, Edited, Kind
from amltui.kinds.registry import KINDS
from tests.stage import Stage

ACTIONS = [(kind, action) for kind in KINDS for action in kind.actions]
WORDS = {
    "idle-shutdown": "2h",
    "schedule": "add stop 0 19 * * 1-5",
    "resize": "Standard_DS3_v2",
    "traffic": "50",
    "scale-deployment": "2",
}
"""What actions are told that want other words than tags do."""
READING = ("/resources", ":query", "/full", "/sample", "/query", "runs:query", "/listnodes")
"""Ends of paths whose POSTs change nothing."""


def changes(stage: Stage) -> list[str]:
    """What has been sent that changes something."""
    return [
        f"{request.method} {request.url.path}"
        for request in stage.requests
        if request.method not in {"GET", "HEAD"} and not request.url.path.lower().endswith(READING)
    ]


async def resource_of(kind: Kind[Any], azure: AzureClient, place: WorkspaceId) -> Any:
    """One that is really there."""
    if kind is DEPLOYMENT:
        return Deployment(place, "calm-ws-ep", "green", "Succeeded")
    (question,) = kind.source.questions(azure, (place,)).values()
    return (await question()).items[0]


@pytest.mark.parametrize(
    ("kind", "action"), ACTIONS, ids=[f"{kind.name}-{action.name}" for kind, action in ACTIONS]
)
async def test_no_action_of_any_kind_passes(
    stage: Stage, azure: AzureClient, kind: Kind[Any], action: Action[Any]
):
    """Called directly, without any key, dialog or command before it: nothing leaves."""
    resource = await resource_of(kind, azure, stage.place)
    if action.prompt is not None:
        action = action.prompt.made(WORDS.get(action.name, "a=b"))
    if action.draft is not None:
        before = await action.draft.read(azure.workspace(resource.workspace), resource)
        action = action.draft.made({resource.key: Edited(before, before)})
    azure.guard = Guard(read_only=True)
    with pytest.raises(ReadOnly, match="read-only"):
        await action.run(azure.workspace(resource.workspace), resource)
    assert changes(stage) == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "MERGE", "post"])
async def test_no_method_that_changes_something_passes(
    stage: Stage, azure: AzureClient, method: str
):
    """Whoever calls the client, and however the method is spelled."""
    azure.guard = Guard(read_only=True)
    with pytest.raises(ReadOnly):
        await azure.send(method, f"{stage.place.path}/computes/kim-dev/stop")
    assert not stage.sent(method, "/stop")


async def test_everything_can_still_be_read(stage: Stage, azure: AzureClient):
    """Lists, run history, metrics and the overview, whose questions are POSTs in part."""
    azure.guard = Guard(read_only=True)
    for kind in KINDS:
        for question in kind.source.questions(azure, (stage.place,)).values():
            assert (await question()).items
    feed = OverviewFeed(azure, stage.clock, [stage.place])
    async for _ in feed.overviews():
        if feed.is_settled:
            break
    assert [part.error for name in feed.boards for part in feed.view(name).parts.values()] == [
        None
    ] * 3


@pytest.mark.scenario("busy_night")
async def test_one_workspace_can_be_read_only_and_the_others_not(stage: Stage, azure: AzureClient):
    """By its name in whatever case; one whose name only begins so is another."""
    azure.guard = Guard(places=frozenset({"vision-prod"}))
    for spelled in ("vision-prod", "VISION-PROD"):
        with pytest.raises(ReadOnly, match="vision-prod is read-only"):
            await azure.send("POST", stage.place.path.replace("vision-prod", spelled) + "/x")
    azure.guard = Guard(places=frozenset({"vision"}))
    operation = await computes.stop(azure.workspace(stage.place), "kim-a10")
    assert operation.status_url


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


async def test_every_change_leaves_a_line(
    stage: Stage, azure: AzureClient, place: WorkspaceClient, tmp_path: Path
):
    """Who, when, what, request id and result: of the request, and of the operation's end."""
    azure.audit = AuditLog(tmp_path / "state" / "changes.jsonl")
    operation = await computes.stop(place, "kim-dev")
    await _meanwhile(stage, azure.wait_for(operation))
    asked, ended = lines(azure.audit.path)
    assert asked["what"].startswith("POST ")
    assert "/computes/kim-dev/stop" in asked["what"]
    assert asked["result"] == "accepted: 202"
    assert asked["who"]
    assert asked["request_id"]
    assert asked["at"].endswith("Z")
    assert (ended["what"], ended["result"]) == ("stop of kim-dev", "ended: succeeded")
    assert stat.S_IMODE(azure.audit.path.stat().st_mode) == 0o600


async def test_refusals_and_lost_answers_leave_a_line_too(
    stage: Stage, azure: AzureClient, place: WorkspaceClient, tmp_path: Path
):
    """What is uncertain is called so; reading leaves none."""
    azure.audit = AuditLog(tmp_path / "changes.jsonl")
    await computes.list_all(place)
    assert not azure.audit.path.exists()
    with pytest.raises(Conflict):
        await computes.start(place, "kim-dev")
    stage.world.faults.plan({"operation": "Compute_Stop", "kind": "html504"})
    with pytest.raises(Exception, match="504"):
        await computes.stop(place, "kim-dev")
    refused, lost = lines(azure.audit.path)
    assert refused["result"].startswith("refused: ")
    assert lost["result"].startswith("uncertain: ")


async def test_no_token_is_ever_written(
    stage: Stage, azure: AzureClient, place: WorkspaceClient, tmp_path: Path
):
    """Neither the one that was sent nor a signature in a URL."""
    azure.audit = AuditLog(tmp_path / "changes.jsonl")
    await computes.stop(place, "kim-dev")
    with pytest.raises(Exception):  # noqa: B017, PT011
        await azure.send("POST", f"{stage.place.path}/x?sig=SECRET&code=SECRET")
    written = azure.audit.path.read_text()
    sent = [request.headers.get("authorization", "") for request in stage.requests]
    tokens = {header.removeprefix("Bearer ") for header in sent if header}
    assert tokens
    assert not any(token in written for token in tokens)
    assert "SECRET" not in written


async def test_a_log_that_cannot_be_written_stops_no_change(
    stage: Stage, azure: AzureClient, place: WorkspaceClient, tmp_path: Path
):
    """The machine keeps on costing otherwise; what is wrong with the log is known."""
    (tmp_path / "file").write_text("")
    azure.audit = AuditLog(tmp_path / "file" / "changes.jsonl")
    operation = await computes.stop(place, "kim-dev")
    assert operation.status_url
    assert azure.audit.problem is not None
    assert "cannot be written" in azure.audit.problem


async def _meanwhile(stage: Stage, asking: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(asking)
    await stage.until(task.done)
    task.result()
