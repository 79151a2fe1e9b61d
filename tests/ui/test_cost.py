"""The end of the day: what is left on is found over all workspaces, and ended with a few keys."""

from __future__ import annotations

from typing import Any

import pytest

from amltui.ui.cost_pane import CostPane
from amltui.ui.widgets.facts_view import FactsView
from tests.stage import Stage
from tests.ui.deck import NARROW, Deck

evening = pytest.mark.scenario("end_of_day")
night = pytest.mark.scenario("busy_night")
STUDENTS = {f"student-{number:02}" for number in range(1, 7)}
FORGOTTEN = STUDENTS | {
    "kim-a10", "li-big", "intern-1", "paul-ci", "nlp-batch", "gpu-debug", "resnet50-fp16",
    "asr-ep/main", "credit-ep/green",
}  # fmt: skip


def cost(deck: Deck) -> CostPane:
    assert isinstance(deck.app.pane, CostPane)
    return deck.app.pane


def wasteful(deck: Deck) -> set[str]:
    pane = deck.app.pane
    if not isinstance(pane, CostPane) or not pane.is_mounted:
        return set()
    return {row.title for row in pane.table.rows}


def machines(stage: Stage, place: str) -> dict[str, Any]:
    """The instances of a workspace by name, as the service holds them."""
    world = stage.world
    found = next(each for each in world.workspaces.values() if each.name == place)
    return {each.name: each for each in world.computes(found).values()}


def box(deck: Deck, name: str) -> str:
    return cost(deck).query_one(f"#cost-{name}", FactsView).text


@evening
async def test_everything_wasteful_is_stopped_with_a_few_keys(stage: Stage):
    """From a cold start: `7`, `S`, the phrase, Enter. Counted, and seen on the service."""
    async with Deck.open(stage, first="pulse") as deck:
        presses = 0

        async def press(*keys: str) -> None:
            nonlocal presses
            presses += len(keys)
            await deck.press(*keys)

        await deck.wait(lambda: deck.app.overview is not None)
        await press("7")
        await deck.until(lambda: wasteful(deck) == FORGOTTEN, "what was forgotten")
        await press("S")
        await deck.shows("Fix 15 things?", "type  fix 15  to confirm", "saves ~$")
        assert not stage.sent("POST", "/stop")
        await deck.wait(lambda: getattr(deck.app.screen, "seen", False))
        await press(*"fix 15", "enter")
        await stage.until(lambda: wasteful(deck) == {"paul-ci"}, "all but one", step=15.0)
        assert presses == 9
        off = {
            "vision-prod": {"kim-a10"},
            "nlp-dev": {"li-big"},
            "edu-lab": {*STUDENTS, "intern-1"},
        }

        def states() -> set[str]:
            return {
                machines(stage, place)[name].state_at(stage.world.now)
                for place, names in off.items()
                for name in names
            }

        await stage.until(lambda: states() == {"Stopped"}, "what was stopping to be stopped")
        now = stage.world.now
        assert machines(stage, "vision-prod")["kim-dev"].state_at(now) == "Running"
        assert machines(stage, "nlp-dev")["nlp-batch"].min_nodes == 0
        assert machines(stage, "vision-prod")["gpu-debug"].min_nodes == 0
        assert len(stage.sent("DELETE", "/deployments/green")) == 1
        assert len(stage.sent("POST", "/cancel")) == 1


@evening
async def test_the_one_that_refuses_says_why_in_its_line(stage: Stage):
    """The others went on; it is still on, and is told as still on."""
    async with Deck.open(stage, first="cost") as deck:
        await deck.until(lambda: wasteful(deck) == FORGOTTEN)
        await deck.press("S")
        await deck.agree()
        await stage.until(lambda: wasteful(deck) == {"paul-ci"}, "all but one", step=15.0)
        await deck.shows("✗ ")
        assert "S stop" not in deck.line("paul-ci  instance")
        assert machines(stage, "risk-prod")["paul-ci"].state_at(stage.world.now) == "Running"


@evening
async def test_what_cannot_be_read_is_an_unknown_part_and_not_nothing(stage: Stage):
    """One subscription answers 429, one 403, one never: the rest is told at once."""
    async with Deck.open(stage, first="cost") as deck:
        await deck.until(lambda: "intern-1" in wasteful(deck), "the throttled subscription")
        await deck.shows("burn ≥ $", "audit-prod", "refused (403)")
        assert deck.app.overview is not None
        silent = {key.rpartition("/")[2] for key in deck.app.overview.silent}
        assert silent == {"audit-prod", "line-vision"}


