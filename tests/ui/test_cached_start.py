"""A start shows what the last run knew, says how old that is, and asks again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from amltui.azure.errors import Unreachable
from amltui.feeds.cache.file import CacheFile
from amltui.feeds.cache.memory import Memory
from amltui.kinds.registry import KINDS
from tests.stage import Stage
from tests.ui.deck import Deck
from tests.waiting import PATIENCE

SHAPES = {kind.name: kind.resource for kind in KINDS if kind.resource is not None}
HOURS = 3 * 3600


@pytest.fixture
def file(tmp_path: Path) -> CacheFile:
    return CacheFile(tmp_path / "amltui" / "cache.sqlite3")


def memory_of(stage: Stage, file: CacheFile, entrance: str = "plainly") -> Memory:
    return Memory(file, entrance, SHAPES, stage.clock)


async def visit(stage: Stage, file: CacheFile, *keys: str, entrance: str = "plainly") -> Memory:
    """A run that fills its first screen, presses keys, and is left."""
    memory = memory_of(stage, file, entrance)
    async with Deck.loaded(stage, memory=memory) as deck:
        await deck.press(*keys)
        await deck.wait(deck.is_loaded)
        deck.app.exit()
    memory.leave(PATIENCE)
    return memory


async def never() -> None:
    await asyncio.Event().wait()


async def test_the_rows_of_the_last_run_are_there_before_anybody_has_answered(
    stage: Stage, file: CacheFile
):
    """Names, counts and workspace as they were, dimmed, with their age; nothing was asked."""
    await visit(stage, file)
    await stage.advance(HOURS)
    stage.requests.clear()
    async with Deck.open(stage, connect=never, memory=memory_of(stage, file)) as deck:
        await deck.shows("train-baseline")
        assert "cached 3h ago" in deck.header
        assert "calm-ws" in deck.header
        assert "signing in" in deck.status
        assert all(row.stale for row in deck.pane.table.rows)
        assert not stage.requests
