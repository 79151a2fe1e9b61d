"""A dashboard on a stage: pressed like a keyboard, read like a screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual import events
from textual.keys import key_to_character
from textual.pilot import Pilot
from textual.widgets._toast import Toast

from amltui.domain.place import Wish
from amltui.feeds.cache.memory import Memory
from amltui.feeds.watches import Watches
from amltui.ui.app import OVERVIEW_AFTER, Dashboard
from amltui.ui.resource_pane import ResourcePane
from tests.stage import Stage
from tests.waiting import wait_until

TURNS = 60
"""Turns of the event loop in which a key reaches the widget that acts on it, and back."""
_NAMES = {
    " ": "space",
    "!": "exclamation_mark",
    "=": "equals_sign",
    "/": "slash",
    ":": "colon",
    "-": "minus",
    "+": "plus",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
}
WIDE, NARROW = (120, 36), (80, 24)


class Deck:
    """What a user has before them, and the stage behind it."""

    def __init__(self, stage: Stage, app: Dashboard, pilot: Pilot[None]) -> None:
        self.stage = stage
        self.app = app
        self.pilot = pilot

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        stage: Stage,
        *,
        size: tuple[int, int] = WIDE,
        connect: Callable[[], Any] | None = None,
        wish: Wish | None = None,
        first: str = "job",
        memory: Memory | None = None,
        watches: Watches | None = None,
        unfinished: Path | None = None,
    ) -> AsyncIterator[Deck]:
        """The dashboard as it starts, before anything has answered."""
        app = Dashboard(
            connect or stage.connect,
            wish,
            clock=stage.clock,
            first=first,
            memory=memory,
            watches=None if watches is None else lambda: watches,
            unfinished=None if unfinished is None else lambda: unfinished,
        )
        async with app.run_test(size=size, notifications=True) as pilot:
            yield cls(stage, app, pilot)

    @classmethod
    @asynccontextmanager
    async def loaded(cls, stage: Stage, **options: Any) -> AsyncIterator[Deck]:
        """The dashboard once every workspace has answered for the first screen."""
        async with cls.open(stage, **options) as deck:
            await deck.wait(deck.is_loaded, "the first screen to be filled")
            yield deck

    def is_loaded(self) -> bool:
        """Whether every place has answered for the pane that is shown."""
        pane = self.app.pane
        if pane is None or not pane.is_mounted or not pane.view.parts:
            return False
        return pane.view.answered == len(pane.view.parts)

    @property
    def pane(self) -> ResourcePane:
        assert self.app.pane is not None
        return self.app.pane

    @property
    def lines(self) -> list[str]:
        """The screen as the terminal shows it, dialogs on top."""
        # The compositor is what Textual's own pictures are taken from; there is no public way.
        screen = self.app.screen
        update = screen._compositor.render_update(
            full=True, screen_stack=self.app._background_screens
        )
        assert update is not None
        return ["".join(segment.text for segment in strip) for strip in update.strips]

    @property
    def text(self) -> str:
        """All lines, then the news that covers some of them, unwrapped."""
        return "\n".join([*self.lines, *self.news])

    @property
    def news(self) -> list[str]:
        """The toasts on the screen."""
        return [toast.render().plain for toast in self.app.screen.query(Toast)]

    def line(self, *words: str) -> str:
        """The first line that shows all of the words; empty without one."""
        return next((line for line in self.lines if all(word in line for word in words)), "")

    @property
    def header(self) -> str:
        """Empty as long as a new screen has painted nothing."""
        return next(iter(self.lines), "")

    @property
    def status(self) -> str:
        return next(reversed(self.lines), "")

    @property
    def names(self) -> list[str]:
        """The rows of the list in their order."""
        return [row.resource.name for row in self.pane.table.rows]

    @property
    def cursor(self) -> str:
        """The name of the row under the cursor."""
        row = self.pane.table.cursor_row
        return row.resource.name if row else ""

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each when the one before has arrived.

        Pilot's own presses wait some 60 ms for the machine to be idle.
        """
        for key in keys:
            self.send(key)
            await self.settle()

    def send(self, *keys: str) -> None:
        """Press keys as fast as a paste: nobody waits for anything in between."""
        assert self.app._driver is not None
        for key in keys:
            character = key if len(key) == 1 else key_to_character(key)
            self.app._driver.send_message(events.Key(_NAMES.get(key, key), character))

    async def type(self, text: str) -> None:
        await self.press(*text)

    async def agree(self) -> None:
        """Type what a dialog asks for and press Enter in it, once it could be read."""
        await self.wait(lambda: getattr(self.app.screen, "seen", False), "a dialog")
        await self.type(getattr(self.app.screen, "phrase", ""))
        await self.press("enter")

    async def settle(self) -> None:
        """Let what is under way between the widgets arrive; costs no time."""
        for _ in range(TURNS):
            await asyncio.sleep(0)

    async def go_to(self, title: str) -> None:
        """Put the cursor on a row, by what people call it or how that begins."""
        titles = [row.title for row in self.pane.table.rows]
        self.pane.table.go_to(next(i for i, each in enumerate(titles) if each.startswith(title)))
        await self.settle()

    async def wait(self, condition: Callable[[], Any], what: str = "") -> Any:
        """Until the condition is true, without letting time pass on the stage."""
        await wait_until(condition, what)
        await self.settle()
        return condition()

    async def shows(self, *texts: str) -> None:
        """Until the screen shows all of the texts."""
        await self.wait(lambda: all(text in self.text for text in texts), f"{texts} on the screen")

    async def until(self, condition: Callable[[], Any], what: str = "") -> Any:
        """Until the condition is true, letting time pass on the stage as it takes."""
        value = await self.stage.until(condition, what)
        await self.settle()
        return value

    async def until_shows(self, *texts: str) -> None:
        await self.until(lambda: all(text in self.text for text in texts), f"{texts} on the screen")

    async def knows_burn(self) -> None:
        """Until every workspace has told what it has running; costs little more than no time."""
        await self.stage.clock.advance(OVERVIEW_AFTER)

        def is_told() -> bool:
            session, told = self.app.session, self.app.overview
            return (
                session is not None
                and session.overview.is_settled
                and told is not None
                and told.burns == session.overview.latest.burns
                and told.wastes == session.overview.latest.wastes
            )

        await self.wait(is_told, "the overview of all workspaces")

    async def pane_of(self, key: str) -> None:
        """Open the screen of a key, and wait until it is filled."""
        await self.press(key)
        await self.wait(lambda: self.pane.KIND.key == key and self.is_loaded(), f"screen {key}")
