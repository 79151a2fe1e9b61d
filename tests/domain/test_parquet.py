"""The footer of a Parquet file: `three.parquet` was written by pyarrow for these tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.domain import parquet

FILE = (Path(__file__).parent / "three.parquet").read_bytes()
FOOTER = FILE[-parquet.length(FILE) - parquet.END : -parquet.END]


def test_columns_types_rows_and_row_groups():
    """As pyarrow wrote them: nested columns stand below their group."""
    found = parquet.read(FOOTER)
    told = [(each.depth, each.name, each.type, each.rule) for each in found.columns]
    assert told == [
        (0, "id", "INT64", "optional"),
        (0, "name", "string (BYTE_ARRAY)", "optional"),
        (0, "score", "DOUBLE", "optional"),
        (0, "when", "timestamp (INT64)", "optional"),
        (0, "tags", "list", "optional"),
        (1, "list", "group", "repeated"),
        (2, "element", "string (BYTE_ARRAY)", "optional"),
    ]
    assert (found.rows, found.groups) == (3, (2, 1))
    assert found.writer.startswith("parquet-cpp-arrow")


@pytest.mark.parametrize("end", [b"", b"PAR1", b"\0\0\0\0PAR2", b"text that goes on"])
def test_what_is_no_parquet_file_is_said_to_be_none(end: bytes):
    """From its last bytes, before anything else is read."""
    with pytest.raises(parquet.Broken, match="does not end like"):
        parquet.length(end)


@given(st.integers(0, len(FOOTER) - 1), st.binary(min_size=0, max_size=4))
def test_a_damaged_footer_is_broken_or_read(at: int, damage: bytes):
    """Nothing but Broken comes of it, wherever it is cut or written over."""
    for footer in (FOOTER[:at], FOOTER[:at] + damage + FOOTER[at + len(damage) :], damage):
        try:
            found = parquet.read(footer)
        except parquet.Broken:
            continue
        assert isinstance(found.rows, int)


def test_a_list_that_never_ends_is_not_believed():
    """Ten bytes may promise a billion members."""
    with pytest.raises(parquet.Broken):
        parquet.read(b"\x29\xfc\xff\xff\xff\xff\x0f" + b"\0" * 9)
