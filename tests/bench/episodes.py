"""What happens to a dashboard that is open: each a short story of its own, told in figures.

Bytes and survivors repeat from run to run; times are of this machine.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from tests.bench import long_lists
from tests.bench.measure import COLUMNS, LINES, ROWS
from tests.cli.service import Service, command_line, surroundings
from tests.e2e import processes
from tests.e2e.terminal import Piece, Terminal

BANDWIDTH, ROUND_TRIP = 50_000, 80.0
"""Bytes a second and milliseconds of the link that a user far away has."""
HELD, RATE = 60, 30
"""Presses of a key that is held, and how many come in a second."""
REST = 0.5
"""Seconds of silence after which everything has been said."""
SAME_ANSWER = 0.05
"""Seconds between two pieces that tell of the same answer; trends are asked for by themselves."""
_numbers = count()


@contextlib.contextmanager
def dashboard(
    environment: Mapping[str, str], before: Sequence[str] = (), bandwidth: float | None = None
) -> Iterator[Terminal]:
    """An open dashboard with rows that has come to rest."""
    command = [*before, *command_line()]
    with Terminal(command, surroundings(environment), COLUMNS, LINES, bandwidth) as terminal:
        terminal.see(ROWS)
        terminal.quiet(REST)
        yield terminal


def change(service: Service) -> dict[str, float]:
    """Bytes of the frame in which a run that was running is seen to have completed."""
    name = f"bench-{next(_numbers)}"
    service.put_job(name, command="sleep 8", displayName=name)
    with dashboard(service.environment) as terminal:
        # The list's own order would move it; in that by name it stays. The cursor is elsewhere.
        terminal.press(">", ">", "end")
        terminal.see(rf"Completed +{name}", 60)
        seen = len(terminal.pieces) - 1
        terminal.quiet(REST)
        return {"a run's new status, bytes": sum(each.size for each in _told(terminal, seen))}


def _told(terminal: Terminal, seen: int) -> list[Piece]:
    """The pieces around one that came from the same answer."""
    pieces = terminal.pieces
    first = last = seen
    while pieces[first].at - pieces[first - 1].at < SAME_ANSWER:
        first -= 1
    while last + 1 < len(pieces) and pieces[last + 1].at - pieces[last].at < SAME_ANSWER:
        last += 1
    return pieces[first : last + 1]


def live(service: Service, seconds: float = 10.0) -> dict[str, float]:
    """Bytes a second, and share of a core, while a value is logged every second."""
    name = f"bench-{next(_numbers)}"
    service.put_job(name, command="sleep 3600", displayName=name)
    log = f"/mlflow/v2.0{service.workspace_id}/api/2.0/mlflow/runs/log-metric"

    def write(step: int) -> None:
        body = {"run_id": name, "key": "bench/loss", "value": 1 / (1 + step), "step": step}
        service.ask("POST", log, {**body, "timestamp": int(time.time() * 1000)})

    with dashboard(service.environment) as terminal:
        terminal.see(rf"Running +{name}")
        for step in range(30):
            write(step)
        terminal.press("/", *name, "enter")
        terminal.quiet(REST)
        terminal.press("m")
        terminal.see("bench/loss")
        terminal.quiet(REST)
        before, used = len(terminal.written), processes.usage(terminal.process.pid)
        began = time.perf_counter()
        for step in range(30, 30 + round(seconds)):
            write(step)
            while (left := began + (step - 29) - time.perf_counter()) > 0:
                terminal.read(left)
        took = time.perf_counter() - began
        after = processes.usage(terminal.process.pid)
        figures = {"a live metric, bytes/s": (len(terminal.written) - before) / took}
        if used is not None and after is not None:
            figures["a live metric, % of a core"] = (after.cpu - used.cpu) / took * 100
        return figures


def thin_link(service: Service) -> dict[str, float]:
    """Milliseconds from the last press of a held key to the last byte, over a thin link."""
    with dashboard(service.environment, bandwidth=BANDWIDTH) as terminal:
        began = time.perf_counter()
        for press in range(HELD):
            terminal.press("down")
            while (left := began + (press + 1) / RATE - time.perf_counter()) > 0:
                terminal.read(left)
        last = time.perf_counter()
        terminal.quiet(REST)
        held = max(0.0, terminal.pieces[-1].at - last) * 1000 + ROUND_TRIP
        before = time.perf_counter()
        terminal.press("pagedown")
        terminal.quiet(REST)
        page = (terminal.pieces[-1].at - before) * 1000 + ROUND_TRIP
        return {
            "thin link: lag of a held key, ms": held,
            "thin link: a page, round trips": page / ROUND_TRIP,
        }


def hang_up(service: Service) -> dict[str, float]:
    """Seconds until everything is gone once the terminal is, also where SIGHUP is ignored."""
    figures: dict[str, float] = {}
    survivors = 0
    for name, before in (
        ("terminal gone, s", []),
        ("terminal gone, SIGHUP ignored, s", ["sh", "-c", 'trap "" HUP; exec "$0" "$@"']),
    ):
        with dashboard(service.environment, before) as terminal:
            family = [terminal.process.pid, *processes.children(terminal.process.pid)]
            began = time.perf_counter()
            terminal.hang_up()
            with contextlib.suppress(Exception):
                terminal.process.wait(5)
            figures[name] = time.perf_counter() - began
            survivors += sum(processes.is_alive(pid) for pid in family)
    return {**figures, "terminal gone, survivors": survivors}


def chart(service: Service) -> dict[str, float]:
    """Milliseconds from `m` to the chart of a run with a million points, over one with few.

    Each is opened a second time, when the service has told all it had to.
    """
    took: dict[str, float] = {}
    with dashboard(service.environment) as terminal:
        for name, times in (("million-points", 3), ("!million-points", 3)):
            terminal.press("/", *name, "enter")
            terminal.quiet(REST)
            for _ in range(times):
                began = time.perf_counter()
                terminal.press("m")
                terminal.until(lambda: _is_drawn(terminal.text), "a chart")
                took[name] = (time.perf_counter() - began) * 1000
                terminal.quiet(REST)
                terminal.press("escape")
                terminal.see(ROWS)
                terminal.quiet(REST)
            terminal.press("escape")
            terminal.quiet(REST)
            if name == "million-points":
                memory = _memory(terminal)
    million, few = took.values()
    return {
        "a million points, ms": million,
        "a million points, times few": million / few,
        "a million points, MB": memory,
    }


def _memory(terminal: Terminal) -> float:
    """Megabytes that the program has in use."""
    used = processes.usage(terminal.process.pid)
    return used.resident / 1e6 if used is not None else 0.0


def _is_drawn(text: str) -> bool:
    """Whether there are braille dots on the screen."""
    return sum("⠀" < character <= "⣿" for character in text) > 10


def tell(service: Service, many: Service, *, quick: bool) -> dict[str, float]:
    """All of them; only one where it is the bench that is tried."""
    figures = hang_up(service)
    if not quick:
        figures |= (
            change(service) | live(service) | thin_link(many) | chart(many) | long_lists.tell()
        )
    return figures
