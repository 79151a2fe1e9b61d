"""What the dashboard sends for what a user does, held to the goals for a thin link."""

from __future__ import annotations

from statistics import median

import pytest
from msgspec.structs import replace

from amltui.emulator.jobs.series import Point
from amltui.feeds.board import View
from amltui.ui import resource_pane
from tests.stage import Stage
from tests.ui.deck import Deck
from tests.ui.frames.screens import Screen

START, ROW, PAGE, STATUS, LIVE = 15_000, 500, 3_100, 90, 200
"""Bytes at most: until the first screen is filled, for a key each, a run's status, a second.

The goal for a page is 3,000; nine tenths of this one are the text of its rows.
"""

pytestmark = pytest.mark.scenario("busy_night")


async def _after(deck: Deck, screen: Screen, *keys: str) -> list[int]:
    """The bytes that follow each key at once."""
    sizes = []
    for key in keys:
        before = screen.written
        await deck.press(key)
        await deck.pilot.pause()
        sizes.append(screen.written - before)
    return sizes


async def _filled(stage: Stage, deck: Deck) -> None:
    await stage.until(lambda: deck.pane.is_filled, "the rows to be filled")
    await deck.pilot.pause()


async def test_a_start(stage: Stage, screen: Screen) -> None:
    """Until every row on the screen has all its cells."""
    async with Deck.loaded(stage) as deck:
        await _filled(stage, deck)
        assert screen.written <= START


async def test_rows_and_pages(
    stage: Stage, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows cost the same where the list scrolls under the cursor; the preview waits for it to rest.

    Both are counted without trends that are still to be fetched, a page with its preview.
    """
    monkeypatch.delenv("COLORTERM")  # 256 colours; in full they take some 30 bytes a key more
    async with Deck.loaded(stage) as deck:
        await _filled(stage, deck)

        def preview() -> list[str]:
            return deck.lines[-10:-2]

        for seconds in ("LINGER", "HELD"):
            monkeypatch.setattr(resource_pane, seconds, 60.0)
        before = preview()
        with monkeypatch.context() as untold:  # no trends: they come when they come
            untold.setattr(deck.pane.source, "look_at", lambda rows: None)
            sizes = await _after(deck, screen, *["down"] * 25)
        assert deck.pane.table.window.top > 0, sizes
        assert median(sizes) <= ROW, sizes
        assert max(sizes) <= 3 * ROW, sizes  # wide characters are written anew
        assert preview() == before

        await _after(deck, screen, "pagedown")
        await _filled(stage, deck)
        await _after(deck, screen, "pageup")
        monkeypatch.setattr(resource_pane, "HELD", 0.0)
        before = preview()
        assert await _after(deck, screen, "pagedown") <= [PAGE]
        assert preview() != before


async def test_a_status(stage: Stage, screen: Screen) -> None:
    """One run's status: its cells and the header's count in one frame; nothing off the screen."""
    async with Deck.loaded(stage) as deck:
        await _filled(stage, deck)
        seen = deck.pane.table.window.visible
        unseen = [row for row in deck.pane.table.rows if row not in seen]

        async def changed(key: str, status: str) -> tuple[int, int]:
            """Bytes and writes."""
            before = screen.written, screen.writes
            deck.pane.source.view = View(
                {
                    place: replace(
                        part,
                        items=tuple(
                            replace(job, status=status) if job.key == key else job
                            for job in part.items
                        ),
                    )
                    for place, part in deck.pane.source.view.parts.items()
                }
            )
            deck.pane.repaint_rows()
            await deck.settle()
            await deck.pilot.pause()
            return screen.written - before[0], screen.writes - before[1]

        running = next(row for row in seen[1:] if row.resource.status == "Running")
        tally = deck.header
        size, writes = await changed(running.resource.key, "Preparing")
        assert deck.header != tally
        assert 0 < size <= STATUS
        assert writes == 1
        ended = next(row for row in unseen if row.resource.status == "Completed")
        assert await changed(ended.resource.key, "Canceled") == (0, 0)


@pytest.mark.scenario("calm")
async def test_a_live_metric(stage: Stage, screen: Screen) -> None:
    """A value is logged every second, under two metrics that grow by themselves."""
    (workspace,) = stage.world.workspaces.values()
    stage.world.enter(workspace)
    jobs = stage.world.jobs
    record = next(
        job
        for job in jobs.of(workspace.id).newest_first(stage.world.now)
        if job.display_name == "train-baseline"
    )

    def log(step: int) -> None:
        jobs.log(record, [("bench", Point(step, 1 / (1 + step), stage.world.now))])

    async with Deck.loaded(stage) as deck:
        await deck.go_to("train-baseline")
        for step in range(30):
            log(step)
        await deck.press("m")
        await deck.press("home", "down")
        await deck.shows("[Metr", ">bench")
        before, seconds = screen.written, 40
        for step in range(30, 30 + seconds):
            log(step)
            await stage.advance(1.0)
            await deck.pilot.pause()
        assert deck.line("last 0.01", "@ 6")
        assert (screen.written - before) / seconds <= LIVE


async def test_nothing_changes(stage: Stage, screen: Screen) -> None:
    """Answers that say the same, and the repaints they cause, send nothing at all."""
    async with Deck.loaded(stage) as deck:
        await _filled(stage, deck)
        before = screen.written
        deck.pane.repaint_rows()
        deck.app.refresh(repaint=True, layout=True)
        await deck.settle()
        await deck.pilot.pause()
        assert screen.written == before
