"""Lines of logs become text that cannot act on a terminal; their colours are kept."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amltui.domain.log_text import PLAIN, Ink, Span, inked, plain, spans


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("10%\r20%\r30%", "30%"),
        ("10%\r20%\r", "20%"),
        ("10%\r   \r\x1b[K", "10%"),
        ("1/3 [=>..]\b\b\b\b\b\b\b\b\b\b2/3 [==>.]", "2/3 [==>.]"),
        ("\b\babc", "abc"),
        ("a\tb\tc", "a       b       c"),
        ("\x1b[31ma\x1b[0m\tb", "a       b"),
        ("\x1b]0;title\x07\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]52;c;c2VjcmV0\x07after", "after"),
        ("\x1b[2J\x1b[10;5H\x1b[?1049hcleared", "cleared"),
        ("\x1bP+q544e\x1b\\dcs \x1b_apc\x1b\\ \x1bcreset", "dcs  reset"),
        ("\x9b31mred", "red"),
        ("cut off \x1b]0;never ended", "cut off "),
        ("\x1b \b[31mtaken back", "[31mtaken back"),
        ("\x1b\x1b[0m[2Jleft over", "[2Jleft over"),
    ],
)
def test_only_what_would_be_read_is_left(line: str, shown: str):
    """Bars at their last state, tabs set, titles, links, clipboards and cursor moves gone."""
    assert plain(line) == shown


@given(st.text(alphabet=st.sampled_from("ab\x1b[]0;31mHJ\x07\\\r\t\b \x9b█é"), max_size=40))
@example(" \x1b[0m")
def test_colours_change_nothing_about_the_text(line: str):
    """What is painted is what is searched and copied."""
    assert "".join(span.text for span in spans(line)) == plain(line)
    assert not {"\x1b", "\x9b"} & set(plain(line))


def test_text_has_the_colours_it_was_written_in():
    """Of 16, of 256, and of all; at the end of a line they are over."""
    line = "\x1b[1;31mbad\x1b[0m fine \x1b[38;5;208morange \x1b[48;2;1;2;3mground"
    assert spans(line) == (
        Span("bad", Ink(colour=1, bold=True)),
        Span(" fine "),
        Span("orange ", Ink(colour=208)),
        Span("ground", Ink(colour=208, ground=(1, 2, 3))),
    )


def test_a_bar_has_the_colour_of_its_last_state():
    """A colour that was set before the carriage return still holds."""
    assert spans("\x1b[32m10%\r20%\x1b[0m\r") == (Span("20%", Ink(colour=2)),)


@pytest.mark.parametrize(
    ("codes", "ink"),
    [
        ("", PLAIN),
        ("0", PLAIN),
        ("90", Ink(colour=8)),
        ("107", Ink(ground=15)),
        ("38:2::9:8:7", Ink(colour=(9, 8, 7))),
        ("38;2;999;0;0", PLAIN),
        ("38;5", PLAIN),
        ("38", PLAIN),
        ("5;8", PLAIN),
        ("7;9;4", Ink(reversed=True, struck=True, underlined=True)),
        ("999999999999", PLAIN),
    ],
)
def test_codes(codes: str, ink: Ink):
    """Nonsense means nothing, and nothing conceals or blinks."""
    assert inked(PLAIN, codes) == ink
