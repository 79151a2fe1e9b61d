"""Textual's driver, with a meter, and with manners for what it does not know of.

It restores what it has switched on, but for the mouse's pixel mode. The title is ours, and so are
scroll regions and the style that a frame has left: see `amltui.ui.frames`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from amltui.ui.terminal.meter import Meter

if TYPE_CHECKING:
    from textual.driver import Driver

    _Base = Driver
else:
    _Base = object

KEEP_TITLE, RESTORE_TITLE = "\x1b[22;0t", "\x1b[23;0t"
"""XTWINOPS: terminals keep titles on a stack."""
PLAIN = "\x1b[m"
WHOLE_SCREEN = "\x1b[r"
NO_PIXELS = "\x1b[?1016l"
BUSY, IDLE = "\x1b]9;4;3\x07", "\x1b]9;4;0\x07"
"""ConEmu's progress, which others took over: something goes on, without saying how far it is."""


class Polite(_Base):
    """Mixed into the driver of the platform."""

    meter: Meter
    _title = ""
    _busy = False

    def write(self, data: str) -> None:
        self.meter.add(data)
        super().write(data)  # type: ignore[safe-super]

    def tell(self, title: str, busy: bool) -> None:
        """Show a title, and whether something goes on, where that is not what is shown."""
        if title != self._title:
            self.write(("" if self._title else KEEP_TITLE) + _titled(title))
            self._title = title
        if busy != self._busy:
            self._busy = busy
            self.write(BUSY if busy else IDLE)

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[safe-super]
        # Not at the start, but when the program comes back from the shell.
        if self._title:
            self.write(KEEP_TITLE + _titled(self._title))
        if self._busy:
            self.write(BUSY)

    def stop_application_mode(self) -> None:
        # Here and not later: margins hold on the shell's screen too, and setting them moves home.
        self.write(PLAIN + WHOLE_SCREEN + NO_PIXELS)
        if self._busy:
            self.write(IDLE)
        if self._title:
            # What keeps no titles makes one of its own of an empty one.
            self.write(_titled("") + RESTORE_TITLE)
        super().stop_application_mode()  # type: ignore[safe-super]


def _titled(text: str) -> str:
    return f"\x1b]2;{text}\x07"


def polite(driver: type[Driver], meter: Meter) -> type[Driver]:
    """The driver of the platform, metered and with manners."""
    return cast("type[Driver]", type("PoliteDriver", (Polite, driver), {"meter": meter}))
