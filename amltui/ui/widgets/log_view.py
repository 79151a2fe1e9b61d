"""A log as it grows: follows its end until the reader scrolls away."""

from __future__ import annotations

import asyncio
import time
from array import array
from bisect import bisect_left, bisect_right
from datetime import datetime
from enum import Enum

from rich.cells import cell_len
from rich.segment import Segment
from textual import work
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip

from amltui.domain.log_sieve import Sieve
from amltui.domain.log_text import plain
from amltui.domain.log_window import LogWindow
from amltui.kinds.format import literal, of_known_width
from amltui.ui.theme import GLYPHS
from amltui.ui.widgets.cell_text import fitted
from amltui.ui.widgets.cell_text import wrapped as wrapped_text
from amltui.ui.widgets.log_line import Times, laid_out, wrapped
from amltui.ui.widgets.painted import DIM
from amltui.ui.widgets.scrolled import Moved

SLICE, BREATH = 0.008, 0.1
"""Seconds of sifting before anything else gets its turn, and between two looks at how far it is."""
SIDEWAYS = 20
"""Columns that an arrow moves a log that is not wrapped."""
CURRENT = "▶" if "●" in GLYPHS.values() else ">"


class Part(Enum):
    """A part of the file that is not held and wanted."""

    BEGINNING = "beginning"
    OLDER = "older"
    NEWER = "newer"
    END = "end"


