"""`amltui jobs|compute|models|workspaces`: what they print is what the service holds."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import pytest

from tests.cli.conftest import Amltui
from tests.cli.service import Service, run

T = TypeVar("T")

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
KEYS = {
    "jobs": "name display_name experiment type status compute workspace created started ended"
    " duration_s created_by tags error studio_url",
    "compute": "name kind state size workspace location nodes owner last_operation idle_shutdown"
    " price_per_hour errors",
    "workspaces": "id name kind location resource_group subscription_id provisioning_state",
    "models": "name latest_version type tags created",
}


@pytest.mark.parametrize("command", KEYS)
def test_json_has_the_promised_keys(command: str, on_busy: Amltui) -> None:
    """Scripts find the keys that are documented, in every record."""
    records = on_busy(command, "-o", "json").json
    assert records
    for record in records:
        assert set(KEYS[command].split()) <= set(record)


@pytest.mark.parametrize("command", KEYS)
def test_every_format_holds_the_same(command: str, on_busy: Amltui) -> None:
    """CSV and TSV have JSON's keys as their heading and as many records, in the same order."""
    records, (comma_text, tab_text) = _while_none_comes(
        lambda: on_busy(command, "-o", "json").json,
        lambda: (on_busy(command, "-o", "csv").out, on_busy(command, "-o", "tsv").out),
    )
    names = [record["name"] for record in records]
    comma = list(csv.DictReader(io.StringIO(comma_text)))
    assert [row["name"] for row in comma] == names
    assert list(comma[0]) == list(records[0])
    heading, *lines = tab_text.splitlines()
    assert heading.split("\t") == list(records[0])
    assert len(lines) == len(names)
    assert all(line.count("\t") == heading.count("\t") for line in lines)


def test_jobs_agree_with_the_service(on_busy: Amltui, busy: Service) -> None:
    """What `jobs -o json` says of every job is what Resource Manager and run history hold."""
    told, held = _while_none_comes(
        lambda: on_busy("jobs", *busy.place, "--limit", "0", "-o", "json").json,
        lambda: _all_jobs(busy),
    )
    assert [job["name"] for job in told] == [job["name"] for job in held]
    for ours, theirs in zip(told, held, strict=True):
        properties = theirs["properties"]
        assert ours["display_name"] == properties["displayName"]
        assert ours["experiment"] == properties["experimentName"]
        assert ours["type"] == properties["jobType"]
        assert (ours["compute"] or "") == (properties["computeId"] or "").rpartition("/")[2]
        assert _given(ours["tags"]) == _given(properties["tags"] or {})
        studio = (properties["services"] or {}).get("Studio") or {}
        assert ours["studio_url"] == studio.get("endpoint")
        assert ours["created_by"] == theirs["systemData"]["createdBy"]
        if ours["status"] in {"Completed", "Failed", "Canceled"}:
            ran = _run(busy, ours["name"])
            assert ours["status"] == properties["status"]
            assert _seconds(ours["ended"]) == _seconds(ran["endTimeUtc"])
            error = (ran["error"] or {}).get("error")
            assert (ours["error"] or {}).get("message") == (error or {}).get("message")
        if ours["started"] and ours["ended"]:
            assert ours["duration_s"] == pytest.approx(
                _seconds(ours["ended"]) - _seconds(ours["started"]), abs=1.0
            )


def test_times_are_iso_8601_in_utc(on_busy: Amltui) -> None:
    """Every moment ends in Z, and what has not happened is null rather than a date."""
    for job in on_busy("jobs", "-o", "json").json:
        for moment in (job["created"], job["started"], job["ended"]):
            assert moment is None or ISO.fullmatch(moment)
        if job["started"] is None:
            assert job["duration_s"] is None


