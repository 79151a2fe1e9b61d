"""Watching without a screen: each event once, over restarts, and no more questions than needed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from amltui.azure import jobs
from amltui.azure.client import AzureClient
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.job import Job
from amltui.domain.overview import JobNow
from amltui.domain.watch import Condition, Rule
from amltui.feeds import hook
from amltui.feeds.watches import Watch, Watches
from amltui.feeds.watching import News, Watching
from tests.stage import START, Stage
from tests.waiting import wait_until

pytestmark = pytest.mark.scenario("busy_night")


def a_watch() -> Watch:
    return Watch(START, workspace=WorkspaceId("s", "g", "w"), name="j", title="train")


async def named(azure: AzureClient, stage: Stage, title: str) -> Job:
    listing = await jobs.newest(azure.workspace(stage.place), 200)
    return next(job for job in listing.items if job.title == title)


async def test_an_event_is_told_once_over_restarts(
    stage: Stage, azure: AzureClient, tmp_path: Path
):
    """The second program has the file of the first."""
    job = await named(azure, stage, "resnet50-fp16")
    told: list[News] = []
    for _ in range(2):
        kept = Watches(lambda: tmp_path / "watches.json")
        watching = Watching(stage.clock, kept, told.append)
        if not kept.all:
            watching.start(job, [Condition(Rule.NOT_A_NUMBER)])
        task = asyncio.create_task(watching.run(azure, [stage.place]))
        await wait_until(lambda: watching.sight(job.key).looked, "a look")  # noqa: B023
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert [news.event.rule for news in told] == [Rule.NOT_A_NUMBER]
    assert "is NaN at step" in told[0].event.text


async def test_the_log_is_asked_about_only_where_metrics_are_silent(
    stage: Stage, azure: AzureClient
):
    """A job that logs costs two questions a look, and none where a list has just told of it."""
    job = await named(azure, stage, "resnet50-base")
    watching = Watching(stage.clock, Watches(), lambda news: None)
    watching.start(job, [Condition(Rule.STALLED, 600.0)])
    stage.requests.clear()
    task = asyncio.create_task(watching.run(azure, [stage.place], lambda key: job))
    await wait_until(lambda: watching.sight(job.key).looked, "a look")
    assert [each.url.path.rpartition("/")[2] for each in stage.requests] == ["get"]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_stalled_job_is_told_by_its_log_too(stage: Stage, azure: AzureClient):
    place = next(
        WorkspaceId.parse(each.id)
        for each in stage.world.workspaces.values()
        if each.name == "nlp-dev"
    )
    listing = await jobs.newest(azure.workspace(place), 200)
    job = next(each for each in listing.items if each.title == "rlhf-ppo")
    told: list[News] = []
    watching = Watching(stage.clock, Watches(), told.append)
    watching.start(job, [Condition(Rule.STALLED, 600.0)])
    task = asyncio.create_task(watching.run(azure, [place]))
    await wait_until(lambda: told, "news")
    assert told[0].event.text.startswith("no metric, no log for 2")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_another_workspace_is_left_alone(stage: Stage, azure: AzureClient):
    """A watch of a workspace that is not readable now rests, and stays."""
    kept = Watches()
    kept.put(a_watch())
    watching = Watching(stage.clock, kept, lambda news: None)
    task = asyncio.create_task(watching.run(azure, [stage.place]))
    await asyncio.sleep(0)
    assert not watching.feeds
    assert kept.all
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_hook_gets_text_and_no_shell_sees_it(tmp_path: Path):
    """What a job is called stays text, whatever is in it."""
    out = tmp_path / "out"
    evil = f"$(touch {tmp_path}/owned); `id`"
    script = (
        f"""python3 -c "import os; open({str(out)!r},'w').write(os.environ['AMLTUI_TITLE'])" """
    )
    await hook.run(script, {"TITLE": evil})
    assert out.read_text() == evil
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sh -c 'exit 3'", "exit code 3"),
        ("/no/such/command", "cannot be run"),
        ("sleep 30", "took more than"),
        ("echo 'open", "cannot be understood"),
    ],
)
async def test_a_hook_that_fails_is_told(line: str, said: str):
    with pytest.raises(hook.Unrunnable, match=said):
        await hook.run(line, {}, patience=0.2 if line.startswith("sleep") else 10.0)


async def test_a_failure_while_nobody_looked_is_told_at_the_next_start(
    stage: Stage, azure: AzureClient, tmp_path: Path
):
    """By a filter too: what had failed before the watch began is no news."""
    path = tmp_path / "watches.json"
    everything = {"passes": lambda text, job: True, "rates": {}, "failing": {}}

    async def heard() -> list[str]:
        told: list[News] = []
        watching = Watching(stage.clock, Watches(lambda: path), told.append)
        if not watching.active:
            watching.start_general([Condition(Rule.FAILED)], "")
        listing = await jobs.newest(azure.workspace(stage.place), 200)
        watching.hear([JobNow(job) for job in listing.items], **everything)
        return [news.name for news in told]

    assert await heard() == []
    await stage.advance(300)
    assert await heard() == ["vit-b16-lr1e4"]
    assert await heard() == []
