"""Changing computes from a script: settings, everything of one's own, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.conftest import Amltui
from tests.cli.service import Service, serving


@pytest.fixture(scope="module")
def busy_process() -> Iterator[Service]:
    """A service of this module's own: what is stopped here is on for the other tests."""
    with serving("--scenario", "busy_night", "--speed", "20") as running:
        yield running


def told(on_busy: Amltui, name: str) -> dict[str, Any]:
    """A compute as the command lists it."""
    found = on_busy("compute", "--all-workspaces", "-o", "json").json
    return next(each for each in found if each["name"] == name)


def test_everything_of_mine_is_stopped_and_nothing_else(on_busy: Amltui, busy: Service):
    """Dry first: the same names; what others have goes on."""
    dry = on_busy("stop", "--mine", "--all-workspaces", "--dry-run", "-o", "json")
    names = {each["name"] for each in dry.json}
    assert {"kim-a10", "kim-dev"} <= names
    assert busy.calls().get("Compute_Stop", 0) == 0
    ended = on_busy("stop", "--mine", "--all-workspaces", "--wait", "-o", "json")
    assert ended.code == 0
    assert {each["name"]: each["result"] for each in ended.json} == dict.fromkeys(names, "stopped")
    listed = on_busy("compute", "--all-workspaces", "-o", "json").json
    states = {each["name"]: each["state"] for each in listed if each["kind"] == "instance"}
    assert {states[name] for name in names} == {"Stopped"}
    assert states["intern-1"] == "Running"
    again = on_busy("stop", "--mine", "--all-workspaces", "-o", "json")
    assert (again.code, again.json) == (0, [])


def test_settings_of_an_instance(on_busy: Amltui):
    """Idle shutdown and schedules: what the service tells afterwards is what was asked for."""
    assert on_busy("idle-shutdown", "paul-ci", "--after", "90m").code == 0
    change = "add stop 0 19 * * 1-5 W. Europe Standard Time"
    assert on_busy("schedule", "paul-ci", "--change", change, "--wait").code == 0
    now = told(on_busy, "paul-ci")
    assert now["idle_shutdown"] == 5400.0
    assert now["schedules"] == [
        {"action": "Stop", "when": "0 19 * * 1-5", "zone": "W. Europe Standard Time",
         "enabled": True}
    ]  # fmt: skip


def test_a_cluster_is_scaled_and_what_is_not_given_stays(on_busy: Amltui):
    """Only the flags that were given change something."""
    ended = on_busy("scale", "nlp-cpu", "--max", "9", "--wait", "-o", "json")
    assert (ended.code, ended.json[0]["result"]) == (0, "scaled")
    now = told(on_busy, "nlp-cpu")
    assert (now["nodes"]["min"], now["nodes"]["max"]) == (0, 9)
    assert now["idle_before_scale_down"] == 120.0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("scale", "nlp-cpu", "--max", "lots"), 2, "lots is no number of nodes"),
        (("scale", "nlp-cpu", "--min", "99"), 2, "that is no range"),
        (("scale", "kim-dev", "--max", "3"), 1, "only clusters have nodes"),
        (("idle-shutdown", "kim-dev", "--after", "1m"), 2, "not within 15m and 3d"),
        (("schedule", "kim-dev", "--change", "delete 3"), 1, "schedule"),
        (("resize", "li-nb", "--to", "DS3_v2"), 1, "stop it before resizing it"),
        (("stop",), 2, "takes names, or --mine"),
        (("stop", "kim-dev", "--mine"), 2, "takes names, or --mine"),
        (("delete-compute", "kim-dev"), 2, "say --yes"),
    ],
)
def test_what_makes_no_sense_is_refused(
    on_busy: Amltui, busy: Service, arguments: tuple[str, ...], code: int, words: str
):
    """One sentence, the exit code that goes with it, and nothing sent."""
    changing = ("Compute_Update", "Compute_Delete", "Compute_Resize", "Compute_Stop")
    before = [busy.calls().get(each, 0) for each in changing]
    ended = on_busy(*arguments)
    assert ended.code == code
    assert words in ended.err
    assert [busy.calls().get(each, 0) for each in changing] == before


def test_a_dry_run_tells_whether_it_fits(on_busy: Amltui):
    """On stderr, with the age; the request goes to stdout."""
    ended = on_busy("scale", "gpu-a100", "--max", "400", "--dry-run")
    assert ended.code == 0
    assert "does not fit" in ended.err
    assert "would send PATCH /subscriptions/" in ended.out
