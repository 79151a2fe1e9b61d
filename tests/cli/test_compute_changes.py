"""Changing computes from a script: settings, everything of one's own, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
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


def test_a_cluster_is_made_from_flags_and_deleted(on_busy: Amltui):
    """Dry: its price and whether it fits. Then it is there, once only, until it is deleted."""
    flags = ("--workspace", "nlp-dev", "--size", "F4s_v2", "--max", "2")
    dry = on_busy("create-compute", "cpu-new", *flags, "--dry-run")
    assert "with all nodes, retail" in dry.err
    assert "fits: " in dry.err
    assert "az ml compute create -n cpu-new --type AmlCompute --size Standard_F4s_v2" in dry.out
    ended = on_busy("create-compute", "cpu-new", *flags, "--wait", "-o", "json")
    assert (ended.code, ended.json["result"]) == (0, "created")
    assert told(on_busy, "cpu-new")["nodes"]["max"] == 2
    again = on_busy("create-compute", "cpu-new", *flags)
    assert again.code == 1
    assert "there is a compute cpu-new already" in again.err
    assert on_busy("delete-compute", "cpu-new", "--yes", "--wait").code == 0
    names = [each["name"] for each in on_busy("compute", "--all-workspaces", "-o", "json").json]
    assert "cpu-new" not in names


def test_an_instance_is_made_from_a_file(on_busy: Amltui, tmp_path: Path):
    """The file that az ml reads; a mistake in it is told with the file's name."""
    file = tmp_path / "ci.yml"
    file.write_text("name: kim-file\ntype: computeinstance\nsize: Standard_F4s_v2\n"
                    "idle_time_before_shutdown_minutes: 45\n")  # fmt: skip
    ended = on_busy("create-compute", "--file", str(file), "--workspace", "nlp-dev", "--wait")
    assert ended.code == 0, ended.err
    assert told(on_busy, "kim-file")["idle_shutdown"] == 2700.0
    file.write_text("name: kim-file\ntype: databricks\n")
    wrong = on_busy("create-compute", "--file", str(file), "--workspace", "nlp-dev")
    assert wrong.code == 2
    assert f"{file}: type is amlcompute or computeinstance" in wrong.err
    assert on_busy("create-compute", "--file", "no.yml", "--workspace", "nlp-dev").code == 2


def test_what_the_quota_refuses_fails_with_the_reason(on_busy: Amltui):
    """It is told before, and what the service says after: exit code 1."""
    arguments = ("--type", "instance", "--size", "ND96asr_v4", "--workspace", "nlp-dev")
    first = on_busy("create-compute", "big-one", *arguments, "--wait")
    assert first.code == 0, first.err
    ended = on_busy("create-compute", "big-two", *arguments, "--wait", "-o", "json")
    assert (ended.code, ended.json["result"]) == (1, "failed")
    assert any("does not fit" in each for each in ended.json["checks"])
    assert "stop big-one (holds 96" in ended.err
    assert "quota of 100" in ended.json["error"]
