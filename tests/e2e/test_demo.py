"""`amltui demo` as a user has it: a program in a terminal, with a service of its own."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator

import pytest

from tests.cli.service import command_line, surroundings
from tests.e2e import processes
from tests.e2e.terminal import ALTERNATE, CURSOR, MOUSE, Terminal

PASTE, FOCUS = 2004, 1004


@pytest.fixture
def demo() -> Iterator[Callable[..., Terminal]]:
    """Starts the demo in a terminal of a size; whatever is left of it ends with the test."""
    opened: list[Terminal] = []

    def start(*flags: str, columns: int = 120, lines: int = 36) -> Terminal:
        line = command_line("demo", *flags)
        opened.append(Terminal(line, surroundings({}), columns, lines))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


def _service_of(terminal: Terminal) -> int:
    """The process of the demo's own service."""
    (child,) = processes.children(terminal.process.pid)
    return child


def _ends(pid: int, terminal: Terminal) -> None:
    """Wait until a process is no more."""
    terminal.until_outside(lambda: not processes.is_alive(pid), f"process {pid} has ended")


def test_an_instance_is_stopped_and_started_again(demo: Callable[..., Terminal]) -> None:
    """By keys alone: `3`, filter, `S`, Enter, Stopping, Stopped; `s`, Enter, and it runs again."""
    terminal = demo("--speed", "4")
    terminal.see("Jobs")
    terminal.press("3")
    terminal.see("intern-1")
    _show_only("kim-a10", terminal)
    terminal.see(r">\S* *instance .*kim-a10 .*Running")
    terminal.press("S")
    terminal.see("computes/kim-a10/stop")
    terminal.press("enter")
    terminal.see(r"instance .*kim-a10 .*[Ss]topping")
    terminal.see(r"instance .*kim-a10 .*Stopped")
    terminal.press("s")
    terminal.see("computes/kim-a10/start")
    terminal.press("enter")
    terminal.see(r"instance .*kim-a10 .*[Ss]tarting")
    terminal.see(r"instance .*kim-a10 .*Running")
    _quits(terminal)


def test_a_running_job_is_seen_to_run(demo: Callable[..., Terminal]) -> None:
    """Its metrics go on and its log grows while they are looked at."""
    terminal = demo("--speed", "10")
    terminal.see("Running")
    _show_only("churn-baseline", terminal)
    terminal.see(r">\S* *● Running +churn-baseline")
    terminal.press("enter")
    terminal.see(r"\[Overview\]")
    terminal.press("m")
    before = _last_step(terminal)
    terminal.until(lambda: _last_step(terminal) > before, f"a step after {before}")
    terminal.press("l")
    terminal.see("std_log.txt")
    lines = int(re.findall(r"([\d,]+) lines", terminal.see(r"[\d,]+ lines"))[0].replace(",", ""))
    terminal.until(lambda: _lines(terminal) > lines, f"more than {lines} lines")
    terminal.press("escape")
    terminal.see("2 Jobs")
    _quits(terminal)


def _show_only(words: str, terminal: Terminal) -> None:
    """Filter the list, and give the keyboard back to it."""
    terminal.press("/")
    terminal.see("keep filter")
    terminal.press(words, "enter")
    terminal.see(rf"› /{words} .*1 of \d+")
    terminal.gone("keep filter")


def _last_step(terminal: Terminal) -> int:
    """The step of the newest point, as the chart's foot tells it."""
    found = re.search(r"last \S+ @ ([\d,]+)", terminal.see(r"last \S+ @ [\d,]+"))
    assert found is not None
    return int(found[1].replace(",", ""))


def _lines(terminal: Terminal) -> int:
    found = re.search(r"([\d,]+) lines", terminal.text)
    return int(found[1].replace(",", "")) if found else 0


def _quits(terminal: Terminal) -> None:
    """`q` ends the program and its service, and leaves the terminal as it was."""
    service = _service_of(terminal)
    terminal.press("q")
    assert terminal.ended() == 0
    _is_tidy(terminal)
    _ends(service, terminal)


def _is_tidy(terminal: Terminal) -> None:
    assert CURSOR in terminal.modes
    assert not terminal.modes & {ALTERNATE, PASTE, FOCUS, *MOUSE}
    assert terminal.settings_are_restored()


