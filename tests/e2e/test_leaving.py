"""However the dashboard ends or pauses, the terminal is as it was before."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Iterator

import pytest

from tests.cli.service import command_line, surroundings
from tests.e2e import processes
from tests.e2e.terminal import ALTERNATE, CURSOR, MOUSE, Terminal

PASTE, FOCUS, PIXELS, WRAP = 2004, 1004, 1016, 7
NOWHERE = {"AMLTUI_AUTH": "environment", "PS1": "shell> "}
"""No credential is set: the dashboard comes up at once, says so, and asks nobody."""


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """The dashboard in a terminal that had a title of its own."""
    with Terminal(command_line(), surroundings(NOWHERE)) as opened:
        opened.title = "kim@login: ~"
        opened.see("no session")
        opened.quiet(0.1)
        yield opened


def is_tidy(terminal: Terminal) -> None:
    assert CURSOR in terminal.modes
    assert WRAP in terminal.modes
    assert not terminal.modes & {ALTERNATE, PASTE, FOCUS, PIXELS, *MOUSE}
    assert terminal.settings_are_restored()
    assert terminal.title == "kim@login: ~"
    assert _keyboards(terminal) == 0
    assert _margins(terminal) in {b"", b"\x1b[r"}


def _keyboards(terminal: Terminal) -> int:
    """How many of the keyboard protocols that were pushed have not been popped."""
    return terminal.written.count(b"\x1b[>25u") - terminal.written.count(b"\x1b[<u")


def _margins(terminal: Terminal) -> bytes:
    """The scroll region that was set last."""
    found: list[bytes] = re.findall(rb"\x1b\[[0-9;]*r", bytes(terminal.written))
    return found[-1] if found else b""


def test_there_is_something_to_restore(terminal: Terminal) -> None:
    """Title, mouse, paste, focus and keyboard are taken: else the others prove little."""
    assert "amltui" in terminal.title
    assert {ALTERNATE, PASTE, FOCUS, 1000} <= terminal.modes
    assert CURSOR not in terminal.modes
    assert _keyboards(terminal) == 1


def test_quitting(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.ended() == 0
    is_tidy(terminal)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal(terminal: Terminal, number: signal.Signals) -> None:
    """Told to end from outside, it still tidies up, and its exit code says why it ended."""
    os.kill(terminal.process.pid, number)
    assert terminal.ended() == 128 + number
    is_tidy(terminal)


def test_a_signal_while_the_terminal_takes_nothing(terminal: Terminal) -> None:
    """A link that stands still holds up all output; SIGTERM ends the program all the same."""
    for _ in range(40):
        terminal.press("?", "escape", "T")
    os.kill(terminal.process.pid, signal.SIGTERM)
    assert terminal.process.wait(10) == 128 + signal.SIGTERM


def test_suspending_and_coming_back(terminal: Terminal) -> None:
    """Stopped, the terminal is the shell's; after `fg` every cell is there again, and keys act."""
    before = terminal.text
    terminal.press("\x1a")
    terminal.until(lambda: processes.state(terminal.process.pid) == "T", "to be stopped")
    terminal.quiet(0.1)
    is_tidy(terminal)
    terminal.screen.reset()
    terminal.screen.draw("$ make coffee")
    os.kill(terminal.process.pid, signal.SIGCONT)
    terminal.until(lambda: terminal.text == before, "the same screen as before")
    assert "amltui" in terminal.title
    assert {ALTERNATE, PASTE, FOCUS, 1000} <= terminal.modes
    terminal.press("?")
    terminal.see("keys here")
    terminal.press("q")
    terminal.gone("keys here")
    terminal.press("q")
    assert terminal.ended() == 0
    is_tidy(terminal)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_suspending_to_a_shell() -> None:
    """Ctrl-Z, a command, `fg`: as people do it."""
    with Terminal(["bash", "--norc", "--noprofile", "-i"], surroundings(NOWHERE)) as terminal:
        terminal.see(r"^shell> *$")
        terminal.press(" ".join(command_line()), "enter")
        terminal.see("no session")
        terminal.press("\x1a")
        terminal.see("Stopped")
        terminal.press("echo 6$((6*7))", "enter")
        terminal.see("^642")
        terminal.press("fg", "enter")
        terminal.see("no session")
        terminal.gone("642")
        terminal.press("q")
        terminal.see("shell>")
        # bash itself asks for marked pastes.
        assert not terminal.modes & {ALTERNATE, FOCUS, *MOUSE}
        terminal.press("exit", "enter")
        terminal.ended()


def test_resized_while_suspended(terminal: Terminal) -> None:
    """It comes back in the size that the window has by then."""
    terminal.press("\x1a")
    terminal.until(lambda: processes.state(terminal.process.pid) == "T", "to be stopped")
    terminal.resize(80, 24)
    terminal.screen.reset()
    os.kill(terminal.process.pid, signal.SIGCONT)
    terminal.see("no session")
    terminal.until(lambda: "? help" in terminal.text.splitlines()[-2], "80 columns, 24 lines")


def test_keys_of_the_kitty_protocol(terminal: Terminal) -> None:
    """Terminals that offer it send keys as numbers: `q` is 113."""
    terminal.press("\x1b[63;2;63u")
    terminal.see("keys here")
    terminal.press("\x1b[27u")
    terminal.gone("keys here")
    terminal.press("\x1b[113u")
    assert terminal.ended() == 0


def test_a_paste_presses_no_keys(terminal: Terminal) -> None:
    """Pasted into a list it does nothing: `q` in it does not quit, `S` stops nothing."""
    terminal.press("\x1b[200~qS3\r\x1b[201~", "?")
    terminal.see("keys here")


def test_a_paste_into_a_field(terminal: Terminal) -> None:
    """What would act on a terminal is not in the field, nor on the screen."""
    terminal.press("/")
    terminal.see("keep filter")
    before = len(terminal.written)
    terminal.press("\x1b[200~res\x1b[31mnet\x1b]2;pwned\x07 50\x7f\x08\rx\x1b[201~")
    terminal.see("resnet 50 x")
    assert b"pwned" not in terminal.written[before:]
    assert "pwned" not in terminal.title
