"""The key bar names what fits: whole words, the nearest keys first, help always."""

from __future__ import annotations

import pytest
from textual.binding import Binding

from amltui.ui.widgets.key_bar import Item, packed, spoken
from tests.stage import Stage
from tests.ui.deck import NARROW, Deck

SCREENS = Binding.Group("screens")
ITEMS = (
    Item(("enter",), "open"),
    Item(("x",), "cancel"),
    Item(("2",), "jobs", group=SCREENS),
    Item(("3",), "compute", group=SCREENS),
    Item(("w",), "switch"),
    Item(("?",), "help", always=True),
)


def names(room: int) -> list[str]:
    return [item.text for item in packed(ITEMS, room)]


def test_with_room_for_all_everything_is_named():
    """Nothing is grouped without need."""
    assert names(80) == [item.text for item in ITEMS]


def test_groups_are_told_in_one_word_before_anything_leaves():
    """Digits that open screens need not be named one by one."""
    assert names(51) == ["enter open", "x cancel", "2 3 screens", "w switch", "? help"]


@pytest.mark.parametrize("room", range(6, 60))
def test_help_is_always_named_and_nothing_is_cut(room):
    """Whoever sees half of the keys must see how to find the others."""
    shown = names(room)
    assert "? help" in shown
    assert len("  ".join(shown)) <= room


def test_keys_are_written_as_people_write_them():
    """Not as the terminal library calls them."""
    assert [spoken(key) for key in ("question_mark", "ctrl+r", "escape", "enter,down", "S")] == [
        "?", "^R", "esc", "enter", "S"
    ]  # fmt: skip


async def test_at_80_columns_the_bar_of_every_screen_ends_in_help(stage: Stage):
    """The last word of the bar is a whole one."""
    async with Deck.loaded(stage, size=NARROW) as deck:
        for key in "2349":
            await deck.pane_of(key)
            bar = deck.lines[-2]
            assert "? help" in bar
            assert "…" not in bar
