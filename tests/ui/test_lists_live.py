"""Rows come, change and go: the reader's place in the list does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amltui.emulator.change import Change
from amltui.emulator.computes.record import INSTANCE, Compute
from tests.stage import Stage
from tests.ui.deck import Deck

pytestmark = pytest.mark.scenario("busy_night")


def place_of(stage: Stage, name: str):  # type: ignore[no-untyped-def]
    return next(place for place in stage.world.workspaces.values() if place.name == name)


def create(stage: Stage, name: str, workspace: str = "contoso-dev") -> None:
    """A new instance, which sorts where its name says."""
    place = place_of(stage, workspace)
    stage.world.put(Compute(place.id, name, INSTANCE, stage.world.now, "Standard_DS3_v2", "kim"))


def remove(stage: Stage, workspace: str, name: str) -> None:
    held = stage.world.compute(place_of(stage, workspace), name)
    assert held is not None
    stage.world.put(replace(held, change=Change("Deleting", 0.0, 0.0)))


async def test_a_row_that_comes_in_above_does_not_move_the_cursor(stage: Stage):
    """Cursor and marks stay with their rows, and the scrolled view stands still."""
    async with Deck.loaded(stage, first="compute", size=(100, 22)) as deck:
        await deck.go_to("kim-dev")
        await deck.press("k", "k", "space")
        marked = set(deck.pane.table.window.marks)
        cursor = deck.cursor
        line = deck.lines.index(deck.line(">", cursor))
        create(stage, "aaa-new")
        await deck.until(lambda: "aaa-new" in deck.names)
        assert deck.cursor == cursor
        assert deck.lines.index(deck.line(">", cursor)) == line
        assert deck.pane.table.window.marks == marked


async def test_the_row_under_the_cursor_may_vanish(stage: Stage):
    """The next one is under the cursor then, and a mark on it is gone."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("li-nb")
        following = deck.names[deck.names.index("li-nb") + 1]
        await deck.press("space", "k")
        assert len(deck.pane.table.window.marks) == 1
        remove(stage, "nlp-dev", "li-nb")
        await deck.until(lambda: "li-nb" not in deck.names)
        assert deck.cursor == following
        assert not deck.pane.table.window.marks


async def test_a_state_that_changes_is_seen_where_the_row_is(stage: Stage):
    """Nothing moves but the cell."""
    async with Deck.loaded(stage, first="compute") as deck:
        names = deck.names
        line = deck.lines.index(deck.line("noor-nb"))
        held = stage.world.compute(place_of(stage, "contoso-dev"), "noor-nb")
        assert held is not None
        stage.world.put(replace(held, state="Stopped"))
        await deck.until(lambda: "Stopped" in deck.line("noor-nb"))
        assert deck.lines.index(deck.line("noor-nb")) == line
        assert deck.names == names


async def test_the_preview_follows_the_cursor_and_its_row(stage: Stage):
    """What is said below is about the row above, as it is now."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("noor-nb")
        await deck.shows("┌─ noor-nb")
        held = stage.world.compute(place_of(stage, "contoso-dev"), "noor-nb")
        assert held is not None
        stage.world.put(replace(held, state="Stopped"))
        await deck.until(lambda: deck.line("state", "Stopped"))


async def test_marks_survive_a_filter_and_an_action_takes_those_that_are_shown(stage: Stage):
    """Hidden marks are counted, not acted on."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.press("asterisk", "slash")
        await deck.type("kim-")
        await deck.press("enter")
        await deck.wait(lambda: "not shown" in deck.text)
        assert len(deck.pane.table.window.chosen) == len(deck.names) == 3
        await deck.press("escape")
        await deck.wait(lambda: "not shown" not in deck.text)
        assert len(deck.pane.table.window.marks) == 21
        await deck.press("escape")
        await deck.wait(lambda: not deck.pane.table.window.marks)


async def test_a_filter_is_typed_as_fast_as_one_likes(stage: Stage):
    """The letters after / are never taken for keys of the list, however fast they come."""
    async with Deck.loaded(stage, first="compute") as deck:
        deck.send("slash", *"sSxkim", "enter")
        await deck.wait(lambda: deck.pane.arrangement.text == "sSxkim")
        assert "?" not in "".join(line for line in deck.lines if "Stop" in line)
        assert deck.app.screen is deck.app.screen_stack[0]


