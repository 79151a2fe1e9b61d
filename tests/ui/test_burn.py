"""What all workspaces burn stands in the header, whatever screen is open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amltui.domain.burn import Rate
from amltui.domain.overview import Overview
from amltui.kinds import money
from tests.stage import START, Stage
from tests.ui.deck import NARROW, Deck


@pytest.mark.scenario("busy_night")
@pytest.mark.parametrize("size", [NARROW, (120, 36)])
async def test_the_header_tells_what_all_workspaces_burn(stage: Stage, size: tuple[int, int]):
    """Also while one workspace is chosen; with what there is to look at."""
    async with Deck.loaded(stage, size=size) as deck:
        assert "burn" not in deck.header
        await deck.until(lambda: "burn $" in deck.header and "! " in deck.header)
        whole = deck.app.overview
        assert whole is not None
        await deck.until(lambda: deck.app.session.overview.is_settled)  # type: ignore[union-attr]
        await deck.until(lambda: f"burn ${deck.app.overview.rate.known:,.2f}/h" in deck.header)
        await deck.press("0")
        assert f"burn ${deck.app.overview.rate.known:,.2f}/h" in deck.header


async def test_stopping_an_instance_lowers_it_at_once(stage: Stage):
    """Nobody waits a minute to see what was saved."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.until(lambda: "burn $" in deck.header and "≥" not in deck.header)
        before = deck.app.overview.rate.known  # type: ignore[union-attr]
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        await deck.agree()
        await deck.until(lambda: "Stopped" in deck.line("kim-dev", "instance"))
        await deck.until(
            lambda: deck.app.overview.rate.known == pytest.approx(before - 0.293), "saved"
        )
        began = deck.stage.clock.now()
        assert (began - START).total_seconds() < 60


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (Rate(3.2), "$3.20/h"),
        (Rate(), "$0.00/h"),
        (Rate(1234.5, 2), "≥ $1,234.50/h"),
        (Rate(0.0, 1), "?/h"),
    ],
)
def test_a_rate_says_what_it_does_not_know(rate: Rate, words: str):
    """Unknown is never zero, and a sum with unknown parts is at least so much."""
    assert money.rate(rate) == words


def test_its_age_is_told_when_it_is_old():
    """Not while answers come in time: a clock that ticks costs bytes."""
    told = Overview(START, oldest=START)
    (fresh,) = money.burn_cells(told, 60.0, START + timedelta(seconds=100))
    assert fresh.text == "burn $0.00/h"
    (old,) = money.burn_cells(told, 60.0, START + timedelta(seconds=370))
    assert old.text == "burn $0.00/h 6m old"
    assert money.burn_cells(Overview(START), 60.0, START) == ()
