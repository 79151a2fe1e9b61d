"""A new compute from a form: judged as it is typed, with its price and whether it fits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from amltui.azure.guard import Guard
from tests.stage import Stage
from tests.ui.deck import NARROW, Deck

night = pytest.mark.scenario("busy_night")


async def fill(deck: Deck, **lines: str) -> None:
    for name, words in lines.items():
        box: Any = deck.app.screen.query_one(f"#blank-{name}")
        box.value = words
        await deck.settle()


@night
async def test_a_cluster_is_made_from_a_form_in_a_small_terminal(stage: Stage):
    """Each mistake has its sentence; then price, room, request and command; then it is there."""
    async with Deck.loaded(stage, first="compute", size=NARROW) as deck:
        await deck.press("+")
        await deck.shows("its name", "A name has 3 to 24 letters", "least nodes")
        await deck.press("enter")
        assert not stage.sent("PUT", "")
        await fill(deck, name="gpu-new", size="NC7s_v3")
        await deck.until(lambda: "has no Standard_NC7s_v3" in deck.text)
        await fill(deck, size="NC6s_v3", workspace="nlp-dev", max="two")
        await deck.shows("two is no number of nodes")
        await fill(deck, max="2", workspace="nowhere")
        await deck.shows("there is no workspace nowhere")
        await fill(deck, workspace="nlp-dev")
        await deck.until(lambda: "$6.12/h with all nodes" in deck.text, "the price")
        await deck.shows("fits: ", "12 needed", "PUT …", "^T copy REST")
        await deck.press("enter")
        await deck.wait(lambda: stage.sent("PUT", "/computes/gpu-new"))
        (sent,) = stage.sent("PUT", "/computes/gpu-new")
        assert json.loads(sent.content)["location"] == "westeurope"
        await deck.until(lambda: "gpu-new" in deck.names, "the new row")
        await deck.until(lambda: "Steady" in deck.line("gpu-new"))


@night
async def test_one_that_is_there_is_not_changed(stage: Stage):
    """The name is taken: told in the form, and nothing is put even so."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.press("+")
        await fill(deck, name="nlp-gpu", workspace="nlp-dev")
        await deck.until(lambda: "there is a compute nlp-gpu already" in deck.text)
        await deck.press("enter")
        await deck.until(lambda: any("it was not changed" in text for text in deck.news))
        assert not stage.sent("PUT", "/nlp-gpu")


@night
async def test_nothing_is_made_where_nothing_may_be_changed(stage: Stage):
    """The reason is in the form; Enter does nothing."""
    async with Deck.loaded(stage, first="compute") as deck:
        assert deck.app.session is not None
        deck.app.session.azure.guard = Guard(places=frozenset({"nlp-dev"}))
        await deck.press("+")
        await fill(deck, name="gpu-new", workspace="nlp-dev")
        await deck.shows("workspace nlp-dev is read-only here")
        await deck.press("enter")
        assert not stage.sent("PUT", "/gpu-new")
        assert len(deck.app.screen_stack) == 2
