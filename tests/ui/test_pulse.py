"""Home: all workspaces at a glance, every line leading to its thing."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from amltui.domain import overview
from amltui.kinds import pulse as pulse_lines
from amltui.ui.pulse_pane import BOXES, PulsePane
from tests.stage import Stage
from tests.ui.deck import NARROW, WIDE, Deck

pytestmark = pytest.mark.scenario("busy_night")


def pulse(deck: Deck) -> PulsePane:
    pane = deck.app.pane
    assert isinstance(pane, PulsePane)
    return pane


async def opened(deck: Deck) -> None:
    """Until every workspace has been asked everything, without any time passing."""
    await deck.wait(lambda: isinstance(deck.app.pane, PulsePane) and deck.app.pane.is_mounted)
    await deck.wait(lambda: pulse(deck).is_filled, "every answer")
    await deck.wait(lambda: pulse(deck).box("quota").rows, "quotas")


def names(deck: Deck, box: str) -> list[str]:
    return [row.resource.name for row in pulse(deck).box(box).rows]


async def test_what_is_told_of_very_many_workspaces_is_worked_out_beside_the_loop(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    """The same boxes with the same lines, arranged by a thread; what comes meanwhile is shown."""
    async with Deck.open(stage, first="pulse") as deck:
        await opened(deck)
        expected = {name: names(deck, name) for name, *_ in BOXES}
    threads: set[int] = set()
    real = pulse_lines.workspaces

    def workspaces(*told: Any) -> Any:
        threads.add(threading.get_ident())
        return real(*told)

    monkeypatch.setattr(overview, "LARGE", 0)
    monkeypatch.setattr(pulse_lines, "workspaces", workspaces)
    async with Deck.open(stage, first="pulse") as deck:
        await opened(deck)
        await deck.wait(lambda: {name: names(deck, name) for name, *_ in BOXES} == expected)
        assert threads
        assert threading.get_ident() not in threads
        await deck.press("2", "1")
        await deck.shows("workspaces", "resnet50-fp16", "On, no job")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_home_tells_of_all_workspaces_at_once(stage: Stage, size: tuple[int, int]):
    """Who burns what, what is wrong, what runs: without a key and without waiting."""
    async with Deck.open(stage, first="pulse", size=size) as deck:
        await opened(deck)
        await deck.shows("burn $", "kim-a10", "credit-ep/green", "resnet50-fp16", "On, no job")
        assert names(deck, "workspaces")[0] == "vision-prod"
        assert set(names(deck, "workspaces")) == {
            "vision-prod", "nlp-dev", "edu-lab", "risk-prod", "contoso-dev"
        }  # fmt: skip
        assert deck.line("vision-prod", "ok")


async def test_the_boxes_of_a_wide_terminal(stage: Stage):
    """Finished jobs, quotas and endpoints beside the rest."""
    async with Deck.open(stage, first="pulse") as deck:
        await opened(deck)
        await deck.shows("quota (top pressure)", "NCADSA100v4", "█", "endpoints", "Failed (billed)")
        assert deck.line("credit-ep/blue", "90%")
        assert names(deck, "finished")
        costs = [row.resource.texts[2] for row in pulse(deck).box("running").rows]
        known = [float(cost.strip("$/h")) for cost in costs if not cost.startswith("?")]
        assert known == sorted(known, reverse=True)
        assert costs[-1] == "?/h"


@pytest.mark.parametrize(
    ("box", "name", "shows"),
    [
        ("attention", "kim-a10", "Compute › kim-a10"),
        ("attention", "credit-ep/green", "Endpoints › credit-ep/green"),
        ("attention", "resnet50-fp16", "resnet50-fp16 ›"),
        ("running", "resnet50-base", "resnet50-base ›"),
        ("finished", None, "Metrics"),
        ("endpoints", "asr-ep/main", "Endpoints › asr-ep/main"),
        ("workspaces", "nlp-dev", "Jobs"),
    ],
)
async def test_every_line_leads_to_its_thing(stage: Stage, box: str, name: str | None, shows: str):
    """Enter on a line of any box; Esc leads back."""
    async with Deck.open(stage, first="pulse") as deck:
        await opened(deck)
        table = pulse(deck).box(box)
        while deck.app.focused is not table:
            await deck.press("tab")
        table.go_to(names(deck, box).index(name) if name else 0)
        await deck.press("enter")
        await deck.shows(shows)
        if box == "workspaces":
            assert deck.app.scope.current is not None
            assert deck.app.scope.current.name == name
        else:
            await deck.press("escape")
            await deck.wait(lambda: "attention" in deck.text)


async def test_a_workspace_that_refuses_is_told_as_unknown_and_the_rest_is_told(stage: Stage):
    """No zero stands for what nobody knows."""
    stage.world.faults.plan(
        {"operation": "*", "kind": "403", "path": "/workspaces/nlp-dev/", "times": None}
    )
    async with Deck.open(stage, first="pulse") as deck:
        await deck.wait(lambda: isinstance(deck.app.pane, PulsePane) and pulse(deck).is_filled)
        await deck.shows("burn ≥ $", "kim-a10")
        line = deck.line("nlp-dev", "403")
        assert "?" in line
        assert "0.00" not in line


async def test_key_1_opens_it_from_anywhere_and_minus_leads_back(stage: Stage):
    """Like every other screen."""
    async with Deck.loaded(stage) as deck:
        await deck.press("1")
        await opened(deck)
        assert "Pulse" in deck.lines[1]
        await deck.press("-")
        await deck.wait(lambda: deck.app.pane is not None and deck.app.pane.id == "job")


async def test_a_filter_key_does_no_harm_there(stage: Stage):
    """There is nothing to filter, and the letters after it stay keys."""
    async with Deck.open(stage, first="pulse") as deck:
        await opened(deck)
        await deck.press("/", "r", "escape")
        assert isinstance(deck.app.pane, PulsePane)


async def test_a_box_that_nobody_was_in_begins_at_its_top(stage: Stage):
    """Whatever comes above its first line; where the user is, the cursor stays on its line."""
    async with Deck.open(stage, first="pulse") as deck:
        await opened(deck)
        overview = deck.app.overview
        assert overview is not None
        for box, line in (("running", 0), ("workspaces", 2)):
            table = pulse(deck).box(box)
            table.show(table.rows[2:])
            pulse(deck).show(overview)
            assert table.window.cursor == line, box