async def test_a_screen_and_a_filter_typed_in_one_breath(stage: Stage):
    """`3/kim` filters computes, though the screen has to be made first."""
    async with Deck.loaded(stage) as deck:
        deck.send("3", "slash", *"kim")
        await deck.wait(lambda: deck.pane.KIND.name == "compute" and deck.is_loaded())
        await deck.wait(lambda: deck.pane.arrangement.text == "kim")
        assert all("kim" in line for line in deck.names)


async def test_zoom_gives_the_list_the_preview_s_place(stage: Stage):
    """`z` there and back."""
    async with Deck.loaded(stage, first="compute") as deck:
        assert "┌─ cpu-cluster" in deck.text
        await deck.press("z")
        await deck.wait(lambda: "┌─ cpu-cluster" not in deck.text)
        await deck.press("z")
        await deck.wait(lambda: "┌─ cpu-cluster" in deck.text)


async def test_minus_goes_back_to_the_screen_before(stage: Stage):
    """There and back again."""
    async with Deck.loaded(stage) as deck:
        await deck.pane_of("3")
        await deck.press("-")
        await deck.wait(lambda: deck.pane.KIND.name == "job")
        await deck.press("-")
        await deck.wait(lambda: deck.pane.KIND.name == "compute")


async def test_vi_and_pager_keys_move(stage: Stage):
    """j k g G, and half the reflexes of every pager."""
    async with Deck.loaded(stage) as deck:
        names = deck.names
        for keys, at in [
            (("j", "j", "k"), 1), (("G",), -1), (("g",), 0), (("down", "down"), 2), (("up",), 1)
        ]:  # fmt: skip
            await deck.press(*keys)
            assert deck.cursor == names[at]
        await deck.press("g", "ctrl+d")
        page = names.index(deck.cursor)
        assert page > 10
        await deck.press("ctrl+u")
        assert deck.cursor == names[0]
        await deck.press("pagedown")
        assert names.index(deck.cursor) == page


async def test_a_range_of_rows_is_marked(stage: Stage):
    """Space, move, V."""
    async with Deck.loaded(stage) as deck:
        await deck.press("space", "j", "j", "V")
        assert len(deck.pane.table.window.marks) == 4
        await deck.shows("marked 4")
        await deck.press("U")
        assert not deck.pane.table.window.marks


async def test_only_the_trends_of_visible_rows_are_asked_for(stage: Stage):
    """79 jobs, a screenful of questions; scrolling asks for the next ones."""
    async with Deck.loaded(stage, size=(120, 30)) as deck:
        await deck.wait(lambda: deck.line("▇"))
        visible = len(deck.pane.table.window.visible)
        await deck.until(lambda: len(stage.sent("GET", "/runs/get")) >= visible - 4)
        asked = {r.url.params["run_id"] for r in stage.sent("GET", "/runs/get")}
        assert asked <= {row.resource.name for row in deck.pane.table.window.visible}
        await deck.press("G")
        last = deck.cursor
        await deck.until(
            lambda: (
                any(r.url.params["run_id"] == last for r in stage.sent("GET", "/runs/get"))
                or not deck.pane.KIND.supplement.wanted(deck.pane.table.cursor_row.resource)
            )
        )


async def test_a_click_puts_the_cursor_and_a_second_opens(stage: Stage):
    """Every row is a mouse target."""
    async with Deck.loaded(stage, first="compute") as deck:
        row = deck.lines.index(deck.line("noor-nb"))
        await deck.pilot.click(offset=(20, row))
        await deck.wait(lambda: deck.cursor == "noor-nb")
        await deck.pilot.click(offset=(20, row), times=2)
        await deck.shows("Compute › noor-nb")


async def test_keys_act_one_after_the_other_however_fast_they_come(stage: Stage):
    """Help opened and closed, another screen, a row further down, its dialog: in one packet."""
    async with Deck.loaded(stage) as deck:
        await deck.pane_of("3")
        await deck.pane_of("2")
        deck.send("question_mark", "q", "3", "G", "k", "k", "k", "S", "enter")
        await deck.shows("3 Compute", "Stop kim-dev?")
        assert deck.cursor == "kim-dev"
        assert not stage.sent("POST", "/stop")
