"""Against the service: logs are read as they grow, by ranges, and links that expire are told."""

from __future__ import annotations

import pytest

from amltui.azure import jobs, logs, metrics, runs
from amltui.azure.errors import AzureError, LinkExpired, NotFound
from amltui.domain.job import Job
from amltui.domain.log import LogFile
from tests.stage import Stage


async def running(place) -> Job:
    return next(job for job in (await jobs.newest(place, None)).items if job.is_running)


async def users_log(place, name: str) -> LogFile:
    file = (await logs.files(place, name))[0]
    assert file.path.startswith("user_logs/")
    assert (file.group, file.name) == ("user_logs", "std_log.txt")
    return file


async def test_a_growing_log_is_read_piece_by_piece_and_nothing_is_lost(stage: Stage, place):
    job = await running(place)
    file = await users_log(place, job.name)
    read = b""
    for _ in range(6):
        chunk = await logs.read(place, file, len(read))
        assert chunk.start == len(read)
        read += chunk.data
        assert (await logs.read(place, file, len(read))).data == b""
        await stage.advance(120)
    await stage.advance(5)
    whole = await logs.read(place, file, 0)
    assert whole.data.startswith(read)
    assert len(whole.data) > len(read) > 0
    assert whole.size == len(whole.data) == whole.end


async def test_the_end_of_a_log_that_does_not_grow_is_no_error(place):
    over = next(j for j in (await jobs.newest(place, None)).items if j.status == "Completed")
    file = await users_log(place, over.name)
    whole = await logs.read(place, file, 0)
    assert whole.data
    for start in (whole.end, whole.end + 1000):
        chunk = await logs.read(place, file, start)
        assert (chunk.start, chunk.data, chunk.size) == (start, b"", whole.size)


async def test_no_token_goes_to_a_log_and_no_signature_into_what_is_logged(stage: Stage, place):
    file = await users_log(place, (await running(place)).name)
    await logs.read(place, file, 0)
    read = stage.requests[-1]
    assert "Authorization" not in read.headers
    assert read.headers["Range"].startswith("bytes=0-")
    assert str(read.url) == file.url
    signature = read.url.params["sig"]
    assert signature not in repr(list(place.client.requests))


async def test_a_link_that_has_expired_is_told_and_a_fresh_one_works(stage: Stage, place):
    job = await running(place)
    file = await users_log(place, job.name)
    stage.world_clock.advance(10 * 3600)
    with pytest.raises(LinkExpired, match=r"^the link to std_log\.txt is no longer accepted$"):
        await logs.read(place, file, 0)
    place.client.auth.credential = stage.credential
    place.client.auth.clock = stage.world_clock.now
    fresh = await users_log(place, job.name)
    assert fresh.url != file.url
    assert (await logs.read(place, fresh, 0)).data


async def test_a_log_that_is_not_there(place):
    file = await users_log(place, (await running(place)).name)
    with pytest.raises(AzureError):
        await logs.read(place, LogFile("x", file.url.replace("std_log", "gone")), 0)
    with pytest.raises(NotFound):
        await logs.files(place, "nobody")


@pytest.mark.parametrize("kind", ["500", "html502", "429"])
async def test_a_storage_in_trouble_is_asked_again(stage: Stage, place, kind):
    file = await users_log(place, (await running(place)).name)
    stage.world.faults.add("Blobs_Get", kind)
    assert (await logs.read(place, file, 0)).data


@pytest.mark.scenario("busy_night")
async def test_a_job_that_waits_has_no_logs_yet(place):
    listed = (await jobs.newest(place, None)).items
    waiting = next(job for job in listed if job.status == "Queued" and job.started is None)
    found = await runs.details(place, waiting.name)
    assert found.logs == ()
    assert (found.status, found.started, found.ended, found.error) == ("Queued", None, None, None)


async def test_last_values_series_and_samples_of_metrics_agree(place):
    job = await running(place)
    values = await metrics.last_values(place, job.name)
    assert values
    for name, value in values.items():
        series = await metrics.points(place, job.name, name)
        assert series.last is not None
        assert (series.last.step, repr(series.last.value)) == (value.step, repr(value.value))
        sample = await metrics.sample(place, job.name, name)
        assert sample.logged == len(series.points)
        assert set(sample.points) <= set(series.points)


async def test_what_was_logged_since_extends_a_series_to_the_whole(stage: Stage, place):
    job = await running(place)
    name = next(iter(await metrics.last_values(place, job.name)))
    first = await metrics.points(place, job.name, name)
    assert first.last is not None
    await stage.advance(300)
    since = first.last.time
    assert since is not None
    newer = await metrics.points(place, job.name, name, since=since)
    whole = await metrics.points(place, job.name, name)
    assert len(whole.points) > len(first.points)
    assert len(newer.points) < len(whole.points)
    assert first.extended(newer.points).points == whole.points


async def test_metrics_that_nobody_logged(place):
    job = await running(place)
    assert (await metrics.points(place, job.name, "nobody/logged this é")).points == ()
    with pytest.raises(NotFound):
        await metrics.last_values(place, "nobody")


async def test_a_metric_service_that_refuses_is_replaced_by_mlflow(stage: Stage, place):
    job = await running(place)
    name = next(iter(await metrics.last_values(place, job.name)))
    told = await metrics.points(place, job.name, name)
    stage.world.faults.add("Metrics_GetFull", "403")
    other = await metrics.points(place, job.name, name)
    assert [(p.step, p.value) for p in other.points] == [(p.step, p.value) for p in told.points]
