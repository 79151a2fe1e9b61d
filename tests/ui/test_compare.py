"""Comparing marked jobs: the best, the differences, baseline, copies and files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.stage import Stage
from tests.ui.deck import NARROW, WIDE, Deck

pytestmark = pytest.mark.scenario("busy_night")


async def compared(deck: Deck, *titles: str) -> None:
    for title in titles:
        await deck.go_to(title)
        await deck.press("space")
    await deck.press("=")
    await deck.shows(f"Compare › {len(titles)} runs")
    await deck.wait(lambda: "asking about" not in deck.status)


async def test_marked_runs_stand_side_by_side(stage: Stage):
    """Metrics with deltas from the baseline, and what differs; b changes the baseline."""
    async with Deck.loaded(stage) as deck:
        titles = [row.title for row in deck.pane.table.rows if row.title.startswith("resnet50-")][
            :3
        ]
        await compared(deck, *titles)
        await deck.shows("baseline a:", "val/loss", "%")
        assert "baseline" in deck.line("a ", titles[0])
        await deck.press("down", "b")
        await deck.shows(f"baseline b: {titles[1]}")
        before = len(deck.app.screen.query_one("#lines").rows)
        await deck.press("d")
        await deck.shows("everything")
        await deck.press("v")  # the chart makes room
        await deck.shows("environment")
        assert len(deck.app.screen.query_one("#lines").rows) > before


PAIR = ("resnet50-fp16", "resnet50-aug-lr3e4")


def questions(deck: Deck) -> list[str]:
    """The metrics of the pair whose history was asked for."""
    asked = [*deck.stage.sent("POST", "/sample"), *deck.stage.sent("POST", "/full")]
    runs = {job.name for job in deck.app.screen.jobs}
    return [
        json.loads(request.content)["metricName"]
        for request in asked
        if any(f"/runs/{run}/" in request.url.path for run in runs)
    ]


async def test_the_chart_is_about_the_metric_under_the_cursor(stage: Stage):
    """One history is read for each run, once; m opens the same metric, whichever it is."""
    async with Deck.loaded(stage, size=WIDE) as deck:
        await compared(deck, *PAIR)
        await deck.shows("─ val/loss", f"a {PAIR[0]}", f"b {PAIR[1]}")
        await deck.wait(lambda: any(ord(glyph) in range(0x2801, 0x2900) for glyph in deck.text))
        assert set(questions(deck)) == {"val/loss"}
        await deck.press("tab")
        lines = deck.app.screen.query_one("#lines")
        names = [row.resource.name for row in lines.rows]
        lines.go_to(names.index("train/acc"))
        await deck.shows("─ train/acc")
        await deck.wait(lambda: "train/acc" in questions(deck))
        assert set(questions(deck)) == {"val/loss", "train/acc"}
        await deck.press("s", "y")
        await deck.shows("smooth .3", "log")
        await deck.press("m")
        await deck.shows("metrics of 2 runs", "─ train/acc")


async def test_on_a_low_screen_the_chart_stands_in_place_of_the_lines(stage: Stage):
    """v turns it on and off; nothing is read for a chart that nobody sees."""
    async with Deck.loaded(stage, size=NARROW) as deck:
        await compared(deck, *PAIR)
        await deck.shows("metrics, and what differs", "v chart")
        assert "train/acc" not in questions(deck)
        deck.app.screen.query_one("#lines").focus()
        await deck.press("G", "g", "j")
        assert set(questions(deck)) <= {"val/loss"}
        await deck.press("g", "v")
        await deck.shows("─ val/loss", f"a {PAIR[0]}")
        assert "what differs" not in deck.text
        await deck.press("v")
        await deck.shows("metrics, and what differs")


async def test_a_curve_that_cannot_be_read_is_told_of_and_read_on_r(stage: Stage):
    """The service is not asked again and again meanwhile."""
    for operation in ("Metrics_GetSample", "Metrics_GetFull", "Mlflow_MetricsGetHistory"):
        stage.world.faults.add(operation, "403", times=1000)
    async with Deck.loaded(stage, size=WIDE) as deck:
        await compared(deck, *PAIR)
        await deck.press("tab", "j")
        await deck.shows(f"no curve of {PAIR[0]}")
        asked = len(questions(deck))
        await deck.press("d", "d")
        assert len(questions(deck)) == asked
        stage.world.faults.faults.clear()
        await deck.press("r")
        await deck.shows(f"a {PAIR[0]} ")
        assert "no curve" not in deck.text


async def test_a_line_is_opened_in_full(stage: Stage):
    """What a cell has no room for, with whose it is."""
    async with Deck.loaded(stage, size=NARROW) as deck:
        await compared(deck, *PAIR)
        await deck.press("tab", "G", "enter")
        await deck.shows("Compare › code command", f"{PAIR[0]} (baseline)", "as known at")
        assert deck.line("python train.py --lr 3e-4 --augment randaug --data")
        await deck.press("escape")
        await deck.shows("metrics, and what differs")


async def test_one_job_alone_is_not_compared(stage: Stage):
    """The refusal says how to mark."""
    async with Deck.loaded(stage) as deck:
        await deck.press("=")
        await deck.shows("Mark two jobs or more with Space")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_more_runs_than_there_is_room_for(stage: Stage, size: tuple[int, int]):
    """The baseline keeps its column; arrows show the others; the status line says which."""
    async with Deck.loaded(stage, size=size) as deck:
        await compared(deck, *[row.title for row in deck.pane.table.rows[:8]])
        await deck.shows("of 8: ← → for the others")
        first = deck.status
        await deck.press("right")
        assert "columns a " in deck.status
        assert deck.status != first


async def test_it_is_copied_and_saved(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Markdown into the clipboard; csv, json and a picture side by side, never over another."""
    monkeypatch.chdir(tmp_path)
    async with Deck.loaded(stage) as deck:
        await compared(deck, *[row.title for row in deck.pane.table.rows[:2]])
        await deck.press("C")
        assert deck.app.clipboard.startswith("|  | ")
        await deck.press("ctrl+s", "ctrl+s")
        await deck.shows("Saved compare-")
        assert sorted(saved(tmp_path)) == [".csv", ".csv", ".json", ".json", ".svg", ".svg"]


