"""`C`: what of a row can be copied, and that it is what it says."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.model import Model
from amltui.kinds.copies import copies
from amltui.kinds.kind import Row
from amltui.kinds.model import MODEL
from tests.stage import Stage
from tests.ui.deck import Deck


async def test_a_job_is_copied_in_every_way(stage: Stage):
    """Each line is on the screen before it is taken; a digit takes it."""
    async with Deck.loaded(stage) as deck:
        name = deck.cursor
        wanted = {
            "ARM id": f"/jobs/{name}",
            "az command": f"az ml job show -n {name} -w calm-ws",
            "studio link": "https://",
            "curl": "curl -H",
            "markdown": "| STATUS | NAME |",
            "name": name,
        }
        for what, text in wanted.items():
            await deck.press("C")
            await deck.shows("copy of", what)
            line = deck.line("│", what)
            await deck.press(next(each for each in line if each.isdigit()))
            await deck.wait(lambda text=text: text in deck.app.clipboard, what)
            await deck.wait(lambda: "copy of" not in "\n".join(deck.lines))


async def test_enter_takes_the_line_under_the_cursor(stage: Stage):
    async with Deck.loaded(stage) as deck:
        name = deck.cursor
        await deck.press("C")
        await deck.shows("copy of")
        await deck.press("enter")
        await deck.shows("Copied name")
        assert deck.app.clipboard == name


@pytest.mark.parametrize("key", ["escape", "q", "C"])
async def test_leaving_copies_nothing(stage: Stage, key: str):
    async with Deck.loaded(stage) as deck:
        await deck.press("C")
        await deck.shows("copy of")
        await deck.press(key)
        await deck.wait(lambda: "copy of" not in deck.text)
        assert deck.app.clipboard == ""


async def test_all_marked_rows_are_copied(stage: Stage):
    """A line for each; one table for all."""
    async with Deck.loaded(stage) as deck:
        await deck.press("space", "space", "C")
        await deck.shows("copy of 2 jobs")
        await deck.press("1")
        await deck.wait(lambda: deck.app.clipboard)
        assert deck.app.clipboard.splitlines() == deck.names[:2]


async def test_it_is_there_on_the_screen_of_a_job(stage: Stage):
    async with Deck.loaded(stage) as deck:
        name = deck.cursor
        await deck.press("enter")
        await deck.shows("[Overview]")
        await deck.press("C")
        await deck.shows("copy of")
        await deck.press("1")
        await deck.wait(lambda: deck.app.clipboard == name)


def test_what_is_pasted_into_a_shell_is_one_word() -> None:
    """However a resource is called: the shell runs nothing of it, and one line stays one."""
    place = WorkspaceId("s", "g", "w")
    name = "m'; rm -rf ~\n$(id)|"
    model = Model(place, "plain", "3")
    rows = [Row(replace(model, name=name), datetime.now(UTC))]
    found = {each.what: each.text for each in copies(MODEL, rows, "https://arm", "1")}
    words = shlex.split(found["az command"])
    assert words[:6] == ["az", "ml", "model", "show", "-n", "m'; rm -rf ~ $(id)|"]
    assert words[-1] == "s"
    assert len(shlex.split(found["curl"])) == 4
    assert found["markdown"].splitlines()[2].count(" | ") == len(MODEL.columns) - 1
