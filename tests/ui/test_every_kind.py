"""Every kind gets the same screen: what its declaration gives must work, whatever the kind."""

from __future__ import annotations

from typing import Any

import pytest

from amltui.kinds.kind import Kind, PerCloud
from amltui.kinds.registry import KINDS
from amltui.ui.widgets.key_bar import spoken
from tests.stage import Stage
from tests.ui.deck import Deck

pytestmark = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
BUSY = pytest.mark.scenario("busy_night")


@BUSY
async def test_its_key_opens_its_list_with_a_preview(stage: Stage, kind: Kind[Any]):
    """The list has the title, the columns and the count that the kind declares."""
    async with Deck.loaded(stage) as deck:
        await deck.pane_of(kind.key)
        await deck.shows(f"{kind.key} {kind.title}", kind.noun[1])
        assert deck.names
        assert deck.cursor == deck.names[0]
        head = deck.line(*(column.title for column in kind.columns if column.importance >= 8))
        assert head, "no line with the titles of the columns"
        assert f"1/{len(deck.names)}" in deck.text
        assert f"every {int(kind.calm)}s" in deck.status or f"every {int(kind.calm // 60)}m" in (
            deck.status
        )


@BUSY
async def test_its_order_is_the_declared_one_until_a_column_is_chosen(
    stage: Stage, kind: Kind[Any]
):
    """Rows of all workspaces are in one order; `>` sorts by a column, `\\` turns it round."""
    async with Deck.loaded(stage, first=kind.name) as deck:
        assert kind.order is not None
        keys = [kind.order(row.resource) for row in deck.pane.table.rows]
        assert keys == sorted(keys)
        await deck.press("greater_than_sign")
        await deck.wait(lambda: deck.pane.arrangement.column)
        first = next(c for c in kind.columns if c.title == deck.pane.arrangement.column)
        await deck.shows(f"by {first.title} ▲", f"{first.title}▲")
        upwards = deck.names
        await deck.press("backslash")
        await deck.shows(f"{first.title}▼")
        assert sorted(deck.names) == sorted(upwards)
        await deck.press("less_than_sign")
        await deck.wait(lambda: deck.pane.arrangement.column is None)


@BUSY
async def test_its_rows_are_filtered_by_what_they_show(stage: Stage, kind: Kind[Any]):
    """Letters narrow the list at once, `!` inverts, Esc shows everything again."""
    async with Deck.loaded(stage, first=kind.name) as deck:
        everything = deck.names
        word = everything[-1].lower()
        await deck.press("slash")
        await deck.type(word)
        await deck.wait(lambda: len(deck.names) < len(everything))
        assert deck.names
        await deck.shows(f"/{word}", f"{len(deck.names)} of {len(everything)}")
        await deck.press("enter")
        found = deck.names
        await deck.press("slash")
        await deck.press("home", "exclamation_mark", "enter")
        await deck.wait(lambda: set(deck.names).isdisjoint(found))
        assert len(deck.names) + len(found) == len(everything)
        await deck.press("escape")
        await deck.wait(lambda: deck.names == everything)


async def test_a_filter_that_matches_nothing_says_so(stage: Stage, kind: Kind[Any]):
    """An empty list is never just blank."""
    async with Deck.loaded(stage, first=kind.name) as deck:
        known = len(deck.names)
        await deck.press("slash")
        await deck.type("zzzz")
        await deck.shows(f"None of {known} matches “zzzz”", "esc shows all")
        await deck.press("escape")
        await deck.wait(lambda: len(deck.names) == known)


async def test_its_resource_is_described_in_full_and_lives_on(stage: Stage, kind: Kind[Any]):
    """`d` opens every fact of the row, with its age; Esc leads back to the same row."""
    async with Deck.loaded(stage, first=kind.name) as deck:
        await deck.press("j")
        row = deck.pane.table.cursor_row
        assert row is not None
        await deck.press("d")
        await deck.shows(f"{kind.title} › ", row.resource.workspace.name, "live")
        for fact in kind.facts(row):
            assert fact.name in deck.text
        await deck.press("escape")
        await deck.shows(f"{kind.key} {kind.title}")
        assert deck.cursor == row.resource.name


