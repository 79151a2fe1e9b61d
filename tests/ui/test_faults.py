"""A service in trouble: the last rows stay, the reason is told, and nothing is given up."""

from __future__ import annotations

import pytest

from tests.stage import Stage
from tests.ui.deck import NARROW, Deck

FAULTS = [
    ("429", "throttled"),
    ("500", "internal error"),
    ("html502", "502"),
    ("html504", "504"),
    ("401", "token"),
    ("403", "authorization"),
    ("truncated", "JSON"),
    ("reset", "cut"),
]


@pytest.mark.parametrize(("fault", "word"), FAULTS)
async def test_a_list_that_fails_keeps_its_rows_says_why_and_recovers(
    stage: Stage, fault: str, word: str
):
    """The same for every way to fail."""
    async with Deck.loaded(stage, first="compute") as deck:
        names = deck.names
        stage.world.faults.add("Compute_List", fault, times=10_000)
        await deck.press("r")
        await deck.until(lambda: "stale" in deck.header)
        assert deck.names == names
        assert word.lower() in deck.status.lower(), deck.status
        assert "stale" in deck.status
        assert "retry in" in deck.status
        dimmed = deck.pane.table.render_line(3)
        assert any(segment.style and segment.style.dim for segment in dimmed)
        stage.world.faults.faults.clear()
        await deck.until(lambda: "live" in deck.header)
        assert "stale" not in deck.text
        assert deck.names == names


@pytest.mark.parametrize(("fault", "word"), FAULTS)
async def test_a_list_that_never_came_says_why_in_its_place(stage: Stage, fault: str, word: str):
    """No rows and no blank: a sentence; then the rows."""
    stage.world.faults.add("Compute_List", fault, times=10_000)
    async with Deck.open(stage, first="compute") as deck:
        await deck.until(lambda: "no data" in deck.header)
        body = " ".join(deck.lines[3:12]).lower()
        assert word.lower() in body or fault == "429", body
        assert "Traceback" not in deck.text
        stage.world.faults.faults.clear()
        await deck.until(deck.is_loaded)
        assert "kim-dev" in deck.names


async def test_the_pause_that_a_throttled_service_asks_for_is_kept(stage: Stage):
    """Retry-After holds, also against a user who presses r."""
    async with Deck.loaded(stage, first="model") as deck:
        stage.world.faults.add("ModelContainers_List", "429", times=1, retry_after=90)
        await deck.until(lambda: "throttled" in deck.status)
        asked = len(stage.sent("GET", "/models"))
        for _ in range(8):
            await deck.press("r")
            await deck.stage.advance(9)
            await deck.settle()
        assert len(stage.sent("GET", "/models")) == asked
        await deck.until(lambda: "live" in deck.header)


@pytest.mark.scenario("busy_night")
async def test_one_workspace_in_trouble_does_not_hide_the_others(stage: Stage):
    """Its rows are dimmed and named in the status line; the rest stays fresh."""
    async with Deck.loaded(stage, first="model", size=NARROW) as deck:
        place = "nlp-dev"
        feeds = deck.pane.source.board.feeds
        key = next(key for key in feeds if key.endswith(place))
        ask = feeds[key].fetch

        async def broken():  # type: ignore[no-untyped-def]
            from amltui.azure.errors import Throttled

            raise Throttled("Too many requests.", retry_after=40)

        feeds[key].fetch = broken
        await deck.press("r")
        await deck.until(lambda: f"{place} stale" in deck.status and "throttled" in deck.status)
        assert "4 ok" in deck.status
        stale = {row.resource.workspace.name for row in deck.pane.table.rows if row.stale}
        assert stale == {place}
        feeds[key].fetch = ask
        await deck.until(lambda: "live" in deck.header)


async def test_a_trend_that_fails_leaves_the_row_alone(stage: Stage):
    """The metric service may be down: jobs are listed all the same."""
    stage.world.faults.add("Metrics_GetFull", "500", times=10_000)
    stage.world.faults.add("Mlflow_RunsGet", "500", times=10_000)
    async with Deck.loaded(stage) as deck:
        for _ in range(20):
            await deck.stage.advance(5)
            await deck.settle()
        assert "live" in deck.header
        assert "train-baseline" in deck.text


async def test_an_empty_workspace_says_what_to_do(stage: Stage):
    """Nothing there is not nothing said."""
    world = stage.world
    place = next(iter(world.workspaces.values()))
    world.computes(place).clear()
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.shows("No computes here", "az ml compute create")
        assert "0 computes" in deck.text