def test_the_modes_are_there_to_be_restored(demo: Callable[..., Terminal]) -> None:
    """While it runs it has the alternate screen, the mouse and no cursor: else q proves nothing."""
    terminal = demo("--scenario", "calm")
    terminal.see("Jobs")
    assert terminal.modes & MOUSE
    assert ALTERNATE in terminal.modes
    assert CURSOR not in terminal.modes
    assert not terminal.settings_are_restored()
    _quits(terminal)


def test_quitting_before_there_is_anything(demo: Callable[..., Terminal]) -> None:
    """`q` works from the first frame on, while the service is still starting."""
    terminal = demo("--scenario", "calm")
    terminal.until(lambda: ALTERNATE in terminal.modes and terminal.text.strip())
    _quits(terminal)


def test_sigterm_leaves_a_tidy_terminal(demo: Callable[..., Terminal]) -> None:
    """Asked to end from outside, it still restores the terminal and takes its service along."""
    terminal = demo("--scenario", "calm")
    terminal.see("Running")
    service = _service_of(terminal)
    os.kill(terminal.process.pid, signal.SIGTERM)
    assert terminal.ended() == 128 + signal.SIGTERM
    _is_tidy(terminal)
    _ends(service, terminal)


def test_a_killed_dashboard_takes_its_service_along(demo: Callable[..., Terminal]) -> None:
    """However the dashboard ends, nothing of it is left behind."""
    terminal = demo("--scenario", "calm")
    terminal.see("Running")
    service = _service_of(terminal)
    terminal.process.kill()
    assert terminal.ended() == -signal.SIGKILL
    _ends(service, terminal)


def test_killed_while_its_service_is_starting(demo: Callable[..., Terminal]) -> None:
    """The service dies with its parent also if it was not up yet."""
    terminal = demo("--scenario", "calm")
    terminal.until(lambda: processes.children(terminal.process.pid))
    service = _service_of(terminal)
    terminal.process.kill()
    terminal.process.wait()
    _ends(service, terminal)


@pytest.mark.parametrize(
    ("prefix", "patience"), [((), 0.5), (("sh", "-c", 'trap \'\' HUP; exec "$0" "$@"'), 2.0)]
)
def test_a_closed_window_ends_it(prefix: tuple[str, ...], patience: float) -> None:
    """When the terminal goes, dashboard and service go at once, even where SIGHUP is ignored."""
    line = [*prefix, *command_line("demo", "--scenario", "calm")]
    with Terminal(line, surroundings({})) as terminal:
        terminal.see("Running")
        service = _service_of(terminal)
        terminal.hang_up()
        terminal.process.wait(patience)
        _ends(service, terminal)


@pytest.mark.parametrize(("columns", "lines"), [(40, 10), (20, 5)])
def test_a_terminal_too_small(columns: int, lines: int, demo: Callable[..., Terminal]) -> None:
    """It says that it needs more room, survives every key, and comes to life when it has it."""
    terminal = demo("--scenario", "calm", columns=columns, lines=lines)
    terminal.see("amltui needs")
    terminal.press("3", "enter", "S", "enter", "2")
    terminal.resize(100, 30)
    terminal.see("Running")
    terminal.resize(columns, lines)
    terminal.see("amltui needs")
    _quits(terminal)


def test_a_wrong_scenario_never_opens_a_screen(demo: Callable[..., Terminal]) -> None:
    """A mistake on the command line is told in the terminal as it is: exit code 2."""
    terminal = demo("--scenario", "noisy")
    assert terminal.ended() == 2
    assert "there is no scenario noisy" in terminal.text
    assert ALTERNATE not in terminal.modes


def test_a_service_that_does_not_come_up(demo: Callable[..., Terminal]) -> None:
    """Its last words are on the screen, trying again does not hang, and `q` still quits."""
    terminal = demo("--state", "/dev/null/not-a-file")
    terminal.see("cannot keep the world")
    terminal.press("\x12")
    terminal.see("cannot keep the world")
    terminal.press("q")
    assert terminal.ended() == 0
    _is_tidy(terminal)


def test_home_opens_where_no_workspace_is_named() -> None:
    """Pulse over all workspaces, without a key; `2` leads to the jobs."""
    line = command_line("demo", "--all-workspaces")
    terminal = Terminal(line, surroundings({"AMLTUI_HOME": "auto"}), 120, 36)
    try:
        terminal.see("Pulse")
        terminal.see(r"burn \$\d+")
        terminal.see(r"On, no job +kim-a10")
        terminal.press("2")
        terminal.see("2 Jobs")
        _quits(terminal)
    finally:
        terminal.close()