async def test_its_name_is_copied(stage: Stage, kind: Kind[Any]):
    """`c` puts the name into the clipboard, of all marked rows if there are any."""
    async with Deck.loaded(stage, first=kind.name) as deck:
        await deck.press("c")
        await deck.shows("Copied")
        assert deck.app.clipboard == deck.names[0]
        await deck.press("space", "space", "c")
        assert deck.app.clipboard == "\n".join(deck.names[:2])


async def test_its_actions_and_parts_are_keys_and_palette_entries(stage: Stage, kind: Kind[Any]):
    """Help and key bar are made from the declaration."""
    async with Deck.loaded(stage, first=kind.name) as deck:
        keyed = [action for action in kind.actions if action.key]
        for action in (action for action in keyed if not action.typed):
            assert f"{spoken(action.key)} {action.title.lower()}" in deck.text
        for part in kind.parts:
            assert f"{spoken(part.key)} {part.title.lower()}" in deck.text
        await deck.press("question_mark")
        await deck.shows("keys here")
        for binding in (*keyed, *kind.parts):
            assert deck.line(spoken(binding.key), binding.title)


async def test_what_it_knew_stays_when_the_service_fails(stage: Stage, kind: Kind[Any]):
    """The last rows stay, told to be stale, with the reason; then everything is well again."""
    async with Deck.loaded(stage, first=kind.name) as deck:
        known = deck.names
        stage.world.faults.add("*", "html502", times=10_000)
        await deck.press("r")
        await deck.until(lambda: "stale" in deck.header, "the failure in the header")
        assert deck.names == known
        assert "502" in deck.status
        assert "retry in" in deck.status
        assert all(row.stale for row in deck.pane.table.rows)
        stage.world.faults.faults.clear()
        await deck.until(lambda: "live" in deck.header, "the recovery in the header")
        assert not any(row.stale for row in deck.pane.table.rows)


async def test_it_is_asked_for_only_while_it_is_shown(stage: Stage, kind: Kind[Any]):
    """A hidden list sends nothing; one that comes back shows what it knew at once."""
    other = next(each for each in KINDS if each is not kind)
    async with Deck.loaded(stage, first=kind.name) as deck:
        hidden = deck.pane
        board = hidden.source.board
        await deck.pane_of(other.key)
        await deck.wait(lambda: not hidden._following)
        assert board is not None
        before = [feed.latest for feed in board.feeds.values()]
        for _ in range(10):
            await deck.stage.advance(60)
            await deck.settle()
        assert [feed.latest for feed in board.feeds.values()] == before
        await deck.press(kind.key)
        assert deck.names
        await deck.until(lambda: [feed.latest for feed in board.feeds.values()] != before)


async def test_a_screen_on_top_hides_it_too(stage: Stage, kind: Kind[Any]):
    """Behind the screen of one resource the list is not asked for; behind a dialog it is."""
    async with Deck.loaded(stage, first=kind.name) as deck:
        await deck.press("question_mark")
        await deck.shows("keys here")
        assert deck.pane._following
        await deck.press("escape", "d")
        await deck.wait(lambda: not deck.pane._following)
        await deck.press("escape")
        await deck.wait(lambda: deck.pane._following)


def test_its_questions_are_one_a_workspace_or_one_in_all(stage: Stage, kind: Kind[Any]):
    """However many workspaces there are, a list over the cloud is one question."""
    places = [stage.place, type(stage.place)("s", "g", "another")]
    questions = kind.source.questions(None, places)  # type: ignore[arg-type]
    assert len(questions) == (1 if isinstance(kind.source, PerCloud) else 2)
