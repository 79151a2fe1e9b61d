"""The place where Textual's frames are caught.

Hooked, and held by tests/ui/frames/test_hooks.py: `App._display(screen, renderable)`, which alone
writes frames; `CompositorUpdate` with its kinds `LayoutUpdate(strips, region)` and
`ChopsUpdate(chops, spans, chop_ends)`; and what `_display` asks and does when it writes one:
`_running`, `_closed`, `_batch_count`, `_begin_update()`, `_end_update()`.
"""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING, Generic

from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App, ReturnType
from textual.binding import Binding
from textual.widgets import Input

from amltui.ui.frames.cells import Cells
from amltui.ui.frames.grid import Grid
from amltui.ui.frames.powers import SIMPLE, Powers

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen

SWITCH = "AMLTUI_FRAMES"
"""`whole` sends frames as Textual writes them; `simple` sends differences, in plain words only."""
ONE_PIECE = 512
"""Characters that arrive together anyway: to mark them as one frame would cost 16 bytes more."""


class DifferingApp(App[ReturnType], Generic[ReturnType]):
    """An app whose frames are differences."""

    BINDINGS = [
        # Also in dialogs and where text is typed: what has garbled the screen asks for no moment.
        Binding("ctrl+l", "repaint", "Repaint the screen", show=False, id="repaint", priority=True)
    ]

    def __init__(self) -> None:
        super().__init__()
        simple = os.environ.get(SWITCH) == "simple"
        self._grid = Grid(SIMPLE if simple else Powers.of(os.environ))
        self._cells: Cells | None = None
        self._at: tuple[int, int] | None = None
        """Where the terminal's cursor was put last."""
        self.shows_links = True
        self.frame_pause = 0.0
        """Least seconds between two frames; the first after a pause never waits."""
        self._next_frame = 0.0
        self._held = False

    async def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, lambda _: self.action_repaint(), immediate=True)

    async def on_event(self, event: events.Event) -> None:
        """What was in a window of another size is lost, also if it has its old size again."""
        if isinstance(event, events.Resize):
            self.forget_frame()
            if event.size == self.size:
                self.refresh(repaint=True, layout=True)
        await super().on_event(event)

    @property
    def _differs(self) -> bool:
        return not (self.is_headless or self.is_inline) and os.environ.get(SWITCH) != "whole"

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if not self._differs or not isinstance(renderable, CompositorUpdate):
            if renderable is not None:
                self.forget_frame()
            super()._display(screen, renderable)
            return
        if self._must_wait():
            return
        if self._cells is None:
            self._cells = Cells.of(self.console, links=self.shows_links)
        pieces = self._cells.pieces(renderable)
        if pieces is None:
            self.forget_frame()
            super()._display(screen, renderable)
            return
        if (self._grid.width, self._grid.height) != self.size:
            self._grid.forget(*self.size)
        difference = self._grid.compare(pieces)
        said = difference.text + self._placed(bool(difference.text))
        if said and self._writes:
            self._grid.commit(difference)
            self._write(said)
        self.post_display_hook()

    @property
    def _writes(self) -> bool:
        """Whether a frame may be written now."""
        return self._running and not self._closed and not self._batch_count

    def _write(self, said: str) -> None:
        assert self._driver is not None
        if len(said) <= ONE_PIECE:
            self._driver.write(said)
        else:
            self._begin_update()
            self._driver.write(said)
            self._end_update()
        self._driver.flush()

    def _placed(self, moved: bool) -> str:
        """What puts the terminal's cursor where text is typed, should it not be there.

        It is never seen, but what an input method composes is shown beside it.
        """
        if not isinstance(self.focused, Input):
            self._at = None
            return ""
        at = tuple(self.screen.outer_size.clamp_offset(self.cursor_position))
        if at == self._at and not moved:
            return ""
        self._at = (at[0], at[1])
        return f"\x1b[{at[1] + 1};{at[0] + 1}H"

    def _must_wait(self) -> bool:
        """Whether this frame comes too soon: then all of them are shown as one when it is time."""
        if not self.frame_pause:
            return False
        now = monotonic()
        if now < self._next_frame:
            if not self._held:
                self._held = True
                self.set_timer(self._next_frame - now, self._show_held)
            return True
        self._next_frame = now + self.frame_pause
        return False

    def _show_held(self) -> None:
        self._held, self._next_frame = False, 0.0
        self.refresh()

    def forget_frame(self) -> None:
        """The terminal may show anything: the next frame is written whole."""
        self._grid.forget()

    def action_repaint(self) -> None:
        """Write everything again: something else has written to the terminal."""
        self.forget_frame()
        self.refresh(repaint=True, layout=True)
