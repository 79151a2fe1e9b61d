"""What is written so that a text reaches the clipboard, through whatever lies between."""

from __future__ import annotations

import base64
import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.ui.terminal import clipboard
from amltui.ui.terminal.around import Around

PLAIN = Around.of({"TERM": "xterm-256color"})
TMUX = Around.of({"TERM": "tmux-256color", "TMUX": "/tmp/tmux-1/default,1,0"})
SCREEN = Around.of({"TERM": "screen", "STY": "1.pts"})


def tmux(data: str) -> str:
    """What a tmux that lets sequences through sends on of them."""
    wrapped = re.findall(r"\x1bPtmux;((?:[^\x1b]|\x1b\x1b)*)\x1b\\", data)
    return "".join(wrapped).replace("\x1b\x1b", "\x1b")


def screen(data: str) -> str:
    """What GNU screen sends on: what is in its strings, up to a length."""
    pieces: list[str] = re.findall(r"\x1bP(.*?)\x1b\\", data, re.DOTALL)
    assert all(len(piece) < 256 for piece in pieces)
    return "".join(pieces)


def copied(data: str) -> str:
    """What a terminal puts into its clipboard at the end."""
    found = re.findall(r"\x1b\]52;c;([^\x07]*)\x07", data)
    return base64.b64decode(found[-1]).decode()


@given(st.text(max_size=2_000))
def test_a_terminal_gets_the_text(text: str) -> None:
    """Any text, also with escapes in it; and nothing but letters between the marks."""
    said = clipboard.sequences(text, PLAIN)
    assert copied(said) == text
    assert said.count("\x1b") == 1


@given(st.text(max_size=2_000))
def test_it_passes_tmux_screen_and_tmux_in_tmux(text: str) -> None:
    assert copied(tmux(clipboard.sequences(text, TMUX))) == text
    assert copied(tmux(tmux(clipboard.sequences(text, TMUX, depth=2)))) == text
    assert copied(screen(clipboard.sequences(text, SCREEN))) == text


def test_a_tmux_that_has_the_text_is_not_told_again() -> None:
    """The plain sequence would make a second buffer of it; the wrapped one is for the terminal."""
    said = clipboard.sequences("x", TMUX, told=True)
    assert said == clipboard.through_tmux(clipboard.osc52("x"))


@pytest.mark.parametrize(
    ("environment", "tmux", "screen"),
    [
        ({"TERM": "xterm-256color"}, False, False),
        ({"TERM": "tmux-256color"}, True, False),
        ({"TERM": "screen-256color", "TMUX": "/tmp/t,1,0"}, True, False),
        ({"TERM": "screen-256color"}, False, True),
        ({"TERM": "screen", "STY": "1.pts"}, False, True),
        ({"TERM": "screen", "STY": "1.pts", "TMUX": "/tmp/t,1,0"}, False, True),
        ({"TERM": "tmux-256color", "STY": "1.pts", "TMUX": "/tmp/t,1,0"}, True, False),
    ],
)
def test_what_is_around(environment: dict[str, str], tmux: bool, screen: bool) -> None:
    """Also on the far side of SSH, and with one multiplexer in the other."""
    around = Around.of(environment)
    assert (around.may_be_tmux, around.may_be_screen) == (tmux, screen)


def test_a_tmux_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container TMUX may be set and tmux missing: the sequences are all that is left."""
    monkeypatch.setenv("PATH", "/nonexistent")
    assert clipboard.tell_tmux("x") == (False, 1)


def test_a_tmux_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(*arguments: object, **options: object) -> None:
        raise subprocess.TimeoutExpired("tmux", 2)

    monkeypatch.setattr(subprocess, "run", hangs)
    assert clipboard.tell_tmux("x") == (False, 1)


@pytest.mark.parametrize(
    ("environment", "links", "progress"),
    [
        ({"TERM": "xterm-256color"}, True, False),
        ({"TERM": "xterm-ghostty"}, True, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, True, True),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "WezTerm", "TMUX": "x"}, True, False),
        ({"TERM": "linux"}, False, False),
        ({"TERM": "vt220"}, False, False),
    ],
)
def test_what_a_terminal_is_trusted_with(
    environment: dict[str, str], links: bool, progress: bool
) -> None:
    """Links where they are at least ignored; progress where it is not taken for a notification."""
    around = Around.of(environment)
    assert (around.shows_links, around.shows_progress) == (links, progress)
