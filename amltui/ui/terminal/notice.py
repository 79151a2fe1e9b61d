"""A note on the desktop of whoever sits before the terminal: OSC 9 or OSC 777, also through tmux.

iTerm2 has made OSC 9 (ghostty, kitty and WezTerm took it over), rxvt OSC 777 (foot and VTE took it
over). What knows neither ignores it. tmux lets it through only with
`allow-passthrough on`, and swallows it otherwise.
"""

from __future__ import annotations

from amltui.kinds.format import one_line
from amltui.ui.terminal.around import Around
from amltui.ui.terminal.clipboard import through_screen, through_tmux

LONGEST = 200
_BY_777 = ("foot", "rxvt", "vte")


def sequence(title: str, text: str, around: Around) -> str:
    """What shows the note; empty where it would be printed."""
    if not around.shows_links:
        return ""
    title, text = _plain(title), _plain(text)
    if around.term.startswith(_BY_777):
        plain = f"\x1b]777;notify;{title};{text}\x07"
    else:
        plain = f"\x1b]9;{title}: {text}\x07"
    if around.may_be_tmux:
        return through_tmux(plain)
    return through_screen(plain) if around.may_be_screen else plain


def _plain(text: str) -> str:
    """Without what would end the sequence, or one of its fields."""
    return one_line(text).replace(";", ",")[:LONGEST]
