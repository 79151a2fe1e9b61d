"""One run of a program in a terminal, and what it took."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from statistics import median

from tests.e2e import processes
from tests.e2e.terminal import Terminal

COLUMNS, LINES = 120, 36
ROWS = "(Running|Completed|Failed|Queued)"
"""What is on the list once it is of use."""
SILENCE = 0.06
"""Seconds without a byte after which a reaction counts as over."""

WALK = 6
"""Rows that are walked in one direction: also a short list has so many."""


@dataclass(frozen=True)
class Case:
    """A program, and how to tell what it is doing."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ready: str
    """What is on the screen once it is of use."""
    still: Sequence[str] = ()
    """Keys to a screen on which nothing changes."""
    restful: str = ""
    """What is on that screen."""
    home: Sequence[str] = ()
    """Keys back to where the program starts, should it open where it was left."""


@dataclass(frozen=True)
class Length:
    """How much is measured in a run."""

    presses: int = 20
    pages: int = 4
    idle: float = 2.0
    """Seconds without a key."""
    settle: float = 0.5
    """Seconds of silence that begin and end what is measured."""


@dataclass
class Run:
    """What one run took, by measure."""

    values: dict[str, float] = field(default_factory=dict)
    presses: list[float] = field(default_factory=list)
    """Milliseconds from each key to what it changed."""


def run(case: Case, length: Length) -> Run:
    """Start it, press keys, leave it alone, resize it, quit it."""
    found = Run()
    with Terminal(case.command, case.environment, COLUMNS, LINES) as terminal:
        _start(found, terminal, case, length)
        _press(found, terminal, length)
        _idle(found, terminal, case, length)
        _resize(found, terminal, length)
        terminal.press(*case.home)
        terminal.quiet(length.settle)
        _quit(found, terminal)
    return found


def _start(found: Run, terminal: Terminal, case: Case, length: Length) -> None:
    terminal.until(lambda: terminal.text.strip(), "a first paint")
    found.values["first paint, ms"] = _since(terminal.started)
    terminal.see(case.ready)
    found.values["first rows, ms"] = _since(terminal.started)
    terminal.quiet(length.settle)
    found.values["start, bytes"] = len(terminal.written)


def _press(found: Run, terminal: Terminal, length: Length) -> None:
    """Row by row down and up again, then whole pages."""
    keys = islice(cycle(["down"] * WALK + ["up"] * WALK), length.presses)
    sizes = [_react(found, terminal, key) for key in keys]
    found.values["a row down, bytes"] = median(sizes)
    pages = Run()
    sizes = [_react(pages, terminal, key) for key in ("pagedown", "pageup") * (length.pages // 2)]
    found.values["a page, bytes"] = median(sizes)
    found.values["a page, ms"] = median(pages.presses)


def _react(found: Run, terminal: Terminal, key: str) -> int:
    """The bytes that a key brought about."""
    before, seen = len(terminal.written), len(terminal.pieces)
    pressed = time.perf_counter()
    terminal.press(key)
    terminal.until(lambda: any(piece.shows for piece in terminal.pieces[seen:]), key, 5.0)
    shown = next(piece for piece in terminal.pieces[seen:] if piece.shows)
    found.presses.append((shown.at - pressed) * 1000)
    terminal.quiet(SILENCE)
    return len(terminal.written) - before


def _idle(found: Run, terminal: Terminal, case: Case, length: Length) -> None:
    """Left alone where nothing changes, while it goes on asking."""
    if case.still:
        terminal.press(*case.still)
        terminal.see(case.restful)
        terminal.quiet(length.settle)
    began, written = time.perf_counter(), len(terminal.written)
    before = processes.usage(terminal.process.pid)
    while (left := began + length.idle - time.perf_counter()) > 0:
        terminal.read(left)
    took = time.perf_counter() - began
    after = processes.usage(terminal.process.pid)
    found.values["idle, bytes/s"] = (len(terminal.written) - written) / took
    if before is not None and after is not None:
        found.values["idle, % of a core"] = (after.cpu - before.cpu) / took * 100
        found.values["idle, wake-ups/s"] = (after.wakeups - before.wakeups) / took
        found.values["memory, MB"] = after.resident / 1e6


def _resize(found: Run, terminal: Terminal, length: Length) -> None:
    began, seen = time.perf_counter(), len(terminal.pieces)
    terminal.resize(80, 24)
    terminal.until(lambda: len(terminal.pieces) > seen, "a new size", 5.0)
    terminal.quiet(length.settle / 2)
    found.values["resize, ms"] = (terminal.pieces[-1].at - began) * 1000


def _quit(found: Run, terminal: Terminal) -> None:
    began = time.perf_counter()
    terminal.press("q")
    code = terminal.ended()
    found.values["quit, ms"] = _since(began)
    if code != 0:
        raise AssertionError(f"quit with {code}\n{terminal.text}")


def _since(moment: float) -> float:
    return (time.perf_counter() - moment) * 1000
