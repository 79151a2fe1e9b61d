"""`amltui job` and `amltui metrics`: one job, and what it has logged."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.cli.conftest import Amltui
from tests.cli.service import Service


def _named(amltui: Amltui, service: Service, title: str) -> Any:
    listed = amltui("jobs", *service.place, "--limit", "0", "-o", "json").json
    return next(job for job in listed if job["display_name"] == title)


def test_a_job_is_the_one_of_the_list(on_busy: Amltui, busy: Service) -> None:
    """`job NAME` tells of a job what the list tells, whatever workspace it is in."""
    listed = next(
        job
        for job in on_busy("jobs", *busy.place, "-o", "json").json
        if job["status"] in {"Completed", "Failed"}
    )
    assert on_busy("job", listed["name"], "-o", "json").json == listed


def test_a_job_is_found_by_what_the_table_calls_it(on_busy: Amltui, busy: Service) -> None:
    """The table shows display names, so one of them is enough to say which job is meant."""
    listed = _named(on_busy, busy, "resnet34-distill")
    assert on_busy("job", "resnet34-distill", "-o", "json").json["name"] == listed["name"]


def test_a_name_that_several_have_is_not_guessed(on_calm: Amltui, calm: Service) -> None:
    """Two jobs of one display name are both named, so that one can be chosen."""
    for name in ("twin-a", "twin-b"):
        calm.put_job(name, displayName="twins")
    ended = on_calm("job", "twins")
    assert ended.code == 2
    assert "twin-a" in ended.complaint
    assert "twin-b" in ended.complaint
    assert ended.out == ""


def test_a_job_that_is_not_there(on_busy: Amltui) -> None:
    """Exit code 4, nothing on stdout, and a name that is like it."""
    ended = on_busy("job", "resnet34-distil")
    assert (ended.code, ended.out) == (4, "")
    assert "did you mean resnet34-distill" in ended.complaint


def test_a_failed_job_tells_its_error(on_busy: Amltui, busy: Service) -> None:
    """The innermost code and the service's whole message are there."""
    failed = next(
        job
        for job in on_busy("jobs", *busy.place, "-o", "json").json
        if job["status"] == "Failed" and job["error"]
    )
    assert failed["error"]["message"]
    facts = on_busy("job", failed["name"]).out
    assert failed["error"]["message"].split()[0] in facts
    assert "Failed" in facts


def test_metrics_agree_with_the_service(on_busy: Amltui, busy: Service) -> None:
    """The last value of every metric is the one that the tracking service holds."""
    job = next(
        job
        for job in on_busy("jobs", *busy.place, "-o", "json").json
        if job["status"] == "Completed"
    )
    told = {each["name"]: each for each in on_busy("metrics", job["name"], "-o", "json").json}
    path = f"/mlflow/v2.0{busy.workspace_id}/api/2.0/mlflow/runs/get?run_id={job['name']}"
    held = busy.ask("GET", path)["run"]["data"]["metrics"]
    assert told
    assert {each["key"] for each in held} == set(told)
    for theirs in held:
        ours = told[theirs["key"]]
        assert (ours["last"], ours["step"]) == (theirs["value"], theirs["step"])
        assert ours["points"][-1]["value"] == theirs["value"]
        steps = [point["step"] for point in ours["points"]]
        assert steps == sorted(steps)


def test_metrics_as_a_table_of_points(on_busy: Amltui, busy: Service) -> None:
    """CSV has one line for each point, of the metrics that were named."""
    name = _named(on_busy, busy, "resnet34-distill")["name"]
    series = on_busy("metrics", name, "train/loss", "-o", "json").json
    rows = list(
        csv.DictReader(io.StringIO(on_busy("metrics", name, "train/loss", "-o", "csv").out))
    )
    assert [each["name"] for each in series] == ["train/loss"]
    values = [each["value"] for each in series[0]["points"]]
    assert values
    assert [float(row["value"]) for row in rows][: len(values)] == values  # it goes on meanwhile
    assert {row["name"] for row in rows} == {"train/loss"}


def test_metrics_are_drawn_for_a_shell(on_busy: Amltui, busy: Service) -> None:
    """The curve of the metric that was named, with numbers at its axes."""
    lines = on_busy("metrics", "resnet34-distill", "val/loss", "--chart").out.splitlines()
    assert lines[0] == "val/loss"
    assert any("\u2800" < glyph < "\u2900" for line in lines for glyph in line)
    assert any("┤" in line for line in lines)


