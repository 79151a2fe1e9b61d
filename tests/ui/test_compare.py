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
        assert len(deck.app.screen.query_one("#lines").rows) > before
        assert deck.line("environment")


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
