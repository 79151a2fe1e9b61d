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
