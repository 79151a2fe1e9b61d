"""Starting, stopping, restarting, cancelling: asked first, shown at once, followed to the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amltui.emulator.change import Change
from tests.stage import Stage
from tests.ui.deck import Deck


async def test_stop_says_what_it_will_do_before_it_does_it(stage: Stage):
    """Object, effect, price and request are in the dialog, and nothing has been sent."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows(
            "S  Stop kim-dev?",
            "calm-ws / kim-dev",
            "stops billing $0.",
            "/h retail",
            "disk, IP and load balancer stay billed",
            "open kernels and terminals will be lost",
            "POST …/workspaces/calm-ws/computes/kim-dev/stop",
            "az ml compute stop -n kim-dev -w calm-ws",
            "[ Enter stop ]   [ Esc keep ]",
        )
        assert not stage.sent("POST", "/stop")


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_a_dialog_that_is_left_changes_nothing(stage: Stage, key: str):
    """Esc and q keep everything as it is."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        await deck.press(key)
        await deck.wait(lambda: "Stop kim-dev?" not in deck.text)
        assert not stage.sent("POST", "/stop")
        assert "Running" in deck.line("kim-dev", "instance")


async def test_a_stopped_instance_shows_its_way_to_the_end_and_back(stage: Stage):
    """The row moves at once, follows the service to Stopped, and starts again."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        await deck.agree()
        await deck.wait(lambda: "stopping" in deck.line("kim-dev", "instance"))
        assert len(stage.sent("POST", "/kim-dev/stop")) == 1
        await deck.until(lambda: "Stopped" in deck.line("kim-dev", "instance"))
        await deck.shows("kim-dev stopped")
        await deck.press("s")
        await deck.shows("Start kim-dev?", "starts billing")
        await deck.agree()
        await deck.wait(lambda: "starting" in deck.line("kim-dev", "instance"))
        await deck.until(lambda: "Running" in deck.line("kim-dev", "instance"))


async def test_restart_goes_through_to_running(stage: Stage):
    """Billing goes on, and the row says restarting."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("R")
        await deck.shows("Restart kim-dev?", "billing goes on while it restarts")
        await deck.agree()
        await deck.wait(lambda: "restarting" in deck.line("kim-dev", "instance"))
        await deck.until(lambda: "Running" in deck.line("kim-dev", "instance"))
        await deck.shows("kim-dev restarted")


async def test_what_cannot_be_done_is_refused_with_the_reason(stage: Stage):
    """No dialog, no request, one sentence."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("cpu-cluster")
        await deck.press("S")
        await deck.shows("cpu-cluster is a cluster: only instances start, stop and restart")
        await deck.go_to("li-nb")
        await deck.press("S")
        await deck.shows("li-nb is Stopped, not Running")
        await deck.go_to("kim-dev")
        await deck.press("s")
        await deck.shows("kim-dev is Running, not Stopped")
        assert not [request for request in stage.requests if "/computes/" in request.url.path]


async def test_a_second_action_on_what_is_under_way_is_refused(stage: Stage):
    """One thing at a time on one resource."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        await deck.agree()
        await deck.wait(lambda: "stopping" in deck.line("kim-dev", "instance"))
        await deck.press("R")
        await deck.shows("kim-dev is already stopping")


async def test_an_enter_typed_ahead_of_the_dialog_agrees_to_nothing(stage: Stage):
    """What has not been seen has not been agreed to."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        deck.send("S", "enter")
        await deck.settle()
        for _ in range(5):
            await deck.stage.advance(1)
            await deck.settle()
        assert not stage.sent("POST", "/stop")


@pytest.mark.scenario("busy_night")
async def test_marked_rows_are_one_dialog_with_one_price(stage: Stage):
    """Each object is named, what is common is said once, what cannot be done is left out."""
    async with Deck.loaded(stage, first="compute") as deck:
        for name in ("kim-dev", "kim-a10", "gpu-a100"):
            await deck.go_to(name)
            await deck.press("space")
        await deck.shows("marked 3")
        await deck.press("S")
        await deck.shows(
            "S  Stop 2?",
            "vision-prod / kim-dev   stops billing $0.29/h retail",
            "vision-prod / kim-a10   stops billing $3.20/h retail",
            "saves ~$3.49/h in all",
            "left out: gpu-a100 is a cluster",
            "2 requests",
        )
        assert deck.text.count("load balancer stay billed") == 1
        await deck.agree()
        await deck.wait(lambda: len(stage.sent("POST", "/stop")) == 2)
        for name in ("kim-dev", "kim-a10"):
            assert "stopping" in deck.line(name, "instance")
        assert "marked" not in deck.text
        await deck.until(
            lambda: all("Stopped" in deck.line(name, "instance") for name in ("kim-dev", "kim-a10"))
        )


