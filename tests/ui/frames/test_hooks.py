"""The dashboard's terminal shows what its compositor holds, however it got there.

These tests are also the ones that fail when Textual changes what `amltui.ui.frames` hooks.
"""

from __future__ import annotations

import inspect
import random

import pyte
import pytest
from textual import events
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size

from amltui.ui.frames.app import SWITCH, DifferingApp
from tests.stage import Stage
from tests.ui.deck import WIDE, Deck

KEYS = (
    "j j j k G g pagedown pageup 3 2 4 9 space asterisk U m escape l right_square_bracket"
    " question_mark slash x r z greater_than_sign"
)
SIZES = [(80, 24), (100, 30), (120, 36), (132, 40)]


class Screen:
    """A terminal that is listened to."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.written = 0
        self._screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self._screen)

    def write(self, data: str) -> None:
        self.written += len(data.encode())
        self._stream.feed(data)

    def resize(self, size: tuple[int, int]) -> None:
        """What a terminal keeps of its content is its own affair: nothing, here."""
        self.size = size
        self._screen = pyte.Screen(*size)
        self._screen.draw("?" * size[0])
        self._stream = pyte.Stream(self._screen)

    def cells(self) -> list[list[object]]:
        width, height = self.size
        return [[self._screen.buffer[y][x] for x in range(width)] for y in range(height)]


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """What the dashboard writes, on a terminal."""
    held = Screen(WIDE)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(HeadlessDriver, "is_headless", property(lambda self: False))
    monkeypatch.setattr(HeadlessDriver, "write", lambda self, data: held.write(data))
    return held


def wholly_painted(deck: Deck) -> list[list[object]]:
    """What the compositor holds, painted on an empty terminal by Textual itself."""
    size = deck.app.size
    fresh = Screen((size.width, size.height))
    update = LayoutUpdate([[line] for line in deck.app.screen._compositor.render_strips()],
                          size.region)  # fmt: skip
    fresh.write(update.render_segments(deck.app.console))
    return fresh.cells()


@pytest.mark.scenario("busy_night")
async def test_a_walk_through_the_dashboard(stage: Stage, screen: Screen) -> None:
    """After every one of many random keys, answers and resizes both show the same cells."""
    chance = random.Random(7)
    async with Deck.loaded(stage) as deck:
        for turn in range(90):
            if turn % 20 == 13:
                size = chance.choice([each for each in SIZES if each != screen.size])
                screen.resize(size)
                deck.app.post_message(events.Resize(Size(*size), Size(*size)))
            elif turn % 7 == 3:
                await stage.advance(4.0)
            else:
                await deck.pilot.press(chance.choice(KEYS.split()))
            await deck.pilot.pause()
            assert screen.cells() == wholly_painted(deck), turn


async def test_a_garbled_terminal_is_repainted_by_a_key(stage: Stage, screen: Screen) -> None:
    """Ctrl-L writes everything again; without it nothing would be written."""
    async with Deck.loaded(stage) as deck:
        await deck.pilot.pause()
        screen.write("\x1b[5;5Hgarbage from elsewhere")
        assert screen.cells() != wholly_painted(deck)
        await deck.pilot.press("ctrl+l")
        await deck.pilot.pause()
        assert screen.cells() == wholly_painted(deck)


async def test_coming_back_from_the_shell_repaints(stage: Stage, screen: Screen) -> None:
    async with Deck.loaded(stage) as deck:
        await deck.pilot.pause()
        screen.resize(WIDE)
        deck.app.app_resume_signal.publish(deck.app)
        deck.app.refresh(repaint=True, layout=True)
        await deck.pilot.pause()
        assert screen.cells() == wholly_painted(deck)


async def test_a_cursor_key_costs_less_than_a_whole_frame(
    stage: Stage, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same key, with frames as differences and whole."""

    async def cost() -> int:
        before = screen.written
        for key in ("down", "up"):
            await deck.pilot.press(key)
            await deck.pilot.pause()
        return screen.written - before

    async with Deck.loaded(stage) as deck:
        await cost()
        differences = await cost()
        monkeypatch.setenv(SWITCH, "whole")
        assert await cost() > 2 * differences


def test_textual_has_what_is_hooked() -> None:
    """Names and signatures that frames rely on."""
    assert list(inspect.signature(App._display).parameters) == ["self", "screen", "renderable"]
    assert list(inspect.signature(LayoutUpdate).parameters) == ["strips", "region"]
    assert list(inspect.signature(ChopsUpdate).parameters) == ["chops", "spans", "chop_ends"]
    assert "render_segments" in CompositorUpdate.__dict__
    assert DifferingApp._display is not App._display
