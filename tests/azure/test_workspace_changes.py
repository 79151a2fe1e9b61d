"""Workspaces are deleted and diagnosed over the wire; odd answers are told, not misread."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from amltui.azure import workspace_changes, workspaces
from amltui.azure.client import AzureClient
from amltui.azure.errors import AzureError, Conflict, NotAllowed, OperationFailed
from amltui.azure.workspace_changes import findings
from amltui.domain.health import Health
from tests.stage import Stage


@pytest.fixture
async def azure(stage: Stage) -> AsyncIterator[AzureClient]:
    client = await stage.connect()

    async def sleep(seconds: float) -> None:
        stage.world_clock.advance(seconds)

    client.sleep = sleep
    yield client
    await client.aclose()


async def test_a_healthy_workspace_has_no_findings(stage: Stage, azure: AzureClient):
    """The answer comes by way of a Location, as recorded."""
    assert await workspace_changes.diagnose(azure.workspace(stage.place)) == ()
    assert len(stage.sent("POST", "/diagnose")) == 1


async def test_what_is_missing_is_found(stage: Stage, azure: AzureClient):
    """A storage account that somebody deleted is an error about it."""
    (workspace,) = (await workspaces.list_all(azure)).items
    path = workspace.stands_on["storage"]
    await azure.send("DELETE", path, api_version="2023-01-01")
    (found,) = await workspace_changes.diagnose(azure.workspace(stage.place))
    assert (found.area, found.health) == ("storage account", Health.BAD)
    assert path.rpartition("/")[2] in found.message
    assert workspace_changes.told_of([found]) == "1 finding, 1 error"


@pytest.mark.parametrize(
    "body",
    [None, [], "x", {"value": None}, {"value": []}, {"value": {"a": None}}, {"value": {"a": [3]}}],
)
def test_an_answer_without_findings_has_none(body: Any):
    assert findings(body) == ()


def test_the_worst_comes_first_and_levels_nobody_knows_last():
    """Nothing is left out for being strange."""
    told = findings(
        {
            "value": {
                "dnsResolutionResults": [{"level": "Information", "code": "a", "message": "b"}],
                "otherResults": [{"level": "Odd"}, {"level": "Warning", "message": None}],
                "keyVaultResults": [{"level": "error", "code": "c", "message": "d"}],
            }
        }
    )
    assert [(each.area, each.level) for each in told] == [
        ("key vault", "error"),
        ("other", "Warning"),
        ("dns resolution", "Information"),
        ("other", "Odd"),
    ]
    assert told[1].message == "no message"


@pytest.mark.parametrize("purge", [False, True])
async def test_a_deleted_workspace_is_gone(stage: Stage, azure: AzureClient, purge: bool):
    """For good only where that was meant."""
    place = stage.place
    await azure.wait_for(await workspace_changes.delete(azure.workspace(place), purge=purge))
    assert (await workspaces.list_all(azure)).items == ()
    (sent,) = stage.sent("DELETE", place.name)
    assert sent.url.params.get("forceToPurge") == ("true" if purge else None)


@pytest.mark.parametrize(
    ("kind", "error"),
    [("403", NotAllowed), ("409", Conflict), ("operation-fails", OperationFailed)],
)
async def test_a_refusal_is_told(
    stage: Stage, azure: AzureClient, kind: str, error: type[AzureError]
):
    stage.world.faults.add("Workspaces_Delete", kind, times=None)
    place = azure.workspace(stage.place)

    async def whole() -> None:
        await azure.wait_for(await workspace_changes.delete(place, purge=False))

    with pytest.raises(error):
        await whole()
    assert (await workspaces.list_all(azure)).items


async def test_what_is_in_it_is_counted(stage: Stage, azure: AzureClient):
    """What is in use is marked; what could not be asked for is told."""
    computes, jobs = await workspace_changes.contents(azure.workspace(stage.place))
    assert computes.startswith("! ")
    assert "of them on" in computes
    assert jobs.startswith("! ")
    stage.world.faults.add("Compute_List", "403", times=None)
    (told,) = await workspace_changes.contents(azure.workspace(stage.place))
    assert told.startswith("! what is in it could not be asked for")
