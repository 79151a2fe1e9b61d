"""Matching lines are found in slices, and stay known while the window grows and shrinks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.domain import log_window
from amltui.domain.log_sieve import Sieve
from amltui.domain.log_window import LogWindow

TEXT = b"".join(
    b"%d \x1b[31mERROR\x1b[0m bad\n" % each if each % 7 == 0 else b"%d fine\n" % each
    for each in range(1000)
)


def shown(sieve: Sieve, window: LogWindow) -> list[bytes]:
    return [window.raw(window.row(offset)) for offset in sieve.hits]


def expected(window: LogWindow, word: bytes, inverse: bool = False) -> list[bytes]:
    lines = [window.raw(row) for row in range(window.finished)]
    return [line for line in lines if (word in line) != inverse]


def whole() -> LogWindow:
    window = LogWindow()
    window.append(TEXT)
    return window


@pytest.mark.parametrize(("words", "inverse"), [("error", False), ("!error", True)])
def test_every_line_is_sifted_once_however_short_the_slices(words, inverse):
    """A slice without any time still gets on."""
    window, sieve = whole(), Sieve(words)
    slices = 1
    while not sieve.scan(window, 0.0):
        slices += 1
    assert slices > 5
    assert shown(sieve, window) == expected(window, b"ERROR", inverse)


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)), st.integers(1, 50))
def test_growing_at_both_ends_finds_the_same(one, two, times):
    """Whatever was read in which order."""
    first, second = sorted((one, two))
    window, sieve = LogWindow(first), Sieve("error")
    window.append(TEXT[first:second])
    for _ in range(times):
        sieve.scan(window, 0.0)
    window.append(TEXT[second:])
    sieve.scan(window, 0.0)
    window.prepend(TEXT[:first])
    while not sieve.scan(window, 0.0):
        pass
    assert shown(sieve, window) == expected(window, b"ERROR")


def test_what_the_window_drops_is_forgotten(monkeypatch):
    """No hit points to a line that is not held."""
    monkeypatch.setattr(log_window, "MOST_BYTES", 4000)
    monkeypatch.setattr(log_window, "KEPT", 3000)
    window, sieve = LogWindow(), Sieve("error")
    for at in range(0, len(TEXT), 500):
        window.append(TEXT[at : at + 500])
        sieve.scan(window, 1.0)
        assert shown(sieve, window) == expected(window, b"ERROR")


@pytest.mark.parametrize(
    ("words", "text", "kept"),
    [
        ("error", "an ERROR", True),
        ("Error", "an ERROR", False),
        ("loss (val", "loss (VAL)", True),
        ("e.*r$", "the error", True),
        ("!error", "an ERROR", False),
        ("!", "wow!", True),
    ],
)
def test_a_pattern(words, text, kept):
    """Small letters match any case; what is no regular expression is literal."""
    assert Sieve(words).keeps(text) is kept


def test_the_unfinished_line_counts_only_while_it_matches():
    """A line that is being written is looked at again."""
    window, sieve = LogWindow(), Sieve("error")
    window.append(b"ok\nan err")
    assert sieve.scan(window, 1.0)
    assert sieve.open is None
    window.append(b"or")
    sieve.scan(window, 1.0)
    assert sieve.open == 3
    window.append(b" more\n")
    sieve.scan(window, 1.0)
    assert (list(sieve.hits), sieve.open) == ([3], None)