@evening
async def test_only_what_is_marked_is_in_the_plan(stage: Stage):
    """Every object with effect, price, request and command; Esc changes nothing."""
    async with Deck.open(stage, first="cost") as deck:
        await deck.until(lambda: wasteful(deck) == FORGOTTEN)
        names = [row.title for row in cost(deck).table.rows]
        for name in ("nlp-batch", "kim-a10"):
            cost(deck).table.go_to(names.index(name))
            await deck.press("space")
        await deck.shows("marked 2: saves $15.44/h")
        await deck.press("S")
        await deck.shows(
            "Fix 2 things?",
            "Min nodes 0  nlp-dev / nlp-batch",
            "min_nodes 2 → 0: 2 idle nodes will leave, saves ~$12.24/h retail",
            "PATCH …/workspaces/nlp-dev/computes/nlp-batch",
            "az ml compute update -n nlp-batch --min-instances 0",
            "Stop  vision-prod / kim-a10",
            "stops billing $3.20/h retail",
            "POST …/workspaces/vision-prod/computes/kim-a10/stop",
            "saves ~$15.44/h retail",
        )
        await deck.wait(lambda: getattr(deck.app.screen, "seen", False))
        await deck.press("enter", *"fix 3", "enter")
        assert "Fix 2 things?" in deck.text
        await deck.press("escape")
        await deck.wait(lambda: "Fix 2 things?" not in deck.text)
        assert not stage.sent("POST", "/stop")
        assert not stage.sent("PATCH", "/nlp-batch")


@evening
async def test_the_commands_can_be_copied_instead(stage: Stage):
    """All of them, and nothing is sent."""
    async with Deck.open(stage, first="cost") as deck:
        await deck.until(lambda: wasteful(deck) == FORGOTTEN)
        await deck.press("S")
        await deck.shows("Fix 15 things?")
        await deck.press("c")
        lines = deck.app.clipboard.splitlines()
        assert len(lines) == 15
        assert all(line.startswith("az ml ") for line in lines)
        assert not stage.sent("POST", "/stop")


@evening
async def test_a_lost_answer_is_called_uncertain(stage: Stage):
    """The service has done it, and nobody can know: neither done nor failed is claimed."""
    stage.world.faults.plan({"operation": "Compute_Stop", "kind": "html504", "times": 1})
    async with Deck.open(stage, first="cost") as deck:
        await deck.until(lambda: "kim-a10" in wasteful(deck))
        names = [row.title for row in cost(deck).table.rows]
        cost(deck).table.go_to(names.index("kim-a10"))
        await deck.press("space", "S")
        await deck.agree()
        await deck.shows("? uncertain", "Look before you ask again")
        assert "not stopped" not in deck.text


@evening
async def test_what_has_gone_meanwhile_is_left_alone(stage: Stage):
    """Somebody else stopped it while the plan was open."""
    from dataclasses import replace

    async with Deck.open(stage, first="cost") as deck:
        await deck.until(lambda: "kim-a10" in wasteful(deck))
        names = [row.title for row in cost(deck).table.rows]
        cost(deck).table.go_to(names.index("kim-a10"))
        await deck.press("space", "S")
        await deck.shows("Stop  vision-prod / kim-a10")
        stage.world.put(replace(machines(stage, "vision-prod")["kim-a10"], state="Stopped"))
        deck.app.refresh_overview()
        await deck.until(lambda: "kim-a10" not in wasteful(deck))
        await deck.agree()
        await deck.shows("kim-a10 has gone meanwhile")
        assert not stage.sent("POST", "/stop")


@night
async def test_sums_by_class_owner_experiment_workspace_and_job(stage: Stage):
    """`b` goes round; the classes add up to the header's figure."""
    async with Deck.open(stage, first="cost") as deck:
        await deck.wait(lambda: isinstance(deck.app.pane, CostPane) and cost(deck).is_filled)
        await deck.knows_burn()
        told = deck.app.overview
        assert told is not None
        await deck.shows(f"burn rate now   ${told.rate.known:,.2f}/h", "retail list price, USD")
        lines = [line for line in box(deck, "burn").splitlines() if "/h" in line]
        shown = [float(line.rpartition("$")[2].removesuffix("/h")) for line in lines]
        assert sum(shown) == pytest.approx(told.rate.known, abs=0.03)
        for title, words in (
            ("by owner", "kim"),
            ("by experiment", "img-cls"),
            ("by workspace", "vision-prod"),
            ("running jobs", "so far $"),
        ):
            await deck.shows(title)
            assert words in box(deck, "parts")
            await deck.press("b")
        await deck.shows("by owner")
        assert "spot varies" in deck.text


