"""What is pasted is text, whatever bytes are in it: it presses no keys, and acts on no terminal.

Textual takes an escape character in a paste for the start of a key, and the text behind it for
keys: `S` and Enter would stop a compute. Some terminals, and tmux, paste such characters as they
are. So they are taken out of its way before its parser sees them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser

from amltui.azure.errors import one_line
from amltui.ui.terminal.keyboard import asked_for

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.events import Key
    from textual.message import Message

ESCAPE, SHOWN = "\x1b", "␛"
LONGEST = 2_000
"""Characters: whoever pastes a file into a field did not mean to."""


def typed(text: str) -> str:
    """The words, without colours, line ends and whatever else would act on a terminal."""
    from amltui.domain.log_text import plain

    lines = text.replace(SHOWN, ESCAPE).splitlines()
    return one_line(" ".join(plain(line) for line in lines))[:LONGEST]


class Pastes:
    """Follows the input from the terminal, which comes in pieces of any size."""

    def __init__(self) -> None:
        self._inside = False
        self._before = ""
        """The end of what came last: a mark may be cut in two."""

    def harmless(self, data: str) -> str:
        """The input with the escape characters of pastes replaced by their picture."""
        out = ""
        while data:
            if not self._inside:
                seen = self._before + data
                at = seen.find(BRACKETED_PASTE_START)
                if at < 0:
                    self._before = seen[1 - len(BRACKETED_PASTE_START) :]
                    return out + data
                stop = at + len(BRACKETED_PASTE_START) - len(self._before)
                out, data = out + data[:stop], data[stop:]
                self._inside, self._before = True, ""
                continue
            seen, self._before = self._before + data, ""
            text, mark, data = seen.partition(BRACKETED_PASTE_END)
            if mark:
                self._inside = False
            else:
                self._before = _begun(text)
                text = text[: len(text) - len(self._before)]
            out += text.replace(ESCAPE, SHOWN) + mark
        return out


def _begun(text: str) -> str:
    """The end of a text that may be the beginning of the mark."""
    at = text.rfind(ESCAPE)
    return text[at:] if at >= 0 and BRACKETED_PASTE_END.startswith(text[at:]) else ""


class Parser(XTermParser):
    """Textual's, behind the watch on pastes and on keys that tell more than they were asked."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pastes = Pastes()

    def feed(self, data: str) -> Iterable[Message]:
        return super().feed(self._pastes.harmless(data) if data else data)

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        plain = asked_for(sequence)
        return super()._sequence_to_key_events(plain, alt) if plain else ()


def guard(driver: type[Driver]) -> None:
    """Have a driver read with this parser: it makes its own from the name in its module."""
    module = sys.modules[driver.__module__]
    if getattr(module, "XTermParser", None) is XTermParser:
        module.XTermParser = Parser  # type: ignore[attr-defined]
