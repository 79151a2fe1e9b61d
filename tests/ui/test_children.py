"""The children of a job: a leaderboard for a sweep, steps for a pipeline."""

from __future__ import annotations

import pytest

from amltui.ui.screens.job import JobScreen
from amltui.ui.widgets.resource_table import ResourceTable
from tests.stage import Stage
from tests.ui.deck import NARROW, Deck


async def open_children(deck: Deck, name: str) -> ResourceTable:
    """The children of a job, once they have answered."""
    await deck.go_to(name)
    await deck.press("enter")
    await deck.shows("[Over")
    await deck.press("[", "[", "[")
    await deck.wait(lambda: "children" in deck.status, "the children")
    return deck.app.screen.query_one("ChildrenTab ResourceTable", ResourceTable)


def names(table: ResourceTable) -> list[str]:
    return [row.resource.title for row in table.rows]


async def test_trials_of_a_sweep_compete(stage: Stage):
    """The best of the primary metric first; what they differ in has columns of its own."""
    async with Deck.loaded(stage) as deck:
        table = await open_children(deck, "depth-sweep")
        board = [row.resource for row in table.rows]
        metric = deck.status.partition("best ")[2].partition(" first")[0]
        scores = [child.score(metric) for child in board if child.score(metric) is not None]
        assert len(scores) > 1
        assert scores in (sorted(scores), sorted(scores, reverse=True))
        titles = {column.title for column in table.columns}
        varied = {name for child in board for name in child.job.parameters} & titles
        assert varied
        assert len({child.job.parameters[name] for child in board for name in varied}) > 1


async def test_enter_opens_a_child_and_esc_leads_back(stage: Stage):
    """A trial's screen over that of its sweep."""
    async with Deck.loaded(stage) as deck:
        table = await open_children(deck, "depth-sweep")
        first = names(table)[0]
        sweep = deck.app.screen
        await deck.press("enter")
        await deck.wait(lambda: deck.app.screen is not sweep)
        assert isinstance(deck.app.screen, JobScreen)
        assert deck.app.screen.job.title == first
        await deck.press("escape")
        await deck.wait(lambda: deck.app.screen is sweep)


async def test_any_column_sorts(stage: Stage):
    """The status line says by what; keys as fast as a paste are as many steps."""
    async with Deck.loaded(stage) as deck:
        table = await open_children(deck, "depth-sweep")
        before = names(table)
        deck.send("greater_than_sign", "greater_than_sign")
        await deck.wait(lambda: "by NAME" in deck.status, "another order")
        assert names(table) == sorted(before)


async def test_x_is_for_the_child_under_the_cursor(stage: Stage):
    """The same letter on the parent's other tabs is for the parent: here it names the child."""
    async with Deck.loaded(stage) as deck:
        table = await open_children(deck, "depth-sweep")
        title = names(table)[0]
        await deck.press("x")
        await deck.wait(lambda: any(title in news for news in deck.news), "why it cannot be")
        assert "ended" in deck.text


async def test_a_job_without_children_says_so(stage: Stage):
    """An empty panel says why it is empty."""
    async with Deck.loaded(stage) as deck:
        await open_children(deck, "train-first")
        assert "This job has no children." in deck.text


async def test_children_without_mlflow_are_listed_and_say_what_is_missing(stage: Stage):
    """Metrics come from another service, which may fail by itself."""
    async with Deck.loaded(stage) as deck:
        stage.world.faults.add("Mlflow_RunsSearch", "403", times=100)
        table = await open_children(deck, "depth-sweep")
        assert len(table.rows) > 1
        assert "metrics of the children are missing" in deck.status


@pytest.mark.parametrize("size", [NARROW])
async def test_narrow(stage: Stage, size: tuple[int, int]):
    """All tabs have a name in the header, and the leaderboard its metric."""
    async with Deck.loaded(stage, size=size) as deck:
        await open_children(deck, "depth-sweep")
        for title in ("Over", "Metr", "Logs", "[Kids]"):
            assert title in deck.header
