"""Lists of thousands: what is asked for, what is shown of how much, and who has filtered."""

from __future__ import annotations

import httpx
import pytest

from tests.stage import Stage
from tests.ui.deck import Deck


def asked(stage: Stage) -> dict[str, int]:
    return {
        "list": len(stage.sent("GET", "/jobs")),
        "search": len(stage.sent("POST", "/runs/search")),
    }


def begun(stage: Stage, since: int) -> list[httpx.Request]:
    """The requests that began a list, and did not go on with it."""
    return [
        request
        for request in stage.requests[since:]
        if request.url.path.endswith("/jobs") and "skiptoken" not in str(request.url).lower()
    ]


@pytest.mark.scenario("five_thousand_runs")
async def test_older_jobs_come_when_the_cursor_nears_the_end_and_not_before(stage: Stage):
    """A page at a time; refreshing keeps them and asks for the newest only."""
    async with Deck.loaded(stage) as deck:
        assert len(deck.names) == 100
        await deck.shows("100+ jobs")
        pages = asked(stage)["list"]
        for _ in range(3):
            await deck.press("pagedown")
        assert asked(stage)["list"] == pages
        await deck.press("G")
        await deck.until(lambda: len(deck.names) == 200)
        last = deck.names[99]
        assert deck.cursor == last
        await deck.shows("200+ jobs")
        before = len(stage.requests)
        await deck.until(lambda: len(begun(stage, before)) >= 3)
        assert len(deck.names) >= 200
        turned = [r for r in stage.requests[before:] if r.url.path.endswith("/jobs")]
        assert len(turned) <= pages * len(begun(stage, before))
        assert deck.cursor == last


@pytest.mark.scenario("hundred_thousand_runs")
async def test_of_a_hundred_thousand_the_service_finds_the_failures(stage: Stage):
    """One search for what is on the screen; words are looked for here, and that is said."""
    async with Deck.loaded(stage) as deck:
        await deck.press("slash")
        await deck.type("status:failed e")
        await deck.press("enter")
        await deck.until(
            lambda: asked(stage)["search"] == 1 and "status:failed" in deck.pane.view.served
        )
        await deck.shows("filtered by the service: status · here among 100 loaded: e")
        assert {row.resource.status for row in deck.pane.table.rows} == {"Failed"}
        await deck.press("slash")
        await deck.type("r")
        await deck.press("enter", "G")
        await deck.until(lambda: len(deck.pane.view.items) == 200)
        assert asked(stage)["search"] == 2  # the page behind it, and nothing again
        await deck.press("escape")
        await deck.until(lambda: deck.line("100+ jobs"))


@pytest.mark.scenario("five_thousand_runs")
async def test_an_order_is_told_to_be_one_of_what_is_loaded(stage: Stage):
    """The service cannot sort by what a column shows."""
    async with Deck.loaded(stage) as deck:
        await deck.press("greater_than_sign")
        await deck.shows("only the 100 loaded are sorted")


@pytest.mark.scenario("five_thousand_runs")
async def test_a_search_that_is_refused_is_filtered_here(stage: Stage):
    """And one that is throttled is tried again when the service said so."""
    stage.world.mlflow_attribute_filters = False
    async with Deck.loaded(stage) as deck:
        await deck.press("!")
        await deck.until(lambda: asked(stage)["search"] >= 1)
        await deck.until_shows("here among 100 loaded: status")
        assert {row.resource.status for row in deck.pane.table.rows} == {"Failed"}