def test_metrics_have_a_trend(on_busy: Amltui, busy: Service) -> None:
    """The table shows a sparkline and the last value of each metric."""
    lines = on_busy("metrics", "resnet34-distill").out.splitlines()
    assert lines[0].split() == ["NAME", "TREND", "LAST", "BEST", "STEP"]
    assert any(set("▁▂▃▄▅▆▇█") & set(line) for line in lines[1:])


def test_a_metric_that_is_not_there(on_busy: Amltui) -> None:
    """Exit code 4, and the metrics that there are."""
    ended = on_busy("metrics", "resnet34-distill", "val/los")
    assert (ended.code, ended.out) == (4, "")
    assert "val/loss" in ended.complaint


def test_a_job_without_metrics_is_no_error(on_busy: Amltui, busy: Service) -> None:
    """What has logged nothing gives an empty list, and says so beside it."""
    pipeline = next(
        job for job in on_busy("jobs", *busy.place, "-o", "json").json if job["type"] == "Pipeline"
    )
    ended = on_busy("metrics", pipeline["name"], "-o", "json")
    assert (ended.code, ended.json) == (0, [])
    assert "no metrics" in ended.complaint


@pytest.mark.parametrize("command", ["job", "metrics", "logs", "cancel"])
def test_a_name_is_needed(command: str, amltui: Amltui) -> None:
    """Leaving the name out is a mistake of usage, and points to the help."""
    ended = amltui(command)
    assert (ended.code, ended.out) == (2, "")
    assert f"amltui {command} --help" in ended.complaint


def test_jobs_are_compared(on_busy: Amltui) -> None:
    """The first is the baseline; markdown and JSON have the same values."""
    titles = ("resnet50-base", "resnet50-fp16")
    table = on_busy("compare", *titles, "--all-workspaces")
    assert table.code == 0
    assert "val/loss" in table.out
    markdown = on_busy("compare", *titles, "--all-workspaces", "-o", "md").out
    assert markdown.startswith("|  | resnet50-base | resnet50-fp16 |")
    told = on_busy("compare", *titles, "--all-workspaces", "-o", "json").json
    assert {each["display_name"] for each in told} == set(titles)
    picture = on_busy("compare", *titles, "--all-workspaces", "-o", "svg").out
    assert picture.startswith("<svg")
    assert titles[0] in picture
    assert on_busy("compare", "resnet50-base").code == 2


def test_what_differs_since_a_job_last_worked(on_busy: Amltui) -> None:
    """Text for people and JSON for scripts tell the same members; the other one can be named."""
    text = on_busy("diff", "resnet152-bs512", "--all-workspaces")
    assert text.code == 0
    assert "Resource Manager's job: - resnet152-bs256  + resnet152-bs512" in text.out
    assert "properties.status\n- Completed\n+ Failed" in text.out
    told = on_busy("diff", "resnet152-bs512", "--all-workspaces", "-o", "json").json
    status = next(each for each in told if each["path"] == "properties.status")
    assert (status["before"], status["after"], status["in_any_two"]) == (
        "Completed",
        "Failed",
        False,
    )
    named = on_busy("diff", "resnet152-bs512", "resnet50-base", "--all-workspaces").out
    assert "- resnet50-base  + resnet152-bs512" in named


def test_what_cannot_be_told_apart_is_said(on_busy: Amltui) -> None:
    """A job that is not there, and one that nothing went before."""
    assert on_busy("diff", "no-such-job", "--all-workspaces").code == 4
    names = [
        each["display_name"] for each in on_busy("jobs", "--all-workspaces", "-o", "json").json
    ]
    first = on_busy("diff", names[-1], "--all-workspaces")
    assert (first.code, first.out) == (4, "")
    assert "name the other one" in first.complaint


def test_an_archived_job_is_found_by_its_title(on_busy: Amltui) -> None:
    """As every other is: no list has it by itself, and `restore` is about such jobs only."""
    found = on_busy("job", "resnet18-smoke", "--all-workspaces", "-o", "json")
    assert (found.code, found.json["archived"]) == (0, True)