class LogView(Moved, can_focus=True):
    """Lays out the visible lines only. Remote text is literal: no markup, no escapes.

    Lines are known by their offset in the file, so a reader is left where they read whatever is
    read before or behind.
    """

    BINDINGS = [
        Binding("f", "follow", "Follow", id="log.follow"),
        Binding("n", "hit(1)", "Next match", id="log.next", show=False),
        Binding("N", "hit(-1)", "Previous match", id="log.previous", show=False),
        Binding("w", "wrap", "Wrap", id="log.wrap"),
        Binding("t", "times", "Time", id="log.times"),
        Binding("V", "select", "Select lines", id="log.select", show=False),
        Binding("escape", "clear", "Clear", show=False),
        Binding("right", f"sideways({SIDEWAYS})", "Right", show=False),
        Binding("left", f"sideways({-SIDEWAYS})", "Left", show=False),
    ]

    DEFAULT_CSS = "LogView { width: 1fr; height: 1fr; }"

    class Wanted(Message):
        """The reader has come to where lines are not held."""

        def __init__(self, part: Part) -> None:
            super().__init__()
            self.part = part

    class Told(Message):
        """What is found, or how far it was searched, has changed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.framed = True
        self.following = True
        self.wrapping = False
        self.times = Times.WRITTEN
        self.began: datetime | None = None
        """What relative times count from."""
        self.message = ""
        self.window = LogWindow()
        self.file_size: int | None = None
        """Of the file; None where that is not known."""
        self.grep: Sieve | None = None
        self.find: Sieve | None = None
        self.current: int | None = None
        """Offset of the line that was gone to: a match, an error, the end of a selection."""
        self.chosen_from: int | None = None
        """Offset of the line at which a selection began."""
        self.sifting = False
        self._top = 0
        self._piece = 0
        """How many rows of the top line, wrapped, are above the screen."""
        self._shift = 0
        self._eager = False
        """Whether to go to a match as soon as one is found."""
        self._seeking = False
        """Whether to go on to an earlier match when older lines have come."""

    # What is shown

    def show(self, window: LogWindow, title: str, message: str) -> None:
        """Another file, from its end."""
        self.following = True
        self.current = self.chosen_from = None
        self._top = self._piece = self._shift = 0
        self.frame_title, self.message = title, message
        self.replace(window)

    def replace(self, window: LogWindow, top: int | None = None) -> None:
        """Another part of the file, or another file of the same name, `top` at the top of it."""
        self.window = window
        if top is not None:
            self._top = top
        for sieve in self._sieves:
            sieve.restart()
        self.grew()

    def restart(self, title: str, message: str) -> None:
        """A text that is handed over piece by piece."""
        self.show(LogWindow(), title, message)

    def feed(self, data: bytes) -> None:
        """Take what comes after it."""
        self.window.append(data)
        self.grew()

    def grew(self) -> None:
        """The window holds other lines than before."""
        if self._sieves:
            self._sift()
        self._settle()

    def say(self, message: str) -> None:
        """What there is to say while there are no lines."""
        if message != self.message:
            self.message = message
            self._settle()

    @property
    def text(self) -> str:
        """All lines that are held and not filtered, for tests and copying."""
        return "\n".join(self._shown(at) for at in range(self._count))

    @property
    def on_screen(self) -> str:
        """The lines that are on the screen."""
        first = self._at(self._top)
        stop = min(self._count, first + self.content_height)
        return "\n".join(self._shown(at) for at in range(first, stop))

    @property
    def top_row(self) -> int:
        """The line of the window that is at the top of the screen."""
        return self.window.row(self._top)

    @property
    def selected(self) -> str:
        """The lines from where a selection began to the current one; empty without."""
        if self.current is None:
            return ""
        edges = sorted(
            (self.current, self.current if self.chosen_from is None else self.chosen_from)
        )
        first, last = (self._at(edge) for edge in edges)
        return "\n".join(self._shown(at) for at in range(first, last + 1))

    @property
    def matches(self) -> str:
        """`3/7`: which of the found lines is the current one; empty without a search."""
        if self.find is None:
            return ""
        hits, here = self.find.hits, -1 if self.current is None else self.current
        at = bisect_left(hits, here)
        counted = (
            f"{at + 1}/{len(hits)}" if hits[at : at + 1] == array("q", [here]) else f"{len(hits)}"
        )
        return counted + "…" * self.sifting

    @property
    def at_end(self) -> bool:
        """Whether the end of the file is held."""
        return self.file_size is None or self.window.end >= self.file_size

    # Searching

    def search(self, words: str) -> None:
        """Mark lines that match, and go to the nearest one; no words end the search."""
        self.find = Sieve(words) if words else None
        self._eager = bool(words)
        self.grew()

    def filter(self, words: str) -> None:
        """Show only lines that match; no words show all."""
        self.grep = Sieve(words) if words else None
        self._piece = 0
        self.grew()

    @property
    def _sieves(self) -> list[Sieve]:
        return [sieve for sieve in (self.grep, self.find) if sieve is not None]

    @work(group="sift", exclusive=True)
    async def _sift(self) -> None:
        """Off the way of keys and painting: in slices."""
        self.sifting = True
        looked = time.monotonic()
        while True:
            done = True
            for sieve in self._sieves:
                done &= sieve.scan(self.window, SLICE)
            if done or time.monotonic() - looked > BREATH:
                looked = time.monotonic()
                self.sifting = not done
                if self._eager and self.find is not None and self.find.hits:
                    self._eager = False
                    self._go_near()
                self._settle()
                self.post_message(self.Told())
            if done:
                self._seek()
                return
            await asyncio.sleep(0)

    def _seek(self) -> None:
        """Go to the earlier match for which older lines were read."""
        if self._seeking and self.find is not None:
            self._seeking = False
            at = bisect_left(self.find.hits, self._top if self.current is None else self.current)
            if at:
                self.go_to(self.find.hits[at - 1])
            self.post_message(self.Told())

    def _go_near(self) -> None:
        """To the first match from the top of the screen on, or else the last before it."""
        assert self.find is not None
        hits = self.find.hits
        at = bisect_left(hits, self._top)
        self.go_to(hits[min(at, len(hits) - 1)])

    def action_hit(self, step: int) -> None:
        """The next match below or above; above all that is held, older lines are asked for."""
        if self.find is None:
            return
        hits = self.find.hits
        here = self._top if self.current is None else self.current
        at = bisect_right(hits, here) if step > 0 else bisect_left(hits, here) - 1
        if 0 <= at < len(hits):
            self.go_to(hits[at])
        elif step < 0 and self.window.base:
            self._seeking = True
            self.post_message(self.Wanted(Part.OLDER))
        elif step > 0 and not self.at_end:
            self.post_message(self.Wanted(Part.NEWER))
        self.post_message(self.Told())

    def go_to(self, offset: int) -> None:
        """Make a line the current one, with some lines before it on the screen."""
        self.current = offset
        at = self._at(offset)
        top, height = self._at(self._top), self.content_height
        self.following = False
        if not top <= at < top + height - 1 or self.wrapping:
            self._put(max(0, at - height // 2))
        self._settle()

    # Where the reader is

    @property
    def _rows(self) -> int:
        """Lines that have come to their end."""
        return len(self.grep.hits) if self.grep is not None else self.window.finished

    @property
    def _count(self) -> int:
        if self.grep is not None:
            return len(self.grep.hits) + (self.grep.open is not None)
        return len(self.window)

    def _offset(self, at: int) -> int:
        if self.grep is None:
            return self.window.starts[at]
        hits = self.grep.hits
        return hits[at] if at < len(hits) else self.grep.open or 0

    def _at(self, offset: int) -> int:
        """The shown line at or before an offset."""
        if self.grep is None:
            return self.window.row(offset)
        return max(0, bisect_right(self.grep.hits, offset) - 1)

    def _raw(self, at: int) -> str:
        return of_known_width(self.window.text(self.window.row(self._offset(at))))

    def _shown(self, at: int) -> str:
        return literal(plain(self._raw(at)))

    def _put(self, at: int, piece: int = 0) -> None:
        self._top = self._offset(at) if at < self._count else 0
        self._piece = piece

    def _pieces(self, at: int) -> int:
        """Rows that a line takes."""
        return len(self._wrapped(at)) if self.wrapping else 1

    def _wrapped(self, at: int) -> list[list[Segment]]:
        pattern = self.find.pattern if self.find is not None and not self.find.inverse else None
        text, ground = self._raw(at), self.rich_style
        segments = laid_out(text, ground, self.times, self.began, pattern)
        return wrapped(segments, self._width) if self.wrapping else [segments]

    @property
    def _width(self) -> int:
        """Columns that a line has beside its mark."""
        return max(2, self.region.width - 1 - 2 * self.boxed)

    def _lowest(self) -> tuple[int, int]:
        """The top of the screen when the last line is at its bottom."""
        left = self.content_height
        at = self._count
        while at > 0 and left > 0:
            at -= 1
            left -= self._pieces(at)
        return at, max(0, -left)

    def _settle(self) -> None:
        if not self.is_mounted or not self.region:
            return  # it is laid out when it is shown
        lowest = self._lowest()
        here = (self._at(self._top), self._piece)
        self._put(*(lowest if self.following else min(here, lowest)))
        self.frame_note = " · ".join(self._state())
        self.repaint()

    def _state(self) -> list[str]:
        lines = f"{self._count:,} line{'s' * (self._count != 1)}"
        if self.grep is not None:
            lines = f"&{self.grep.words} {self._count:,} of {len(self.window):,} lines"
        state = ["follow" if self.following else "follow off", lines]
        if self.wrapping:
            state.append("wrap")
        if self.times is not Times.WRITTEN:
            state.append(f"time {self.times.value}")
        if self._shift:
            state.append(f"from column {self._shift + 1}")
        return state

    def on_resize(self) -> None:
        super().on_resize()
        self._settle()

    # Painting

    def lines(self, width: int, height: int) -> list[Strip]:
        ground = self.rich_style
        if not self._count:
            message = self.message
            if self.grep is not None and len(self.window):
                message = f"No line of those held matches &{self.grep.words}."
            told = wrapped_text(message, max(1, width - 2))
            return [Strip([Segment(fitted(f" {line}", width), ground + DIM)]) for line in told]
        strips: list[Strip] = []
        at, skipped = self._at(self._top), self._piece
        chosen = self._chosen
        while at < self._count and len(strips) < height:
            offset = self._offset(at)
            marked = chosen is not None and chosen[0] <= offset <= chosen[1]
            for row in self._wrapped(at)[skipped:]:
                mark = CURRENT if offset == self.current else " "
                strip = Strip(row)
                if self._shift and not self.wrapping:
                    strip = strip.crop(self._shift, None)
                strip = Strip([Segment(mark, ground), *strip]).adjust_cell_length(width, ground)
                if marked:
                    strip = strip.apply_style(self.looks.blurred_cursor)
                strips.append(strip)
            at, skipped = at + 1, 0
        return strips[:height]

    @property
    def _chosen(self) -> tuple[int, int] | None:
        """Offsets of the first and the last line that is selected or current."""
        if self.current is None:
            return None
        other = self.current if self.chosen_from is None else self.chosen_from
        return min(self.current, other), max(self.current, other)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc leaves the screen when there is nothing to clear."""
        if action == "clear":
            return bool(self.find or self.grep or self.chosen_from is not None)
        return True

    def action_clear(self) -> None:
        if self.chosen_from is not None:
            self.chosen_from = self.current = None
        elif self.find is not None:
            self.search("")
        else:
            self.filter("")
        self._settle()
        self.post_message(self.Told())

    def action_follow(self) -> None:
        self.following = not self.following
        self._follow_end()

    def action_wrap(self) -> None:
        self.wrapping = not self.wrapping
        self._piece = self._shift = 0
        self._settle()

    def action_times(self) -> None:
        self.times = self.times.next
        self._settle()

    def action_select(self) -> None:
        """Begin a selection at the current line, or the last on the screen; again ends it."""
        if self.chosen_from is not None or not self._count:
            self.chosen_from = self.current = None
        else:
            if self.current is None:
                last = min(self._count, self._at(self._top) + self.content_height) - 1
                self.current = self._offset(last)
            self.chosen_from = self.current
            self.following = False
        self._settle()

    def action_sideways(self, columns: int) -> None:
        if not self.wrapping:
            widest = max((cell_len(line) for line in self.on_screen.split("\n")), default=0)
            room = max(0, widest - self._width)
            self._shift = min(max(0, self._shift + columns), max(self._shift, room))
            self._settle()

    def action_move(self, step: int) -> None:
        if not self._count:
            return
        if self.chosen_from is not None and self.current is not None:
            at = min(max(0, self._at(self.current) + step), self._count - 1)
            self.go_to(self._offset(at))
            return
        at, piece = self._at(self._top), self._piece + step
        while piece < 0 and at > 0:
            at -= 1
            piece += self._pieces(at)
        while at < self._count - 1 and piece >= (pieces := self._pieces(at)):
            at, piece = at + 1, piece - pieces
        above = at == 0 and piece <= 0
        lowest = self._lowest()
        self._put(*min((at, max(0, piece)), lowest))
        below = step > 0 and (at, piece) >= lowest
        self.following = below and self.at_end
        self._settle()
        if step < 0 and above and self.window.base:
            self.post_message(self.Wanted(Part.OLDER))
        elif below and not self.at_end:
            self.post_message(self.Wanted(Part.NEWER))

    def action_top(self) -> None:
        """To the beginning of the file, whatever is held of it."""
        self.following = False
        if self.window.base:
            self.post_message(self.Wanted(Part.BEGINNING))
        elif self._count:
            self._put(0)
        self._settle()

    def action_bottom(self) -> None:
        self.following = True
        self._follow_end()

    def _follow_end(self) -> None:
        if self.following:
            self.chosen_from = None
            if not self.at_end:
                self.post_message(self.Wanted(Part.END))
        self._settle()
