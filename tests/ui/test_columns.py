"""Columns chosen, moved, saved under a name and shown again, all by key."""

from __future__ import annotations

from pathlib import Path

import pytest

from amltui.feeds.views import Views
from amltui.kinds.job import JOB
from tests.stage import Stage
from tests.ui.deck import Deck
from tests.ui.test_command_line import command


@pytest.mark.scenario("busy_night")
async def test_a_metric_becomes_a_column_of_all_rows_and_sorts_them(stage: Stage):
    """Also of those that were never on the screen: the search tells it."""
    async with Deck.loaded(stage) as deck:
        await deck.wait(lambda: deck.line("▇"))
        await deck.press("v")
        await deck.shows("columns", "EXPERIMENT")
        await deck.type("metrics.val/loss")
        await deck.shows("metrics.val/loss")
        await deck.press("space", *["ctrl+k"] * 8, "enter")
        await deck.until(lambda: len(stage.sent("POST", "/runs/search")) >= 1)
        await deck.until(lambda: sum(bool(r.resource.metrics) for r in deck.pane.table.rows) > 20)
        header = deck.line("metrics.val/loss", "NAME")
        assert header.index("STATUS") < header.index("metrics.val/loss") < header.index("NAME")
        await deck.press("greater_than_sign", "greater_than_sign")
        await deck.shows("by metrics.val/loss ▲")
        told = next(field.of for field in JOB.fields if field.spec.name == "metrics")
        values = [told(row).get("val/loss") for row in deck.pane.table.rows]
        numbers = [value for value in values if value is not None and value == value]
        assert numbers == sorted(numbers)
        assert numbers


async def test_a_view_is_saved_and_shown_again_by_name(stage: Stage, tmp_path: Path):
    """Filter, order and columns; also from another screen."""
    async with Deck.loaded(stage) as deck:
        deck.app.views = Views(lambda: tmp_path / "views.json")
        await command(deck, "jobs status:completed")
        await deck.press("v")
        await deck.type("experiment")
        await deck.press("space", "enter", "backslash")
        saved = deck.pane.arrangement
        assert "EXPERIMENT" not in saved.columns
        await command(deck, "save good ones")
        await deck.shows(":view good ones shows this again")
        await deck.press("escape")
        await command(deck, "compute")
        await deck.wait(lambda: deck.pane.KIND.name == "compute")
        await command(deck, "view good ones")
        await deck.wait(lambda: deck.pane.KIND.name == "job" and deck.pane.arrangement == saved)
        await command(deck, "view bad ones")
        await deck.shows("there is no view bad ones: there are good ones")
        (tmp_path / "views.json").write_text("{")
        await command(deck, "view good ones")
        await deck.shows("is damaged: correct or remove it")


@pytest.mark.scenario("busy_night")
async def test_jobs_are_put_together_with_totals_and_one_group_is_looked_at(stage: Stage):
    """Enter goes on with the rows of the group, Esc goes back to all."""
    async with Deck.loaded(stage) as deck:
        everything = len(deck.names)
        await command(deck, "group experiment")
        await deck.shows(f"{everything} jobs by experiment", "NODE-HOURS")
        await deck.press("enter")
        await deck.wait(lambda: deck.pane.arrangement.text.startswith("experiment:"))
        assert len({row.resource.experiment for row in deck.pane.table.rows}) == 1
        await command(deck, "group colour")
        await deck.shows("jobs cannot be grouped by colour: there are")


@pytest.mark.scenario("busy_night")
async def test_the_palette_finds_views_by_name(stage: Stage):
    async with Deck.loaded(stage) as deck:
        await command(deck, "jobs status:failed")
        await command(deck, "save bad nights")
        await deck.shows(":view bad nights")
        await deck.press("escape")
        await deck.wait(lambda: not deck.pane.arrangement.text)
        await deck.press("ctrl+p")
        await deck.shows("Search")
        await deck.type("bad nights")
        await deck.wait(lambda: deck.line("view bad nights"))
        await deck.press("down", "enter")
        await deck.wait(lambda: deck.pane.arrangement.text == "status:failed")
