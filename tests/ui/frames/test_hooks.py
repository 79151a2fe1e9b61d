"""The dashboard's terminal shows what its compositor holds, however it got there.

These tests are also the ones that fail when Textual changes what `amltui.ui.frames` hooks.
"""

from __future__ import annotations

import inspect

import pyte
import pytest
from textual import events
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.geometry import Size

from amltui.ui import resource_pane
from amltui.ui.frames.app import SWITCH, DifferingApp
from tests.stage import Stage
from tests.ui.deck import WIDE, Deck
from tests.ui.frames.screens import Both, Screen
from tests.ui.frames.walk import walk

STEPS, SEED = 60, 5


def wholly_painted(deck: Deck) -> list[list[pyte.screens.Char]]:
    """What the compositor holds, painted on an empty terminal by Textual itself."""
    size = deck.app.size
    fresh = Screen((size.width, size.height))
    update = LayoutUpdate([[line] for line in deck.app.screen._compositor.render_strips()],
                          size.region)  # fmt: skip
    fresh.write(update.render_segments(deck.app.console))
    return fresh.cells()


@pytest.mark.scenario("busy_night")
async def test_a_walk_through_the_dashboard(stage: Stage, both: Both) -> None:
    """After each of many random keys, texts, answers, resizes and interruptions."""
    await walk(both, stage, STEPS, SEED)
    assert both.frames > STEPS / 2
    assert both.differing.written * 5 < both.whole.written


@pytest.mark.parametrize("before", ["", ":", "/", "?"])
async def test_a_garbled_terminal_is_repainted_by_a_key(
    stage: Stage, screen: Screen, before: str
) -> None:
    """Ctrl-L writes everything again, also in a dialog and where text is typed."""
    async with Deck.loaded(stage) as deck:
        await deck.press(*before)
        await deck.pilot.pause()
        screen.write("\x1b[5;5Hgarbage from elsewhere")
        assert screen.cells() != wholly_painted(deck)
        await deck.pilot.press("ctrl+l")
        await deck.wait(lambda: screen.cells() == wholly_painted(deck), "the screen, repainted")


async def test_a_window_that_is_made_smaller_and_large_again(stage: Stage, both: Both) -> None:
    """So quickly that for the dashboard nothing has changed; for the terminal it has."""
    async with Deck.loaded(stage) as deck:
        await deck.pilot.pause()
        for size in ((100, 30), WIDE):
            both.resize(size)
            deck.app.post_message(events.Resize(Size(*size), Size(*size)))
        await deck.wait(lambda: both.is_complete, "a whole frame")
        assert both.other_cells() == []


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
    """The same keys, each with its preview, with frames as differences and whole."""
    monkeypatch.setattr(resource_pane, "HELD", 0.0)

    async def cost() -> int:
        before = screen.written
        for key in ("down", "up"):
            await deck.press(key)
            await deck.pilot.pause()
        return screen.written - before

    async with Deck.loaded(stage) as deck:
        await stage.until(lambda: deck.pane.is_filled, "the rows to be filled")
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
    for method in (App._begin_update, App._end_update):
        assert list(inspect.signature(method).parameters) == ["self"]
    app: App[None] = App()
    assert (app._running, app._closed, app._batch_count) == (False, False, 0)
    assert DifferingApp._display is not App._display
