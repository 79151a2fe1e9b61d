"""Notes on the desktop: what is written for them, and that no remote text ends it early."""

from __future__ import annotations

import pytest

from amltui.ui.terminal.around import Around
from amltui.ui.terminal.notice import sequence
from tests.ui.terminal.test_clipboard import PLAIN, SCREEN, TMUX, screen, tmux

EVIL = "a\x07b\x1b]52;c;aGk=\x07;c\nd"


@pytest.mark.parametrize(
    ("term", "begins"),
    [("xterm-256color", "\x1b]9;"), ("foot", "\x1b]777;notify;"), ("rxvt-unicode", "\x1b]777;")],
)
def test_each_terminal_gets_its_own(term: str, begins: str):
    written = sequence("amltui", "train failed", Around.of({"TERM": term}))
    assert written.startswith(begins)
    assert written.endswith("train failed\x07")


@pytest.mark.parametrize("term", ["linux", "dumb", "vt100"])
def test_what_would_print_it_gets_nothing(term: str):
    assert sequence("amltui", "train failed", Around.of({"TERM": term})) == ""


def test_multiplexers_pass_it_on():
    plain = sequence("amltui", "train failed", PLAIN)
    assert tmux(sequence("amltui", "train failed", TMUX)) == plain
    assert screen(sequence("amltui", "train failed", SCREEN)) == plain


@pytest.mark.parametrize("around", [PLAIN, Around.of({"TERM": "foot"})])
def test_remote_text_neither_ends_nor_begins_a_sequence(around: Around):
    """One escape and one bell, both ours; and it is never taken for a bar of progress."""
    written = sequence("amltui", EVIL, around)
    assert written.count("\x1b") == 1
    assert written.count("\x07") == 1
    assert "\n" not in written
    assert not sequence("amltui", "4;3", around).startswith("\x1b]9;4;")
