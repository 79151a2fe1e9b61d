"""Nothing is written to the terminal when nothing has changed."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.widgets import Input

from amltui.ui.panes import OPENINGS, Opening
from amltui.ui.widgets.resource_table import ResourceTable
from tests.stage import Stage
from tests.ui.deck import Deck


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the program writes, as it would to a terminal."""
    pieces: list[str] = []
    monkeypatch.setattr(HeadlessDriver, "is_headless", property(lambda self: False))
    monkeypatch.setattr(HeadlessDriver, "write", lambda self, data: pieces.append(data))
    return pieces


async def quiet(deck: Deck, written: list[str]) -> None:
    """Until a while has passed in which nothing was written."""
    count = -1
    while count != len(written):
        count = len(written)
        await deck.pilot.pause(0.15)
    written.clear()


def overview_age(deck: Deck) -> float:
    """Seconds since the oldest part of what all workspaces have told."""
    assert deck.app.session is not None
    oldest = deck.app.session.overview.latest.oldest
    assert oldest is not None
    return (deck.stage.clock.now() - oldest).total_seconds()


@pytest.mark.parametrize(("first", "step"), [("compute", 18), ("model", 70), ("workspace", 140)])
async def test_answers_that_bring_nothing_new_write_nothing(
    stage: Stage, written: list[str], first: str, step: float
):
    """Three polls within a minute, or within an hour for what is told in hours: not a byte."""
    async with Deck.loaded(stage, first=first) as deck:
        await deck.knows_burn()
        await quiet(deck, written)
        asked = len(stage.requests)
        for _ in range(3):
            await stage.clock.advance(step)
            await deck.pilot.pause(0.02)
            await deck.wait(lambda: overview_age(deck) <= 120, "answers of all workspaces")
        assert len(stage.requests) >= asked + 3
        assert written == []


@pytest.mark.scenario("busy_night")
@pytest.mark.parametrize("opening", OPENINGS, ids=lambda opening: opening.name)
async def test_a_screen_rests_though_time_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, opening: Opening
):
    """No widget tells another of what it has just been told of by it, again and again.

    The clock of the other tests stands still, and with it all that is as old as it was.
    """
    async with Deck.open(stage, first="pulse") as deck:
        await deck.wait(lambda: deck.app.overview is not None)
        await deck.press(opening.key)
        await deck.wait(lambda: deck.app.pane is not None and deck.app.pane.id == opening.name)
        begin, ticks = stage.clock.now(), count()
        monkeypatch.setattr(
            deck.app.clock, "now", lambda: begin + timedelta(microseconds=next(ticks))
        )
        tables = list(deck.app.pane.query(ResourceTable)) if deck.app.pane is not None else []
        told: list[object] = []
        show = ResourceTable.show
        monkeypatch.setattr(
            ResourceTable, "show", lambda *given, **more: (told.append(0), show(*given, **more))[1]
        )
        await deck.press("j", "k", "r")
        await deck.pilot.pause(0.3)
        told.clear()
        for _ in range(20):
            await deck.settle()
        assert tables
        assert len(told) <= 20


async def test_a_job_list_whose_jobs_stand_still_writes_nothing(stage: Stage, written: list[str]):
    """Ages are told as of the answer, in minutes: within a minute nothing moves."""
    async with Deck.loaded(stage) as deck:
        await deck.knows_burn()
        await stage.clock.advance(12)
        await quiet(deck, written)
        asked = len(stage.requests)
        for _ in range(4):
            await stage.clock.advance(11)
            await deck.pilot.pause(0.02)
        assert len(stage.requests) > asked + 2
        assert written == []


async def test_one_changed_cell_writes_its_line_only(stage: Stage, written: list[str]):
    """A state that changes costs hundreds of bytes, not the whole list."""
    async with Deck.loaded(stage, first="compute") as deck:
        await quiet(deck, written)
        world = stage.world
        held = world.compute(next(iter(world.workspaces.values())), "li-nb")
        assert held is not None
        changed = held.switched("Start", world.now)
        assert changed is not None
        world.put(changed)
        await deck.wait(lambda: "Stopped" in deck.line("li-nb"))
        await deck.press("r")
        await deck.wait(lambda: "Starting" in deck.line("li-nb"))
        await deck.pilot.pause(0.1)
        size = sum(map(len, written))
        assert 0 < size < 2500


async def test_moving_the_cursor_writes_two_lines_and_the_preview(stage: Stage, written: list[str]):
    """A key press over SSH is a packet or two."""
    async with Deck.loaded(stage, first="compute") as deck:
        await quiet(deck, written)
        await deck.press("j")
        await deck.pilot.pause(0.1)
        text = "".join(written)
        assert "li-nb" not in text
        assert 0 < len(text) < 6000


async def test_metrics_that_stand_still_write_nothing(stage: Stage, written: list[str]):
    """A job that logs no more is asked about, and its charts are not written again."""
    async with Deck.loaded(stage) as deck:
        await deck.press("m")
        await deck.shows("[Metrics]", "last ")
        await stage.clock.advance(6)
        await quiet(deck, written)
        asked = len(stage.requests)
        for _ in range(4):
            await stage.clock.advance(3)
            await deck.pilot.pause(0.02)
        assert len(stage.requests) >= asked + 4
        assert written == []


BLINK = 0.5
"""Seconds between two blinks of a cursor, where cursors blink."""


@pytest.mark.parametrize(
    ("first", "key"),
    [("job", "/"), ("job", ":"), ("job", "w"), ("job", "e"), ("job", "v"), ("compute", "n")],
)
async def test_where_text_is_typed_nothing_is_written_between_letters(
    stage: Stage, written: list[str], first: str, key: str
):
    async with Deck.loaded(stage, first=first) as deck:
        await deck.knows_burn()
        await deck.press(key)
        await deck.wait(lambda: isinstance(deck.app.focused, Input), "a line to type in")
        await quiet(deck, written)
        await deck.pilot.pause(1.5 * BLINK)
        assert written == []
