"""What may not be changed is not changed, and what is protected is not changed by one key."""

from __future__ import annotations

import pytest
from textual import events

from amltui.azure.client import AzureClient
from amltui.azure.guard import Guard
from amltui.ui.screens.confirm import Confirm
from tests.stage import Stage
from tests.ui.deck import Deck


async def test_no_key_changes_anything_when_read_only(stage: Stage):
    """It is told in the header, and by whatever key asks for a change."""

    async def connect() -> AzureClient:
        client = await stage.connect()
        client.guard = Guard(read_only=True)
        return client

    async with Deck.loaded(stage, first="compute", connect=connect) as deck:
        assert "read-only" in deck.header
        for key in ("S", "R", "s", "n"):
            await deck.go_to("kim-dev")
            await deck.press(key)
            await deck.shows("amltui is read-only: nothing is changed")
            assert len(deck.app.screen_stack) == 1
        assert not [r for r in stage.requests if r.method in {"PUT", "PATCH", "DELETE"}]
        assert not stage.sent("POST", "/stop")


async def test_a_guard_that_comes_late_still_holds(stage: Stage):
    """What was agreed to before is stopped where it is sent, and is told."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        assert deck.app.session is not None
        deck.app.session.azure.guard = Guard(read_only=True)
        await deck.agree()
        await deck.shows("kim-dev was not stopped", "read-only")
        assert not stage.sent("POST", "/stop")


async def test_in_a_protected_workspace_enter_is_not_enough(stage: Stage):
    """The name of the thing and of the workspace are typed first; a wrong letter is none."""
    async with Deck.loaded(stage, first="compute") as deck:
        deck.app.protected = frozenset({"calm-ws"})
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("type  stop kim-dev calm-ws  to confirm")
        await deck.wait(lambda: getattr(deck.app.screen, "seen", False))
        await deck.press("enter", "x", "s", "t", "enter")
        assert "Stop kim-dev?" in deck.text
        assert not stage.sent("POST", "/stop")
        await deck.press("backspace", "backspace")
        await deck.agree()
        await deck.wait(lambda: stage.sent("POST", "/kim-dev/stop"))


async def test_a_phrase_typed_at_once_is_taken_whole(stage: Stage):
    """Enter is looked at behind the letters, and a `c` in the phrase is no key."""
    async with Deck.loaded(stage) as deck:
        deck.app.protected = frozenset({"calm-ws"})
        await deck.go_to("train-baseline")
        await deck.press("x")
        await deck.shows("type  cancel", "calm-ws  to confirm")
        dialog = deck.app.screen
        assert isinstance(dialog, Confirm)
        await deck.wait(lambda: dialog.seen)
        for letter in f"{dialog.phrase}\r":
            deck.app.post_message(events.Key("enter" if letter == "\r" else letter, letter))
        await deck.wait(lambda: stage.sent("POST", "/cancel"), "the job to be canceled")
        assert "Copied" not in deck.text


async def test_words_for_an_action_are_no_phrase_for_the_workspace(stage: Stage):
    """A tag is typed first, and then what a protected workspace asks for."""
    async with Deck.loaded(stage) as deck:
        deck.app.protected = frozenset({"calm-ws"})
        await deck.go_to("train-first")
        await deck.press("e")
        await deck.shows("Tag train-first?")
        await deck.type("team=vision")
        await deck.agree()
        await deck.shows("calm-ws  to confirm")
        await deck.wait(lambda: getattr(deck.app.screen, "seen", False))
        await deck.press("enter")
        assert not stage.sent("PATCH", "")
        await deck.agree()
        await deck.wait(lambda: stage.sent("PATCH", ""), "the tag")


@pytest.mark.scenario("busy_night")
async def test_several_at_once_are_confirmed_by_their_number(stage: Stage):
    """Not by Enter alone."""
    async with Deck.loaded(stage, first="compute") as deck:
        for name in ("kim-a10", "intern-1"):
            await deck.go_to(name)
            await deck.press("space")
        await deck.press("S")
        await deck.shows("Stop 2?", "type  stop 2  to confirm")
        await deck.wait(lambda: getattr(deck.app.screen, "seen", False))
        await deck.press("enter")
        assert not stage.sent("POST", "/stop")
        await deck.agree()
        await deck.wait(lambda: len(stage.sent("POST", "/stop")) == 2)


async def test_a_lock_is_named_as_the_reason(stage: Stage):
    """The scope that is locked, and what was not done."""
    async with Deck.loaded(stage, first="compute") as deck:
        assert deck.app.session is not None
        path = f"{stage.place.path}/providers/Microsoft.Authorization/locks/keep"
        level = {"properties": {"level": "ReadOnly"}}
        await deck.app.session.azure.send("PUT", path, json=level, api_version="2020-05-01")
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        await deck.agree()
        await deck.shows("kim-dev was not stopped", "are locked")