@night
async def test_what_was_billed_stands_apart_with_its_age(stage: Stage):
    """No estimate is in it; a refusal is told with its reason, and costs nothing else."""
    world = stage.world
    sealed = next(each for each in world.subscriptions if each.name == "Teaching")
    world.faults.plan({"operation": "Query_Usage", "kind": "403", "path": sealed.id, "times": None})
    async with Deck.open(stage, first="cost") as deck:
        await deck.wait(lambda: isinstance(deck.app.pane, CostPane) and cost(deck).is_filled)
        await deck.wait(lambda: "refused (403)" in box(deck, "billed"))
        await deck.wait(lambda: box(deck, "billed").count("USD, read 0s ago") == 2)
        assert "yesterday" in box(deck, "billed")
        assert "kim-a10" in wasteful(deck)


@evening
async def test_it_can_be_used_in_a_small_terminal(stage: Stage):
    """The list and the plan are complete at 80 columns."""
    async with Deck.open(stage, first="cost", size=NARROW) as deck:
        await deck.until(lambda: wasteful(deck) == FORGOTTEN)
        await deck.shows("nlp-batch  cluster", "12.24", "n min 0", "burn rate now")
        await deck.press("S")
        await deck.shows("Fix 15 things?", "fix 15", "[ Enter fix ]")


@evening
async def test_enter_opens_what_is_wasteful(stage: Stage):
    """To look at it before it is ended."""
    async with Deck.open(stage, first="cost") as deck:
        await deck.until(lambda: "kim-a10" in wasteful(deck))
        names = [row.title for row in cost(deck).table.rows]
        cost(deck).table.go_to(names.index("kim-a10"))
        await deck.press("enter")
        await deck.shows("Compute › kim-a10")


@evening
async def test_many_changes_are_told_at_once(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """Fifteen things that begin together are painted, and asked about, as one."""
    async with Deck.open(stage, first="pulse") as deck:
        await deck.wait(lambda: deck.app.overview is not None)
        await deck.press("7")
        await deck.until(lambda: wasteful(deck) == FORGOTTEN, "what was forgotten")
        repaints = 0
        real = deck.app.repaint_rows

        def repaint_rows() -> None:
            nonlocal repaints
            repaints += 1
            real()

        monkeypatch.setattr(deck.app, "repaint_rows", repaint_rows)
        await deck.press("S")
        await deck.agree()
        await deck.wait(lambda: len(deck.app.underway.operations.running) == len(FORGOTTEN))
        await deck.wait(lambda: deck.line("student-01", "stopping"), "the mark")
        assert 0 < repaints < len(FORGOTTEN)


@evening
async def test_what_is_done_says_so_until_its_workspace_tells_it(stage: Stage):
    """The list of computes does not answer: the row stays, with what is known of it."""
    async with Deck.open(stage, first="pulse") as deck:
        await deck.wait(lambda: deck.app.overview is not None)
        await deck.press("7")
        await deck.until(lambda: wasteful(deck) == FORGOTTEN, "what was forgotten")
        fault = {"operation": "Compute_List", "kind": "503", "times": None}
        stage.world.faults.plan(fault)
        cost(deck).table.go_to(
            next(i for i, row in enumerate(cost(deck).table.rows) if row.title == "kim-a10")
        )
        await deck.press("space", "S")
        await deck.agree()
        await deck.until(lambda: deck.line("kim-a10", "stopped"), "its end")
        assert not deck.line("kim-a10", "S stop")
        stage.world.faults.faults.clear()
        await deck.press("r")
        await deck.until(lambda: "kim-a10" not in wasteful(deck), "its workspace to tell it")
        assert not deck.app.underway.ends()


@evening
async def test_a_plan_is_laid_out_anew_in_another_width(stage: Stage):
    """Nothing of it is cut off when the terminal becomes narrow while it is read."""
    async with Deck.open(stage, first="pulse") as deck:
        await deck.wait(lambda: deck.app.overview is not None)
        await deck.press("7")
        await deck.until(lambda: wasteful(deck) == FORGOTTEN, "what was forgotten")
        await deck.press("S")
        await deck.shows("Fix 15 things?", "nodes with a job stay until it has ended; the next job")
        await deck.pilot.resize_terminal(60, 36)
        await deck.wait(lambda: deck.line("waits for new nodes"), "the rest of the sentence")
        assert all(len(line.rstrip()) <= 60 for line in deck.text.splitlines())
        assert not deck.line("ended; the next job waits for new nodes")
