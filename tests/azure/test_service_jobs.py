"""Against the service: the newest jobs in few requests, one of them in full, and its children."""

from __future__ import annotations

import pytest

from amltui.azure import jobs, runs
from amltui.azure.errors import NotFound, NotSignedIn, ServiceBroken
from tests.stage import Stage


async def test_the_newest_jobs_with_the_times_and_errors_of_run_history(place):
    listing = await jobs.newest(place, None)
    assert (listing.more, listing.notes) == (False, ())
    made = [job.created for job in listing.items if job.created]
    assert made == sorted(made, reverse=True)
    assert len(made) == len(listing.items)
    for job in listing.items:
        assert job.experiment
        assert job.studio_url
        if job.ended_for_good:
            assert job.started is not None
            assert job.ended is not None
            assert job.started <= job.ended
        if job.status == "Failed":
            assert job.error is not None
            assert job.error.summary


@pytest.mark.scenario("busy_night")
@pytest.mark.parametrize(("limit", "more"), [(1, True), (10, True), (25, True), (None, False)])
async def test_a_limit_cuts_and_says_so(stage: Stage, place, limit, more):
    listing = await jobs.newest(place, limit)
    everything = await jobs.newest(place, None)
    assert listing.more is more
    assert [job.name for job in listing.items] == [job.name for job in everything.items][:limit]


async def test_a_limit_that_is_the_number_of_jobs_leaves_nothing_out(place):
    count = len((await jobs.newest(place, None)).items)
    assert not (await jobs.newest(place, count)).more
    assert (await jobs.newest(place, count - 1)).more


@pytest.mark.scenario("five_thousand_runs")
async def test_a_hundred_of_five_thousand_in_few_requests_and_then_in_fewer(stage: Stage, place):
    listing = await jobs.newest(place, 100)
    assert (len(listing.items), listing.more) == (100, True)
    pages = len(stage.sent("GET", "/jobs"))
    questions = len(stage.sent("POST", "/runs:query"))
    assert pages <= 10
    assert questions <= 12
    again = await jobs.newest(place, 100)
    assert again.items == listing.items
    assert len(stage.sent("GET", "/jobs")) == 2 * pages
    # Only what is not over is asked for again.
    assert len(stage.sent("POST", "/runs:query")) - questions <= 2


async def test_without_run_history_the_jobs_are_shown_with_a_note(stage: Stage, place):
    stage.world.faults.add("Discovery_Get", "html502", times=99)
    stage.world.faults.add("Discovery_GetWorkspace", "html502", times=99)
    listing = await jobs.newest(place, None)
    assert listing.items
    assert {job.started for job in listing.items} == {None}
    assert {job.status for job in listing.items} >= {"Running", "Completed", "Failed"}
    [note] = listing.notes
    assert note.startswith("times and errors are missing: ")
    assert "answered 502" in note
    found = await jobs.get(place, listing.items[0].name)
    assert (found.name, found.started) == (listing.items[0].name, None)


async def test_a_data_plane_that_refuses_the_sign_in_is_told(stage: Stage, place):
    await jobs.newest(place, None)
    stage.world.faults.add("*", "401", times=99)
    with pytest.raises(NotSignedIn):
        await jobs.newest(place, None)


async def test_one_job_in_full(place):
    listed = (await jobs.newest(place, None)).items
    for job in listed:
        found = await jobs.get(place, job.name)
        assert (found.name, found.status, found.started, found.ended, found.error) == (
            job.name,
            job.status,
            job.started,
            job.ended,
            job.error,
        )


@pytest.mark.parametrize("name", ["nobody", "..", ".", "a/b", "a?b#c", "x\x1b[31m", "é"])
async def test_a_job_that_does_not_exist(place, name):
    with pytest.raises(NotFound) as told:
        await jobs.get(place, name)
    assert str(told.value).isprintable()


async def test_children_of_pipelines_and_sweeps_are_jobs_that_open(place):
    listed = (await jobs.newest(place, None)).items
    parents = [job for job in listed if job.type in {"Pipeline", "Sweep"}]
    assert {job.type for job in parents} == {"Pipeline", "Sweep"}
    for parent in parents:
        children = (await runs.children(place, parent.name)).items
        assert children
        for child in children:
            assert child.parent == parent.name
            assert child.status
            opened = await jobs.get(place, child.name)
            assert (opened.name, opened.status) == (child.name, child.status)
    assert not {job.name for job in listed} & {job.parent for job in listed}


async def test_a_job_without_children_and_a_job_that_is_none(place):
    single = next(job for job in (await jobs.newest(place, None)).items if job.type == "Command")
    assert (await runs.children(place, single.name)).items == ()
    with pytest.raises((NotFound, ServiceBroken)):
        await runs.get(place, "nobody")


@pytest.mark.scenario("five_thousand_runs")
async def test_older_jobs_follow_without_gap_or_repetition(stage: Stage, place):
    """Whatever the size of the service's own pages; what was cut off comes first."""
    everything = [job.name for job in (await jobs.newest(place, 130)).items]
    listing = await jobs.newest(place, 33)
    found = [job.name for job in listing.items]
    for _ in range(2):
        assert listing.older is not None
        listing = await listing.older()
        found += [job.name for job in listing.items]
    assert found == everything[:99]
    assert listing.more


@pytest.mark.scenario("busy_night")
async def test_jobs_of_older_pages_are_looked_at_again_as_long_as_they_move(stage: Stage, place):
    """Those that are over are not asked about."""
    listing = await jobs.newest(place, None)
    running = next(job for job in listing.items if job.is_running)
    over = [job for job in listing.items if job.ended_for_good]
    await jobs.cancel(place, running.name)
    stage.world_clock.advance(10)
    stage.requests.clear()
    assert await jobs.renewed(place, over) == tuple(over)
    assert not stage.requests
    *same, changed = await jobs.renewed(place, [*over, running])
    assert same == over
    assert changed.status == "Canceled"
    assert changed.studio_url == running.studio_url
    assert len(stage.requests) == 1
