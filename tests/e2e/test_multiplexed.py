"""Frames as differences in real multiplexers: what they hold is what whole frames make of them."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.service import surroundings
from tests.e2e.terminal import Terminal
from tests.e2e.test_tmux import clipboard, copying
from tests.stage import Stage
from tests.ui.deck import WIDE, Deck
from tests.ui.frames.screens import Both, Screen
from tests.ui.frames.walk import PAUSE, hurried
from tests.waiting import PATIENCE

KEYS = (
    "pagedown down down down up G",
    "g slash 向 é escape escape question_mark escape",
    "2 enter right_square_bracket m down z escape l end pageup home escape",
    "3 4 9 1 2 ctrl+p escape",
)
"""Lists and logs that scroll, wide characters, charts, dialogs; it is looked at after each line."""
ENTERED = "\x1b[?1049h\x1b[?7l\x1b[H"
"""What the driver begins with: the other screen, on which lines do not wrap."""


@dataclass
class Panes:
    """Windows of a multiplexer, each of which shows what is written to its pipe."""

    folder: Path
    terminal: Terminal | None = None
    pipes: list[int] = field(default_factory=list)

    def pipe(self, number: int) -> str:
        """Makes one, and tells the command that shows it."""
        path = self.folder / f"pipe{number}"
        os.mkfifo(path)
        # Also for reading: else this would wait for the reader.
        self.pipes.append(os.open(path, os.O_RDWR))
        return f"stty raw -echo; exec cat {path}"

    def write(self, number: int, data: str) -> None:
        """In pieces that the pipe has room for, while the terminal is read."""
        said = data.encode()
        assert self.terminal is not None
        for at in range(0, len(said), 4096):
            os.write(self.pipes[number], said[at : at + 4096])
            self.terminal.read(0.01)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        assert self.terminal is not None
        self.terminal.until(condition, what, PATIENCE)

    def close(self) -> None:
        for pipe in self.pipes:
            os.close(pipe)
        if self.terminal is not None:
            self.terminal.close()


async def walked(stage: Stage, both: Both) -> list[tuple[int, int]]:
    """How much was written to each, line of keys by line of keys."""
    marks = []
    async with Deck.loaded(stage) as deck:
        for line in KEYS:
            for key in line.split():
                await deck.press(key)
                await asyncio.sleep(PAUSE)
                await deck.settle()
            assert both.other_cells() == []
            marks.append((both.differing.writes, both.whole.writes))
    return marks


def _chunks(both: Both, marks: list[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    before = 0, 0
    for mark in marks:
        screens = both.differing, both.whole
        texts = [
            "".join(screen.said[start:stop])
            for screen, start, stop in zip(screens, before, mark, strict=True)
        ]
        yield texts[0], texts[1]
        before = mark


def seen(captured: str) -> list[list[tuple[object, ...]]]:
    """The cells as they look: of a blank that was erased only the ground is there to be seen."""
    screen = Screen(WIDE)
    screen.write("\x1b[m\x1b[2J\x1b[H" + captured.rstrip("\n").replace("\n", "\r\n"))
    return [
        [
            (" ", cell.bg)
            if cell.data == " " and not (cell.reverse or cell.underscore or cell.strikethrough)
            else tuple(cell)
            for cell in row
        ]
        for row in screen.cells()
    ]


@pytest.fixture
def panes(tmp_path: Path) -> Iterator[Panes]:
    held = Panes(tmp_path)
    yield held
    held.close()


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
@pytest.mark.scenario("busy_night")
async def test_in_tmux(stage: Stage, panes: Panes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell of both panes with its colours, after lists, logs, charts and dialogs."""
    hurried(monkeypatch)
    tmux_is = {"TERM": "tmux-256color", "COLORTERM": "truecolor", "TMUX": "x"}
    both = Both.listen(monkeypatch, WIDE, **tmux_is)
    marks = await walked(stage, both)

    settings = panes.folder / "conf"
    settings.write_text("set -g status off\n")
    server = str(panes.folder / "server")
    tmux = ["env", "-u", "TMUX", "tmux", "-u", "-S", server, "-f", str(settings)]

    def ask(*command: str) -> str:
        line = [*tmux, *command]
        return subprocess.run(line, capture_output=True, text=True, check=False, timeout=10).stdout

    line = [*tmux, "new-session", panes.pipe(0), ";", "new-window", panes.pipe(1)]
    panes.terminal = Terminal(line, surroundings({"LC_ALL": "C.UTF-8"}), *WIDE)
    titles = ("list-panes", "-s", "-F", "#{pane_title}")
    sizes = ("list-panes", "-s", "-F", "#{pane_width}x#{pane_height}")
    panes.until(lambda: ask(*sizes).split() == ["120x36"] * 2, "two panes")
    try:
        for turn, texts in enumerate(_chunks(both, marks)):
            for number, text in enumerate(texts):
                begun = ENTERED if turn == 0 else ""
                panes.write(number, f"{begun}{text}\x1b]2;turn {turn}\x07")
            panes.until(
                lambda turn=turn: ask(*titles).splitlines() == [f"turn {turn}"] * 2,
                "all to be shown",
            )
            differing, whole = (
                ask("capture-pane", "-p", "-e", "-t", f":{number}") for number in (0, 1)
            )
            assert whole.strip()
            assert seen(differing) == seen(whole), turn
    finally:
        ask("kill-server")


needs_screen = pytest.mark.skipif(
    shutil.which("screen") is None, reason="GNU screen is not installed"
)


def in_screen(panes: Panes, command: str) -> Terminal:
    """A terminal with a screen in it that runs a command."""
    settings = panes.folder / "conf"
    settings.write_text("startup_message off\ndefutf8 on\nterm screen-256color\naltscreen on\n")
    sockets = panes.folder / "sockets"
    sockets.mkdir(mode=0o700)
    line = ["screen", "-U", "-c", str(settings), "sh", "-c", command]
    about = {"LC_ALL": "C.UTF-8", "SCREENDIR": str(sockets)}
    panes.terminal = Terminal(line, surroundings(about), *WIDE)
    return panes.terminal


@needs_screen
@pytest.mark.scenario("busy_night")
async def test_in_screen(stage: Stage, panes: Panes, monkeypatch: pytest.MonkeyPatch) -> None:
    """It erases in a colour of its own, and is not told to; its user sees all that there is."""
    hurried(monkeypatch)
    both = Both.listen(monkeypatch, WIDE, TERM="screen-256color", STY="1.x")
    await walked(stage, both)
    terminal = in_screen(panes, panes.pipe(0))
    panes.write(0, f"{ENTERED}{''.join(both.differing.said)}")
    shown = ["".join(cell.data for cell in row).rstrip() for row in both.whole.cells()]
    panes.until(lambda: terminal.text.splitlines() == shown, "the same text")


@needs_screen
def test_copying_in_screen(panes: Panes) -> None:
    """Longer than its buffer: it is put together again."""
    text = "gray_pig_4 " * 60
    terminal = in_screen(panes, shlex.join(copying(text)))
    terminal.until(lambda: clipboard(terminal) == text, "the clipboard to be set")
