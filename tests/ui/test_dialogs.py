"""Help, palette and picker: made from what is declared, closed by the same keys everywhere."""

from __future__ import annotations

import pytest

from amltui.kinds.registry import KINDS
from tests.stage import Stage
from tests.ui.deck import Deck

BUSY = pytest.mark.scenario("busy_night")


@pytest.mark.parametrize("key", ["escape", "q"])
@pytest.mark.parametrize(
    ("opened_by", "shows"),
    [
        ("question_mark", "keys here"),
        ("x", "[ Esc keep ]"),
        ("enter", "[Overview]"),
        ("d", "Jobs ›"),
    ],
)
async def test_esc_and_q_close_what_lies_on_top(stage: Stage, opened_by: str, shows: str, key: str):
    """One rule: q closes the topmost thing, and quits where nothing is left to close."""
    async with Deck.loaded(stage) as deck:
        await deck.press(opened_by)
        await deck.shows(shows)
        await deck.press(key)
        await deck.shows("┌─ 2 Jobs")
        assert len(deck.app.screen_stack) == 1
        assert deck.app.is_running


async def test_q_in_a_list_quits(stage: Stage):
    """With nothing under way there is nothing to ask."""
    async with Deck.loaded(stage) as deck:
        await deck.press("q")
        assert deck.app._exit


async def test_help_tells_every_key_the_filter_and_the_glyphs(stage: Stage):
    """Made from the real bindings; what has no room is a few keys further down."""
    async with Deck.loaded(stage, size=(80, 24)) as deck:
        await deck.press("question_mark")
        await deck.shows("keys here", "more below")
        seen = deck.text
        for _ in range(12):
            await deck.press("ctrl+d")
            seen += deck.text
        for words in ("Mark all", "Cancel", "Switch", "!word", "running, on", "unheard of"):
            assert words in seen
        assert "more below" not in deck.text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_the_palette_finds_every_screen_and_action(stage: Stage, kind):  # type: ignore[no-untyped-def]
    """Generated from the declarations: a new kind is found without another line."""
    async with Deck.loaded(stage, first=kind.name) as deck:
        for title in [*(k.title for k in KINDS), *(a.title for a in kind.actions)]:
            await deck.press("ctrl+p")
            await deck.wait(lambda: len(deck.app.screen_stack) == 2)
            await deck.shows("Search for commands")
            await deck.type(title.lower())
            await deck.wait(lambda title=title: deck.line("key ") and title in deck.text)
            await deck.press("escape")
            await deck.wait(lambda: len(deck.app.screen_stack) == 1)


@BUSY
async def test_the_palette_opens_what_was_chosen(stage: Stage):
    """A workspace by its name, and its jobs alone."""
    async with Deck.loaded(stage) as deck:
        await deck.press("ctrl+p")
        await deck.shows("Search for commands")
        await deck.type("workspace edu")
        await deck.shows("workspace edu-lab")
        await deck.press("enter")
        await deck.wait(lambda: "edu-lab" in deck.header)
        await deck.wait(lambda: deck.is_loaded() and len(deck.app.screen_stack) == 1)
        assert {row.resource.workspace.name for row in deck.pane.table.rows} == {"edu-lab"}


@BUSY
async def test_the_palette_acts_like_the_key(stage: Stage):
    """Start from the palette is the dialog of `s`, not a start."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-old")
        await deck.press("ctrl+p")
        await deck.shows("Search for commands")
        await deck.type("start")
        await deck.wait(lambda: deck.line("key s"))
        await deck.press("enter")
        await deck.shows("Start kim-old?")
        assert not stage.sent("POST", "/start")


@BUSY
async def test_the_picker_narrows_by_letters_that_need_not_be_neighbours(stage: Stage):
    """`vpr` is enough for vision-prod."""
    async with Deck.loaded(stage) as deck:
        await deck.press("w")
        await deck.shows("switch workspace", "all 5 workspaces", "rg-vision")
        await deck.type("vpr")
        await deck.wait(lambda: "rg-nlp" not in "".join(deck.lines[10:26]))
        await deck.press("enter")
        await deck.wait(lambda: "vision-prod" in deck.header and deck.is_loaded())
        assert {row.resource.workspace.name for row in deck.pane.table.rows} == {"vision-prod"}
        assert "rg-vision" in deck.header
        assert "WORKSPACE" not in deck.line("STATUS", "NAME")


@BUSY
async def test_letters_typed_before_the_picker_is_there_are_not_lost(stage: Stage):
    """Nor are they taken for keys of the list: `wstop` stops nothing."""
    async with Deck.loaded(stage, first="compute") as deck:
        deck.send("w", *"edu", "enter")
        await deck.wait(lambda: "edu-lab" in deck.header)
        assert not stage.sent("POST", "/start")


@BUSY
async def test_the_picker_can_be_left_and_says_when_nothing_is_found(stage: Stage):
    """Esc changes nothing."""
    async with Deck.loaded(stage) as deck:
        await deck.press("w")
        await deck.shows("switch workspace")
        await deck.type("qqq")
        await deck.shows("None is called like “qqq”")
        await deck.press("enter", "escape")
        await deck.wait(lambda: len(deck.app.screen_stack) == 1)
        assert "ALL WORKSPACES (5)" in deck.header


@BUSY
async def test_0_goes_between_all_and_the_one_before(stage: Stage):
    """There and back, without choosing again."""
    async with Deck.loaded(stage) as deck:
        await deck.press("w")
        await deck.shows("switch workspace")
        await deck.press("down", "down", "enter")
        await deck.wait(lambda: "edu-lab" in deck.header)
        await deck.press("0")
        await deck.wait(lambda: "ALL WORKSPACES (5)" in deck.header and deck.is_loaded())
        assert len({row.resource.workspace.name for row in deck.pane.table.rows}) == 5
        await deck.press("0")
        await deck.wait(lambda: "edu-lab" in deck.header)


@BUSY
async def test_enter_on_a_workspace_makes_it_current_and_shows_its_jobs(stage: Stage):
    """The list of workspaces is a picker, too."""
    async with Deck.loaded(stage, first="workspace") as deck:
        await deck.go_to("risk-prod")
        await deck.press("enter")
        await deck.wait(lambda: deck.pane.KIND.name == "job" and deck.is_loaded())
        assert "risk-prod" in deck.header
        assert {row.resource.workspace.name for row in deck.pane.table.rows} == {"risk-prod"}


async def test_the_theme_goes_round(stage: Stage):
    """`T` changes it, and the lists are painted anew."""
    async with Deck.loaded(stage) as deck:
        before = deck.app.theme
        await deck.press("T")
        assert deck.app.theme != before
        for _ in range(len(deck.app.available_themes) - 1):
            await deck.press("T")
        assert deck.app.theme == before
        assert "2 Jobs" in deck.text


async def test_a_long_help_is_moved_in_like_everything_else(stage: Stage):
    """G is its end and g its beginning; a page leaves a line of the one before."""
    async with Deck.loaded(stage, size=(80, 24)) as deck:
        await deck.press("question_mark")
        await deck.shows("keys here", "more below")
        first = deck.lines[4]
        await deck.press("G")
        await deck.wait(lambda: "more below" not in deck.text)
        assert first not in deck.lines
        await deck.press("g")
        await deck.wait(lambda: deck.lines[4] == first)
