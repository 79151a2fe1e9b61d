"""`burn`, `cost`, `idle`, `stop-idle`, and what read-only and protected mean to commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amltui.cli.settings import Settings
from tests.cli.conftest import Amltui
from tests.cli.service import Service


def test_burn_tells_sums_that_agree(on_busy: Amltui):
    """By class, owner and workspace it is the same whole."""
    told = on_busy("burn", "--all-workspaces", "-o", "json").json
    whole = told["per_hour"]["known"]
    assert whole > 10
    assert told["per_hour"]["unknown_parts"] == 0
    for group in ("by_class", "by_owner", "by_workspace"):
        assert sum(each["known"] for each in told[group].values()) == pytest.approx(whole)
    assert "retail" in told["prices"]


def test_idle_lists_with_evidence_age_price_and_command(on_busy: Amltui):
    """Everything that a person or a script needs to decide."""
    ended = on_busy("idle", "--all-workspaces", "-o", "json")
    found = {each["name"]: each for each in ended.json}
    assert ended.code == 0
    assert found["kim-a10"]["reason"] == "on_without_job"
    assert found["kim-a10"]["age_s"] >= 74 * 3600
    assert found["kim-a10"]["per_hour"] == pytest.approx(3.2)
    assert found["kim-a10"]["command"].startswith("az ml compute stop -n kim-a10")
    assert found["credit-ep/green"]["fix"] == "delete"
    old = on_busy("idle", "--all-workspaces", "--older-than", "5d", "-o", "json").json
    assert {each["name"] for each in old if each["kind"] == "compute"} == {"intern-1"}


def test_stop_idle_says_what_it_would_do_and_does_it(on_busy: Amltui, busy: Service):
    """First dry, then in earnest; the service has stopped what was old enough, and only that."""
    arguments = ("stop-idle", "--all-workspaces", "--older-than", "5d", "-o", "json")
    before = busy.calls().get("Compute_Stop", 0)
    (dry,) = on_busy(*arguments, "--dry-run").json
    assert dry["name"] == "intern-1"
    assert dry["result"].startswith("would send POST /subscriptions/")
    assert busy.calls().get("Compute_Stop", 0) == before
    ended = on_busy(*arguments)
    assert ended.code == 0
    (done,) = ended.json
    assert (done["name"], done["result"]) == ("intern-1", "stopped")
    states = {each["name"]: each["state"] for each in on_busy("compute", "-o", "json").json}
    assert states["intern-1"] == "Stopped"
    assert states["kim-a10"] == "Running"


@pytest.mark.parametrize(
    "arguments",
    [
        ("stop", "kim-dev"),
        ("restart", "kim-dev"),
        ("start", "kim-old"),
        ("scale-down", "nlp-gpu"),
        ("cancel", "resnet50-base"),
        ("stop-idle", "--older-than", "1h"),
    ],
)
def test_no_command_changes_anything_when_read_only(
    on_busy: Amltui, busy: Service, arguments: tuple[str, ...]
):
    """Said before the command or after it: the exit code and the sentence tell, nothing is sent."""
    changing = ("Compute_Stop", "Compute_Start", "Compute_Restart", "Compute_Update", "Jobs_Cancel")
    before = {name: busy.calls().get(name, 0) for name in changing}
    for line in (("--read-only", *arguments), (*arguments, "--read-only")):
        ended = on_busy(*line, "--all-workspaces")
        assert ended.code == 1
        assert "amltui is read-only" in ended.err
    assert {name: busy.calls().get(name, 0) for name in changing} == before


def test_a_protected_workspace_is_named_twice(
    on_busy: Amltui, busy: Service, bare: pytest.MonkeyPatch
):
    """Without `--confirm` nothing is sent to it."""
    bare.setenv("AMLTUI_PROTECTED", "vision-prod")
    before = busy.calls().get("Compute_Stop", 0)
    ended = on_busy("stop", "kim-dev", "--workspace", "vision-prod")
    assert ended.code == 1
    assert "repeat with --confirm vision-prod" in ended.err
    assert busy.calls().get("Compute_Stop", 0) == before
    dry = on_busy("stop", "kim-dev", "--workspace", "vision-prod", "--dry-run")
    assert dry.code == 0


def test_cost_keeps_estimates_and_bills_apart(on_busy: Amltui, busy: Service):
    """A refusal of Cost Management is told, and is the exit code; the estimate is there."""
    told = on_busy("cost", "--all-workspaces", "-o", "json").json
    assert set(told) == {"estimate", "billed"}
    assert all(each["month"] > 0 for each in told["billed"])
    busy.plan("Query_Usage", "403")
    ended = on_busy("cost", "--all-workspaces", "-o", "json")
    assert ended.code == 3
    assert {each.get("month") for each in ended.json["billed"]} == {None}
    assert ended.json["estimate"]["per_hour"]["known"] > 0


def test_what_could_not_be_read_is_in_the_exit_code(on_busy: Amltui, busy: Service):
    """And the sum says that a part of it is unknown."""
    busy.plan("*", "403", path="/workspaces/nlp-dev/", times=1000)
    ended = on_busy("burn", "--all-workspaces", "-o", "json")
    assert ended.code == 3
    assert json.loads(ended.out)["per_hour"]["unknown_parts"] == 1
    assert "nlp-dev: " in ended.err


def test_a_span_that_is_none_is_refused(on_busy: Amltui):
    """With what one looks like."""
    ended = on_busy("stop-idle", "--older-than", "yesterday")
    assert ended.code == 2
    assert "write 30m, 12h or 2d" in ended.err


def test_safety_is_set_in_the_file_too(tmp_path: Path):
    """Lists of workspaces, and read-only for all of them."""
    file = tmp_path / "config.toml"
    file.write_text('read_only = "on"\nprotected = ["a", "b"]\nread_only_workspaces = ["c"]\n')
    settings = Settings.gather({"config": str(file)}, {})
    assert settings.read_only == "on"
    assert settings.protected == ("a", "b")
    assert settings.read_only_workspaces == ("c",)
