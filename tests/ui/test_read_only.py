"""Read-only holds for every key of every list, and for what is sent by any other way."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from amltui.azure.client import AzureClient
from amltui.azure.errors import AzureError
from amltui.azure.guard import Guard
from amltui.kinds.kind import Action, Kind, Unusable
from amltui.kinds.registry import KINDS
from tests.stage import Stage
from tests.ui.deck import Deck

CHANGEABLE = [kind for kind in KINDS if kind.actions]
QUESTIONS = (
    "/resources",
    "/query",
    "/search",
    "/get-metric-history",
    "/listnodes",
    "/getallowedvmsizesforresize",
    "/list",
    "/sample",
    "/full",
    "/batch",
    "/token",
)
"""How the paths of POSTs end that ask and change nothing."""
pytestmark = [
    pytest.mark.scenario("busy_night"),
    pytest.mark.parametrize("kind", CHANGEABLE, ids=lambda kind: kind.name),
]


def changing(stage: Stage) -> list[str]:
    """What has arrived at the service that is no question."""
    return [
        f"{each.method} {each.url.path}"
        for each in stage.requests
        if each.method not in {"GET", "HEAD"}
        and not (
            each.method == "POST" and each.url.path.lower().replace(":", "/").endswith(QUESTIONS)
        )
    ]


def filled(action: Action[Any]) -> Action[Any]:
    """The action with words that it takes, where it asks for some."""
    for words in ("1", "team=vision", "add stop 0 19 * * 1-5"):
        if action.prompt is not None:
            with suppress(Unusable):
                return action.prompt.made(words)
    return action


async def read_only(stage: Stage) -> AzureClient:
    client = await stage.connect()
    client.guard = Guard(read_only=True)
    return client


async def test_no_key_of_a_list_changes_anything(stage: Stage, kind: Kind[Any]):
    """Each key that would says why it does not, for one row and for all that are marked."""

    async def connect() -> AzureClient:
        return await read_only(stage)

    async with Deck.loaded(stage, first=kind.name, connect=connect) as deck:
        for marks in ((), ("asterisk",)):
            await deck.press(*marks)
            for action in kind.actions:
                if action.key:
                    await deck.press(action.key)
                    await deck.shows("amltui is read-only: nothing is changed")
                    assert len(deck.app.screen_stack) == 1, action.name
    assert changing(stage) == []


async def test_no_action_gets_past_the_guard(stage: Stage, kind: Kind[Any]):
    """Whoever runs one, for whichever row: the client sends nothing that changes anything."""
    client = await read_only(stage)
    async with Deck.loaded(stage, first=kind.name) as deck:
        rows = [row.resource for row in deck.pane.table.rows]
        refused = 0
        told = [filled(each) for each in kind.actions if each.form is None and each.draft is None]
        for action in told:
            for resource in rows[:6]:
                try:
                    await action.run(client.workspace(resource.workspace), resource)
                except AzureError:
                    refused += 1
        assert refused
    await client.aclose()
    assert changing(stage) == []
