"""The tabs of a job's screen that tell everything: overview, timeline, JSON."""

from __future__ import annotations

import pytest

from amltui.domain.differing import last_that_worked
from tests.stage import Stage
from tests.ui.deck import NARROW, WIDE, Deck

HOSTILE = "[red]x[/] \x1b]0;owned\x07"


async def opened(deck: Deck, title: str, key: str = "enter") -> None:
    await deck.go_to(title)
    await deck.press(key)


@pytest.mark.scenario("busy_night")
async def test_the_overview_tells_cost_and_the_tree_of_the_error(stage: Stage):
    """A failed job: both codes of its error, its nodes times their price, its distribution."""
    async with Deck.loaded(stage) as deck:
        await opened(deck, "resnet152-bs512")
        await deck.shows("UserError: Execution failed", "└ UserScriptException")
        assert "2 nodes × $7.35/h × 3m, retail" in deck.line("cost", "~$")
        assert "PyTorch" in deck.line("distribution")


@pytest.mark.scenario("busy_night")
async def test_an_unknown_price_is_not_made_up(stage: Stage):
    """The sizes cannot be had: the cost is a question mark with the reason."""
    stage.world.faults.add("VirtualMachineSizes_List", "403", times=100)
    async with Deck.loaded(stage) as deck:
        await opened(deck, "resnet152-bs512")
        await deck.shows("? (the price of gpu-a100 is unknown)")


async def test_the_json_is_what_was_sent_of_both_services(stage: Stage):
    """`y` opens it, and again shows the other service's; search goes to what matches; c copies."""
    async with Deck.loaded(stage) as deck:
        await opened(deck, "train-first", "y")
        await deck.shows("Resource Manager's job", '"displayName": "train-first"')
        await deck.press("slash")
        await deck.type("COMPUTEID")
        await deck.press("enter")
        await deck.shows("line 1 of 1 that match")
        await deck.press("c")
        assert deck.app.clipboard.startswith("{\n")
        assert '"isArchived": false' in deck.app.clipboard
        await deck.press("y")
        await deck.shows("run history's run", '"rootRunId"')


async def test_a_hostile_name_is_literal_in_every_tab(stage: Stage):
    """Brackets are brackets and escapes are seen, not done."""
    async with Deck.loaded(stage) as deck:
        client = deck.app.session.azure  # type: ignore[union-attr]
        name = next(row.resource.name for row in deck.pane.table.rows if row.title == "train-first")
        body = {"displayName": HOSTILE, "tags": {HOSTILE: HOSTILE}, "description": HOSTILE}
        await client.workspace(stage.place).history("PATCH", f"/runs/{name}", body)
        await deck.press("r")
        await deck.until_shows("[red]x[/]")
        await opened(deck, "[red]x[/]", "y")
        await deck.shows("[red]x[/] \\u001b]0;owned\\u0007")
        for _ in range(3):
            await deck.press("[")
            await deck.settle()
            assert "\x1b" not in deck.text
        await deck.shows("[red]x[/]")


@pytest.mark.scenario("busy_night")
async def test_the_timeline_has_a_bar_for_each_phase_and_child(stage: Stage):
    """A pipeline: its own phases, then its steps below each other; also at 80 columns."""
    async with Deck.loaded(stage, size=NARROW) as deck:
        await opened(deck, "resnet-distill", "y")
        await deck.press("[")
        await deck.shows("[Time]", "┌─ timeline", "teacher_logits")
        assert deck.line("running", "█", "11m")
        assert deck.line("shuffle", "░")
        assert "3 children" in deck.status


async def test_the_timeline_ends_when_the_job_does(stage: Stage):
    """Cancelled from here: the bar stays, the screen says how it ended."""
    async with Deck.loaded(stage) as deck:
        await opened(deck, "train-baseline", "y")
        await deck.press("[", "x")
        await deck.shows("Cancel train-baseline?")
        await deck.agree()
        await deck.until_shows("Canceled", "running")
        assert deck.line("running", "█")


@pytest.mark.scenario("busy_night")
@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_what_changed_since_it_last_worked_is_one_key_away(
    stage: Stage, size: tuple[int, int]
):
    """`y d`: the members that differ from the last completed run; Esc shows everything again."""
    async with Deck.loaded(stage, size=size) as deck:
        await opened(deck, "resnet152-bs512", "y")
        await deck.shows('"displayName"')
        await deck.press("d")
        await deck.shows("+ this one", "properties.status", "- Completed", "+ Failed")
        assert '"displayName"' not in deck.text
        await deck.press("c")
        assert "properties.status\n- Completed\n+ Failed" in deck.app.clipboard
        await deck.press("y")
        await deck.shows("run history's run", "status")
        await deck.press("escape")
        await deck.shows('"rootRunId"')


@pytest.mark.scenario("busy_night")
async def test_differences_from_a_run_of_ones_choice(stage: Stage):
    """`D` asks for letters of its name; what cannot be read is told, and nothing is lost."""
    async with Deck.loaded(stage) as deck:
        await opened(deck, "resnet50-aug-lr1e3", "y")
        await deck.press("D")
        await deck.shows("what differs from")
        await deck.type("resnet50-aug-lr3e4")
        await deck.press("enter")
        await deck.shows("- resnet50-aug-lr3e4", "properties.command")
        stage.world.faults.add("Jobs_Get", "403", times=100)
        stage.world.faults.add("Runs_Get", "403", times=100)
        await deck.press("escape", "D")
        await deck.shows("what differs from")
        await deck.type("resnet50-base")
        await deck.press("enter")
        await deck.until(lambda: any("authorization" in text for text in deck.news))
        await deck.shows('"displayName": "resnet50-aug-lr1e3"')


async def test_a_first_run_has_nothing_to_differ_from(stage: Stage):
    """It is said, with the key that chooses another."""
    async with Deck.loaded(stage) as deck:
        known = [row.resource for row in deck.pane.table.rows]
        first = next(job for job in known if last_that_worked(job, known) is None)
        await opened(deck, first.title, "y")
        await deck.shows('"displayName"')
        await deck.press("d")
        await deck.until(lambda: any("D chooses another" in text for text in deck.news))
