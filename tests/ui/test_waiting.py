"""Why a job waits is told in the list, in the preview, on its screen and by the command."""

from __future__ import annotations

import pytest

from tests.stage import Stage
from tests.ui.deck import Deck

night = pytest.mark.scenario("busy_night")


@night
async def test_a_queued_job_tells_what_it_waits_for(stage: Stage):
    """One sentence in the list; on its screen what it rests on."""
    async with Deck.loaded(stage) as deck:
        await deck.go_to("resnet50-long")
        await deck.until(lambda: "quota: NCAD" in deck.line("resnet50-long"))
        await deck.shows("waits for", "needed")
        await deck.press("enter")
        await deck.shows("[Overview]", "evidence", "nodes of gpu-a100: running", "/240 in")


@night
async def test_what_is_refused_is_named_and_the_rest_is_told(stage: Stage):
    """Without the quota the other reads still say something."""
    stage.world.faults.plan({"operation": "Usages_List", "kind": "403", "times": None})
    async with Deck.loaded(stage) as deck:
        await deck.go_to("resnet50-long")
        await deck.until(lambda: deck.line("resnet50-long", "gpu-a100"))
        await deck.press("enter")
        await deck.shows("not known: the quota (", "nodes of gpu-a100: running")
