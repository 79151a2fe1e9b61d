"""Quota: what is near its limit first, who holds it, and what was not told."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from amltui.kinds import quota
from amltui.ui.quota_pane import QuotaPane
from tests.stage import Stage
from tests.ui.deck import NARROW, Deck

night = pytest.mark.scenario("busy_night")


def pane(deck: Deck) -> QuotaPane | None:
    shown = deck.app.pane
    return shown if isinstance(shown, QuotaPane) and shown.is_mounted else None


def families(deck: Deck) -> list[tuple[str, str]]:
    found = pane(deck)
    return [(r.resource.name, r.resource.region) for r in found.limits.rows] if found else []


@night
async def test_what_is_full_comes_first_with_its_holders(stage: Stage):
    """The limit, what is free, and who holds it; Enter twice opens the holder."""
    async with Deck.open(stage, first="pulse") as deck:
        await deck.wait(lambda: deck.app.overview is not None)
        await deck.press("8")
        await deck.until(lambda: ("NVADSA10v5", "eastus2") in families(deck)[:2], "the limits")
        await deck.until(lambda: "kim-a10 36" in deck.line("NVADSA10v5", "eastus2", "36", "100%"))
        place = families(deck).index(("NVADSA10v5", "eastus2"))
        await deck.press(*"j" * place)
        await deck.shows("who holds NVADSA10v5 in eastus2", "near the limit", "read ")
        await deck.until(lambda: "kim" in deck.line("kim-a10", "vision-prod", "no job"))
        await deck.press("enter", "enter")
        await deck.shows("Compute › kim-a10")


@night
async def test_families_and_regions_are_filtered_as_they_are_typed(stage: Stage):
    """Each word has to be there, a word after ! not; the count says what is hidden; Esc ends it."""
    async with Deck.open(stage, first="quota") as deck:
        await deck.until(lambda: ("NVADSA10v5", "eastus2") in families(deck), "the limits")
        whole = len(families(deck))
        await deck.press("/", *"nvadsa eastus2", "enter")
        await deck.until(lambda: families(deck) == [("NVADSA10v5", "eastus2")], "one of them")
        await deck.shows(f"8 Quota  /nvadsa eastus2  1 of {whole}", "who holds NVADSA10v5")
        await deck.press("/", *" !nv")
        await deck.shows("No limit matches nvadsa eastus2 !nv: esc shows all")
        await deck.press("enter", "escape")
        await deck.until(lambda: len(families(deck)) == whole, "all of them")
        assert "matches" not in deck.text


@night
async def test_it_rests_when_nothing_happens(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """Time goes on, as it does outside of tests: what is shown is not shown again for that."""
    async with Deck.open(stage, first="quota") as deck:
        await deck.until(lambda: ("NVADSA10v5", "eastus2") in families(deck), "the limits")
        await deck.until(lambda: bool(deck.line("gpu-a100", "vision-prod")), "a holder")
        asked: list[str] = []
        begin, ticks = stage.clock.now(), count()
        monkeypatch.setattr(
            deck.app.clock, "now", lambda: begin + timedelta(microseconds=next(ticks))
        )
        holders = quota.holders
        monkeypatch.setattr(
            quota, "holders", lambda line, told: asked.append(line.name) or holders(line, told)
        )
        await deck.press("j")
        await deck.until(lambda: bool(asked), "the holders of another limit")
        for _ in range(20):
            await deck.settle()
        assert len(asked) <= 2


@night
async def test_a_region_that_is_refused_is_told_and_the_others_stay(stage: Stage):
    """A 403 is a line of its own with the reason, at 80 columns too."""
    stage.world.faults.plan(
        {"operation": "Usages_List", "kind": "403", "path": "/locations/westeurope/", "times": None}
    )
    async with Deck.open(stage, first="quota", size=NARROW) as deck:
        await deck.until(lambda: ("not told", "westeurope") in families(deck), "the refusal")
        await deck.until(lambda: ("NVADSA10v5", "eastus2") in families(deck), "the others")
        assert families(deck)[0] == ("not told", "westeurope")
        await deck.shows("100%")


async def test_a_workspace_with_less_than_the_whole_has_a_line(stage: Stage):
    """Where the service gave it a part, that is a limit of its own."""
    place = next(iter(stage.world.workspaces.values()))
    azure = await stage.connect()
    family = "standardDSv2Family"
    body = {"value": [{"id": f"{place.id}/quotas/{family}", "type": "x", "limit": 12}]}
    subscription = f"/subscriptions/{place.subscription.id}"
    provider = "providers/Microsoft.MachineLearningServices"
    await azure.post(
        f"{subscription}/{provider}/locations/{place.location}/updateQuotas", json=body
    )
    await azure.aclose()
    async with Deck.open(stage, first="quota") as deck:
        await deck.until(lambda: deck.line("DSv2", place.name, "12"), "the part")


@pytest.mark.scenario("calm")
async def test_the_age_of_it_is_told_and_r_asks_again(stage: Stage):
    """Five minutes are long; nobody has to wait for them."""
    async with Deck.open(stage, first="quota") as deck:
        await deck.until(lambda: len(families(deck)) > 3, "the limits")
        asked = len(stage.sent("GET", "/usages"))
        await deck.press("r")
        await deck.wait(lambda: len(stage.sent("GET", "/usages")) > asked)
