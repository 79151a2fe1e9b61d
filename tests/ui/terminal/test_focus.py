"""The terminal's window loses the keyboard: the dashboard asks less often, and says so."""

from __future__ import annotations

import asyncio

from textual import events

from amltui.feeds.attention import AWAY
from tests.stage import Stage
from tests.ui.deck import Deck

PACE = 60
"""Seconds between two questions for models, of which nothing moves by itself."""


def asked(stage: Stage) -> int:
    """How often models have been asked for."""
    return len(stage.sent("GET", "/models"))


async def pass_(stage: Stage, seconds: int) -> int:
    """Let time pass, and tell how often models were asked for meanwhile."""
    before = asked(stage)
    for _ in range(seconds):
        await stage.advance(1.0)
        await asyncio.sleep(0)
    return asked(stage) - before


async def test_a_window_that_nobody_looks_at(stage: Stage) -> None:
    """Fewer questions, with a promise to match; back in it, what is overdue is asked at once."""
    async with Deck.loaded(stage, first="model") as deck:
        await deck.shows("live 1m")
        assert await pass_(stage, 2 * PACE + 20) == 2
        deck.app.post_message(events.AppBlur())
        await deck.shows(f"live {PACE * AWAY / 60:.0f}m")
        assert await pass_(stage, 2 * PACE) == 0
        known = asked(stage)
        deck.app.post_message(events.AppFocus())
        await deck.shows("live 1m")
        await deck.wait(lambda: asked(stage) > known, "a question")
        assert await pass_(stage, PACE + 10) == 1


async def test_an_open_job_and_a_terminal_that_tells_only_the_loss(stage: Stage) -> None:
    """A key is pressed by somebody who looks."""
    async with Deck.loaded(stage) as deck:
        await deck.press("enter")
        await deck.shows("live 4s")
        deck.app.post_message(events.AppBlur())
        await deck.shows(f"live {4 * AWAY:.0f}s")
        await deck.press("down")
        await deck.shows("live 4s")
