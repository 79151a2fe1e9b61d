"""Idle shutdown, schedules, scaling, resizing, deleting: their effect, price, room and request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from amltui.azure.guard import Guard
from amltui.kinds.compute import COMPUTE
from amltui.kinds.resizing import RESIZE
from tests.stage import Stage
from tests.ui.deck import NARROW, Deck

BUSY = pytest.mark.scenario("busy_night")


def compute(stage: Stage, name: str) -> Any:
    """As the service holds it."""
    return next(
        found
        for place in stage.world.workspaces.values()
        for found in stage.world.computes(place).values()
        if found.name == name
    )


async def fill(deck: Deck, line: str, words: str) -> None:
    """Put words into a line of the form in place of what stands there."""
    box = deck.app.screen.query_one(f"#blank-{line}")
    box.value = words  # type: ignore[attr-defined]
    await deck.settle()


async def test_idle_shutdown_is_set_with_one_key_and_a_span(stage: Stage):
    """The dialog says what is now and what will be; nonsense is told as it is typed."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("I")
        await deck.shows("Idle stop kim-dev?", "after how long unused")
        for wrong, why in (("5m", "5m is not within 15m and 3d"), ("soon", "is no span of time")):
            await deck.press("ctrl+u")
            await deck.type(wrong)
            await deck.shows(why)
            await deck.press("enter")
        assert not stage.sent("POST", "/updateIdleShutdownSetting")
        await deck.press("ctrl+u")
        await deck.type("45m")
        await deck.shows("→ 45m", "POST …/workspaces/calm-ws/computes/kim-dev/update", "az rest")
        await deck.agree()
        await deck.until(lambda: compute(stage, "kim-dev").idle_shutdown == "PT45M")
        await deck.until(lambda: "45m" in deck.line("kim-dev", "instance"))


async def test_a_schedule_is_added_switched_off_and_taken_away(stage: Stage):
    """Each is told by its number; the service holds what the dialog has said."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")

        async def change(words: str) -> None:
            await deck.press("H")
            await deck.wait(lambda: getattr(deck.app.screen, "seen", False), "the dialog")
            await deck.type(words)
            await deck.agree()

        def held() -> list[tuple[str, str, str]]:
            schedules = compute(stage, "kim-dev").schedules
            return [(e["action"], e["cron"]["expression"], e["status"]) for e in schedules]

        await change("add stop 0 19 * * 1-5")
        await deck.until(lambda: held() == [("Stop", "0 19 * * 1-5", "Enabled")])
        await deck.until(lambda: "changing" not in deck.line("kim-dev", "instance"))
        await deck.press("H")
        await deck.shows("1  stop 0 19 * * 1-5 UTC")
        await deck.type("disable 2")
        await deck.shows("kim-dev has 1 schedule")
        await deck.press("escape")
        await change("disable 1")
        await deck.until(lambda: held() == [("Stop", "0 19 * * 1-5", "Disabled")])
        await deck.until(lambda: "changing" not in deck.line("kim-dev", "instance"))
        await change("delete 1")
        await deck.until(lambda: held() == [])
        assert compute(stage, "kim-dev").idle_shutdown is not None


@BUSY
async def test_a_cluster_is_scaled_with_a_form_that_judges_as_it_is_typed(stage: Stage):
    """Each wrong value has its sentence; price, quota and request are there before Enter."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("nlp-gpu")
        await deck.press("n")
        await deck.shows("Scale nlp-gpu?", "has these settings already", "least nodes")
        for line, words, why in (
            ("min", "many", "many is no number of nodes"),
            ("min", "9", "at least 9 and at most 4 nodes: that is no range"),
            ("idle", "later", "later is no span of time"),
        ):
            before = deck.app.screen.query_one(f"#blank-{line}").value  # type: ignore[attr-defined]
            await fill(deck, line, words)
            await deck.shows(why)
            await fill(deck, line, before)
        await fill(deck, "min", "1")
        await fill(deck, "idle", "30m")
        await deck.shows("→ 1: ~$3.06/h retail", "2m → 30m", "NCSv3 free in", "PATCH …/workspaces/")
        await deck.shows("az ml compute update -n nlp-gpu --min-instances 1 --max-instances 4")
        await deck.press("enter")
        await deck.until(lambda: compute(stage, "nlp-gpu").min_nodes == 1)
        (sent,) = stage.sent("PATCH", "/nlp-gpu")
        scale = json.loads(sent.content)["properties"]["properties"]["scaleSettings"]
        assert scale["nodeIdleTimeBeforeScaleDown"] == "PT1800S"


@BUSY
async def test_what_does_not_fit_is_told_with_who_holds_it(stage: Stage):
    """36 of 36 vCPU of the family are held by one instance: it is named."""
    async with Deck.loaded(stage, first="compute", size=NARROW) as deck:
        await deck.go_to("gpu-a100")
        await deck.press("n")
        await fill(deck, "max", "200")
        await deck.shows("does not fit", "vCPU of NCADSA100v4", "ask for", "gpu-a100 (holds")


