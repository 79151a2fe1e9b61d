"""Text that fits its cells and cannot act on a terminal."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from amltui.domain.health import Health
from amltui.kinds.kind import Cell
from amltui.ui.widgets.cell_text import (
    LEAST_BARS,
    MOST_BARS,
    bars_of,
    cut,
    fitted,
    ruled,
    safe_link,
    shown,
    wrapped,
)

TEXT = st.text(st.characters(exclude_categories=["Mn", "Me", "Cf", "Cs"]), max_size=60)


@given(TEXT, st.integers(0, 40))
def test_fitted_text_takes_exactly_its_columns(text, width):
    """Wide characters and ellipses included."""
    assert cell_len(fitted(shown(text), width)) == width
    assert cell_len(cut(shown(text), width)) <= width


@given(TEXT, st.integers(2, 40))
def test_wrapped_text_loses_nothing_but_the_blanks_it_broke_at(text, width):
    """Every line fits, and the words are all there."""
    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == shown(text).replace(" ", "")


def test_text_is_wrapped_between_words_where_that_is_possible():
    """A path that is too long is broken where it must be."""
    assert wrapped("check the tenant, then try", 10) == ["check the", "tenant,", "then try"]
    assert wrapped("see /a/very/long/path", 8) == ["see", "/a/very/", "long/pat", "h"]
    assert wrapped("", 8) == [""]


@given(TEXT, TEXT, st.integers(2, 80))
def test_a_frame_line_is_as_wide_as_its_box(title, note, width):
    """Whatever stands in it; what has no room leaves, the note first."""
    assert cell_len(ruled("┌─", title, note, "┐", width)) == width


def test_a_note_leaves_before_the_title():
    """The title says what the box is."""
    assert ruled("┌─", "metrics", "1/20 · marked 2", "┐", 16) == "┌─ metrics ────┐"


def test_a_cell_carries_the_glyph_of_its_health_and_no_control_characters():
    """Escapes of the service become visible signs."""
    assert shown(Cell("Running", Health.GOOD)).endswith(" Running")
    assert len(shown(Cell("Running", Health.GOOD))) == len("Running") + 2
    assert shown("\x1b[31m[red]x[/]") == "␛[31m[red]x[/]"


@given(st.lists(st.floats(), min_size=1, max_size=99), st.integers(0, 80))
def test_bars_leave_room_for_the_text_or_do_not_come(values, width):
    """A trend never pushes the value out of its column."""
    bars = bars_of(Cell("0.4121 val/loss", trend=tuple(values)), width)
    assert len(bars) < max(1, width)
    assert not bars or LEAST_BARS < len(bars) <= MOST_BARS + 1


def test_bars_are_equally_long_all_down_a_column():
    """The values after them stand under each other."""
    short = bars_of(Cell("1 loss", trend=(1.0, 2.0)), 40)
    long = bars_of(Cell("0.4121 val/loss", trend=tuple(range(99))), 40)
    assert len(short) == len(long)
    assert "×" in bars_of(Cell("NaN loss", trend=(1.0, math.nan)), 40)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://ml.azure.com/runs/a?wsid=/subscriptions/1", True),
        ("http://ml.azure.com/runs/a", False),
        ("https://ml.azure.com/\x1b]8;;https://evil\x1b\\", False),
        ("https://ml.azure.com/\u202eruns", False),
        ("javascript:alert(1)", False),
        ("https://ml.azure.com/a b", False),
    ],
)
def test_only_a_plain_address_becomes_a_link(url, safe):
    """What stands in an escape sequence must not end it."""
    assert safe_link(url) is safe
