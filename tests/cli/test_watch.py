"""`amltui wait`, `watch` and `follow`: until jobs have ended, with exit codes that say how."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

import pytest

from amltui.cli.commands import follow, logs, wait, watch
from amltui.feeds import feed, log_tail
from tests.cli.conftest import Amltui
from tests.cli.service import Service

_numbers = count()


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks come soon one after the other, as time goes ten times as fast there."""
    for module in (wait, watch, follow):
        monkeypatch.setattr(module, "PACE", 0.2)
    monkeypatch.setattr(feed, "LONGEST_BACKOFF", 0.2)
    monkeypatch.setattr(logs, "LOOK_AGAIN", 0.1)
    monkeypatch.setattr(log_tail, "SHORTEST", 0.1)
    monkeypatch.setattr(log_tail, "LONGEST", 0.5)


def submitted(calm: Service, command: str, **more: str) -> str:
    """The name of a job that has just been submitted."""
    name = f"watched-{next(_numbers)}"
    calm.put_job(name, command=command, displayName=name, **more)
    return name


def test_wait_tells_each_status_and_completes(on_calm: Amltui, calm: Service) -> None:
    name = submitted(calm, "sleep 4")
    ended = on_calm("wait", name, *calm.place)
    assert (ended.code, ended.out) == (0, "")
    said = ended.err.splitlines()
    assert f"amltui: {name} Completed" == said[-1]
    assert len(said) == len(set(said)) > 1


def test_wait_ends_by_the_result(on_calm: Amltui, calm: Service) -> None:
    """Failed and canceled have codes of their own; of several that differ one is a failure."""
    failed, good = submitted(calm, "exit 3"), submitted(calm, "true")
    ended = on_calm("wait", failed, *calm.place)
    assert ended.code == 5
    assert f"{failed} Failed" in ended.err
    stopped = submitted(calm, "sleep 600")
    assert on_calm("cancel", stopped, *calm.place).code == 0
    assert on_calm("wait", stopped, *calm.place).code == 6
    assert on_calm("wait", failed, good, *calm.place).code == 5
    assert on_calm("wait", failed, stopped, *calm.place).code == 1


def test_wait_for_nothing_or_too_long(on_calm: Amltui, calm: Service) -> None:
    assert on_calm("wait", "no-such-job", *calm.place).code == 4
    name = submitted(calm, "sleep 600")
    ended = on_calm("wait", name, *calm.place, "--timeout", "1")
    assert ended.code == 124
    assert "still not ended after 1s" in ended.err
    assert on_calm("wait", name, "--timeout", "soon").code == 2


@pytest.mark.parametrize("kind", ["500", "429", "reset"])
def test_wait_outlasts_trouble(on_calm: Amltui, calm: Service, kind: str) -> None:
    """It is told once, and the job's end is still seen; the first look is another command's."""
    name = submitted(calm, "sleep 20")
    calm.plan("*", kind, times=12, after=4, path=f"/jobs/{name}")
    ended = on_calm("wait", name, *calm.place)
    assert ended.code == 0, ended.err
    assert ended.err.count("could not look") == 1


def test_watch_prints_a_line_for_each_event(on_calm: Amltui, calm: Service) -> None:
    """As JSON lines too; it ends when the jobs have."""
    name = submitted(calm, "exit 3")
    ended = on_calm("watch", name, *calm.place, "--json")
    assert ended.code == 0
    (line,) = ended.out.splitlines()
    told = json.loads(line)
    assert (told["event"], told["job"], told["status"]) == ("failed", name, "Failed")
    good = submitted(calm, "true")
    out = on_calm("watch", good, *calm.place, "--rule", "finished").out
    assert f"{good}  Completed" in out
    quiet = submitted(calm, "true")
    out = on_calm("watch", quiet, *calm.place, "--rule", "nan").out
    assert "its watch has ended" in out


def test_watch_runs_the_hook(
    on_calm: Amltui, calm: Service, bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With what has happened in its environment; one that fails is told."""
    out = tmp_path / "out"
    bare.setenv("AMLTUI_WATCH_HOOK", f"sh -c 'echo \"$AMLTUI_EVENT $AMLTUI_JOB\" > {out}'")
    name = submitted(calm, "true")
    assert on_calm("watch", name, *calm.place).code == 0
    assert out.read_text() == f"finished {name}\n"
    bare.setenv("AMLTUI_WATCH_HOOK", "false")
    assert "exit code 1" in on_calm("watch", submitted(calm, "true"), *calm.place).err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("x", "--rule", "often"), "often is none of"),
        (("--rule", "cost:5"), "needs the names"),
        (("x", "--filter", "y"), "exclude each other"),
        (("--filter", "status:odd"), "--filter"),
    ],
)
def test_watch_refuses_what_makes_no_sense(
    on_calm: Amltui, arguments: tuple[str, ...], said: str
) -> None:
    ended = on_calm("watch", *arguments)
    assert ended.code == 2
    assert said in ended.err


def test_follow_prints_the_log_of_the_newest_job(on_calm: Amltui, calm: Service) -> None:
    """Until it is over, and ends by its result."""
    experiment = f"exp-{next(_numbers)}"
    submitted(calm, "echo old", experimentName=experiment)
    newest = submitted(calm, "echo newest; sleep 2; exit 4", experimentName=experiment)
    ended = on_calm("follow", "--experiment", experiment, "--latest", *calm.place)
    assert ended.code == 5
    assert newest in ended.err
    assert ended.out
    missing = on_calm("follow", "--experiment", "nobody", *calm.place)
    assert missing.code == 4
    assert "--wait" in missing.err
