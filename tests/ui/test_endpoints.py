"""Endpoints: what answers, what is paid for in vain, and who gets the requests."""

from __future__ import annotations

import pytest

from tests.stage import Stage
from tests.ui.deck import Deck

pytestmark = pytest.mark.scenario("busy_night")


async def at(deck: Deck, title: str) -> None:
    """Put the cursor on a deployment, whose name is that of others too."""
    titles = [row.title for row in deck.pane.table.rows]
    await deck.press("home", *["down"] * titles.index(title))
    row = deck.pane.table.cursor_row
    assert row is not None
    assert row.title == title


async def test_what_is_paid_for_in_vain_stands_first_and_says_why(stage: Stage):
    """Failed and without a request are told apart; batch is paid for by its jobs."""
    async with Deck.loaded(stage, first="deployment") as deck:
        await deck.shows("5 Endpoints", "Failed, billed", "no requests")
        titles = [row.title for row in deck.pane.table.rows]
        assert set(titles[:2]) == {"credit-ep/green", "asr-ep/main"}
        assert "by job" in deck.line("default")
        await at(deck, "asr-ep/main")
        await deck.shows("none in 3d", "AADToken")
        await deck.press("Z")
        await deck.wait(lambda: deck.names == ["main"], "only what nobody asks")


async def test_requests_are_given_to_another_deployment(stage: Stage):
    """The others share what is left, and the service sees a split of 100."""
    async with Deck.loaded(stage, first="deployment") as deck:
        await at(deck, "credit-ep/blue")
        await deck.press("percent_sign")
        await deck.shows("Traffic credit-ep/blue?")
        for _ in range(3):
            await deck.press("backspace")
        await deck.type("70")
        await deck.shows("90 % → 70 %")
        await deck.agree()
        await deck.wait(lambda: stage.sent("PUT", "/onlineEndpoints/credit-ep"), "the split")
        place = next(p for p in stage.world.workspaces.values() if p.name == "risk-prod")
        held = stage.world.resources.get(f"{place.id}/onlineEndpoints/credit-ep", stage.world.now)
        assert held is not None
        assert held.properties["traffic"] == {"blue": 70, "green": 30}


async def test_machines_are_counted_anew_with_what_they_cost(stage: Stage):
    """What makes no number is told in the dialog and is not sent."""
    async with Deck.loaded(stage, first="deployment") as deck:
        await at(deck, "credit-ep/blue")
        await deck.press("n")
        await deck.press("backspace")
        await deck.type("x")
        await deck.shows("whole number from 1")
        await deck.press("backspace")
        await deck.type("3")
        await deck.shows("2 → 3 × Standard_F4s_v2", "$0.51/h")
        await deck.agree()
        await deck.wait(lambda: stage.sent("PATCH", "/deployments/blue"), "the scaling")


async def test_one_is_deleted_after_its_name_was_typed(stage: Stage):
    """Enter alone deletes nothing."""
    async with Deck.loaded(stage, first="deployment") as deck:
        await at(deck, "credit-ep/green")
        await deck.press("X")
        await deck.shows("Delete credit-ep/green?", "stops billing")
        await deck.wait(lambda: getattr(deck.app.screen, "seen", False))
        await deck.press("enter")
        assert not stage.sent("DELETE", "/deployments/green")
        await deck.type("green")
        await deck.press("enter")
        await stage.until(lambda: stage.sent("DELETE", "/deployments/green"), "the deletion")


async def test_a_batch_endpoint_has_neither_split_nor_machines(stage: Stage):
    """Its keys say why instead of asking."""
    async with Deck.loaded(stage, first="deployment") as deck:
        batch = next(r for r in deck.pane.table.rows if r.resource.is_batch)
        await at(deck, batch.title)
        await deck.press("percent_sign")
        await deck.shows("has a default, not a split")
        await deck.press("n")
        await deck.shows("scale that")
        assert len(deck.app.screen_stack) == 1


async def test_an_endpoint_is_gone_to_by_its_address(stage: Stage):
    """What answers for it, and nothing else, is listed."""
    place = next(p for p in stage.world.workspaces.values() if p.name == "risk-prod")
    async with Deck.loaded(stage) as deck:
        await deck.press("colon")
        await deck.type(f"go {place.id}/onlineEndpoints/credit-ep")
        await deck.press("enter")
        await deck.shows("endpoint:credit-ep", "2 of")
        await deck.wait(lambda: sorted(deck.names) == ["blue", "green"])


async def test_without_batch_endpoints_the_others_are_shown(stage: Stage):
    """What could not be had is said, and hides nothing."""
    stage.world.faults.plan({"operation": "BatchEndpoints_List", "kind": "403", "times": None})
    async with Deck.loaded(stage, first="deployment") as deck:
        assert "green" in deck.names
        assert not any(row.resource.is_batch for row in deck.pane.table.rows)
