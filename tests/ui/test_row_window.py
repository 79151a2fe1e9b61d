"""Cursor, marks and view belong to rows, whatever happens to the list around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.kinds.kind import Row
from amltui.ui.widgets.row_window import RowWindow

NOW = datetime(2026, 11, 24, tzinfo=UTC)


PLACE = WorkspaceId("s", "g", "w")


@dataclass(frozen=True)
class Thing:
    name: str
    workspace: WorkspaceId = PLACE
    health: Health = Health.GOOD

    @property
    def key(self) -> str:
        return self.name


def rows(names: str | list[str]) -> list[Row[Thing]]:
    return [Row(Thing(name), NOW) for name in names]


def window(names: str, height: int = 3, cursor: int = 0) -> RowWindow:
    made = RowWindow(height=height)
    made.show(rows(names))
    made.go_to(cursor)
    return made


def shown(held: RowWindow) -> str:
    return "".join(row.resource.name for row in held.visible)


def current(held: RowWindow) -> str | None:
    return held.current.resource.name if held.current else None


def test_a_row_inserted_above_moves_the_cursor_with_its_row():
    """The row under the cursor stays under it, and on its line of the screen."""
    held = window("abcdef", cursor=4)
    assert shown(held) == "cde"
    held.show(rows("xyabcdef"))
    assert current(held) == "e"
    assert shown(held) == "cde"


def test_a_row_that_vanishes_leaves_the_cursor_to_the_next():
    """No jump to the top: the cursor stays where it was."""
    held = window("abcdef", cursor=2)
    held.show(rows("abdef"))
    assert current(held) == "d"
    held.go_to(4)
    held.show(rows("abde"))
    assert current(held) == "e"


def test_rows_in_another_order_keep_the_cursor_on_its_row():
    """Sorting takes the cursor along."""
    held = window("abcdef", cursor=1)
    held.show(rows("fedcba"))
    assert current(held) == "b"
    assert "b" in shown(held)


def test_while_a_list_fills_an_untouched_cursor_stays_on_top():
    """The first place to answer must not decide where the cursor is."""
    held = RowWindow(height=3)
    held.show(rows("c"), filling=True)
    held.show(rows("abc"), filling=True)
    assert current(held) == "a"
    held.show(rows("xabc"))
    assert current(held) == "a"


def test_marks_go_with_the_rows_that_are_gone_and_stay_with_the_filtered_ones():
    """A filter hides marks without dropping them, and an action leaves the hidden ones alone."""
    held = window("abc")
    held.mark_all()
    held.show(rows("ab"), known={"a", "b", "c"})
    assert [row.resource.name for row in held.chosen] == ["a", "b"]
    assert held.note == "1/2 · marked 3 · 1 not shown"
    held.show(rows("abc"), known={"a", "b", "c"})
    assert len(held.chosen) == 3
    held.show(rows("ac"), known={"a", "c"})
    assert held.marks == {"a", "c"}


def test_without_a_mark_that_is_shown_the_row_under_the_cursor_is_meant():
    """Marks that a filter hides do not make an action do nothing."""
    held = window("abc", cursor=1)
    held.marks = {"c"}
    held.show(rows("ab"), known={"a", "b", "c"})
    assert [row.resource.name for row in held.chosen] == ["b"]


def test_a_range_goes_from_the_last_mark_to_the_cursor_in_either_direction():
    """`V` marks everything between."""
    held = window("abcdef", cursor=4)
    held.toggle()
    held.go_to(2)
    held.mark_range()
    assert held.marks == {"c", "d", "e"}
    held.go_to(0)
    held.mark_range()
    assert held.marks == {"a", "b", "c", "d", "e"}


def test_a_mark_is_taken_away_by_the_same_key():
    """Space twice on a row leaves it unmarked."""
    held = window("ab")
    held.toggle()
    assert (held.marks, held.cursor) == ({"a"}, 1)
    held.go_to(0)
    held.toggle()
    assert held.marks == set()


def test_an_empty_list_has_nothing_to_choose():
    """Keys on nothing do nothing."""
    held = RowWindow()
    held.toggle()
    held.mark_range()
    held.page(1)
    assert (held.current, held.chosen, held.note, held.cursor) == (None, [], "", 0)


def test_paging_ends_on_the_last_row():
    """A page beyond the end stops there, with the view full."""
    held = window("abcdefgh", height=3)
    held.page(1)
    assert (current(held), shown(held)) == ("d", "def")
    held.page(9)
    assert (current(held), shown(held)) == ("h", "fgh")


NAMES = st.lists(st.sampled_from("abcdefghijklm"), unique=True)


@given(NAMES, NAMES, st.integers(-2, 15), st.integers(1, 6))
def test_the_cursor_is_always_in_view_and_its_row_is_never_swapped(before, after, cursor, height):
    """Whatever list follows another: if the row is still there, the cursor is on it."""
    held = RowWindow(height=height)
    held.show(rows(before))
    held.go_to(cursor)
    row = current(held)
    held.show(rows(after))
    if row in after:
        assert current(held) == row
    assert (held.current is None) == (not after)
    if after:
        assert current(held) in shown(held)
        assert len(held.visible) == min(height, len(after))
    assert len(held.thumb) <= height


@given(NAMES, NAMES, st.integers(0, 12), st.integers(1, 6))
def test_the_row_under_the_cursor_keeps_its_line_as_far_as_the_list_allows(
    before, inserted, cursor, height
):
    """Rows that come in above a scrolled list do not move what the reader looks at."""
    held = RowWindow(height=height)
    held.show(rows(before))
    held.go_to(cursor)
    if not held.top:
        return
    line = held.cursor - held.top
    held.show(rows([name.upper() for name in inserted] + before))
    assert held.cursor - held.top == line
