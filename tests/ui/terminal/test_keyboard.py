"""Keys as numbers: what terminals that offer kitty's protocol send, and what it means here."""

from __future__ import annotations

import inspect

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from amltui.ui.terminal.keyboard import asked_for
from amltui.ui.terminal.paste import Parser


def keys(data: str) -> list[tuple[str, str | None]]:
    """What is pressed, and what it types."""
    return [
        (each.key, each.character) for each in Parser().feed(data) if isinstance(each, events.Key)
    ]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("\x1b[27u", "escape"),
        ("\x1b[13u", "enter"),
        ("\x1b[127u", "backspace"),
        ("\x1b[9;2u", "shift+tab"),
        ("\x1b[122;5u", "ctrl+z"),
        ("\x1b[108;5u", "ctrl+l"),
        ("\x1b[1;2D", "shift+left"),
        ("\x1b[106;;106u", "j"),
        ("\x1b[115;2;83u", "S"),
        ("\x1b[47;2;63u", "question_mark"),
        ("\x1b[21521;;21521u", "向"),
        # with Num Lock, with Caps Lock, on the keypad
        ("\x1b[106;129;106u", "j"),
        ("\x1b[122;133u", "ctrl+z"),
        ("\x1b[1;129B", "down"),
        ("\x1b[6;129~", "pagedown"),
        ("\x1b[106;65;74u", "J"),
        ("\x1b[57404;;53u", "5"),
        ("\x1b[57414u", "enter"),
    ],
)
def test_a_key(sent: str, key: str) -> None:
    """The same as without the protocol, whatever locks are on."""
    assert [pressed for pressed, _ in keys(sent)] == [key]


@pytest.mark.parametrize(
    ("sent", "pressed"),
    [
        ("\x1b[106;1:1u", [("j", "j")]),
        ("\x1b[106;1:2;106u", [("j", "j")]),
        ("\x1b[106;1:3u", []),
        ("\x1b[115:83;2;83u", [("S", "S")]),
        ("\x1b[122::121;5:2u", [("ctrl+z", None)]),
        ("\x1b[1;1:2B", [("down", None)]),
        ("\x1b[1;1:3B", []),
    ],
)
def test_more_than_was_asked_for(sent: str, pressed: list[tuple[str, str | None]]) -> None:
    """Held keys press again, those let go do nothing, and other layouts change nothing."""
    assert keys(sent) == pressed


def test_what_is_no_key_stays_as_it_is() -> None:
    for sequence in ("\x1b[I", "\x1b[<0;1;2M", "x:y", "\x1b[106;5u"):
        assert asked_for(sequence) == sequence


def test_textual_has_what_is_hooked() -> None:
    """Where a sequence becomes keys."""
    method = XTermParser._sequence_to_key_events
    assert list(inspect.signature(method).parameters) == ["self", "sequence", "alt"]
