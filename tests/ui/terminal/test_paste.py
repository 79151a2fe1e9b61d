"""A paste is text, in whatever pieces it arrives."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from textual import events

from amltui.ui.terminal.paste import Parser, Pastes, typed

START, END = "\x1b[200~", "\x1b[201~"
KEYS = st.sampled_from(["q", "\x1b[A", "\r", "\x1b[I", "é"])
PASTED = st.text(st.sampled_from([*"abS \t\r\x1b[201;m]~\x07\x9b"]), max_size=30).filter(
    lambda text: END not in text + "\x1b[201" and START not in text
)


def cut(text: str, at: list[int]) -> list[str]:
    places = sorted({0, len(text), *(place % (len(text) + 1) for place in at)})
    return [text[a:b] for a, b in pairwise(places)]


@given(
    st.lists(st.one_of(KEYS, PASTED.map(lambda text: START + text + END)), max_size=5),
    st.lists(st.integers(0, 200), max_size=8),
)
def test_pieces_do_not_matter(typed_in: list[str], places: list[int]) -> None:
    """However the input is cut, the same comes out, and keys outside of pastes are untouched."""
    whole = "".join(typed_in)
    pastes = Pastes()
    pieces = "".join(pastes.harmless(piece) for piece in cut(whole, places))
    assert pieces == Pastes().harmless(whole)
    assert pieces.replace("␛", "\x1b") == whole


def test_an_escape_in_a_paste_presses_no_key() -> None:
    """Where Textual alone would see `S` and Enter behind it."""
    parser = Parser()
    seen = list(parser.feed(f"{START}\x1bS\r\x1b[3~x{END}q"))
    assert [type(event) for event in seen] == [events.Paste, events.Key]
    assert isinstance(seen[0], events.Paste)
    assert seen[0].text == "␛S\r␛[3~x"


def test_what_reaches_a_field() -> None:
    """Words in one line: no colours, no titles, no line ends, no control characters."""
    assert typed("res␛[31mnet␛]2;title\x07 50\x7f\x08\rx\n") == "resnet 50 x"
    assert typed("a\x9b31mb") == "ab"
    assert typed("") == ""
    assert len(typed("x" * 10_000)) == 2_000
