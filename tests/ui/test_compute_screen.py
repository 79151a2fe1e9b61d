"""One compute: what is on it, and the way from there to the job."""

from __future__ import annotations

import pytest

from tests.stage import Stage
from tests.ui.deck import NARROW, Deck

night = pytest.mark.scenario("busy_night")


@night
async def test_a_cluster_shows_its_nodes_with_their_jobs(stage: Stage):
    """Each node has its state, its job and whose it is; Enter opens the job."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("gpu-a100")
        await deck.press("enter")
        await deck.shows("Compute › gpu-a100", "NODE", "idle nodes stay 2m", "running · ")
        await deck.wait(lambda: deck.line("tvmps_", "running", "resnet50-base", "Kim"), "the node")
        job = deck.line(">tvmps_")
        await deck.press("enter")
        await deck.shows("[Overview]")
        assert deck.header.split()[0] in job


@night
async def test_an_instance_shows_jobs_links_and_how_to_reach_it(stage: Stage):
    """What runs there and did in a week, its applications, and why there is no ssh."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("enter")
        await deck.shows("spent since start", "in 7 d", "Jupyter Lab", "instances.azureml.ms/lab")
        await deck.shows("closed: it was made without ssh", "Start by User", "No job names it.")


@night
async def test_nodes_that_are_refused_leave_the_rest(stage: Stage):
    """A 403 on the nodes is told in their place; at 80 columns too."""
    stage.world.faults.plan({"operation": "Compute_ListNodes", "kind": "403", "times": None})
    async with Deck.loaded(stage, first="compute", size=NARROW) as deck:
        await deck.go_to("gpu-a100")
        await deck.press("enter")
        await deck.shows("Compute › gpu-a100", "state")
        await deck.until(lambda: deck.line("nodes", "no data yet"))
        await deck.shows("have authorization", "NC48ADS_A100_V4", "Unknown: above")


@night
async def test_the_jobs_of_a_compute_are_one_key_away(stage: Stage):
    """J is the list of jobs with that condition."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("gpu-a100")
        await deck.press("J")
        await deck.shows("Jobs › ", "compute:gpu-a100")


@night
async def test_a_cluster_tells_how_busy_its_machines_are(stage: Stage):
    """A line of the last hour with its figures and their age, and the newest value of each node."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("gpu-a100")
        await deck.press("enter")
        await deck.wait(lambda: deck.line("GPU", "mean", "10 GPUs, 1 h, 2m ago"), "the GPUs")
        assert "5 machines, 1 h" in deck.line("CPU", "mean")
        slow = deck.line("tvmps_", "resnet50-fp16")
        busy = deck.line("tvmps_", "resnet50-base")
        assert share(slow) < 30 < 60 < share(busy)


def share(line: str) -> int:
    """The first share on a line: that of the GPUs."""
    return int(next(word for word in line.split() if word.endswith("%")).rstrip("%"))


@night
async def test_machines_nobody_may_measure_say_so(stage: Stage):
    """The role that is missing is named, and the rest is there."""
    stage.world.faults.plan({"operation": "Metrics_List", "kind": "403", "times": None})
    async with Deck.loaded(stage, first="compute", size=NARROW) as deck:
        await deck.go_to("gpu-a100")
        await deck.press("enter")
        await deck.wait(lambda: deck.line("busy", "no data yet", "no right to read"), "the reason")
        await deck.wait(lambda: deck.line("tvmps_", "resnet50-base", " -"), "the nodes")


@night
async def test_an_instance_without_a_job_has_no_samples(stage: Stage):
    """That is told as what it is: nothing is known, which is not nothing done."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("enter")
        await deck.shows("no sample in the last hour: Monitor hears of jobs' machines")


@night
async def test_serverless_machines_are_a_row_with_their_jobs(stage: Stage):
    """With state, size and price; Enter shows the jobs, and no key does anything to it."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("serverless")
        row = deck.line(">", "serverless")
        assert all(word in row for word in ("nlp-dev", "1 job", "NC6s_v3", "1 machine", "3.06"))
        for key in ("S", "s", "R", "I", "H", "n", "X"):
            await deck.press(key)
            await deck.shows("serverless machines come and go with their jobs")
            assert len(deck.app.screen_stack) == 1
            deck.app.clear_notifications()
        await deck.press("enter")
        await deck.shows("Compute › serverless", "leave with it", "jobs on it, newest first")
        await deck.wait(lambda: deck.line(">", "NotRespon", "lora-rank-scan"), "the job")
        assert not stage.sent("POST", "/serverless/listNodes")
        await deck.press("enter")
        await deck.shows("[Overview]", "$3.06/h")
