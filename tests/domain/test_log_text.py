"""Logs become lines that cannot act on a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from amltui.domain.log_text import LONGEST, LogLines, plain


def lines_of(*pieces: bytes) -> list[str]:
    log = LogLines()
    for piece in pieces:
        log.feed(piece)
    return [*log.lines, log.unfinished] if log.unfinished else list(log.lines)


def test_progress_bars_overwrite_their_line():
    assert lines_of(b"10%\r20%\r30%\ndone\r\n") == ["30%", "done"]


def test_colours_titles_and_links_leave_no_trace():
    assert plain("\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\") == (
        "red link"
    )


def test_an_endless_line_is_cut_and_nothing_is_lost():
    got = lines_of(b"x" * (LONGEST * 2 + 5))
    assert "".join(got) == "x" * (LONGEST * 2 + 5)
    assert max(map(len, got)) <= LONGEST


@given(st.text().map(lambda text: text.encode()), st.lists(st.integers(0, 60), max_size=5))
def test_where_the_bytes_are_cut_makes_no_difference(data, cuts):
    pieces, start = [], 0
    for cut in sorted(min(cut, len(data)) for cut in cuts):
        pieces.append(data[start:cut])
        start = cut
    assert lines_of(*pieces, data[start:]) == lines_of(data)


@given(st.binary())
def test_no_escape_survives(data):
    text = "\n".join(lines_of(data, b"\n"))
    assert "\x1b[" not in text
