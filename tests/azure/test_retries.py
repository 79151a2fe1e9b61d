"""What is worth another try gets two, at the service's pace; what may have arrived is not sent
again unless it changes nothing."""

from __future__ import annotations

import asyncio
import ssl

import httpx
import pytest

from amltui.azure import computes, logs, runs
from amltui.azure.client import LONGEST_WAIT, TRIES
from amltui.azure.errors import (
    AzureError,
    BadRequest,
    Conflict,
    NotAllowed,
    NotFound,
    ServiceBroken,
    Throttled,
    Unreachable,
)
from amltui.domain.log import LogFile
from tests.azure.answers import Reply

FINE = Reply(200, {"value": []})
STOP = "/computes/ci/stop"


async def test_a_throttled_read_is_repeated_after_a_growing_pause(rig):
    rig.service.on("GET", "/computes", Reply(429), Reply(429), FINE)
    assert await rig.place.get("/computes") == {"value": []}
    assert rig.slept == [0.5, 1.0]


@pytest.mark.parametrize(
    ("headers", "body", "slept"),
    [
        ({"Retry-After": "7"}, None, 7.0),
        ({"Retry-After": "0"}, None, 0.0),
        ({"x-ms-retry-after-ms": "1500"}, None, 1.5),
        ({}, {"error": {"message": "Retry again after 20 seconds."}}, 20.0),
    ],
)
async def test_the_services_pace_is_kept(rig, headers, body, slept):
    rig.service.on("GET", "/computes", Reply(429, body, headers), FINE)
    await rig.place.get("/computes")
    assert rig.slept == [slept]


@pytest.mark.parametrize("asked", ["31", "3600", "inf"])
async def test_a_long_wait_is_the_callers_to_wait(rig, asked):
    rig.service.on("GET", "/computes", Reply(429, None, {"Retry-After": asked}), FINE)
    with pytest.raises(Throttled) as told:
        await rig.place.get("/computes")
    assert told.value.retry_after is not None
    assert LONGEST_WAIT < told.value.retry_after <= 24 * 3600
    assert rig.slept == []


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_a_read_that_failed_is_repeated(rig, status):
    rig.service.on("GET", "/computes", Reply(status, b"<html>"), FINE)
    assert await rig.place.get("/computes") == {"value": []}


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Reply(429), Throttled),
        (Reply(500), ServiceBroken),
        (httpx.ConnectError("no"), Unreachable),
        (httpx.ReadTimeout("slow"), Unreachable),
        (httpx.RemoteProtocolError("cut"), Unreachable),
        (httpx.ReadError("reset"), Unreachable),
        (ssl.SSLError("bad record mac"), Unreachable),
    ],
    ids=["429", "500", "refused", "slow", "cut", "reset", "tls"],
)
async def test_trouble_that_stays_is_told_after_three_tries(rig, trouble, error):
    rig.service.on("GET", "/computes", trouble)
    with pytest.raises(error):
        await rig.place.get("/computes")
    assert len(rig.service.requests) == TRIES
    assert rig.slept == [0.5, 1.0]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(400), BadRequest),
        (Reply(403), NotAllowed),
        (Reply(404), NotFound),
        (Reply(409), Conflict),
        (Reply(501), ServiceBroken),
        (Reply(200, b"<html>"), ServiceBroken),
    ],
    ids=lambda each: str(getattr(each, "status", "")),
)
async def test_what_another_try_does_not_cure_is_told_at_once(rig, reply, error):
    rig.service.on("GET", "/computes", reply)
    with pytest.raises(error):
        await rig.place.get("/computes")
    assert len(rig.service.requests) == 1


@pytest.mark.parametrize(
    "first",
    [
        Reply(429),
        Reply(429, None, {"Retry-After": "2"}),
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.PoolTimeout("busy"),
    ],
    ids=["429", "429 with a pace", "refused", "no connection", "no place"],
)
async def test_a_change_that_never_arrived_is_sent_again(rig, first):
    rig.service.on("POST", STOP, first, Reply(202))
    await computes.stop(rig.place, "ci")
    assert len(rig.service.requests) == 2


@pytest.mark.parametrize(
    "first",
    [
        Reply(500),
        Reply(502, b"<html>"),
        Reply(503),
        Reply(504),
        Reply(408),
        httpx.ReadTimeout("slow"),
        httpx.WriteError("cut"),
        httpx.RemoteProtocolError("cut"),
        ssl.SSLError("bad record mac"),
    ],
    ids=["500", "502", "503", "504", "408", "no answer", "cut", "odd", "tls"],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_change_that_may_have_arrived_is_sent_once(rig, method, first):
    rig.service.on(method, "/computes/ci/stop", first, Reply(202))
    with pytest.raises(AzureError):
        await rig.place.send(method, STOP)
    assert len(rig.service.requests) == 1
    assert rig.slept == []


async def test_a_question_that_is_a_post_changes_nothing_and_is_repeated(rig):
    rig.service.on("POST", "/listNodes", Reply(502), httpx.ReadTimeout("slow"), Reply(200, {}))
    assert await computes.nodes(rig.place, "cpu") == ()
    assert len(rig.service.requests) == 3


async def test_the_next_try_may_bring_an_answer_of_another_kind(rig):
    rig.service.on("GET", "/computes", Reply(503), Reply(404))
    with pytest.raises(NotFound):
        await rig.place.get("/computes")


async def test_reading_a_log_is_repeated_too(rig):
    rig.service.on("GET", "/std.txt", Reply(503), httpx.ReadError("cut"), Reply(206, b"x"))
    file = LogFile("user_logs/std.txt", "https://sa1.blob.core.windows.net/std.txt?sig=x")
    assert (await logs.read(rig.place, file, 0)).data == b"x"
    assert rig.slept == [0.5, 1.0]
    rig.service.on("GET", "/std.txt", httpx.ReadError("cut"))
    with pytest.raises(Unreachable):
        await logs.read(rig.place, file, 0)


async def test_a_few_requests_of_a_workspace_at_a_time(rig):
    rig.service.data_plane()
    rig.service.on("GET", "/runs/r", Reply(200, {"runId": "r"}))
    await rig.place.services()
    await asyncio.gather(*(runs.get(rig.place, "r") for _ in range(40)))
    assert rig.service.most_at_once <= 4


async def test_after_its_end_a_client_says_so(rig):
    await rig.client.aclose()
    with pytest.raises(Unreachable, match="the program is ending"):
        await rig.place.get("/computes")