@pytest.mark.scenario("busy_night")
async def test_twenty_marks_fit_the_smallest_dialog(stage: Stage):
    """At 80 columns and 24 lines the keys of the dialog are still on the screen."""
    async with Deck.loaded(stage, first="compute", size=(80, 24)) as deck:
        await deck.press("asterisk", "S")
        await deck.shows("S  Stop 7?", "… and 1 more", "more left out", "[ Enter stop ]")
        assert deck.line("┌─ S  Stop 7?")
        assert len([line for line in deck.lines if line.startswith("└")]) >= 1


@pytest.mark.scenario("busy_night")
@pytest.mark.parametrize(
    ("name", "key", "verb", "why", "state"),
    [
        ("paul-ci", "S", "stopped", "did not answer within the time allowed", "Running"),
        ("gpu-demo", "s", "started", "quota of standardNVADSA10v5Family", "Stopped"),
    ],
)
async def test_an_operation_that_fails_on_its_way_is_told_and_the_row_is_as_before(
    stage: Stage, name: str, key: str, verb: str, why: str, state: str
):
    """The service accepts, then fails: its reason is shown, and the row is what it is."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to(name)
        await deck.press(key)
        await deck.shows(f"{name}?")
        await deck.agree()
        await deck.until_shows(f"{name} was not {verb}", why)
        await deck.until(lambda: state in deck.line(name, "instance"))


async def test_a_request_that_is_not_allowed_is_told_with_its_request_id(stage: Stage):
    """403 on the action: the list stays as it is."""
    stage.world.faults.add("Compute_Stop", "403", times=10)
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        await deck.agree()
        await deck.until_shows(
            "kim-dev was not stopped", "does not have authorization", "(request "
        )
        assert "Running" in deck.line("kim-dev", "instance")


async def test_what_has_gone_while_the_dialog_was_open_is_left_alone(stage: Stage):
    """Agreed to one thing, the service says another: nothing is sent."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        world = stage.world
        place = next(iter(world.workspaces.values()))
        held = world.compute(place, "kim-dev")
        assert held is not None
        world.put(replace(held, change=Change("Deleting", 0.0, 0.0)))
        await deck.until(lambda: "kim-dev" not in deck.names)
        await deck.agree()
        await deck.shows("kim-dev has gone meanwhile")
        assert not stage.sent("POST", "/stop")


async def test_what_has_changed_while_the_dialog_was_open_is_left_alone(stage: Stage):
    """Somebody else stopped it first: the reason is told, nothing is sent."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        world = stage.world
        held = world.compute(next(iter(world.workspaces.values())), "kim-dev")
        assert held is not None
        world.put(replace(held, state="Stopped"))
        await deck.until(lambda: "Stopped" in deck.line("kim-dev", "instance"))
        await deck.agree()
        await deck.shows("kim-dev is Stopped, not Running")
        assert not stage.sent("POST", "/stop")


async def test_the_az_commands_can_be_copied_instead(stage: Stage):
    """The dialog stays open, and nothing is sent."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        await deck.press("c")
        assert deck.app.clipboard.startswith("az ml compute stop -n kim-dev -w calm-ws -g rg-ml")
        assert "Stop kim-dev?" in deck.text
        assert not stage.sent("POST", "/stop")


async def test_a_job_is_cancelled(stage: Stage):
    """`x` on a running job: dialog, request, and the row reaches Canceled."""
    async with Deck.loaded(stage) as deck:
        assert deck.cursor == deck.names[0]
        await deck.press("x")
        await deck.shows("x  Cancel train-baseline?", "Running for", "cpu-cluster", "/cancel")
        await deck.agree()
        await deck.wait(lambda: "cancelling" in deck.line("train-baseline"))
        await deck.until(lambda: "Canceled" in deck.line("train-baseline", "■"))
        await deck.press("x")


async def test_an_ended_job_cannot_be_cancelled(stage: Stage):
    """The refusal names the state it ended in."""
    async with Deck.loaded(stage) as deck:
        await deck.go_to("train-first")
        await deck.press("x")
        await deck.shows("train-first has already ended: Completed")
        assert not stage.sent("POST", "/cancel")


async def test_the_screen_of_one_resource_has_the_same_actions(stage: Stage):
    """Opened with Enter, stopped with S, and the screen follows it to the end."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("enter")
        await deck.shows("Compute › kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        await deck.agree()
        await deck.wait(lambda: "stopping" in deck.line("state"))
        await deck.until(lambda: "Stopped" in deck.line("state"))


async def test_leaving_while_something_is_under_way_asks_once(stage: Stage):
    """The first q tells what is not over, the second leaves."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.shows("Stop kim-dev?")
        await deck.agree()
        await deck.wait(lambda: "stopping" in deck.line("kim-dev", "instance"))
        await deck.press("q")
        await deck.shows("kim-dev: not over yet", "q again quits")
        assert deck.app.is_running
        await deck.press("q")
        await deck.wait(lambda: not deck.app._running or deck.app._exit)
