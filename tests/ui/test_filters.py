"""Filters, typed at a list and by key."""

from __future__ import annotations

import pytest

from tests.stage import Stage
from tests.ui.deck import Deck

pytestmark = pytest.mark.scenario("busy_night")


async def test_fields_narrow_the_list_as_they_are_typed_and_tab_completes(stage: Stage):
    """What could come next is told below, and the first of it is taken by Tab."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.press("slash")
        await deck.type("own")
        await deck.shows("owner:")
        await deck.press("tab")
        await deck.type("me")
        await deck.press("enter")
        owners = {row.resource.owner for row in deck.pane.table.rows}
        assert owners == {"kim@contoso.com"}
        assert "Compute › /owner:me" in deck.text


async def test_what_cannot_be_understood_is_told_and_the_rest_holds(stage: Stage):
    """In one sentence, with its place; the sentence goes with the mistake."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.press("slash")
        await deck.type("kind:cluster stat:on")
        await deck.press("enter")
        await deck.shows("stat:on (character 14): there is no field stat")
        assert {row.resource.kind.value for row in deck.pane.table.rows} == {"cluster"}
        await deck.press("escape")
        await deck.wait(lambda: "character 14" not in deck.text)


async def test_one_key_shows_mine_and_another_only_failures(stage: Stage):
    """They are conditions like those that are typed; the same key takes them out again."""
    async with Deck.loaded(stage) as deck:
        everything = deck.names
        await deck.press("M")
        await deck.wait(lambda: deck.names != everything)
        assert {row.resource.created_by for row in deck.pane.table.rows} == {"Kim Lang"}
        await deck.press("!")
        await deck.shows("/user:me status:failed")
        assert {row.resource.status for row in deck.pane.table.rows} <= {"Failed"}
        await deck.press("M", "!")
        await deck.wait(lambda: deck.names == everything)


async def test_help_tells_what_can_be_asked_of_this_list(stage: Stage):
    """The grammar, and the fields of the kind that is shown."""
    async with Deck.loaded(stage, first="compute", size=(120, 90)) as deck:
        await deck.press("question_mark")
        await deck.shows("field:a,b", "idle:", "after how long unused it stops")
