"""What the terminal can show, or is wanted to: colours, characters, frames a second."""

from __future__ import annotations

import locale
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace
from rich.color import ColorSystem

COLORS = ("auto", "truecolor", "256", "16", "none")
SYSTEMS = {
    "truecolor": ColorSystem.TRUECOLOR,
    "256": ColorSystem.EIGHT_BIT,
    "16": ColorSystem.STANDARD,
    # Bold and underlined are still wanted: colours are taken out on the way.
    "none": ColorSystem.STANDARD,
}
OWN_COLOURS = "ansi-dark"
"""The theme in the terminal's own colours: others lose their contrasts with sixteen."""
SLOW_PAUSE = 0.2
"""Seconds between two frames on a thin link."""
COLUMNS, LINES = 60, 16
"""The least that the screens can be read in."""


def fits(width: int, height: int) -> bool:
    """Whether the screens can be read."""
    return width >= COLUMNS and height >= LINES


class Display(Struct, frozen=True):
    """What was asked for, and after `in_terminal` what is done."""

    colors: str = "auto"
    ascii: bool = False
    low_bandwidth: bool = False

    def in_terminal(self, environment: Mapping[str, str], detected: ColorSystem | None) -> Display:
        """With nothing left to chance: `detected` is what the terminal says of its colours."""
        colors = self.colors
        if colors == "auto":
            if environment.get("NO_COLOR") or detected is None:
                colors = "none"
            elif self.low_bandwidth or detected is ColorSystem.STANDARD:
                colors = "16"
            else:
                colors = "256" if detected is ColorSystem.EIGHT_BIT else "truecolor"
        unicode = "UTF" in locale.getpreferredencoding(False).upper()
        return replace(self, colors=colors, ascii=self.ascii or self.low_bandwidth or not unicode)
