"""How health looks: a glyph and a colour of the theme, always both."""

from __future__ import annotations

import locale

from amltui.domain.health import Health

_UNICODE = {
    Health.GOOD: "●",
    Health.BUSY: "◐",
    Health.WAITING: "◌",
    Health.DONE: "✓",
    Health.IDLE: "■",
    Health.STALLED: "◷",
    Health.ATTENTION: "!",
    Health.BAD: "✗",
    Health.UNKNOWN: "?",
}
_ASCII = {
    Health.GOOD: "*",
    Health.BUSY: "~",
    Health.WAITING: ".",
    Health.DONE: "+",
    Health.IDLE: "#",
    Health.STALLED: "z",
    Health.ATTENTION: "!",
    Health.BAD: "x",
    Health.UNKNOWN: "?",
}
COLOURS = {
    Health.GOOD: "$text-success",
    Health.BUSY: "$text-accent",
    Health.WAITING: "$text-secondary",
    Health.DONE: "$text-success",
    Health.IDLE: "$text-muted",
    Health.STALLED: "$text-warning",
    Health.ATTENTION: "$text-warning",
    Health.BAD: "$text-error",
    Health.UNKNOWN: "$text-muted",
}

GLYPHS = _UNICODE if "UTF" in locale.getpreferredencoding(False).upper() else _ASCII
"""The mark of each health, in what the terminal can show."""
