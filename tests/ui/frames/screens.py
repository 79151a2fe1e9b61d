"""Terminals that the dashboard writes to in this process: what they show, and what it took."""

from __future__ import annotations

import pyte
import pytest
from rich.console import RenderableType
from textual._compositor import CompositorUpdate, LayoutUpdate
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size

from amltui.ui.frames.app import DifferingApp

WRAPPING = 7


class Screen:
    """A terminal that is listened to."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.written = 0
        """Bytes."""
        self.said: list[str] = []
        """All writes."""
        self.resize(size)

    @property
    def writes(self) -> int:
        return len(self.said)

    def write(self, data: str) -> None:
        self.written += len(data.encode())
        self.said.append(data)
        self._stream.feed(data)

    def resize(self, size: tuple[int, int]) -> None:
        """What a terminal keeps of its content is its own affair: nothing, here."""
        self.size = size
        self._screen = pyte.Screen(*size)
        self._screen.draw("?" * size[0])
        self._screen.reset_mode(WRAPPING, private=True)  # as the driver has it
        self._stream = pyte.Stream(self._screen)

    def cells(self) -> list[list[pyte.screens.Char]]:
        width, height = self.size
        rows = [self._screen.buffer[y] for y in range(height)]
        return [[row[x] for x in range(width)] for row in rows]


class Both:
    """Two terminals for one dashboard: one gets differences, the other Textual's own frames."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.differing, self.whole = Screen(size), Screen(size)
        self.frames = 0
        self.is_complete = False
        """Whether there was a frame of this size with all of the screen in it."""

    @property
    def size(self) -> tuple[int, int]:
        return self.whole.size

    def resize(self, size: tuple[int, int]) -> None:
        self.is_complete = False
        for screen in (self.differing, self.whole):
            screen.resize(size)

    def garble(self, data: str) -> None:
        """Something else writes to the terminal."""
        self.is_complete = False
        for screen in (self.differing, self.whole):
            screen.write(data)

    def show(self, app: DifferingApp[None], update: CompositorUpdate) -> None:
        self.frames += 1
        self.whole.write(update.render_segments(app.console))
        if isinstance(update, LayoutUpdate) and update.region.size == Size(*self.size):
            self.is_complete = True

    def other_cells(self) -> list[str]:
        """Where the two differ, in words."""
        if not self.is_complete:
            return []
        return [
            f"{x},{y}: {ours} instead of {theirs}"
            for y, (differing, whole) in enumerate(
                zip(self.differing.cells(), self.whole.cells(), strict=True)
            )
            if differing != whole
            for x, (ours, theirs) in enumerate(zip(differing, whole, strict=True))
            if ours != theirs
        ]

    @classmethod
    def listen(cls, patch: pytest.MonkeyPatch, size: tuple[int, int], **environment: str) -> Both:
        """Have the next dashboard write to both, as terminals of this environment."""
        both = cls(size)
        display = DifferingApp._display

        def shown(app: DifferingApp[None], on: object, update: RenderableType | None) -> None:
            if isinstance(update, CompositorUpdate) and app._writes:
                both.show(app, update)
            display(app, on, update)  # type: ignore[arg-type]

        patch.setattr(DifferingApp, "_display", shown)
        listening(patch, both.differing, **environment)
        return both


def listening(patch: pytest.MonkeyPatch, screen: Screen, **environment: str) -> Screen:
    """Have the next dashboard write to this screen."""
    for name, value in {"TERM": "xterm-256color", **environment}.items():
        patch.setenv(name, value)
    patch.setattr(HeadlessDriver, "is_headless", property(lambda self: False))
    patch.setattr(HeadlessDriver, "write", lambda self, data: screen.write(data))
    return screen
