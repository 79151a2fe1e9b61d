"""What was set going is followed by the next start, should the dashboard be left before its end."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.stage import Stage
from tests.ui.deck import Deck


def text(path: Path) -> str:
    return path.read_text()


def put(path: Path, told: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(told)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "state" / "operations.json"


async def left_while_stopping(stage: Stage, kept: Path) -> None:
    """Stop an instance and leave before it has stopped."""
    async with again(stage, kept) as deck:
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        await deck.agree()
        await deck.wait(kept.exists, "it to be kept")
        await deck.press("q")
        await deck.shows("The next start tells the end")


@asynccontextmanager
async def again(stage: Stage, kept: Path) -> AsyncIterator[Deck]:
    async with Deck.loaded(stage, first="compute", unfinished=kept) as deck:
        yield deck


async def test_the_next_start_follows_it_to_its_end(stage: Stage, kept: Path):
    """Its row is marked, Activity names it with its age, its end is told, nothing is sent again."""
    await left_while_stopping(stage, kept)
    assert mode(kept) == 0o600
    assert "Bearer" not in text(kept)
    async with again(stage, kept) as deck:
        await deck.wait(lambda: "stopping" in deck.line("kim-dev", "instance"))
        await deck.press("at")
        await deck.shows("kim-dev stopping for")
        await deck.press("escape")
        await deck.until_shows("kim-dev stopped")
        assert "operations/" not in text(kept)
    assert len(stage.sent("POST", "/kim-dev/stop")) == 1
    async with again(stage, kept) as deck:
        assert deck.app.underway.operations.running == ()


async def test_an_end_that_came_meanwhile_is_told(stage: Stage, kept: Path):
    """Hours later the operation is over: so it is said, and so is the list."""
    await left_while_stopping(stage, kept)
    stage.world_clock.advance(3600)
    async with again(stage, kept) as deck:
        await deck.until_shows("kim-dev stopped")
        assert "Stopped" in deck.line("kim-dev", "instance")


async def test_what_the_service_has_forgotten_is_uncertain(stage: Stage, kept: Path):
    """Nobody knows how it ended, and nobody says that it failed."""
    await left_while_stopping(stage, kept)
    stage.world.faults.add("Compute_OperationsStatus", "404", times=None)
    async with again(stage, kept) as deck:
        await deck.until_shows("uncertain whether kim-dev was stopped", "is not known any more")
    assert "operations/" not in text(kept)


async def test_a_failure_is_told_as_one(stage: Stage, kept: Path):
    """With the service's reason, as if the dashboard had never been left."""
    stage.world.faults.add("Compute_Stop", "operation-fails")
    await left_while_stopping(stage, kept)
    async with again(stage, kept) as deck:
        await deck.until_shows("kim-dev was not stopped")


async def test_another_cloud_knows_nothing_of_it(stage: Stage, kept: Path):
    """An address of one is not asked at another, and waits for its own."""
    await left_while_stopping(stage, kept)
    put(kept, text(kept).replace("http://127.0.0.1:8000", "https://elsewhere"))
    async with again(stage, kept) as deck:
        assert deck.app.underway.operations.running == ()
    assert "elsewhere" in text(kept)


@pytest.mark.parametrize("told", ["{", "[]", '{"entries": 3}', '{"version": 7}'])
async def test_a_file_that_is_none_is_left_alone_and_told(stage: Stage, kept: Path, told: str):
    """What can be done goes on; that it is not kept is said in one sentence."""
    put(kept, told)
    async with again(stage, kept) as deck:
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        await deck.agree()
        await deck.until_shows("operations are not kept")
        await deck.until_shows("kim-dev stopped")
    assert text(kept) == told