def test_computes_agree_with_the_service(on_busy: Amltui, busy: Service) -> None:
    """States, sizes and node counts are the service's own; idle shutdown is in seconds."""
    told = {each["name"]: each for each in on_busy("compute", *busy.place, "-o", "json").json}
    held = busy.ask("GET", f"{busy.workspace_id}/computes")["value"]
    assert set(told) == {each["name"] for each in held}
    for theirs in held:
        ours, inner = told[theirs["name"]], theirs["properties"]["properties"] or {}
        assert ours["provisioning_state"] == theirs["properties"]["provisioningState"]
        assert ours["location"] == theirs["location"]
        if theirs["properties"]["computeType"] == "ComputeInstance":
            assert ours["kind"] == "instance"
            assert (ours["size"], ours["state"]) == (inner["vmSize"], inner["state"])
            assert ours["last_operation"]["name"] == inner["lastOperation"]["operationName"]
        if theirs["properties"]["computeType"] == "AmlCompute":
            assert ours["nodes"]["max"] == inner["scaleSettings"]["maxNodeCount"]
    assert told["kim-dev"]["idle_shutdown"] == 3600.0
    assert told["kim-a10"]["idle_shutdown"] is None
    assert told["kim-a10"]["price_per_hour"] > 0


def test_models_agree_with_the_service(on_busy: Amltui, busy: Service) -> None:
    """Names and latest versions are those of the model containers."""
    told = on_busy("models", *busy.place, "-o", "json").json
    held = busy.ask("GET", f"{busy.workspace_id}/models")["value"]
    assert {each["name"]: each["latest_version"] for each in told} == {
        each["name"]: each["properties"]["latestVersion"] for each in held
    }


def test_workspaces_are_those_of_every_subscription(on_busy: Amltui, busy: Service) -> None:
    """All are listed, also those of subscriptions that were not named; and the registries."""
    told = on_busy("workspaces", "-o", "json").json
    held = [
        place
        for subscription in busy.ask("GET", "/subscriptions")["value"]
        for collection in ("workspaces", "registries")
        for place in busy.ask(
            "GET",
            f"/subscriptions/{subscription['subscriptionId']}"
            f"/providers/Microsoft.MachineLearningServices/{collection}",
        )["value"]
    ]
    kinds = [each["kind"] for each in told]
    assert kinds.count("Registry") == 1
    assert {each["id"].lower() for each in told} == {each["id"].lower() for each in held}
    assert len({each["subscription_id"] for each in told}) == 3


def test_a_place_narrows_the_workspaces(on_busy: Amltui) -> None:
    """The flags of the place say which workspaces are listed, before the limit is counted."""
    told = on_busy("workspaces", "--resource-group", "rg-risk", "--limit", "1", "-o", "json").json
    assert [each["name"] for each in told] == ["risk-prod"]


def test_a_workspace_that_is_not_there_is_an_error_of_its_list_too(on_busy: Amltui) -> None:
    """An empty list with exit code 0 would say that all is well."""
    ended = on_busy("workspaces", "--workspace", "risk-prd")
    assert (ended.code, ended.out) == (4, "")
    assert "did you mean risk-prod" in ended.complaint
    ended = on_busy("workspaces", "--resource-group", "rg-nothing")
    assert (ended.code, ended.out) == (4, "")


@pytest.fixture(scope="module")
def crowded(calm_process: Service) -> None:
    """More jobs than are listed unasked."""
    for number in range(105):
        calm_process.put_job(f"crowd-{number:03}")


def test_the_newest_hundred_are_usual(on_calm: Amltui, crowded: None) -> None:
    """Without --limit the 100 newest jobs come, and stderr says that there are more."""
    ended = on_calm("jobs", "-o", "json")
    created = [job["created"] for job in ended.json]
    assert len(created) == 100
    assert created == sorted(created, reverse=True)
    assert "--limit 0" in ended.complaint


def test_limit_zero_is_all(on_calm: Amltui, crowded: None) -> None:
    """All jobs come, over however many pages, and each once."""
    ended = on_calm("jobs", "--limit", "0", "-o", "json")
    names = [job["name"] for job in ended.json]
    assert {f"crowd-{number:03}" for number in range(105)} < set(names)
    assert len(names) == len(set(names))
    assert ended.err == ""


def test_limit_counts_over_all_workspaces(on_busy: Amltui) -> None:
    """The three newest jobs are asked for, so three come: of whatever workspace, newest first."""
    everything, told = _while_none_comes(
        lambda: on_busy("jobs", "--all-workspaces", "--limit", "0", "-o", "json").json,
        lambda: on_busy("jobs", "--all-workspaces", "--limit", "3", "-o", "json").json,
    )
    newest = sorted((job["created"] for job in everything), reverse=True)[:3]
    assert [job["created"] for job in told] == newest


