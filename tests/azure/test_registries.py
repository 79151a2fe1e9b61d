"""Registries beside the workspaces, and what they share."""

from __future__ import annotations

import httpx
import pytest

from amltui.azure import registries
from amltui.azure.client import AzureClient
from amltui.azure.errors import AzureError, NotAllowed, NotSignedIn
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from tests.azure.answers import Answer, Reply, Rig
from tests.stage import Stage

GRAPH = "/Microsoft.ResourceGraph/resources"
PATH = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/registries/r"
PLACE = WorkspaceId.parse_registry(PATH)
REFUSED = Reply(403, {"error": {"code": "AuthorizationFailed", "message": "not for you"}})


def test_a_registry_is_not_a_workspace_of_that_name():
    """Their ids are told apart, whatever their case, and what lies in one is none."""
    assert PLACE.path == PATH
    assert PLACE.is_registry
    assert PLACE.key != WorkspaceId("s", "g", "r").key
    assert WorkspaceId.parse_registry(PATH.upper()).key == PLACE.key
    for other in (PATH + "/models/m", PATH.replace("registries", "workspaces"), "", "r"):
        with pytest.raises(ValueError, match="registry"):
            WorkspaceId.parse_registry(other)
    with pytest.raises(ValueError, match="workspace"):
        WorkspaceId.parse(PATH)


@pytest.mark.scenario("busy_night")
async def test_they_are_listed_with_the_workspaces(stage: Stage, azure: AzureClient):
    """With their regions; and their assets through the same client as a workspace's."""
    listing = await registries.with_workspaces(azure)
    (registry,) = [each for each in listing.items if each.is_registry]
    assert len(listing.items) == len(stage.world.workspaces) + 1
    assert (registry.name, registry.kind) == ("contoso-shared", "Registry")
    assert registry.regions == ("eastus2", "westeurope")
    assets = await registries.assets(azure.workspace(registry.id))
    assert {(each.what, each.name, each.latest) for each in assets.items} == {
        ("model", "resnet50-imagenet-lt", "2"),
        ("model", "credit-gbm", "7"),
    }


def test_nulls_and_unknown_members_of_a_registry():
    """Whatever is left out is unknown; what is no registry is none."""
    bare = registries.parse({"id": PATH, "properties": None})
    assert bare is not None
    assert (bare.regions, bare.location, bare.health) == ((), None, Health.DONE)
    told = {"id": PATH, "properties": {"regionDetails": [{"location": None}, None, 3]}}
    assert registries.parse(told) == bare
    for junk in (None, {}, {"id": None}, {"id": PATH + "/models/m"}, []):
        assert registries.parse(junk) is None


@pytest.mark.parametrize(
    "answer",
    [
        REFUSED,
        Reply(404, {"error": {"code": "NotFound", "message": "gone"}}),
        Reply(502, b"<html></html>", {"Content-Type": "text/html"}),
        Reply(200, b'{"data": [{"id": "cut'),
        httpx.ReadError("reset by peer"),
    ],
)
async def test_a_graph_that_does_not_answer_takes_no_workspace_away(rig: Rig, answer: Answer):
    """Workspaces are then listed by subscription, and a note says what is missing."""
    rig.service.on("POST", GRAPH, answer)
    rig.service.on("GET", "/subscriptions", Reply(body={"value": []}))
    try:
        listing = await registries.with_workspaces(rig.client)
    except AzureError:
        assert isinstance(answer, httpx.ReadError)  # nothing can be listed without a network
        return
    assert any(note.startswith("registries are missing: ") for note in listing.notes)


async def test_one_sort_that_is_refused_takes_no_other_away(rig: Rig):
    """It is named; archived ones and those without a name are left out."""
    held = [
        {"name": "a", "properties": {"latestVersion": "3"}},
        {"name": "old", "properties": {"isArchived": True}},
        {"name": None},
        {"name": "b", "properties": None},
    ]
    rig.service.on("GET", f"{PATH}/models", Reply(body={"value": held}))
    rig.service.on("GET", f"{PATH}/environments", REFUSED)
    rig.service.on("GET", f"{PATH}/components", Reply(body={"value": []}))
    rig.service.on("GET", f"{PATH}/data", Reply(body={"value": None}))
    listing = await registries.assets(rig.client.workspace(PLACE))
    assert [(each.name, each.latest) for each in listing.items] == [("a", "3"), ("b", None)]
    (note,) = listing.notes
    assert note.startswith("environments are missing: ")


async def test_a_registry_that_is_refused_says_so(rig: Rig):
    """No list at all is no empty registry; an expired session is told as such."""
    for what in registries.ASSETS.values():
        rig.service.on("GET", f"{PATH}{what}", REFUSED)
    with pytest.raises(NotAllowed):
        await registries.assets(rig.client.workspace(PLACE))
    rig.service.on("GET", f"{PATH}/data", Reply(401, {"error": {"code": "Expired"}}))
    with pytest.raises(NotSignedIn):
        await registries.assets(rig.client.workspace(PLACE))
