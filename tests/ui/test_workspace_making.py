"""A workspace is made from a form, with what it stands on; mistakes are told as they are typed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from amltui.azure.client import AzureClient
from amltui.azure.guard import Guard
from tests.stage import Stage
from tests.ui.deck import NARROW, WIDE, Deck


async def fill(deck: Deck, **lines: str) -> None:
    for name, words in lines.items():
        box: Any = deck.app.screen.query_one(f"#blank-{name}")
        box.value = words
        await deck.settle()


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_it_is_made_with_what_it_stands_on(stage: Stage, size: tuple[int, int]):
    """Form, request and command; one deployment; then its row is there, and Activity knows it."""
    async with Deck.loaded(stage, first="workspace", size=size) as deck:
        await deck.press("+")
        await deck.shows("its name", "A name has 3 to 33")
        await fill(deck, name="new-ws", region="Mars!")
        await deck.shows("Mars! is no region")
        await fill(deck, region="eastus2", kind="castle")
        await deck.shows("castle is no kind")
        await fill(deck, kind="default", description="it's new")
        await deck.until(lambda: "the name is free" in deck.text)
        await deck.shows("PUT …/deployments/amltui-new-ws")
        assert not stage.sent("PUT", "")
        await deck.press("enter")
        await deck.wait(lambda: stage.sent("PUT", "/deployments/amltui-new-ws"))
        (sent,) = stage.sent("PUT", "/deployments/amltui-new-ws")
        kinds = [
            each["type"].rpartition("/")[2]
            for each in json.loads(sent.content)["properties"]["template"]["resources"]
        ]
        assert kinds == ["storageAccounts", "vaults", "workspaces", "components", "workspaces"]
        await deck.until(lambda: "new-ws" in deck.names, "the new row")
        await deck.until(lambda: len(deck.app.scope.workspaces) == 2, "lists that are about it too")
        assert deck.app.session is not None
        place = deck.app.session.azure.workspace(
            next(row.resource.id for row in deck.pane.table.rows if row.resource.name == "new-ws")
        )
        body = await place.get("")
        assert body["properties"]["description"] == "it's new"
        assert "/storageAccounts/newwsstor" in body["properties"]["storageAccount"]


async def test_what_is_there_already_is_used_and_not_made(stage: Stage):
    """By its id, whose type tells what it is for; the rest is made for it."""
    async with Deck.loaded(stage, first="workspace", size=NARROW) as deck:
        here = next(iter(stage.world.workspaces.values()))
        account = str(here.stands_on["storageAccount"])
        insights = str(here.stands_on["applicationInsights"])
        registry = f"{here.group_id}/providers/Microsoft.ContainerRegistry/registries/acr1"
        await deck.press("+")
        await fill(deck, name="new-ws", region="eastus2", uses="sa1")
        await deck.shows("sa1 is no id of a storage account")
        await fill(deck, uses=f"{account} {account}")
        await deck.shows("stands on one storage, and two are named")
        await fill(deck, uses=f"{account} {insights} {registry}/")
        await deck.until(lambda: "the name is free" in deck.text)
        await deck.shows("made for it: key vault newwskv", "shared with whatever uses it")
        await deck.press("enter")
        await deck.wait(lambda: stage.sent("PUT", "/deployments/amltui-new-ws"))
        (sent,) = stage.sent("PUT", "/deployments/amltui-new-ws")
        made = json.loads(sent.content)["properties"]["template"]["resources"]
        assert [each["type"].rpartition("/")[2] for each in made] == ["vaults", "workspaces"]
        assert len(made[-1]["dependsOn"]) == 1
        await deck.until(lambda: "new-ws" in deck.names, "the new row")
        row = next(row for row in deck.pane.table.rows if row.resource.name == "new-ws")
        assert row.resource.stands_on["storage"] == account
        assert row.resource.stands_on["insights"] == insights
        assert row.resource.stands_on["registry"] == registry
        assert "/vaults/newwskv" in row.resource.stands_on["key vault"]


async def test_what_is_in_the_way_is_told_before(stage: Stage):
    """A name that is taken, a group that is not there: in the form, and nothing is put."""
    async with Deck.loaded(stage, first="workspace") as deck:
        await deck.press("+")
        await fill(deck, name="calm-ws", region="eastus2")
        await deck.until(lambda: "there is a workspace calm-ws already" in deck.text)
        await fill(deck, name="new-ws", group="nowhere")
        await deck.until(lambda: "there is no resource group nowhere" in deck.text)
        await fill(deck, name="calm-ws", group=stage.place.resource_group)
        await deck.press("enter")
        await deck.until(lambda: any("it was not changed" in text for text in deck.news))
        assert not stage.sent("PUT", "")


@pytest.mark.parametrize("fault", ["403", "409", "429", "html502"])
async def test_a_refusal_is_told(stage: Stage, fault: str):
    """In one sentence that names the workspace; there is none then."""
    times = None if fault != "429" else 1
    stage.world.faults.plan({"operation": "Deployments_CreateOrUpdate", "kind": fault,
                             "times": times})  # fmt: skip
    async with Deck.loaded(stage, first="workspace") as deck:
        await deck.press("+")
        await fill(deck, name="new-ws", region="eastus2")
        await deck.until(lambda: "the name is free" in deck.text)
        await deck.press("enter")
        if fault == "429":  # is asked again
            await deck.until(lambda: "new-ws" in deck.names)
        else:
            await deck.until(lambda: any("new-ws" in text for text in deck.news))
            assert "new-ws" not in deck.names


async def test_what_fails_within_the_deployment_is_told(stage: Stage):
    """Which of its resources, and why: the deployment alone would only say that one has failed."""
    fault = {"operation": "Workspaces_CreateOrUpdate", "kind": "403", "times": None}
    stage.world.faults.plan(fault)
    async with Deck.loaded(stage, first="workspace") as deck:
        await deck.press("+")
        await fill(deck, name="new-ws", region="eastus2")
        await deck.until(lambda: "the name is free" in deck.text)
        await deck.press("enter")
        await deck.until(lambda: any("new-ws: The client" in text for text in deck.news))
        assert "list deployment operations" not in deck.text
        assert "new-ws" not in deck.names


async def test_nothing_is_made_when_read_only(stage: Stage):
    async def connect() -> AzureClient:
        client = await stage.connect()
        client.guard = Guard(read_only=True)
        return client

    async with Deck.loaded(stage, first="workspace", connect=connect) as deck:
        await deck.press("+")
        await fill(deck, name="new-ws", region="eastus2")
        await deck.shows("read-only")
        await deck.press("enter")
        assert len(deck.app.screen_stack) == 2
        assert not stage.sent("PUT", "")
