"""Whatever is painted, the terminal shows the same with differences as with whole frames."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from amltui.ui.frames.cells import Cells
from amltui.ui.frames.grid import Grid

WIDTH, HEIGHT = 24, 6
CONSOLE = Console(force_terminal=True, color_system="truecolor", width=WIDTH, height=HEIGHT)
STYLES = [
    None,
    Style(),
    Style(bold=True),
    Style(color="red"),
    Style(color="#102030", bgcolor="blue"),
    Style(bgcolor="#303030", dim=True, underline=True),
    Style(reverse=True, italic=True, color="color(200)"),
]
LETTERS = st.sampled_from([*"ab  ──█⣿…", "向", "é", "🙂"])


class Terminal:
    """Two screens: one is told whole frames, the other differences."""

    def __init__(self) -> None:
        self.whole, self.part = pyte.Screen(WIDTH, HEIGHT), pyte.Screen(WIDTH, HEIGHT)
        self._streams = [pyte.Stream(self.whole), pyte.Stream(self.part)]
        self.grid = Grid()
        self.grid.forget(WIDTH, HEIGHT)
        self.cells = Cells(ColorSystem.TRUECOLOR)

    def show(self, update: CompositorUpdate) -> str:
        """What the difference says."""
        self._streams[0].feed(update.render_segments(CONSOLE))
        pieces = self.cells.pieces(update)
        assert pieces is not None
        difference = self.grid.compare(pieces)
        self._streams[1].feed(difference.text)
        self.grid.commit(difference)
        return difference.text

    def seen(self, screen: pyte.Screen) -> list[list[object]]:
        return [[screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


@st.composite
def strips(draw: st.DrawFn, width: int) -> Strip:
    """Segments that fill a width exactly."""
    strip = Strip(
        [
            Segment("".join(draw(st.lists(LETTERS, max_size=8))), draw(st.sampled_from(STYLES)))
            for _ in range(draw(st.integers(1, 4)))
        ]
    )
    return strip.adjust_cell_length(width, draw(st.sampled_from(STYLES)))


@st.composite
def updates(draw: st.DrawFn) -> CompositorUpdate:
    """A region painted anew, or spans of lines."""
    x = draw(st.integers(0, WIDTH - 1))
    y = draw(st.integers(0, HEIGHT - 1))
    width = draw(st.integers(1, WIDTH - x))
    if draw(st.booleans()):
        height = draw(st.integers(1, HEIGHT - y))
        lines = [[draw(strips(width))] for _ in range(height)]
        return LayoutUpdate(lines, Region(x, y, width, height))
    cut = draw(st.integers(x + 1, WIDTH))
    left, right = draw(strips(cut)), draw(strips(max(1, WIDTH - cut)))
    chops = [{0: left, **({cut: right} if cut < WIDTH else {})} if row == y else {}
             for row in range(HEIGHT)]  # fmt: skip
    ends = [[cut, WIDTH] if row == y else [] for row in range(HEIGHT)]
    return ChopsUpdate(chops, [(y, 0, WIDTH)], ends)


def first() -> LayoutUpdate:
    """What every screen begins with: all of it."""
    return LayoutUpdate([[Strip.blank(WIDTH)] for _ in range(HEIGHT)], Region(0, 0, WIDTH, HEIGHT))


def _has_half_characters(screen: pyte.Screen) -> bool:
    """Whether a wide character lost a half: terminals, and pyte, differ on what is left of it."""
    for y in range(HEIGHT):
        for x in range(WIDTH):
            data = screen.buffer[y][x].data
            if data == "" and (x == 0 or screen.buffer[y][x - 1].data not in {"向", "🙂"}):
                return True
            if data in {"向", "🙂"} and (x + 1 == WIDTH or screen.buffer[y][x + 1].data != ""):
                return True
    return False


@settings(max_examples=150, deadline=None)
@given(st.lists(updates(), max_size=12))
def test_both_screens_show_the_same(painted: list[CompositorUpdate]) -> None:
    terminal = Terminal()
    for update in [first(), *painted]:
        terminal.show(update)
        if _has_half_characters(terminal.whole):
            return
        assert terminal.seen(terminal.part) == terminal.seen(terminal.whole)


def test_the_same_frame_says_nothing() -> None:
    terminal = Terminal()
    update = LayoutUpdate(
        [[Strip([Segment("x" * WIDTH, Style(bold=True))])] for _ in range(HEIGHT)],
        Region(0, 0, WIDTH, HEIGHT),
    )
    assert terminal.show(update)
    assert terminal.show(update) == ""


def test_one_letter_costs_a_move_a_letter_and_its_style() -> None:
    """Twenty-one bytes instead of the whole line."""
    style = Style(color="red")
    terminal = Terminal()

    def line(text: str) -> LayoutUpdate:
        strip = Strip([Segment(text.ljust(WIDTH), style)])
        return LayoutUpdate([[strip]], Region(0, 2, WIDTH, 1))

    terminal.show(line("loss 0.412"))
    assert terminal.show(line("loss 0.413")) == "\x1b[3;10H\x1b[31m3\x1b[m"


def test_a_forgotten_frame_is_written_whole() -> None:
    terminal = Terminal()
    said = terminal.show(first())
    terminal.grid.forget()
    assert terminal.show(first()) == said


def test_a_combining_mark_goes_with_its_letter() -> None:
    """A letter with another mark is another cell, and the line is written whole for it."""
    terminal = Terminal()

    def line(text: str) -> LayoutUpdate:
        return LayoutUpdate([[Strip([Segment(text)])]], Region(0, 0, 4, 1))

    terminal.show(first())
    terminal.show(line("cafe"))
    assert "e\u0301" in terminal.show(line("cafe\u0301"))
    assert terminal.show(line("cafe\u0301")) == ""
    assert terminal.seen(terminal.part) == terminal.seen(terminal.whole)


@pytest.mark.parametrize("links", [True, False])
def test_a_link_is_opened_and_closed_around_its_cells(links: bool) -> None:
    """In the shortest way there is; where terminals would print it, the text stays alone."""
    style = Style(link="https://ml.azure.com/x")
    grid = Grid()
    grid.forget(4, 1)
    line = LayoutUpdate([[Strip([Segment("a"), Segment("bc", style), Segment("d")])]],
                        Region(0, 0, 4, 1))  # fmt: skip
    pieces = Cells(ColorSystem.TRUECOLOR, links).pieces(line)
    assert pieces is not None
    said = grid.compare(pieces).text
    opened, closed = "\x1b]8;;https://ml.azure.com/x\x1b\\", "\x1b]8;;\x1b\\"
    assert said == (f"\x1b[1Ha{opened}bc{closed}d" if links else "\x1b[1Habcd")
