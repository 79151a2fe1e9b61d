"""Inside a real tmux, and inside one in another."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.service import command_line, surroundings
from tests.e2e.terminal import ALTERNATE, Terminal

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")

COPYING = """
import sys
from amltui.ui.terminal.app import TerminalApp

class Copying(TerminalApp):
    def on_mount(self):
        self.copy_to_clipboard(sys.argv[1])

Copying().run()
"""
"""An app that does nothing else."""


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    held = Tmux(tmp_path)
    yield held
    held.close()


class Tmux:
    """Servers of our own, without anybody's settings."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sockets: list[str] = []
        self._terminals: list[Terminal] = []

    def line(self, command: list[str], *settings: str) -> list[str]:
        """What starts a server with a command in its only pane."""
        name = str(self._folder / f"{len(self._sockets)}")
        self._sockets.append(name)
        config = Path(f"{name}.conf")
        config.write_text("\n".join(f"set -g {line}" for line in ("status off", *settings)))
        tmux = ["tmux", "-u", "-S", name, "-f", str(config), "new-session"]
        # A server refuses to start in another's pane unless it is told nothing of it.
        return ["env", "-u", "TMUX", *tmux, *command]

    def open(self, line: list[str]) -> Terminal:
        environment = surroundings({"AMLTUI_AUTH": "environment", "LC_ALL": "C.UTF-8"})
        terminal = Terminal(line, environment)
        self._terminals.append(terminal)
        return terminal

    def ask(self, *command: str, server: int = 0) -> str:
        line = ["tmux", "-S", self._sockets[server], *command]
        done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=10)
        return done.stdout

    def close(self) -> None:
        for number in range(len(self._sockets)):
            self.ask("kill-server", server=number)
        for terminal in self._terminals:
            terminal.close()


FOCUSED = """
from amltui.ui.terminal.app import TerminalApp

class Focused(TerminalApp):
    def on_mount(self):
        self.watch(self, "app_focus", self.say)

    def say(self, focused):
        self.tell_title("watched" if focused else "left alone")

Focused().run()
"""
"""An app that says whether it has the keyboard."""


def copying(text: str) -> list[str]:
    return [sys.executable, "-c", COPYING, text]


def clipboard(terminal: Terminal) -> str:
    """What the terminal that tmux runs in was told to keep."""
    found = re.findall(rb"\x1b\]52;[^;]*;([A-Za-z0-9+/=]+)(?:\x07|\x1b\\)", bytes(terminal.written))
    return base64.b64decode(found[-1]).decode() if found else ""


def test_copying_with_tmux_as_it_comes(tmux: Tmux) -> None:
    """It lets nothing through and takes nothing from programs; from its own command it does."""
    terminal = tmux.open(tmux.line(copying("gray_pig_1")))
    terminal.until(lambda: clipboard(terminal) == "gray_pig_1", "the clipboard to be set")
    assert tmux.ask("show-buffer") == "gray_pig_1"
    assert len(tmux.ask("list-buffers").splitlines()) == 1


def test_copying_past_a_tmux_that_lets_sequences_through(tmux: Tmux) -> None:
    """Where its own way to the clipboard is shut."""
    settings = ("allow-passthrough on", "set-clipboard off")
    terminal = tmux.open(tmux.line(copying("gray_pig_2"), *settings))
    terminal.until(lambda: clipboard(terminal) == "gray_pig_2", "the clipboard to be set")


def test_copying_through_tmux_in_tmux(tmux: Tmux) -> None:
    """Both let sequences through: wrapped twice, it reaches the terminal around them."""
    settings = ("allow-passthrough on", "set-clipboard off", "default-terminal tmux-256color")
    inner = tmux.line(copying("gray_pig_3"), *settings)
    terminal = tmux.open(tmux.line(inner, *settings))
    terminal.until(lambda: clipboard(terminal) == "gray_pig_3", "the clipboard to be set")


def test_the_dashboard_in_tmux(tmux: Tmux) -> None:
    """It names its pane, says what it does, survives a split, and leaves the pane's name alone."""
    line = command_line()
    terminal = tmux.open(tmux.line(["sh"]))
    name = ("select-pane", "-T", "mine", ";", "display", "-p", "#{pane_title}")
    terminal.until(lambda: tmux.ask(*name).strip() == "mine", "the server to be up")
    terminal.press(" ".join(line), "enter")
    terminal.see("no session")
    assert "amltui" in tmux.ask("display", "-p", "#{pane_title}")
    terminal.press("?")
    terminal.see("keys here")
    tmux.ask("split-window", "-v", "cat")
    terminal.see("Mark|Down")
    terminal.press("x")
    tmux.ask("kill-pane", "-t", "1")
    terminal.see("Mark|Down")
    terminal.press("q")
    terminal.gone("keys here")
    terminal.press("q")
    terminal.until(lambda: tmux.ask("display", "-p", "#{alternate_on}").strip() == "0")
    assert tmux.ask("display", "-p", "#{pane_title}").strip() == "mine"
    assert ALTERNATE in terminal.modes


def test_focus_is_told_through_tmux(tmux: Tmux) -> None:
    """Where tmux passes it on: when the window loses the keyboard, and when it has it again."""
    line = tmux.line([sys.executable, "-c", FOCUSED], "focus-events on")
    terminal = tmux.open(line)
    title = ("display", "-p", "#{pane_title}")
    terminal.until(lambda: tmux.ask(*title).strip() == "watched", "to have begun")
    terminal.press("\x1b[O")
    terminal.until(lambda: tmux.ask(*title).strip() == "left alone", "the loss to be told")
    terminal.press("\x1b[I")
    terminal.until(lambda: tmux.ask(*title).strip() == "watched", "the return to be told")


@pytest.mark.parametrize(("setting", "colours"), [("", "48;5;"), ("COLORTERM=truecolor", "48;2;")])
def test_as_many_colours_as_the_pane_has(tmux: Tmux, setting: str, colours: str) -> None:
    """256 where tmux says no more, all where the user has said so."""
    pane = ["env", "-u", "COLORTERM", *filter(None, [setting]), *command_line()]
    terminal = tmux.open(tmux.line(pane, "default-terminal tmux-256color"))
    terminal.see("no session")
    captured = tmux.ask("capture-pane", "-p", "-e")
    assert colours in captured
    assert ("48;5;" if colours == "48;2;" else "48;2;") not in captured
