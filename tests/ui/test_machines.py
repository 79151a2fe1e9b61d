"""Strips of a job's machines: what S shows, why there may be none, and in any terminal."""

from __future__ import annotations

import pytest

from tests.stage import Stage
from tests.ui.deck import NARROW, WIDE, Deck

GPUS = "resnet50-aug-lr1e3"


async def opened(deck: Deck, job: str) -> None:
    await deck.go_to(job)
    await deck.press("m")
    await deck.shows("[Metr")
    await deck.press("S")


@pytest.mark.scenario("busy_night")
@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_strip_for_each_gpu_with_its_last_value(stage: Stage, size: tuple[int, int]):
    """Which is slow is said in words; the resolution and the age of the data are there."""
    async with Deck.loaded(stage, size=size) as deck:
        await opened(deck, GPUS)
        await deck.until_shows("GPU memory %", "means of", "newest sample")
        assert deck.line(" gpu 0 ", "%")
        assert deck.line("!", "gpu 1 at", "while the others")
        assert "1 node, 2 GPUs" in deck.status
        assert any(glyph in deck.line(" gpu 0 ") for glyph in "▅▆▇")
        await deck.press("G")
        assert "net out MB/s" in deck.text


@pytest.mark.scenario("busy_night")
async def test_the_last_minutes_of_a_long_job_and_back_to_the_metrics(stage: Stage):
    """`t` narrows the time, so that a column is a minute; Esc goes back to the charts."""
    async with Deck.loaded(stage, size=WIDE) as deck:
        await opened(deck, "resnet101-sweep")
        await deck.until_shows("belong to the children of this sweep")
        await deck.press("escape")
        await deck.shows("┌─ metrics")
        assert "machines" not in deck.text
        await deck.press("escape")
        await opened(deck, GPUS)
        await deck.until_shows("all of the job", "means of 2m")
        await deck.press("t")
        await deck.until_shows("last 90 min", "means of")
        assert deck.line("machines, last 90 min")


async def test_without_the_right_it_says_which_role_is_missing(stage: Stage):
    """A 403 of Azure Monitor is a sentence, and the metrics are there all the same."""
    stage.world.faults.add("Metrics_List", "403", times=1000)
    async with Deck.loaded(stage, size=NARROW) as deck:
        await opened(deck, "train-baseline")
        await deck.until_shows("Monitoring Reader")
        stage.world.faults.faults.clear()
        await deck.press("r")
        await deck.until_shows("CPU %")
        assert "no GPU" in deck.status
        await deck.press("S")
        await deck.shows("┌─ metrics")
