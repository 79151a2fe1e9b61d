"""What long lists and large answers cost: starts, keys, memory, decoding."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from amltui.azure import jobs, loose
from tests.bench import cached
from tests.bench.measure import COLUMNS, LINES, ROWS, SILENCE
from tests.cli.service import Service, command_line, serving, surroundings
from tests.e2e import processes
from tests.e2e.terminal import Terminal

HUGE = ("--scenario", "hundred_thousand_runs", "--page-size")
FIVE_MEGABYTES = 2_800
"""Jobs on a page. The service pages by number, and says so: Azure's own pages are smaller."""
STARTS = 5
REST = 0.5
"""Seconds of silence after which everything has been said."""
WALK = 36
"""Rows that are walked, down or up, while a page is on its way."""
HASTE = 0.012
"""Seconds between a key's paint and the next key while a page is on its way."""
ANSWERS = 200


def tell() -> dict[str, float]:
    """All of it."""
    figures: dict[str, float] = {}
    with serving(*HUGE, "1000") as service:
        for count in (10_000, 100_000):
            figures |= _cached(service, count)
        figures |= _charted(service)
    with serving(*HUGE, str(FIVE_MEGABYTES)) as service:
        figures |= _pages(service) | _decoded(service)
    with serving("--scenario", "calm") as service:
        figures |= _steady(service)
    return figures


def _cached(service: Service, count: int) -> dict[str, float]:
    """Starts on a cache of so many runs, then keys on them while the service is asked."""
    name = f"{count:,}"
    usable: list[float] = []
    listed: list[float] = []
    with TemporaryDirectory() as folder:
        environment = surroundings(cached.leave(service, Path(folder), count))
        for _ in range(STARTS):
            with Terminal(command_line(), environment, COLUMNS, LINES) as terminal:
                terminal.see(ROWS)
                usable.append(_since(terminal.started) * 1000)
                terminal.see(f"/{name} ─")
                listed.append(_since(terminal.started) * 1000)
        with Terminal(command_line(), environment, COLUMNS, LINES) as terminal:
            terminal.see(f"/{name} ─")
            terminal.see("live")
            terminal.quiet(REST)
            used = processes.usage(terminal.process.pid)
            arranged = _arranged(terminal)
    return {
        f"{name} cached, ms": median(usable),
        f"{name} listed, ms": median(listed),
        f"{name} cached, MB": used.resident / 1e6 if used is not None else 0.0,
        f"{name} arranged, ms p95": arranged,
    }


def _charted(service: Service) -> dict[str, float]:
    """Seconds from a start on a cache to the chart of one of its runs, with all that is pressed."""
    charts: list[float] = []
    with TemporaryDirectory() as folder:
        environment = surroundings(cached.leave(service, Path(folder), 100))
        for _ in range(STARTS):
            with Terminal(command_line(), environment, COLUMNS, LINES) as terminal:
                terminal.see(ROWS)
                terminal.press("/", *"million-points", "enter")
                terminal.see("live")
                terminal.press("m")
                terminal.until(lambda: "⠀" < max(terminal.text) <= "⣿", "a chart")
                charts.append(_since(terminal.started))
    return {"start to a million, s": median(charts)}


def _arranged(terminal: Terminal) -> float:
    """Milliseconds from a key that sorts or filters to what it changes on the screen, p95."""
    took = [_react(terminal, key, REST) for key in ">" * 9 + "<" * 9]
    for word in ("bert", "seed", "probe"):
        terminal.press("/")
        terminal.quiet(REST)
        took += [_react(terminal, letter, REST) for letter in word]
        terminal.press("enter", "escape")
        terminal.quiet(REST)
    return quantiles(took, n=20)[-1]


def _pages(service: Service) -> dict[str, float]:
    """Keys while pages of 5 MB are read, over keys while nothing is."""
    took: dict[bool, list[float]] = {False: [], True: []}
    with Terminal(command_line(), surroundings(service.environment), COLUMNS, LINES) as terminal:
        terminal.see(ROWS)
        terminal.quiet(REST)
        for turn in range(16):
            busy = bool(turn % 2)
            # Never there and back at once: what is undone within a frame is not seen.
            key = "down" if turn % 4 < 2 else "up"
            if busy:
                terminal.press("r")
                terminal.read(0.01)
            took[busy] += [_react(terminal, key, HASTE) for _ in range(WALK)]
            terminal.quiet(REST)
    quiet, beside = (quantiles(took[busy], n=20)[-1] for busy in (False, True))
    return {"keys beside pages, times": beside / quiet, "keys beside pages, ms p95": beside}


def _decoded(service: Service) -> dict[str, float]:
    """What is read of a page of jobs, over all of it by the standard library."""
    answer = service.http.get(
        f"{service.arm}{service.workspace_id}/jobs",
        params={"api-version": "2025-12-01"},
        headers={"Authorization": f"Bearer {service.token()}"},
    )
    page = answer.read()
    shaped, whole = [], []
    for _ in range(15):
        whole.append(_timed(lambda: json.loads(page)))
        shaped.append(_timed(lambda: loose.document(page, jobs.PAGE)))
    return {"a 5 MB page, times json": median(shaped) / median(whole)}


def _steady(service: Service) -> dict[str, float]:
    """Megabytes that hundreds of answers leave behind: a day's on the slow lists."""
    with Terminal(command_line(), surroundings(service.environment), COLUMNS, LINES) as terminal:
        terminal.see(ROWS)
        terminal.quiet(REST)
        held: list[float] = []
        for _ in range(2):
            for _ in range(ANSWERS):
                terminal.press("r")
                terminal.read(0.03)
            terminal.quiet(REST)
            used = processes.usage(terminal.process.pid)
            held.append(used.resident / 1e6 if used is not None else 0.0)
    return {"after 200 answers, MB more": held[1] - held[0]}


def _react(terminal: Terminal, key: str, silence: float = SILENCE) -> float:
    """Milliseconds from a key to the first that it changes."""
    seen, pressed = len(terminal.pieces), time.perf_counter()
    terminal.press(key)
    terminal.until(lambda: any(piece.shows for piece in terminal.pieces[seen:]), key, 5.0)
    shown = next(piece for piece in terminal.pieces[seen:] if piece.shows)
    terminal.quiet(silence)
    return (shown.at - pressed) * 1000


def _timed(work: Callable[[], object]) -> float:
    """Seconds of a core, which other programs do not lengthen."""
    began = time.thread_time()
    work()
    return time.thread_time() - began


def _since(moment: float) -> float:
    return time.perf_counter() - moment
