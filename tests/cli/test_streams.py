"""Where the output goes: pipes that close, disks that are full, streams that are not there."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from amltui.cli.table import width
from tests.cli.service import PATIENCE, ROOT, Service, command_line, run, surroundings
from tests.e2e.terminal import Terminal


def _started(service: Service, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command_line(*arguments),
        env=surroundings(service.environment),
        cwd=ROOT,
        stderr=subprocess.PIPE,
        **options,
    )


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_reader_that_leaves_is_no_error(form: str, busy: Service) -> None:
    """`amltui jobs | head -1`: the command ends as a pipe's writer does, without a word."""
    arguments = ("jobs", "--all-workspaces", "--limit", "0", "-o", form)
    reading, writing = os.pipe()
    process = _started(busy, *arguments, stdout=writing)
    os.close(writing)
    os.close(reading)
    _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (141, b"")


def test_ctrl_c_ends_it(busy: Service) -> None:
    """Interrupted while it waits for an answer: exit code 130, no traceback."""
    busy.plan("Jobs_List", "slow", seconds=20)
    before = busy.calls().get("Jobs_List", 0)
    process = _started(busy, "jobs", "--workspace=vision-prod", stdout=subprocess.PIPE)
    try:
        while busy.calls().get("Jobs_List", 0) == before:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (130, b"", b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_told(busy: Service) -> None:
    """What could not be written is not claimed to be: exit code 1 and the reason."""
    with Path("/dev/full").open("wb") as full:
        process = _started(busy, "workspaces", stdout=full)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert err.decode().splitlines() == [
        "amltui: the output cannot be written: No space left on device"
    ]


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_done_without(closed: str, busy: Service) -> None:
    """A command whose streams were closed by whoever started it still does its work."""
    line = " ".join(command_line("workspaces"))
    ended = subprocess.run(
        ["sh", "-c", f"{line} {closed}"],
        env=surroundings(busy.environment),
        cwd=ROOT,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert bool(ended.stdout) is (">&-" not in closed.replace("2>&-", ""))


def test_a_pipe_is_utf_8_whatever_the_locale(busy: Service) -> None:
    """Names in other scripts reach a program that reads, also under an old locale."""
    ended = run(
        "jobs",
        "--workspace=nlp-dev",
        "--limit=0",
        "-o",
        "json",
        environment={
            **busy.environment,
            "LC_ALL": "C",
            "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0",
        },
    )
    assert ended.code == 0
    assert any("数据集" in (job["display_name"] or "") for job in ended.json)


def test_an_encoding_that_lacks_a_character(busy: Service) -> None:
    """An encoding that somebody insists on gets question marks instead of a traceback."""
    ended = run(
        "jobs",
        "--workspace=nlp-dev",
        "--limit=0",
        environment={**busy.environment, "PYTHONIOENCODING": "ascii"},
    )
    assert (ended.code, ended.err) == (0, "")
    assert "embed-wiki-zh-???" in ended.out


@pytest.mark.parametrize(
    ("command", "columns"),
    [
        ("jobs", 30),
        ("jobs", 120),
        ("compute", 80),
        ("models", 80),
        ("workspaces", 80),
    ],
)
def test_a_table_fits_its_terminal(command: str, columns: int, busy: Service) -> None:
    """Every line fits, the name is always there, and no escape sequence is written."""
    line = command_line(command, "--all-workspaces")
    with Terminal(line, surroundings(busy.environment), columns, 24) as terminal:
        assert terminal.ended() == 0
        lines = terminal.written.decode().split("\r\n")
    assert max(map(width, lines)) <= columns
    assert "NAME" in lines[0]
    assert len(lines) > 5
    assert "\x1b" not in terminal.written.decode()
