"""What is new since the last visit: on the home screen, with the time, until it is put away."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from amltui.feeds.watches import Visit, Watches
from amltui.kinds.digest import burn_key
from amltui.ui.pulse_pane import PulsePane
from tests.stage import START, Stage
from tests.ui.deck import NARROW, WIDE, Deck

pytestmark = pytest.mark.scenario("busy_night")


def left(hours: float, path: Path | None = None) -> Watches:
    """Watches of somebody who was last here so long ago, when nothing was billed."""
    kept = Watches((lambda: path) if path else None)
    kept.leave(Visit(START - timedelta(hours=hours)))
    return kept


async def filled(deck: Deck) -> None:
    await deck.wait(lambda: isinstance(deck.app.pane, PulsePane) and deck.app.pane.is_mounted)
    await deck.wait(lambda: deck.app.pane.is_filled, "every answer")
    await deck.settle()


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_it_tells_what_ended_since_and_is_put_away(stage: Stage, size: tuple[int, int]):
    """Failures first; D shows the last day again, and the next visit begins anew."""
    async with Deck.open(stage, first="pulse", size=size, watches=left(6)) as deck:
        await filled(deck)
        await deck.wait(lambda: "last visit 6h ago" in deck.text, "the digest")
        assert "failed" in deck.line("last visit")
        if size == WIDE:
            pane = deck.app.pane
            assert isinstance(pane, PulsePane)
            await deck.shows("D dismisses")
            healths = [row.resource.health.value for row in pane.box("finished").rows]
            assert healths[0] == "bad" or "failed" not in deck.line("last visit")
            moments = [row.resource.target.ended for row in pane.box("finished").rows]
            assert min(moments) > START - timedelta(hours=6)
        await deck.press("D")
        await deck.wait(lambda: "last visit" not in deck.text, "no digest")
        if size == WIDE:
            await deck.shows("finished in the last 24 h")


async def test_nothing_new_is_said_to_be_nothing(stage: Stage):
    async with Deck.open(stage, first="pulse", watches=left(0)) as deck:
        await filled(deck)
        await deck.shows("nothing new", "Nothing has ended, failed or begun to cost")


async def test_there_is_none_on_the_first_visit(stage: Stage):
    async with Deck.open(stage, first="pulse") as deck:
        await filled(deck)
        assert "last visit" not in deck.text


async def test_what_has_begun_to_cost_is_told(stage: Stage, tmp_path: Path):
    """What was billed when the dashboard was left is not news; of a place unknown then, nothing."""
    path = tmp_path / "watches.json"
    async with Deck.open(stage, first="pulse", watches=Watches(lambda: path)) as deck:
        await filled(deck)
        await deck.knows_burn()
        overview = deck.app.overview
        assert overview is not None
        deck.app.watcher.leave()
    visit = Watches(lambda: path).visit
    assert visit is not None
    burns = {burn_key(each) for each in overview.burns}
    assert set(visit.costing) == burns
    assert len(visit.places) == len(overview.places)
    kept = Watches()
    fewer = tuple(key for key in visit.costing if not key.endswith("kim-a10"))
    assert len(fewer) == len(visit.costing) - 1
    kept.leave(Visit(START, fewer, visit.places))
    async with Deck.open(stage, first="pulse", watches=kept) as deck:
        await filled(deck)
        await deck.shows("1 new costs", "costs $")
        assert deck.line("new", "kim-a10", "costs")
