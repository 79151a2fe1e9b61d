"""The place where Textual's frames are caught.

Hooked, and held by tests/ui/frames/test_hooks.py: `App._display(screen, renderable)`, which alone
writes frames; `CompositorUpdate` with its kinds `LayoutUpdate(strips, region)` and
`ChopsUpdate(chops, spans, chop_ends)`; and `render_segments(console)`, through which the text of an
update is asked for once it is certain to be written.
"""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING, Generic

from textual._compositor import CompositorUpdate
from textual.app import App, ReturnType
from textual.binding import Binding

from amltui.ui.frames.cells import Cells
from amltui.ui.frames.grid import Difference, Grid
from amltui.ui.frames.powers import SIMPLE, Powers

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from textual.screen import Screen

SWITCH = "AMLTUI_FRAMES"
"""`whole` sends frames as Textual writes them; `simple` sends differences, in plain words only."""


class Ready(CompositorUpdate):
    """A difference on its way: what it says becomes what is shown when it is asked for."""

    def __init__(self, grid: Grid, difference: Difference) -> None:
        self.grid = grid
        self.difference = difference

    def render_segments(self, console: Console) -> str:
        self.grid.commit(self.difference)
        return self.difference.text


class DifferingApp(App[ReturnType], Generic[ReturnType]):
    """An app whose frames are differences."""

    BINDINGS = [Binding("ctrl+l", "repaint", "Repaint the screen", show=False, id="repaint")]

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
        cursor = tuple(self.cursor_position)
        if not difference.text and cursor == self._at:
            self.post_display_hook()
            return
        self._at = (cursor[0], cursor[1])
        super()._display(screen, Ready(self._grid, difference))

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
