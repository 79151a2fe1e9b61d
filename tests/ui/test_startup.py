"""From nothing on the screen to rows, and what is said when there will be none."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from amltui.azure.errors import NotAllowed, NotSignedIn, Unreachable
from amltui.domain.place import Wish
from amltui.kinds.registry import KINDS
from tests.stage import Stage
from tests.ui.deck import Deck


async def test_the_first_screen_is_painted_before_anybody_has_answered(stage: Stage):
    """A frame with its title and the reason for the blank in it comes first."""
    never = asyncio.Event()

    async def connect():  # type: ignore[no-untyped-def]
        await never.wait()

    async with Deck.open(stage, connect=connect) as deck:
        assert "2 Jobs" in deck.text
        assert "Signing in …" in deck.text
        assert "signing in" in deck.header


@pytest.mark.scenario("busy_night")
async def test_rows_of_every_workspace_come_and_the_header_counts_them(stage: Stage):
    """Five workspaces are shown as one list, and the header says so."""
    async with Deck.loaded(stage) as deck:
        assert "ALL WORKSPACES (5)" in deck.header
        assert "live 10s" in deck.header
        assert "79 jobs in 5 workspaces" in deck.text
        assert {row.resource.workspace.name for row in deck.pane.table.rows} == {
            "vision-prod", "nlp-dev", "edu-lab", "risk-prod", "contoso-dev"
        }  # fmt: skip


async def test_one_workspace_is_named_and_its_column_left_out(stage: Stage):
    """With one workspace there is nothing to tell apart."""
    async with Deck.loaded(stage) as deck:
        assert "calm-ws" in deck.header
        assert "WORKSPACE" not in deck.text


async def test_a_place_that_was_named_in_full_is_not_looked_for(stage: Stage):
    """Three names are an address: no list of workspaces is asked for."""
    place = stage.place
    wish = Wish(place.subscription_id, place.resource_group, place.name)
    async with Deck.loaded(stage, wish=wish):
        assert not stage.sent("POST", "/resources")


async def test_without_a_credential_a_sentence_says_so_and_ctrl_r_tries_again(stage: Stage):
    """Only the user can help, and is told how."""
    tries = []

    async def connect():  # type: ignore[no-untyped-def]
        tries.append(1)
        if len(tries) == 1:
            raise NotSignedIn("Nobody is signed in: run `az login`, then try again.")
        return await stage.connect()

    async with Deck.open(stage, connect=connect) as deck:
        await deck.shows("Nobody is signed in: run `az login`", "ctrl+r tries again")
        assert "no session" in deck.header
        await stage.advance(600)
        assert tries == [1]
        await deck.press("ctrl+r")
        await deck.wait(deck.is_loaded)
        assert "train-baseline" in deck.text
        assert "Nobody" not in deck.text


async def test_a_service_that_cannot_be_reached_is_asked_again_by_itself(stage: Stage):
    """A network that comes back needs no key."""
    tries = []

    async def connect():  # type: ignore[no-untyped-def]
        tries.append(1)
        if len(tries) < 3:
            raise Unreachable("management.azure.com cannot be reached: no route to host")
        return await stage.connect()

    async with Deck.open(stage, connect=connect) as deck:
        await deck.shows("no route to host", "Asking again in 2 s")
        await deck.until(deck.is_loaded, "rows after two failures")


async def test_a_refused_list_of_workspaces_closes_what_was_opened(stage: Stage):
    """A client that leads nowhere is not left behind, and every try gets its own."""
    opened, closed = [], []

    async def connect():  # type: ignore[no-untyped-def]
        client = await stage.connect()
        opened.append(client)
        close = client.aclose

        async def aclose() -> None:
            closed.append(client)
            await close()

        client.aclose = aclose  # type: ignore[method-assign]
        return client

    stage.world.faults.add("ResourceGraph_Query", "403", times=100)
    stage.world.faults.add("Subscriptions_List", "403", times=100)
    async with Deck.open(stage, connect=connect) as deck:
        await deck.shows("does not have authorization")
        assert closed == opened
        await deck.press("ctrl+r")
        await deck.wait(lambda: len(closed) == 2)
        assert closed == opened


async def test_a_workspace_that_does_not_exist_ends_in_a_sentence(stage: Stage):
    """The nearest name is offered."""
    async with Deck.open(stage, wish=Wish(workspace="calm-wz")) as deck:
        await deck.shows("calm-wz", "did you mean calm-ws?")


def test_the_first_frame_waits_for_nothing_that_it_does_not_show():
    """The HTTP client, the sign-in, the charts, the other kinds and screens are not on the way.

    Nor are dataclasses of the program: to make one takes as long as to import a small module.
    """
    program = """
import asyncio, dataclasses, sys
made = []
make = dataclasses._process_class

def noting(cls, *options, **more):
    made.append(f"{cls.__module__}.{cls.__qualname__}")
    return make(cls, *options, **more)

dataclasses._process_class = noting
from amltui.ui.app import Dashboard
slow = (
    "httpx", "azure.identity", "plotext", "msal", "starlette", "argparse", "tomllib",
    "amltui.azure.client", "amltui.azure.computes", "amltui.domain.compute", "amltui.domain.log",
    "amltui.domain.overview",
    "amltui.feeds.store", "amltui.kinds.compute", "amltui.kinds.metric", "amltui.kinds.remedy",
    "amltui.ui.charts", "amltui.ui.palette", "amltui.ui.screens", "amltui.ui.tabs",
)
seen = []

paint = Dashboard._display

def watched(self, screen, renderable):
    if not seen:
        seen.append([name for name in slow if name in sys.modules])
        seen[0].extend(name for name in made if name.startswith("amltui"))
    paint(self, screen, renderable)

Dashboard._display = watched

async def connect():
    await asyncio.Event().wait()

async def main():
    async with Dashboard(connect).run_test() as pilot:
        await pilot.pause()

asyncio.run(main())
print(seen)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stderr == ""
    assert ran.stdout.strip() == "[[]]"


def test_every_kind_has_a_key_of_its_own():
    """No two screens are opened by one key."""
    assert len({kind.key for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("error", [NotAllowed("No role here."), NotSignedIn("[bold]Expired[/]")])
async def test_what_the_service_says_is_shown_literally(stage: Stage, error: Exception):
    """A sentence with brackets is no markup."""

    async def connect():  # type: ignore[no-untyped-def]
        raise error

    async with Deck.open(stage, connect=connect) as deck:
        await deck.shows(str(error))