async def test_whether_it_fits_is_unknown_where_the_quota_is_refused(stage: Stage):
    """A 403 is no zero, and does not keep anybody from starting."""
    fault = {"operation": "Usages_List", "kind": "403", "times": None}
    stage.world.faults.plan(fault)
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("li-nb")
        await deck.press("s")
        await deck.shows("Start li-nb?", "whether it fits is unknown")
        await deck.agree()
        await deck.wait(lambda: stage.sent("POST", "/li-nb/start"))


async def test_an_instance_is_resized_only_when_it_is_off(stage: Stage):
    """A size that is not allowed is told before it is sent."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("a")
        await deck.shows("kim-dev is Running: stop it before resizing it")
        await deck.press("escape")
        await deck.go_to("li-nb")
        await deck.press("a")
        await deck.shows("asks for the size to have instead")
        await deck.press(str(COMPUTE.actions.index(RESIZE) + 1))
        await deck.shows("Resize li-nb?")
        await deck.press("ctrl+u")
        await deck.type("NC6s_v3")
        await deck.shows("li-nb cannot be resized to Standard_NC6s_v3")
        await deck.press("ctrl+u")
        await deck.type("F16s_v2")
        await deck.shows("then costs $", "fits:")
        await deck.agree()
        await deck.until(lambda: compute(stage, "li-nb").size == "Standard_F16s_v2")


async def test_deleting_asks_for_the_name_and_detaching_leaves_the_thing(stage: Stage):
    """One word more or less and nothing goes."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("li-nb")
        await deck.press("X")
        await deck.shows("its disk goes for good", "underlyingResourceAction=Delete", "type li-nb")
        await deck.wait(lambda: getattr(deck.app.screen, "seen", False), "the dialog")
        await deck.type("li-n")
        await deck.press("enter")
        assert not stage.sent("DELETE", "/li-nb")
        await deck.type("b")
        await deck.press("enter")
        await deck.wait(lambda: stage.sent("DELETE", "/li-nb"))
        await deck.until(lambda: "li-nb" not in deck.names)


async def test_requests_are_copied_instead_of_sent(stage: Stage):
    """C in a dialog is the REST request, c the az command."""
    copied: list[str] = []
    async with Deck.loaded(stage, first="compute") as deck:
        deck.app.copy_to_clipboard = copied.append  # type: ignore[method-assign]
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("c copy az", "C copy REST")
        await deck.press("C", "c")
        assert copied[0] == f"POST {stage.place.path}/computes/kim-dev/stop"
        assert copied[1].startswith("az ml compute stop -n kim-dev")
        assert not stage.sent("POST", "/stop")


@BUSY
async def test_actions_are_grey_with_the_reason_in_a_read_only_workspace(stage: Stage):
    """Before they are tried: in the menu, and by whatever key asks; other workspaces go on."""
    async with Deck.loaded(stage, first="compute") as deck:
        assert deck.app.session is not None
        deck.app.session.azure.guard = Guard(places=frozenset({"vision-prod"}))
        await deck.go_to("kim-a10")
        await deck.press("a")
        await deck.shows("workspace vision-prod is read-only here: nothing is changed in it")
        await deck.press("escape", "S")
        await deck.wait(lambda: any("vision-prod is read-only" in text for text in deck.news))
        assert len(deck.app.screen_stack) == 1
        await deck.go_to("li-nb")
        await deck.press("S")
        await deck.shows("Stop li-nb?")


@BUSY
async def test_a_change_that_is_refused_is_told_and_others_go_on(stage: Stage):
    """409 for one of two that are scaled together; a 429 waits its turn."""
    stage.world.faults.plan(
        {"operation": "Compute_Update", "kind": "409", "path": "/nlp-cpu", "times": None}
    )
    stage.world.faults.plan({"operation": "Compute_Update", "kind": "429", "path": "/nlp-gpu",
                             "times": 1, "retry_after": 1})  # fmt: skip
    async with Deck.loaded(stage, first="compute") as deck:
        for name in ("nlp-cpu", "nlp-gpu"):
            await deck.go_to(name)
            await deck.press("space")
        await deck.press("n")
        await deck.shows("least nodes")
        await fill(deck, "max", "5")
        await deck.shows("Scale 2?")
        await deck.press("enter")
        await deck.until(lambda: any("nlp-cpu was not scaled" in text for text in deck.news))
        await deck.until(lambda: compute(stage, "nlp-gpu").max_nodes == 5)
        assert compute(stage, "nlp-cpu").max_nodes == 6


async def test_a_form_in_a_protected_workspace_asks_for_its_phrase(stage: Stage):
    """The lines were about the action: the workspace has words of its own."""
    async with Deck.loaded(stage, first="compute") as deck:
        deck.app.protected = frozenset({"calm-ws"})
        await deck.go_to("cpu-cluster")
        await deck.press("n")
        await deck.shows("Scale cpu-cluster?")
        await fill(deck, "max", "9")
        await deck.press("enter")
        await deck.shows("type  scale cpu-cluster calm-ws  to confirm")
        await deck.press("enter")
        assert not stage.sent("PATCH", "/cpu-cluster")
        await deck.agree()
        await deck.wait(lambda: stage.sent("PATCH", "/cpu-cluster"))