def test_all_workspaces_is_every_one(on_busy: Amltui) -> None:
    """Jobs of five workspaces come, and nothing need be said about it."""
    ended = on_busy("jobs", "--all-workspaces", "--limit", "0", "-o", "json")
    assert len({job["workspace"] for job in ended.json}) == 5
    assert ended.err == ""


def test_without_a_workspace_all_are_looked_at_and_that_is_said(on_busy: Amltui) -> None:
    """Nobody is left to guess why there is more than one workspace in the list."""
    ended = on_busy("compute", "-o", "json")
    assert len({each["workspace"] for each in ended.json}) == 5
    assert "all 5" in ended.err


def test_a_table_into_a_pipe_is_complete(on_busy: Amltui) -> None:
    """No column is left out and no value cut where no terminal limits them."""
    ended = on_busy("workspaces")
    heading, *lines = ended.out.splitlines()
    assert heading.split() == ["NAME", "KIND", "STATE", "REGION", "GROUP", "SUBSCRIPTION", "AGE"]
    assert len(lines) == 6
    assert "…" not in ended.out


def test_data_goes_to_stdout_and_the_rest_to_stderr(busy: Service) -> None:
    """Of a real process, stdout is data alone, so that it can be piped."""
    ended = run("jobs", "--limit", "1", "-o", "json", environment=busy.environment)
    assert ended.code == 0
    assert len(ended.json) == 1
    assert "amltui:" not in ended.out
    assert "there are more" in ended.err


def _while_none_comes(listed: Callable[[], Any], look: Callable[[], T]) -> tuple[Any, T]:
    """A list, and what was seen while it stayed the same: time does not stand still there."""
    for _ in range(5):
        before, seen, after = listed(), look(), listed()
        if [each["name"] for each in before] == [each["name"] for each in after]:
            return before, seen
    raise AssertionError("something new comes faster than it can be looked at")


def _all_jobs(service: Service) -> list[Any]:
    path: str | None = f"{service.workspace_id}/jobs"
    found = []
    while path:
        page = service.ask("GET", path)
        found += page["value"]
        path = (page.get("nextLink") or "").removeprefix(service.arm) or None
    return found


def _given(tags: dict[str, str | None]) -> dict[str, str | None]:
    """The tags that somebody gave, without those that the service sets while a job runs."""
    return {name: value for name, value in tags.items() if not name.startswith("_aml_system")}


def _run(service: Service, name: str) -> Any:
    return service.ask("GET", f"/history/v1.0{service.workspace_id}/runs/{name}")


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(re.sub(r"\.\d+", "", moment).replace("Z", "+00:00")).timestamp()


def test_a_filter_is_the_one_of_the_dashboard(on_busy: Amltui) -> None:
    """Conditions, words and `me`; what the service finds beyond the newest hundred too."""
    records = on_busy("jobs", "--filter", "status:failed user:me", "-o", "json").json
    assert records
    assert {(r["status"], r["created_by"]) for r in records} == {("Failed", "Kim Lang")}
    everything = on_busy("jobs", "--limit", "0", "-o", "json").json
    failed = {r["name"] for r in everything if r["status"] == "Failed"}
    found = on_busy("jobs", "--filter", "status:failed", "--limit", "0", "-o", "json").json
    assert failed
    assert failed <= {r["name"] for r in found}  # another one may have failed meanwhile
    assert {r["status"] for r in found} == {"Failed"}
    computes = on_busy("compute", "--filter", "owner:me kind:instance", "-o", "json").json
    assert {r["owner"] for r in computes} == {"kim@contoso.com"}


def test_a_filter_that_makes_no_sense_is_refused_with_its_place(on_busy: Amltui) -> None:
    """Nothing is asked: a script must not act on rows that were not meant."""
    ended = on_busy("jobs", "--filter", "status:faild")
    assert ended.code == 2
    assert "status:faild (character 1): there is no status faild: did you mean failed?" in (
        ended.complaint
    )
