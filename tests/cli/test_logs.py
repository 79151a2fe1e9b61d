"""`amltui logs`: a file as it is now, or as it grows until the job is over."""

from __future__ import annotations

import signal
import subprocess
from itertools import count
from typing import Any

import httpx
import pytest

from amltui.cli.commands import logs
from amltui.feeds import log_tail
from tests.cli.conftest import Amltui
from tests.cli.service import ROOT, Service, command_line, surroundings

_numbers = count()


@pytest.fixture
def running(calm: Service) -> str:
    """The name of a job that has just been submitted and will write for a while."""
    name = f"writer-{next(_numbers)}"
    calm.put_job(name, command="sleep 8", displayName=name)
    return name


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks come soon one after the other, as time goes ten times as fast there."""
    monkeypatch.setattr(logs, "LOOK_AGAIN", 0.1)
    monkeypatch.setattr(log_tail, "SHORTEST", 0.1)
    monkeypatch.setattr(log_tail, "LONGEST", 0.5)


def _written(service: Service, name: str) -> bytes:
    """The user's log, straight from its signed link."""
    details = service.ask("GET", f"/history/v1.0{service.workspace_id}/runs/{name}/details")
    files: dict[str, Any] = details["logFiles"]
    return httpx.get(files["user_logs/std_log.txt"]).content


def _ended_job(amltui: Amltui, service: Service) -> str:
    listed = amltui("jobs", *service.place, "-o", "json").json
    return str(next(job["name"] for job in listed if job["status"] == "Completed"))


def test_a_finished_log_is_printed_whole(on_busy: Amltui, busy: Service) -> None:
    """What comes through a pipe is the file, byte for byte."""
    name = _ended_job(on_busy, busy)
    assert on_busy("logs", name, *busy.place).out.encode() == _written(busy, name)


def test_the_files_of_a_job_are_named(on_busy: Amltui, busy: Service) -> None:
    """--list names every file, the user's log first; --file prints another one."""
    name = _ended_job(on_busy, busy)
    files = on_busy("logs", name, *busy.place, "--list").out.splitlines()
    assert files[0] == "user_logs/std_log.txt"
    assert len(files) > 1
    assert on_busy("logs", name, *busy.place, "--file", files[1]).out


def test_a_file_that_is_not_there(on_busy: Amltui, busy: Service) -> None:
    """Exit code 4, and the file that was probably meant."""
    ended = on_busy("logs", _ended_job(on_busy, busy), "--file", "user_logs/std_log.tx")
    assert (ended.code, ended.out) == (4, "")
    assert "did you mean user_logs/std_log.txt" in ended.complaint


def test_a_job_that_has_not_begun_has_no_logs(on_busy: Amltui) -> None:
    """It says what the job is doing instead, and how to wait for its log."""
    jobs = on_busy("jobs", "-o", "json").json
    # The one that has waited longest gets no nodes while the test runs either.
    queued = min((job for job in jobs if job["status"] == "Queued"), key=lambda j: j["created"])
    ended = on_busy("logs", queued["name"])
    assert (ended.code, ended.out) == (4, "")
    assert "Queued" in ended.complaint
    assert "-f" in ended.complaint


def test_a_growing_log_is_not_waited_for(on_busy: Amltui) -> None:
    """Without -f the command ends at once, although the job goes on writing."""
    working = next(job for job in on_busy("jobs", "-o", "json").json if job["status"] == "Running")
    ended = on_busy("logs", working["name"])
    assert ended.code == 0
    assert ended.out


def test_the_last_lines_of_a_log(on_busy: Amltui, busy: Service) -> None:
    """--tail prints so many lines of the end, none for 0, all where there are fewer."""
    name = _ended_job(on_busy, busy)
    whole = _written(busy, name).decode()
    lines = whole.splitlines(keepends=True)
    for last in (0, 1, 7, len(lines), len(lines) + 5):
        out = on_busy("logs", name, *busy.place, "--tail", str(last)).out
        assert out == "".join(lines[max(0, len(lines) - last) :])
    refused = on_busy("logs", name, "--tail", "few")
    assert refused.code == 2
    assert "few is not a whole number" in refused.err


def test_lines_that_match(on_busy: Amltui, busy: Service) -> None:
    """--grep prints lines that match, `!` the others, what escapes hide included."""
    name = _ended_job(on_busy, busy)
    lines = _written(busy, name).decode().splitlines()
    kept = on_busy("logs", name, *busy.place, "--grep", "eval: .*step").out.splitlines()
    assert kept
    assert kept == [line for line in lines if "eval: " in line and "step" in line]
    others = on_busy("logs", name, *busy.place, "--grep", "!eval: .*step").out.splitlines()
    assert len(others) == len(lines) - len(kept)


def test_the_log_of_a_rank(on_busy: Amltui, busy: Service) -> None:
    """--rank prints what that process wrote; one that is not there is told what there is."""
    jobs = on_busy("jobs", *busy.place, "-o", "json").json
    name = next(job["name"] for job in jobs if job["display_name"] == "resnet152-bs512")
    ended = on_busy("logs", name, *busy.place, "--rank", "2", "--grep", "rank 2")
    assert ended.out.splitlines()
    missing = on_busy("logs", name, *busy.place, "--rank", "9")
    assert (missing.code, missing.out) == (4, "")
    assert "there are ranks 0 to 3" in missing.complaint
    found = on_busy("logs", name, *busy.place, "--first-error")
    assert found.out.startswith("user_logs/std_log_process_3.txt: RuntimeError: CUDA out of memory")
    none = on_busy("logs", _ended_job(on_busy, busy), *busy.place, "--first-error")
    assert (none.code, none.out) == (4, "")


def test_following_ends_with_the_job(
    on_calm: Amltui, calm: Service, running: str, brisk: None
) -> None:
    """-f waits for the job to begin, prints each line once, and ends when the job has ended."""
    ended = on_calm("logs", "-f", running)
    job = on_calm("job", running, "-o", "json").json
    assert ended.code == 0
    assert job["status"] == "Completed"
    assert ended.out.encode() == _written(calm, running)


def test_following_prints_while_the_job_runs(on_busy: Amltui, busy: Service) -> None:
    """Lines reach a pipe before the command ends, and Ctrl-C ends it."""
    working = next(job for job in on_busy("jobs", "-o", "json").json if job["status"] == "Running")
    following = subprocess.Popen(
        command_line("logs", "-f", working["name"]),
        env=surroundings(busy.environment),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert following.stdout is not None
    try:
        assert following.stdout.readline()
        assert following.poll() is None
        following.send_signal(signal.SIGINT)
        _, err = following.communicate(timeout=20)
    finally:
        following.kill()
    assert following.returncode == 130
    assert b"Traceback" not in err


def test_a_broken_link_is_tried_again(
    on_calm: Amltui, calm: Service, running: str, brisk: None
) -> None:
    """A follower survives a storage that fails for a while: it says so and goes on."""
    calm.plan("Blobs_Get", "500", times=4)
    ended = on_calm("logs", "-f", running)
    assert ended.code == 0
    assert "trying again" in ended.err
    assert ended.out.encode() == _written(calm, running)
