"""The list of workspaces: what one stands on, what that costs, and how it is reached."""

from __future__ import annotations

import pytest

from tests.stage import Stage
from tests.ui.deck import NARROW, Deck

night = pytest.mark.scenario("busy_night")


async def test_a_workspace_is_described_with_what_it_stands_on(stage: Stage):
    """Enter looks at its jobs; `d` tells what is known of it."""
    async with Deck.loaded(stage, first="workspace") as deck:
        await deck.press("d")
        await deck.shows("key vault", "storage", "identity", "SystemAssigned", "Enabled")
        await deck.wait(lambda: deck.line("storage", "Succeeded", "Standard_LRS"), "the account")
        await deck.wait(lambda: deck.line("billed", "USD since the 1st"), "the bill")


@night
async def test_a_closed_workspace_says_how_it_is_reached(stage: Stage):
    """And so does its storage account, whose firewall is what hides logs."""
    async with Deck.loaded(stage, first="workspace") as deck:
        await deck.go_to("risk-prod")
        await deck.press("d")
        await deck.shows("pe-risk-jumphost Approved: only through one can its data be read")
        await deck.wait(lambda: deck.line("storage", "closed: Deny"), "the firewall")
        await deck.press("down", "enter")
        await deck.shows("c copies", "portal.azure.com/#@/resource/subscriptions/", "what it is")
        await deck.press("escape")
        await deck.shows("Workspaces › risk-prod")


@night
async def test_what_it_stands_on_may_be_gone_or_hidden(stage: Stage):
    """Deleted in the portal: the workspace itself goes on saying that all is well."""
    async with Deck.loaded(stage, first="workspace", size=NARROW) as deck:
        place = next(p for p in stage.world.workspaces.values() if p.name == "nlp-dev")
        assert deck.app.session is not None
        vault = str(place.stands_on["keyVault"])
        await deck.app.session.azure.send("DELETE", vault, api_version="2023-07-01")
        await deck.go_to("nlp-dev")
        await deck.press("d")
        await deck.wait(lambda: deck.line("key vault", "not found"), "the vault")
        await deck.wait(lambda: deck.line("storage", "Succeeded"), "the account")


@night
@pytest.mark.parametrize(
    ("operation", "kind", "fact", "says"),
    [
        ("Query_Usage", "403", "billed", "have authorization"),
        ("Query_Usage", "429", "billed", "no data yet"),
        ("ResourceGraph_Query", "html502", "stands on", "no data yet"),
        ("ResourceGraph_Query", "truncated", "stands on", "no data yet"),
    ],
)
async def test_who_does_not_answer_takes_nothing_else_away(
    stage: Stage, operation: str, kind: str, fact: str, says: str
):
    """The reason stands where the answer would, and names stay where states are unknown."""
    async with Deck.loaded(stage, first="workspace") as deck:
        stage.world.faults.plan({"operation": operation, "kind": kind, "times": None})
        await deck.go_to("risk-prod")
        await deck.press("d")
        await deck.until(lambda: deck.line(f" {fact}", says))
        await deck.shows("kvdd7c74de" if fact == "stands on" else "Succeeded")


@night
async def test_a_plan_of_its_end_tells_what_it_was_billed(stage: Stage):
    """What goes, and what stays and goes on being billed."""
    async with Deck.loaded(stage, first="workspace") as deck:
        await deck.go_to("edu-lab")
        await deck.press("X")
        await deck.shows("billed since the 1st: the workspace", "what stays: storage", "USD")


@night
async def test_a_bill_nobody_tells_is_unknown_in_the_plan(stage: Stage):
    """It is no reason not to delete, and no zero."""
    stage.world.faults.plan({"operation": "Query_Usage", "kind": "403", "times": None})
    async with Deck.loaded(stage, first="workspace", size=NARROW) as deck:
        await deck.go_to("edu-lab")
        await deck.press("X")
        await deck.shows("what it was billed could not be asked for")


@night
async def test_a_registry_is_browsed_like_a_workspace(stage: Stage):
    """Enter leads to what it shares, Enter there to the address that a job names it by."""
    async with Deck.loaded(stage, first="workspace") as deck:
        await deck.go_to("contoso-shared")
        for key, says in (("X", "is a registry: it is deleted"), ("D", "only workspaces are")):
            await deck.press(key)
            await deck.shows(says)
            assert len(deck.app.screen_stack) == 1
        scope = deck.app.scope
        await deck.press("enter")
        await deck.shows("Workspaces › contoso-shared", "eastus2, westeurope", "resnet50-imagenet")
        assert deck.app.scope == scope
        await deck.press("enter")
        await deck.shows("azureml://registries/contoso-shared/models/credit-gbm/versions/7")


@night
async def test_a_registry_nobody_may_read_says_why(stage: Stage):
    """And what is missing of one that may be read in part."""
    stage.world.faults.plan(
        {"operation": "RegistryEnvironmentContainers_List", "kind": "403", "times": None}
    )
    async with Deck.loaded(stage, first="workspace", size=NARROW) as deck:
        await deck.go_to("contoso-shared")
        await deck.press("d")
        await deck.shows("environments are missing", "credit-gbm")
        for what in ("Model", "Component", "Data"):
            fault = {"operation": f"Registry{what}Containers_List", "kind": "403", "times": None}
            stage.world.faults.plan(fault)
        await deck.press("escape")
        await deck.press("d")
        await deck.until(lambda: deck.line("assets", "no data yet"))
