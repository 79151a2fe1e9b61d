"""Whoever leaves a screen before it is there leaves it in good order."""

from __future__ import annotations

import asyncio

import pytest

from tests.stage import Stage
from tests.ui.deck import Deck


@pytest.mark.parametrize("turns", [4, 6, 9])
@pytest.mark.parametrize("key", ["question_mark", "d", "l", "w"])
async def test_quitting_while_a_screen_opens(stage: Stage, key: str, turns: int):
    """At whatever moment between the key and the screen: no error is left behind."""
    async with Deck.loaded(stage) as deck:
        deck.send(key)
        for _ in range(turns):
            await asyncio.sleep(0)
        deck.app.exit()
        await deck.settle()
    assert deck.app.return_code == 0
