"""An app with a terminal: copies through multiplexers, sets the title, can be suspended."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic

from textual import events, work
from textual.app import ReturnType
from textual.binding import Binding
from textual.filter import LineFilter, Monochrome, NoColor

from amltui.kinds.format import one_line
from amltui.ui.frames.app import DifferingApp
from amltui.ui.terminal.around import Around
from amltui.ui.terminal.display import OWN_COLOURS, SLOW_PAUSE, SYSTEMS, Display
from amltui.ui.terminal.driver import Polite, polite
from amltui.ui.terminal.meter import Meter
from amltui.ui.terminal.notice import sequence
from amltui.ui.terminal.paste import guard, typed

if TYPE_CHECKING:
    from textual.driver import Driver

    from amltui.feeds.editor import Manuscript

LONGEST_TITLE = 80


class TerminalApp(DifferingApp[ReturnType], Generic[ReturnType]):
    """What every screen of the program may ask of the terminal."""

    BINDINGS = [
        Binding("ctrl+z", "suspend_process", "Suspend to the shell", show=False, id="suspend")
    ]

    def __init__(self, display: Display | None = None) -> None:
        self.meter = Meter()
        self.around = Around.of(os.environ)
        self._extra: list[LineFilter] = []
        super().__init__()
        self.shows_links = self.around.shows_links
        self._show_as(display or Display())

    def _show_as(self, wanted: Display) -> None:
        self.shown_as = wanted.in_terminal(os.environ, self.console._color_system)
        self.console._color_system = SYSTEMS[self.shown_as.colors]
        self.no_color = self.shown_as.colors == "none"
        if self.shown_as.colors in {"16", "none"}:
            self.theme = OWN_COLOURS
        if self.no_color:
            self._extra.append(NoColor())
        if self.shown_as.ascii:
            from amltui.ui.terminal.ascii import Ascii

            self._extra.append(Ascii())
        if self.shown_as.low_bandwidth:
            self.frame_pause = SLOW_PAUSE
            self.animation_level = "none"

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, but that without colour there is none, where it would paint greys."""
        own = super().get_line_filters()
        return [each for each in own if not isinstance(each, Monochrome)] + self._extra

    def get_driver_class(self) -> type[Driver]:
        driver = super().get_driver_class()
        guard(driver)
        return polite(driver, self.meter)

    async def on_event(self, event: events.Event) -> None:
        """What is pasted is text: a field must not hold what acts on a terminal."""
        if isinstance(event, events.Paste):
            event.text = typed(event.text)
        await super().on_event(event)

    def tell_title(self, text: str, *, busy: bool = False) -> None:
        """Name the terminal's tab, and mark it as busy; nothing is written for the same again."""
        if isinstance(self._driver, Polite):
            title = one_line(text)[:LONGEST_TITLE]
            self._driver.tell(title, busy and self.around.shows_progress)

    def note(self, title: str, text: str) -> None:
        """Show a note on the desktop of whoever sits before the terminal, where it can."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence(title, text, self.around))

    def edited(self, manuscript: Manuscript) -> str:
        """The text as the user's editor leaves it, which has the terminal until it ends."""
        with self.suspend():
            return manuscript.edit()

    def copy_to_clipboard(self, text: str) -> None:
        self._clipboard = text
        if self._driver is None:
            return
        from amltui.ui.terminal import clipboard

        if self.around.tmux:
            self._copy_in_tmux(text)
        else:
            self._driver.write(clipboard.sequences(text, self.around))

    @work(group="clipboard")
    async def _copy_in_tmux(self, text: str) -> None:
        from amltui.ui.terminal import clipboard

        told, depth = await asyncio.to_thread(clipboard.tell_tmux, text)
        if self._driver is not None:
            self._driver.write(clipboard.sequences(text, self.around, depth, told=told))
