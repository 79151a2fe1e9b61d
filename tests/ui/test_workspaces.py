"""The list of workspaces: what one stands on."""

from __future__ import annotations

from tests.stage import Stage
from tests.ui.deck import Deck


async def test_a_workspace_is_described_with_what_it_stands_on(stage: Stage):
    """Enter looks at its jobs; `d` tells what is known of it."""
    async with Deck.loaded(stage, first="workspace") as deck:
        await deck.press("d")
        await deck.shows("key vault", "storage", "identity", "SystemAssigned", "Enabled")
