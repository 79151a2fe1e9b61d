"""The log files of a job, grouped by who wrote them: one is open, the others are a key away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip

from amltui.domain.log import LogFile, LogKind
from amltui.kinds.format import size
from amltui.ui.widgets.cell_text import fitted
from amltui.ui.widgets.painted import DIM, Painted

GROUPS = {
    LogKind.USER: "your code",
    LogKind.RUNTIME: "run",
    LogKind.BUILD: "image build",
    LogKind.SYSTEM: "node",
    LogKind.OTHER: "other",
}
Row = LogFile | str
"""A file, or the title of a group."""


def grouped(files: Sequence[LogFile]) -> list[Row]:
    """Files below the titles of their groups."""
    rows: list[Row] = []
    for kind, title in GROUPS.items():
        members = [file for file in files if file.kind is kind]
        if members:
            rows += [title, *members]
    return rows


def short(file: LogFile) -> str:
    """What tells a file from its neighbours: `rank 3`, `lifecycler`."""
    if file.rank is not None and file.kind is LogKind.USER:
        return f"rank {file.rank}"
    return file.name.removesuffix(".txt").removesuffix(".log")


class LogList(Painted, can_focus=True):
    """Beside the log where there is room."""

    BINDINGS = [
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("pagedown,ctrl+d", "move(10)", "Page down", show=False),
        Binding("pageup,ctrl+u", "move(-10)", "Page up", show=False),
        Binding("enter,space", "choose", "Open"),
    ]
    DEFAULT_CSS = "LogList { dock: left; width: 27; }"

    class Chosen(Message):
        """This file is wanted."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    def __init__(self) -> None:
        super().__init__()
        self.framed = True
        self._files: tuple[LogFile, ...] = ()
        self._sizes: Mapping[str, int] = {}
        self._open: str | None = None
        self._cursor: str | None = None
        self._first = 0

    def show(
        self, files: tuple[LogFile, ...], opened: str | None, sizes: Mapping[str, int]
    ) -> None:
        """These files, one of which is open; sizes as far as they are known."""
        if opened != self._open:
            self._cursor = opened
        self._files, self._open, self._sizes = files, opened, sizes
        self.frame_title = f"{len(files)} file{'s' * (len(files) != 1)}"
        self.repaint()

    @property
    def boxed(self) -> bool:
        return True

    def lines(self, width: int, height: int) -> list[Strip]:
        rows = grouped(self._files)
        at = next((i for i, row in enumerate(rows) if self._is_at(row)), 0)
        self._first = min(max(self._first, at - height + 1), max(0, at - 1))
        return [self._strip(row, width) for row in rows[self._first : self._first + height]]

    def _is_at(self, row: Row) -> bool:
        return isinstance(row, LogFile) and row.path == self._cursor

    def _strip(self, row: Row, width: int) -> Strip:
        ground = self.rich_style
        if isinstance(row, str):
            return Strip([Segment(fitted(row, width), ground + self.looks.title)])
        told = size(self._sizes[row.path]) if row.path in self._sizes else ""
        mark = ">" if row.path == self._open else " "
        name = fitted(f"{mark} {short(row)}", max(0, width - cell_len(told) - 1))
        look = ground
        if self.has_focus and self._is_at(row):
            look += self.looks.cursor
        elif row.path == self._open:
            look += self.looks.blurred_cursor
        return Strip([Segment(f"{name} ", look), Segment(told, look + DIM)])

    def action_move(self, step: int) -> None:
        paths = [row.path for row in grouped(self._files) if isinstance(row, LogFile)]
        if paths:
            at = paths.index(self._cursor) if self._cursor in paths else 0
            self._cursor = paths[min(max(0, at + step), len(paths) - 1)]
            self.repaint()

    def action_choose(self) -> None:
        if self._cursor is not None:
            self.post_message(self.Chosen(self._cursor))

    def on_click(self, event: events.Click) -> None:
        rows, at = grouped(self._files), self._first + event.y - self.framed
        if 0 <= at < len(rows) and isinstance(row := rows[at], LogFile):
            self._cursor = row.path
            self.action_choose()
