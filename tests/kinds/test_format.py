"""Values to text."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from amltui.kinds import format as fmt

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@given(st.text())
def test_literal_text_holds_nothing_that_acts_on_a_terminal(text):
    assert not any(ord(glyph) < 0x20 or 0x7F <= ord(glyph) < 0xA0 for glyph in fmt.literal(text))


def test_hostile_text_stays_readable():
    assert fmt.literal("[bold red]x[/]\x1b[2J\u202e") == "[bold red]x[/]␛[2J�"
    assert fmt.literal("模型 ✓ é") == "模型 ✓ é"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("👩\u200d🔬🧪", "👩🔬🧪"),
        ("⚠\ufe0f low", "⚠ low"),
        ("👍\U0001f3fd", "👍"),
        ("🇩🇪 de", "DE de"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_pictures_stand_for_themselves(text, shown):
    """Together they are as wide as each terminal likes."""
    assert fmt.literal(text) == shown
    assert cell_len(shown) == sum(map(get_character_cell_size, shown))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "-"), (-5, "0s"), (59, "59s"), (60, "1m"), (7860, "2h 11m"), (266400, "3d 02h")],
)
def test_durations_have_two_units_at_most(seconds, text):
    assert fmt.duration(seconds) == text


def test_unknown_money_is_never_zero():
    assert fmt.money(None) == "?"
    assert fmt.money(0.0) == "0.00"
    assert fmt.money(1234.5) == "1,234.50"


@given(st.floats())
def test_numbers_fit_their_column(value):
    assert len(fmt.number(value)) <= 9


def test_sparklines_show_the_trend_and_flag_what_is_not_a_number():
    assert fmt.sparkline([0, 1, 2, 3, 4, 5, 6], 8) == "▁▂▃▄▅▆▇"
    assert fmt.sparkline([1.0, math.nan, 2.0], 8) == "▁×▇"
    assert fmt.sparkline([], 8) == ""
    assert fmt.sparkline([3.0], 8) == "▁"


@given(st.lists(st.floats(), min_size=1, max_size=300), st.integers(1, 40))
def test_a_sparkline_never_outgrows_its_width(values, width):
    """But for a fifth, or a bar of a few, that is kept for what comes it fills it."""
    bars = cell_len(fmt.sparkline(values, width))
    assert min(len(values), width) * 0.8 - 1 <= bars <= min(len(values), width)


@given(st.integers(40, 400))
def test_a_trend_that_grows_changes_at_its_end(count):
    """Most of the time: all of it moves when there is a tenth more, or more than that."""

    def stays(count: int) -> bool:
        before, after = fmt.thinned(range(count), 10), fmt.thinned(range(count + 1), 10)
        return before[:-1] == after[: len(before) - 1]

    assert sum(stays(more) for more in range(count, count + 20)) >= 16
    assert fmt.thinned(range(count), 10)[-1] == count - 1


def test_ages_and_people():
    assert fmt.age(NOW - timedelta(hours=50), NOW) == "2d"
    assert fmt.age(None, NOW) == "-"
    assert fmt.person("kim@contoso.com") == "kim"
    assert fmt.person(None) == "-"
    assert fmt.iso(NOW) == "2026-11-24T00:00:00Z"
    assert fmt.size(41_500) == "41 K"
    assert fmt.size(None) == "?"
