"""A terminal with a program in it: what is on its screen, and when it came there."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import pyte

PATIENCE = 20.0
"""Seconds until a text that never comes fails."""

SIP = 512
"""Bytes that are taken at once over a thin link."""

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
}
ALTERNATE, CURSOR = 1049, 25
MOUSE = {1000, 1002, 1003, 1006, 1015}
"""DEC private modes, by their numbers."""

_MODES = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
# What pyte would print instead of ignoring it, such as the keyboard protocol's "\x1b[>1u".
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[A-Za-z]")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;?<>=!$\"' ]*)?$")
_FRAMES = {b"\x1b[?2026h": 1, b"\x1b[?2026l": -1}
_TITLES = re.compile(rb"\x1b\]2;(?P<title>[^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b\[(?P<stack>2[23]);0t")
_ASKED = re.compile(rb"\x1b\[\?2026\$p")
_ANSWER = b"\x1b[?2026;2$y"
"""That frames may be sent as a whole, as most of today's terminals say."""


@dataclass(frozen=True)
class Piece:
    """Something that came from the program."""

    at: float
    size: int
    shows: bool
    """Whether it was on the screen then, rather than held until its frame is complete."""


class Terminal:
    """Runs a program as a terminal would; leaving the `with` ends both."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        columns: int = 120,
        lines: int = 36,
        bandwidth: float | None = None,
    ) -> None:
        self.bandwidth = bandwidth
        """Bytes a second that are taken from the program; None takes all it writes."""
        self.screen = pyte.Screen(columns, lines)
        self.modes: set[int] = {CURSOR}
        """Private modes that are on; a fresh terminal shows its cursor."""
        self.pieces: list[Piece] = []
        self.written = bytearray()
        """All that came from the program."""
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""
        self._frame = False
        self.title = ""
        """Of the window, with what the program has kept of it before."""
        self._titles: list[str] = []
        self._heard = b""
        self._master, slave = pty.openpty()
        self._set_size(columns, lines)
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            list(command),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={"TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        self._settings = termios.tcgetattr(slave)
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the program, if it has not ended, and the terminal."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()

    @property
    def text(self) -> str:
        """The screen, line by line."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def line(self, pattern: str) -> str:
        """The first line that matches; empty if none does."""
        return next((line for line in self.text.splitlines() if re.search(pattern, line)), "")

    def press(self, *keys: str) -> None:
        """Type keys by their names, anything else as it is."""
        for key in keys:
            os.write(self._master, KEYS.get(key, key).encode())

    def until_outside(self, condition: Callable[[], Any], what: str) -> None:
        """Wait for something that the terminal does not show, whether or not the program runs."""
        deadline = time.perf_counter() + PATIENCE
        while not condition():
            if time.perf_counter() > deadline:
                raise AssertionError(f"never came true: {what}")
            if self._master >= 0:
                self.read(0.05)

    def until(
        self, condition: Callable[[], Any], what: str = "", patience: float = PATIENCE
    ) -> Any:
        """The condition's value as soon as what came from the program makes it true."""
        deadline = time.perf_counter() + patience
        while not (value := condition()):
            left = deadline - time.perf_counter()
            if left <= 0:
                raise AssertionError(f"never came true: {what or condition}\n{self.text}")
            if not self.read(min(left, 0.25)) and self.process.poll() is not None:
                if value := condition():
                    return value
                code = self.process.returncode
                raise AssertionError(f"ended with {code} before: {what or condition}\n{self.text}")
        return value

    def see(self, pattern: str, patience: float = PATIENCE) -> str:
        """The first line that matches, as soon as there is one."""
        line: str = self.until(lambda: self.line(pattern), pattern, patience)
        return line

    def gone(self, pattern: str, patience: float = PATIENCE) -> None:
        """Wait until no line matches any more."""
        self.until(lambda: not self.line(pattern), f"no {pattern}", patience)

    def read(self, patience: float) -> bool:
        """Take what the program has written; whether anything came in that time."""
        ready, _, _ = select.select([self._master], [], [], max(0.0, patience))
        if not ready:
            return False
        try:
            data = os.read(self._master, 1 << 16 if self.bandwidth is None else SIP)
        except OSError:  # nobody has the other end open any more
            data = b""
        if data:
            if self.bandwidth is not None:
                time.sleep(len(data) / self.bandwidth)
            self._take(data, time.perf_counter())
        return bool(data)

    def quiet(self, silence: float, patience: float = PATIENCE) -> None:
        """Read on until nothing has come for so many seconds."""
        deadline = time.perf_counter() + patience
        while self.read(silence):
            if time.perf_counter() > deadline:
                raise AssertionError(f"never silent for {silence} s\n{self.text}")

    def ended(self, patience: float = PATIENCE) -> int:
        """The exit code, once the program has ended and all it wrote has been read."""
        deadline = time.perf_counter() + patience
        while self.process.poll() is None:
            if time.perf_counter() > deadline:
                raise AssertionError(f"still runs\n{self.text}")
            self.read(0.05)
        while self.read(0.0):
            pass
        return self.process.returncode

    def resize(self, columns: int, lines: int) -> None:
        self.screen.resize(lines, columns)
        self._set_size(columns, lines)
        os.killpg(self.process.pid, signal.SIGWINCH)

    def settings_are_restored(self) -> bool:
        """Whether the line discipline is as the program found it: echo, line by line."""
        return bool(termios.tcgetattr(self._master)[3] == self._settings[3])

    def hang_up(self) -> None:
        """Close the terminal's window."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def _take(self, data: bytes, at: float) -> None:
        for numbers, switch in _MODES.findall(data):
            for number in numbers.split(b";"):
                (self.modes.add if switch == b"h" else self.modes.discard)(int(number))
        if _ASKED.search(data):
            os.write(self._master, _ANSWER)
        last = max(_FRAMES, key=data.rfind)
        if last in data:
            self._frame = _FRAMES[last] > 0
        self.written += data
        self.pieces.append(Piece(at, len(data), not self._frame))
        self._note_titles(data)
        data = self._held + data
        unfinished = _UNFINISHED.search(data)
        self._held = unfinished[0] if unfinished else b""
        self._stream.feed(_UNKNOWN.sub(b"", data[: len(data) - len(self._held)]))

    def _note_titles(self, data: bytes) -> None:
        """Titles, and the stack that a terminal keeps of them."""
        heard = self._heard + data
        end = 0
        for found in _TITLES.finditer(heard):
            end = found.end()
            if found["title"] is not None:
                self.title = found["title"].decode()
            elif found["stack"] == b"22":
                self._titles.append(self.title)
            elif self._titles:
                self.title = self._titles.pop()
        self._heard = heard[end:][-200:]

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def _take_terminal() -> None:
    """In the child: make its standard input the terminal that controls it.

    A hang-up ends it, though whoever runs the tests may ignore them, as nohup has it.
    """
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
