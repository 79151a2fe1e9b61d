"""A second start as a user has it: the rows are there, even when the service no longer is."""

from __future__ import annotations

from pathlib import Path

from tests.cli.service import command_line, run, serving, surroundings
from tests.e2e.terminal import Terminal


def test_without_a_network_the_last_rows_are_there(tmp_path: Path) -> None:
    """After a run on a service one without: rows, age and reason; cleared, the reason alone."""
    kept = {"AMLTUI_CACHE": "on", "AMLTUI_CACHE_DIR": str(tmp_path / "kept")}
    with serving("--scenario", "calm") as service:
        environment = {**service.environment, **kept}
        with Terminal(command_line(), surroundings(environment)) as terminal:
            terminal.see("live 10s")
            terminal.press("j", "q")
            assert terminal.ended() == 0
    with Terminal(command_line(), surroundings(environment)) as terminal:
        terminal.see(r"cached \d+[sm] ago")
        terminal.see("refused the connection")
        terminal.see("train-baseline")
        terminal.see(r" 2/\d+ ─┘")
        terminal.press("q")
        assert terminal.ended() == 0
    cleared = run("cache", "clear", environment=environment)
    assert (cleared.code, cleared.out) == (0, "")
    with Terminal(command_line(), surroundings(environment)) as terminal:
        terminal.see("refused the connection")
        assert "cached" not in terminal.text
        terminal.press("q")
        assert terminal.ended() == 0
