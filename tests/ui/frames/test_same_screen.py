"""Whatever is painted, the terminal shows the same with differences as with whole frames."""

from __future__ import annotations

import random

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
from amltui.ui.frames.powers import SIMPLE, Powers

SCREEN, XTERM = Powers(scrolls=True), Powers(erases=True, scrolls=True)
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


class Littering(pyte.Screen):
    """Terminals differ in what rows that come in look like: here they are full of letters."""

    def insert_lines(self, count: int | None = None) -> None:
        super().insert_lines(count)
        self._litter(self.cursor.y, count)

    def delete_lines(self, count: int | None = None) -> None:
        super().delete_lines(count)
        assert self.margins is not None
        self._litter(self.margins.bottom + 1 - (count or 1), count)

    def _litter(self, top: int, count: int | None) -> None:
        for y in range(top, top + (count or 1)):
            for x in range(self.columns):
                self.buffer[y][x] = self.cursor.attrs._replace(data="#", bg="red")


class Terminal:
    """Two screens: one is told whole frames, the other differences."""

    def __init__(self, powers: Powers = SIMPLE, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.size = width, height
        self.whole, self.part = pyte.Screen(width, height), Littering(width, height)
        self._streams = [pyte.Stream(self.whole), pyte.Stream(self.part)]
        for screen in (self.whole, self.part):
            screen.reset_mode(7, private=True)  # lines do not wrap, as the driver has it
        self.grid = Grid(powers)
        self.grid.forget(width, height)
        self.cells = Cells(ColorSystem.TRUECOLOR)

    def show(self, update: CompositorUpdate, *, wholly: bool = True) -> str:
        """What the difference says; `wholly` paints the other screen too."""
        if wholly:
            self._streams[0].feed(update.render_segments(CONSOLE))
        pieces = self.cells.pieces(update)
        assert pieces is not None
        difference = self.grid.compare(pieces)
        self._streams[1].feed(difference.text)
        self.grid.commit(difference)
        return difference.text

    def seen(self, screen: pyte.Screen) -> list[list[object]]:
        width, height = self.size
        return [[screen.buffer[y][x] for x in range(width)] for y in range(height)]


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
@given(st.lists(updates(), max_size=12), st.sampled_from([SIMPLE, SCREEN, XTERM]))
def test_both_screens_show_the_same(painted: list[CompositorUpdate], powers: Powers) -> None:
    terminal = Terminal(powers)
    for update in [first(), *painted]:
        terminal.show(update)
        if _has_half_characters(terminal.whole):
            return
        assert terminal.seen(terminal.part) == terminal.seen(terminal.whole)


def _listed(
    rows: list[list[Segment]], top: int, cursor: int, width: int, height: int
) -> LayoutUpdate:
    """A list in a box: rows from `top` on, the cursor's row on another ground, a scroll bar."""
    strips = []
    for y in range(height - 4):
        style = STYLES[4] if top + y == cursor else STYLES[1]
        bar = Segment("▐" if y == top * (height - 4) // len(rows) else " ", STYLES[3])
        row = Strip(rows[top + y]).apply_style(style or Style())
        strips.append(
            [Strip([Segment("│")]), row.adjust_cell_length(width - 3, style), Strip([bar])]
        )
        strips[-1].append(Strip([Segment("│", STYLES[3])]))
    foot = [[Strip([Segment(f"row {cursor}".ljust(width))])], [Strip.blank(width)]]
    head = [[Strip([Segment("─" * width)])], [Strip([Segment("name".ljust(width), STYLES[2])])]]
    return LayoutUpdate(head + strips + foot, Region(0, 0, width, height))


@pytest.mark.parametrize("powers", [SCREEN, XTERM])
def test_a_thousand_steps_through_a_list(powers: Powers) -> None:
    """Wherever it is scrolled and whatever changes meanwhile, both screens show the same."""
    width, height, chance = 50, 20, random.Random(11)
    texts = [
        "● Running  resnet-50",
        "✓ Completed  ",
        "✗ Failed  KeyError",
        "",
        "embed-数据集-🚀  12m",
    ]
    rows = [
        [Segment(chance.choice(texts)), Segment(f"  {number}  ".center(20), chance.choice(STYLES))]
        for number in range(200)
    ]
    terminal = Terminal(powers, width, height)
    top = cursor = 0
    for step in range(1_000):
        cursor += chance.choice([1, 1, 1, 1, -1, -1, 2, 7, -6, 20, -20])
        cursor = min(max(cursor, 0), len(rows) - 1)
        top = min(max(top, cursor - height + 5), cursor)
        if step % 9 == 0:
            changing = rows[min(top + chance.randrange(height), len(rows) - 1)]
            changing[1] = Segment(f"{step}".ljust(20), chance.choice(STYLES))
        looked_at = step % 5 == 0
        terminal.show(_listed(rows, top, cursor, width, height), wholly=looked_at)
        if looked_at:
            assert terminal.seen(terminal.part) == terminal.seen(terminal.whole), step


@pytest.mark.parametrize("step", [1, -1, 3])
def test_a_scrolled_list_is_moved_by_the_terminal(step: int) -> None:
    """Only what comes in is written: less than half of what all rows cost."""
    chance = random.Random(3)
    rows = [[Segment("".join(chance.choices("abcdefgh ", k=50)))] for _ in range(100)]
    sizes = []
    for powers in (XTERM, Powers(erases=True)):
        terminal = Terminal(powers, 60, 24)
        terminal.show(_listed(rows, 40, 50, 60, 24))
        said = terminal.show(_listed(rows, 40 + step, 50 + step, 60, 24))
        assert terminal.seen(terminal.part) == terminal.seen(terminal.whole)
        sizes.append(len(said.encode()))
    assert sizes[0] * 2.5 < sizes[1]


def test_a_blank_stretch_is_erased() -> None:
    """Where erased cells take the colour that is set; what is underlined is written."""
    terminal = Terminal(XTERM)
    assert len(terminal.show(first())) < HEIGHT * 10
    assert terminal.seen(terminal.part) == terminal.seen(terminal.whole)
    underlined = Strip([Segment(" " * WIDTH, STYLES[5])])
    said = terminal.show(LayoutUpdate([[underlined]], Region(0, 1, WIDTH, 1)))
    assert " " * WIDTH in said


@pytest.mark.parametrize(
    ("environment", "powers"),
    [
        ({"TERM": "xterm-256color"}, XTERM),
        ({"TERM": "tmux-256color", "TMUX": "/run/tmux"}, XTERM),
        ({"TERM": "screen-256color", "TMUX": "/run/tmux"}, XTERM),
        ({"TERM": "screen-256color"}, SCREEN),
        ({"TERM": "screen.xterm-256color", "TMUX": "/run/tmux", "STY": "1.pts"}, SCREEN),
        ({"TERM": "vt220"}, SIMPLE),
        ({"TERM": "dumb"}, SIMPLE),
        ({}, SIMPLE),
    ],
)
def test_what_a_terminal_can_do_is_told_by_its_name(
    environment: dict[str, str], powers: Powers
) -> None:
    assert Powers.of(environment) == powers


def test_the_same_frame_says_nothing() -> None:
    terminal = Terminal()
    update = LayoutUpdate(
        [[Strip([Segment("x" * WIDTH, Style(bold=True))])] for _ in range(HEIGHT)],
        Region(0, 0, WIDTH, HEIGHT),
    )
    assert terminal.show(update)
    assert terminal.show(update) == ""


def test_one_letter_costs_a_move_and_a_letter() -> None:
    """Eight bytes instead of the whole line: the terminal keeps the style from frame to frame."""
    style = Style(color="red")
    terminal = Terminal()

    def line(text: str) -> LayoutUpdate:
        strip = Strip([Segment(text.ljust(WIDTH), style)])
        return LayoutUpdate([[strip]], Region(0, 2, WIDTH, 1))

    terminal.show(line("loss 0.412"))
    assert terminal.show(line("loss 0.413")) == "\x1b[3;10H3"


def test_the_style_is_told_again_when_it_may_be_another() -> None:
    """Somebody else has written: what was set before a frame was forgotten holds no more."""
    terminal = Terminal()
    red = LayoutUpdate([[Strip([Segment("x" * 4, Style(color="red"))])]], Region(0, 0, 4, 1))
    terminal.show(red)
    terminal.grid.forget()
    assert terminal.show(red) == "\x1b[1H\x1b[0;31mxxxx"


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


@pytest.mark.parametrize("text", ["👩\u200d🔬", "⚠\ufe0f", "1\ufe0f\u20e3", "🏴\u200d☠\ufe0f"])
def test_what_is_joined_displaces_nothing(text: str) -> None:
    """It has the cells that it was laid out in, and what is behind is put where it belongs."""
    line = Strip([Segment(text), Segment("│")])
    grid = Grid()
    grid.forget(line.cell_length, 1)
    pieces = Cells(ColorSystem.TRUECOLOR).pieces(
        LayoutUpdate([[line]], Region(0, 0, line.cell_length, 1))
    )
    assert pieces is not None
    (piece,) = pieces
    assert len(piece[2]) == line.cell_length
    assert f"\x1b[1;{line.cell_length}H│" in grid.compare([piece]).text


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
    if links:
        assert f"{opened}bc{closed}" in said
    else:
        assert said == "\x1b[1H\x1b[mabcd"
