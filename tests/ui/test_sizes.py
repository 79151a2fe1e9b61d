"""Every size of terminal ends in something that can be read."""

from __future__ import annotations

import pytest

from amltui.kinds.format import duration
from amltui.kinds.registry import KINDS
from tests.stage import Stage
from tests.ui.deck import Deck


@pytest.mark.parametrize("size", [(40, 10), (59, 30), (200, 15), (10, 3)])
async def test_a_terminal_that_is_too_small_is_told_what_is_needed(
    stage: Stage, size: tuple[int, int]
):
    """A notice instead of a heap of fragments."""
    async with Deck.open(stage, size=size) as deck:
        await deck.wait(lambda: "2 Jobs" not in deck.text)
        assert "60" in deck.text or size[0] < 20
        assert deck.app.is_running


async def test_a_terminal_that_grows_shows_everything_again(stage: Stage):
    """And what was going on is still there."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.pilot.resize_terminal(40, 10)
        await deck.shows("amltui needs a terminal of 60×16")
        await deck.pilot.resize_terminal(120, 36)
        await deck.shows("3 Compute", ">instance")
        assert deck.cursor == "kim-dev"


async def test_keys_do_nothing_where_nothing_can_be_seen(stage: Stage):
    """Nobody stops an instance behind a notice; q still quits."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.pilot.resize_terminal(40, 10)
        await deck.shows("amltui needs a terminal")
        await deck.press("S", "enter", "2", "slash", "w", "question_mark")
        assert len(deck.app.screen_stack) == 2
        await deck.pilot.resize_terminal(120, 36)
        await deck.shows("3 Compute")
        assert not stage.sent("POST", "/stop")
        assert deck.cursor == "kim-dev"


@pytest.mark.scenario("busy_night")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("size", [(60, 16), (80, 24), (100, 30), (250, 20)])
async def test_every_list_can_be_read_at_every_size(stage: Stage, size: tuple[int, int], kind):  # type: ignore[no-untyped-def]
    """Header, a row, keys and status; every line is as wide as the terminal."""
    async with Deck.loaded(stage, size=size, first=kind.name) as deck:
        assert all(len(line) <= size[0] for line in deck.lines)
        assert len(deck.lines) == size[1]
        assert "ALL WORKSPACES (5)" in deck.header
        assert "live" in deck.header
        first = deck.pane.table.rows[0].title
        assert deck.line(">", first[:12])
        assert "? help" in deck.lines[-2]
        assert "ok" in deck.status


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 50)])
@pytest.mark.parametrize("key", ["enter", "m", "l"])
async def test_the_tabs_of_a_job_can_be_read_at_every_size(
    stage: Stage, size: tuple[int, int], key: str
):
    """Tab and state of the job are in the header; there is content under it."""
    async with Deck.loaded(stage, size=size) as deck:
        await deck.press(key)
        await deck.wait(lambda: "● live" in deck.header)
        assert "[" in deck.header
        assert "●" in deck.header
        assert all(len(line) <= size[0] for line in deck.lines)


async def test_narrow_terminals_put_the_chart_under_the_table(stage: Stage):
    """At 80 columns both have the whole width."""
    async with Deck.loaded(stage, size=(80, 24)) as deck:
        await deck.press("m")
        await deck.shows("TREND", "LAST", "BEST", "last ")
        await deck.wait(lambda: any("┤" in line for line in deck.lines))
        axis = next(line for line in deck.lines if "┤" in line)
        assert axis.index("┤") < 14


async def test_a_job_keeps_its_name_and_its_time_at_80_columns(stage: Stage):
    """No cell of the header is left empty while the name is cut; the time is at the foot."""
    async with Deck.loaded(stage, size=(80, 24)) as deck:
        await deck.go_to("train-baseline")
        await deck.press("enter")
        await deck.wait(lambda: "● live" in deck.header)
        assert deck.header.startswith(" train-baseline ›  [Over] ")
        job = deck.app.screen.row.resource  # type: ignore[attr-defined]
        ran = duration(job.seconds(stage.clock.now()))
        assert deck.status.endswith(f" {ran} ")
