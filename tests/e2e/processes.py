"""What the operating system knows of a process: its children, whether it lives, what it takes."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Usage:
    """What the threads of a process have taken so far."""

    cpu: float
    """Seconds of processor time."""
    resident: int
    """Bytes of memory."""
    wakeups: int
    """Times that a thread went on after it had waited for something."""


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still are."""
    return [each for each, parent, state in _listed() if parent == pid and state != "Z"]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has collected yet does not."""
    return any(each == pid and state != "Z" for each, _, state in _listed())


def state(pid: int) -> str:
    """R, S, D, T for stopped; empty for none."""
    return next((state for each, _, state in _listed() if each == pid), "")


def usage(pid: int) -> Usage | None:
    """Processor time and memory; None where the system has no /proc."""
    here = PROC / str(pid)
    try:
        # Nanoseconds by thread: the clock ticks of `stat` are too coarse for an idle program.
        spent = sum(int(each.read_text().split()[0]) for each in here.glob("task/*/schedstat"))
        pages = (here / "statm").read_text().split()[1]
        wakeups = sum(_waited(each.read_text()) for each in here.glob("task/*/status"))
    except OSError:
        return None
    return Usage(spent / 1e9, int(pages) * os.sysconf("SC_PAGE_SIZE"), wakeups)


def _waited(status: str) -> int:
    lines = (line.partition(":") for line in status.splitlines())
    return next(int(value) for name, _, value in lines if name == "voluntary_ctxt_switches")


def _listed() -> list[tuple[int, int, str]]:
    """Number, parent and state of every process."""
    if not PROC.is_dir():
        listing = subprocess.run(
            ["ps", "-axo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
        )
        rows = (line.split() for line in listing.stdout.splitlines())
        return [(int(pid), int(parent), state[0]) for pid, parent, state in rows]
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has ended since
                continue
            found.append((int(entry.name), int(fields[1]), fields[0]))
    return found
