"""Answers that come while a screen is taken down find nothing missing: nobody waits any more."""

from __future__ import annotations

import asyncio

from textual import work
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Label

from tests.stage import Stage
from tests.ui.deck import Deck


class Busy(Screen[None]):
    """Shows an answer in each turn of the loop."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = 0

    def compose(self) -> ComposeResult:
        for number in range(20):
            yield Label(id=f"label-{number}")

    def on_mount(self) -> None:
        self.read()

    @work
    async def read(self) -> None:
        while True:
            for number in range(20):
                self.query_one(f"#label-{number}", Label).update(str(self.shown), layout=False)
            self.shown += 1
            await asyncio.sleep(0)


async def test_a_screen_that_is_left_shows_nothing_more(stage: Stage):
    async with Deck.loaded(stage) as deck:
        screen = Busy()
        await deck.app.push_screen(screen)
        await deck.wait(lambda: screen.shown > 3)
        await deck.app.pop_screen()
        shown = screen.shown
        await deck.settle()
        assert screen.shown == shown


async def test_the_program_ends_in_the_midst_of_answers(stage: Stage):
    """A query for what has gone would be raised when the deck is left."""
    async with Deck.loaded(stage) as deck:
        screen = Busy()
        await deck.app.push_screen(screen)
        await deck.wait(lambda: screen.shown > 3)
    assert screen.shown
