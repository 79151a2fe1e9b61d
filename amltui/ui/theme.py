"""How things look: health as a glyph and a colour of the theme, always both."""

from __future__ import annotations

import locale
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from msgspec import Struct
from rich.style import Style
from textual.color import Color

from amltui.domain.health import Health

if TYPE_CHECKING:
    from rich.color import Color as RichColor
    from textual.app import App

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
_COLOURS = {
    Health.GOOD: "text-success",
    Health.BUSY: "text-accent",
    Health.WAITING: "text-secondary",
    Health.DONE: "text-success",
    Health.IDLE: "muted",
    Health.STALLED: "text-warning",
    Health.ATTENTION: "text-warning",
    Health.BAD: "text-error",
    Health.UNKNOWN: "muted",
}
_CURVES = (
    "text-accent",
    "text-primary",
    "text-success",
    "text-error",
    "text-secondary",
    "text-warning",
)
MUTED = 0.6
"""How much of the foreground is in muted text."""

GLYPHS = _UNICODE if "UTF" in locale.getpreferredencoding(False).upper() else _ASCII
"""The mark of each health, in what the terminal can show."""


class Looks(Struct, frozen=True):
    """The styles of a theme, without the ground they stand on.

    Component classes would say the same in CSS, at the cost of styling a dozen more nodes for each
    widget whenever anything changes: half of the time to the first frame.
    """

    health: Mapping[Health, Style]
    title: Style
    trend: Style
    frame: Style
    lit_frame: Style
    cursor: Style
    blurred_cursor: Style
    mark: Style
    edge: Style
    curves: tuple[Style, ...]
    """Of a chart, in their order; letters tell them apart as well."""
    bad: Style

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Looks:
        """From the variables of a theme, as CSS names them."""

        def colour(name: str) -> RichColor:
            # Themes in the terminal's own colours say `ansi_blue 50%`, which is no colour.
            return Color.parse(variables[name].partition(" ")[0]).rich_color

        foreground = Color.parse(variables["foreground"])
        if foreground.ansi is None:
            background = Color.parse(variables["background"])
            muted = Style(color=background.blend(foreground, MUTED).rich_color)
        else:
            # A terminal's own colours cannot be mixed.
            muted = Style(dim=True)
        return cls(
            health={
                health: muted if name == "muted" else Style(color=colour(name))
                for health, name in _COLOURS.items()
            },
            title=muted + Style(bold=True),
            trend=Style(color=colour("primary-darken-1")),
            frame=Style(color=colour("foreground-darken-3")),
            lit_frame=Style(color=colour("border")),
            cursor=Style(bgcolor=colour("primary-muted"), bold=True),
            blurred_cursor=Style(bgcolor=colour("surface-lighten-1")),
            mark=Style(color=colour("text-warning")),
            edge=Style(color=colour("primary")),
            curves=tuple(Style(color=colour(name)) for name in _CURVES),
            bad=Style(color=colour("text-error"), bold=True),
        )


_known: WeakKeyDictionary[App[Any], tuple[str, Looks]] = WeakKeyDictionary()


def looks_of(app: App[Any]) -> Looks:
    """The looks of the theme that an app has now."""
    name, looks = _known.get(app, ("", None))
    if looks is None or name != app.theme:
        looks = Looks.of(app.theme_variables)
        _known[app] = (app.theme, looks)
    return looks
