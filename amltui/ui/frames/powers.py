"""What a terminal can do beyond placing a character, told by its name: to ask costs a wait."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

_FAMILIES = (
    "xterm",
    "tmux",
    "screen",
    "alacritty",
    "foot",
    "ghostty",
    "gnome",
    "kitty",
    "konsole",
    "linux",
    "mintty",
    "putty",
    "rxvt",
    "st-",
    "vte",
    "wezterm",
)
"""Beginnings of names; others may be anything, and get moves and characters only."""


class Powers(Struct, frozen=True):
    """The shorter words that a terminal understands."""

    erases: bool = False
    """Erased cells take the colour that is set (`bce`), so a blank stretch need not be written."""
    scrolls: bool = False
    """Rows between margins can be moved, and a vertical tab goes one line down."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Powers:
        """From `TERM`; GNU screen erases in its own colour, tmux under the same name does not."""
        name = environment.get("TERM", "")
        if not name.startswith(_FAMILIES):
            return SIMPLE
        is_screen = "STY" in environment or (
            name.startswith("screen") and "TMUX" not in environment
        )
        return cls(erases=not is_screen, scrolls=True)


SIMPLE = Powers()
"""What every terminal understands."""
