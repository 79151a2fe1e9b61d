"""Separated values in columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.domain.csv_table import ROWS, aligned


def test_columns_stand_under_each_other_and_numbers_to_the_right():
    """Also with quoted commas and rows that are short."""
    assert aligned("a.csv", 'name,loss\n"x, y",0.25\nlonger,12\nz\n', cut=False) == (
        "name    loss\nx, y    0.25\nlonger    12\nz"
    )


@pytest.mark.parametrize("comma", [",", ";", "\t", "|"])
def test_whatever_separates_them(comma: str):
    """The header tells."""
    assert aligned("a.csv", f"a{comma}b\n1{comma}2\n", cut=False) == "a  b\n1  2"


def test_half_a_line_is_left_out_and_it_is_said_how_many_rows_there_are():
    """The last line of what was read may be cut anywhere."""
    assert aligned("a.csv", "a,b\n1,2\n3,", cut=True) == "a  b\n1  2\n… the first 1 rows"
    many = "a,b\n" + "1,2\n" * 1000
    told = aligned("a.csv", many, cut=False)
    assert told is not None
    assert told.endswith(f"… the first {ROWS} rows")


def test_what_has_no_columns_is_no_table():
    assert aligned("a.csv", "one\ntwo\n", cut=False) is None
    assert aligned("a.csv", "", cut=False) is None


@given(st.text())
def test_any_text(text: str):
    """Nothing raises; a row is a line."""
    for path in ("a.csv", "a.tsv"):
        told = aligned(path, text, cut=False)
        assert told is None or len(told.split("\n")) <= ROWS + 2
