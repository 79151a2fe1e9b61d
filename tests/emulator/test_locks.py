"""Locks: what lies under one is not deleted, or not changed, and the dashboard says why."""

from __future__ import annotations

from typing import Any

import pytest

from amltui.azure import computes, workspace_changes
from amltui.azure.client import AzureClient
from amltui.azure.errors import Conflict
from tests.stage import Stage

LOCKS = "/providers/Microsoft.Authorization/locks"


@pytest.fixture
async def azure(stage: Stage) -> Any:
    client = await stage.connect()
    client.sleep = stage.advance
    yield client
    await client.aclose()


async def lock(azure: AzureClient, scope: str, level: str) -> str:
    path = f"{scope}{LOCKS}/keep"
    body = {"properties": {"level": level, "notes": "ask the owner"}}
    await azure.send("PUT", path, json=body, api_version="2020-05-01")
    return path


async def test_a_lock_on_the_group_keeps_what_is_in_it(stage: Stage, azure: AzureClient):
    """Nothing is deleted; it can be stopped all the same, and deleted once the lock is gone."""
    place = azure.workspace(stage.place)
    group = stage.place.path.partition("/providers/")[0]
    path = await lock(azure, group, "CanNotDelete")
    with pytest.raises(Conflict, match="are locked") as caught:
        await workspace_changes.delete(place, purge=False)
    assert group in str(caught.value)
    await computes.stop(place, "kim-dev")
    await azure.send("DELETE", path, api_version="2020-05-01")
    await workspace_changes.delete(place, purge=False)


async def test_a_read_only_lock_keeps_what_it_is_on(stage: Stage, azure: AzureClient):
    """Its neighbours and its readers are none of its business."""
    place = azure.workspace(stage.place)
    await lock(azure, f"{stage.place.path}/computes/kim-dev", "ReadOnly")
    with pytest.raises(Conflict, match="are locked"):
        await computes.stop(place, "kim-dev")
    assert (await computes.get(place, "kim-dev")).is_on
    await computes.nodes(place, "cpu-cluster")
    await computes.scale(place, "cpu-cluster", 0, 1, (await scale_down(place)))


async def scale_down(place: Any) -> Any:
    return (await computes.get(place, "cpu-cluster")).scale_down


async def test_locks_are_listed_where_they_are(stage: Stage, azure: AzureClient):
    """And a level nobody knows locks nothing."""
    await lock(azure, stage.place.path, "Sometimes")
    listed = await azure.get(f"{stage.place.path}{LOCKS}", api_version="2020-05-01")
    assert [each["name"] for each in listed["value"]] == ["keep"]
    await computes.stop(azure.workspace(stage.place), "kim-dev")
