"""A stretch of a file is held: lines stay what they are while it grows at both ends."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.domain import log_window
from amltui.domain.log_window import LONGEST, LogWindow

TEXT = b"".join(b"line %d of the log\n" % each for each in range(400))


def lines(window: LogWindow) -> list[str]:
    return [window.text(row) for row in range(len(window))]


def of(data: bytes) -> LogWindow:
    window = LogWindow()
    window.append(data)
    return window


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=5))
def test_where_appended_bytes_are_cut_makes_no_difference(data, cuts):
    """However the file is read, its lines are those of the whole."""
    window = LogWindow()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for start, stop in pairwise(edges):
        window.append(data[start:stop])
    assert lines(window) == lines(of(data))
    assert bytes(window.data) == data


@given(st.integers(1, len(TEXT) - 1), st.integers(1, len(TEXT) - 1), st.integers(0, 200))
def test_what_is_read_backwards_is_what_is_read_forwards(one, two, grown):
    """Tail first, older pieces before it, while new lines come: each line at its offset, once."""
    first, second = sorted((one, two))
    window = LogWindow(second)
    window.append(TEXT[second:])
    tail = lines(window)
    assert TEXT.decode().splitlines()[len(TEXT[:second].splitlines()) :][-len(tail) :] == tail
    window.prepend(TEXT[first:second])
    more = b"new\n" * grown
    window.append(more)
    window.prepend(TEXT[:first])
    whole = of(TEXT + more)
    assert lines(window) == lines(whole)
    assert window.starts == whole.starts


def test_the_first_line_of_a_tail_is_the_first_that_is_whole():
    """Half a line is not shown as if it were one."""
    window = LogWindow(100)
    window.append(b"lf of a line\nwhole\nunfini")
    assert lines(window) == ["whole", "unfini"]
    assert window.finished == 1
    assert window.row(113) == 0


def test_an_endless_line_is_cut_between_characters_and_nothing_is_lost():
    """A bar that never ends its line, in letters of three bytes."""
    text = "█" * LONGEST
    got = lines(of(text.encode()))
    assert len(got) == 3
    assert "".join(got) == text


def test_an_endless_line_before_the_tail_is_begun_anywhere():
    """There is no line end to wait for."""
    window = LogWindow(7)
    window.append(b"x" * (LONGEST + 5))
    assert "".join(lines(window)) == "x" * (LONGEST + 5)


def test_invalid_bytes_and_a_byte_order_mark():
    """What is not UTF-8 is marked, the mark is no text."""
    assert lines(of(b"\xef\xbb\xbfok \xff\xfe\r\nend")) == ["ok \ufffd\ufffd", "end"]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_window, "MOST_BYTES", 1000)
    monkeypatch.setattr(log_window, "KEPT", 750)


def test_memory_is_bounded_while_a_file_is_followed(small):
    """The oldest lines are dropped, the newest kept, offsets unmoved."""
    window = LogWindow()
    for at in range(0, len(TEXT), 100):
        window.append(TEXT[at : at + 100])
        assert len(window.data) <= 1000
    assert window.end == len(TEXT)
    assert lines(window) == TEXT.decode().splitlines()[-len(window) :]
    assert TEXT[window.starts[0] :].startswith(window.raw(0))


def test_memory_is_bounded_while_a_reader_goes_back(small):
    """The newest lines are dropped: they are read again when the reader comes back to them."""
    window = LogWindow(len(TEXT) - 500)
    window.append(TEXT[-500:])
    while window.base:
        start = max(0, window.base - 300)
        window.prepend(TEXT[start : window.base])
        assert len(window.data) <= 1300
    assert window.base == 0
    assert lines(window) == TEXT.decode().splitlines()[: len(window)]
    assert window.end < len(TEXT)
    assert window.starts[-1] == window.end