def saved(folder: Path) -> list[str]:
    """The kinds of the files, each of which holds the same records."""
    told = json.loads(next(folder.glob("*.json")).read_text())
    with next(folder.glob("*.csv")).open() as file:
        assert len(list(csv.DictReader(file))) == len(told)
    return [path.suffix for path in folder.iterdir()]


async def test_what_cannot_be_asked_for_is_said(stage: Stage):
    """Metrics that are refused: the rest is compared, and the status line has the reason."""
    stage.world.faults.add("Mlflow_RunsGet", "403", times=100)
    async with Deck.loaded(stage) as deck:
        await compared(deck, *[row.title for row in deck.pane.table.rows[:2]])
        await deck.shows("are missing")


def names_saved(folder: Path) -> set[str]:
    (made,) = folder.glob("*.json")
    return {each["display_name"] for each in json.loads(made.read_text())}


async def test_a_run_is_hidden_and_shown_again(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """It has no column, no part in the best, and is in no file; the baseline cannot be hidden."""
    monkeypatch.chdir(tmp_path)
    async with Deck.loaded(stage, size=WIDE) as deck:
        titles = [row.title for row in deck.pane.table.rows if row.title.startswith("resnet50-")][
            :3
        ]
        await compared(deck, *titles)
        await deck.press("space")
        await deck.shows("b chooses another")
        await deck.press("down", "space")
        await deck.shows("1 hidden: space shows it again")
        columns = [column.title for column in deck.app.screen.query_one("#lines").columns]
        assert [title for title in columns if len(title) == 1] == ["a", "c"]
        await deck.press("ctrl+s")
        await deck.shows("Saved")
        assert names_saved(tmp_path) == {titles[0], titles[2]}
        await deck.press("space")
        await deck.wait(lambda: "hidden" not in deck.status)


async def test_runs_are_put_in_another_order(stage: Stage):
    """J and K take a run and the baseline's mark along; at the end nothing happens."""
    async with Deck.loaded(stage, size=WIDE) as deck:
        titles = [row.title for row in deck.pane.table.rows if row.title.startswith("resnet50-")][
            :3
        ]
        await compared(deck, *titles)
        await deck.press("J")
        await deck.shows(f"baseline b: {titles[0]}")
        runs = deck.app.screen.query_one("#runs")
        assert [row.resource.title for row in runs.rows] == [titles[1], titles[0], titles[2]]
        await deck.press("K", "K")
        await deck.shows(f"baseline a: {titles[0]}")
        assert [row.resource.title for row in runs.rows] == titles
