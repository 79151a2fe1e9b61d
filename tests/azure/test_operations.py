"""Long-running operations are followed to their end, at the service's pace or a gentle own one."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from amltui.azure import computes, jobs
from amltui.azure.answer import Answer
from amltui.azure.client import POLLS
from amltui.azure.errors import OperationFailed, ServiceBroken, Throttled, Unreachable, Untrusted
from amltui.azure.operation import Operation
from amltui.azure.operations import LONGEST_PAUSE, MOST_FAILURES, PAUSES, SHORTEST_PAUSE
from tests.azure.answers import PLACE, Reply, Rig
from tests.azure.samples import sample

ARM = "https://management.azure.com"
BELOW = f"{ARM}/subscriptions/{PLACE.subscription_id}/providers/Microsoft.MachineLearningServices"
STATUS = f"{BELOW}/locations/westus/computeOperationsStatus/29f9?api-version=v&service=new"
RESULT = f"{BELOW}/locations/eastus/mfeOperationResults/jc:9799:train1?api-version=v&t=1&h=a-_%3d"
GOES_ON, DONE = Reply(200, {"status": "InProgress"}), Reply(200, {"status": "Succeeded"})


async def stopped(rig: Rig, accepted: Reply, *polls: Reply | Exception) -> Operation:
    """A compute that was stopped and followed to the end."""
    rig.service.on("POST", "/computes/ci-anna/stop", accepted)
    rig.service.on("GET", "/computeOperationsStatus/29f9", *polls or [DONE])
    rig.service.on("GET", "/jc:9799:train1", *polls or [DONE])
    operation = await computes.stop(rig.place, "ci-anna")
    await rig.client.wait_for(operation)
    return operation


def accepted(**headers: str) -> Reply:
    return Reply(202, None, {"Azure-AsyncOperation": STATUS} | headers)


async def test_the_status_address_is_polled_as_written_until_it_has_succeeded(rig):
    operation = await stopped(rig, accepted(), GOES_ON, GOES_ON, DONE)
    assert (operation.title, operation.status_url, operation.result_url) == (
        "stop of ci-anna",
        STATUS,
        None,
    )
    polls = rig.service.sent("GET", "29f9")
    assert [str(each.url) for each in polls] == [STATUS] * 3
    assert {each.headers["Authorization"] for each in polls} == {"Bearer token-1"}
    assert rig.slept == [2.0, 2.0, 5.0]


async def test_without_a_pace_of_the_service_the_own_one_slows_down(rig):
    await stopped(rig, accepted(), *[GOES_ON] * 7, DONE)
    assert rig.slept == [2.0, 2.0, 5.0, 5.0, 10.0, 10.0, 10.0, 10.0]


async def test_the_services_pace_is_kept(rig):
    slow = Reply(200, {"status": "InProgress"}, {"Retry-After": "17"})
    await stopped(rig, accepted(**{"Retry-After": "12"}), slow, GOES_ON, DONE)
    assert rig.slept == [12.0, 17.0, 5.0]


@pytest.mark.parametrize(
    ("asked", "waited"), [("0", SHORTEST_PAUSE), ("86400", LONGEST_PAUSE), ("inf", LONGEST_PAUSE)]
)
async def test_neither_a_spinning_nor_an_endless_pace_is_kept(rig, asked, waited):
    await stopped(rig, accepted(**{"Retry-After": asked}))
    assert rig.slept == [waited]


async def test_a_cancelled_job_has_a_location_only_and_ends_with_an_empty_200(rig):
    rig.service.on("POST", "/jobs/train1/cancel", Reply(202, b"null", {"Location": RESULT}))
    moved = RESULT.replace("t=1", "t=2")
    rig.service.on(
        "GET",
        "/jc:9799:train1",
        Reply(202, {}, {"Location": RESULT}),
        Reply(202, {}, {"Location": moved}),
        Reply(200),
    )
    operation = await jobs.cancel(rig.place, "train1")
    await rig.client.wait_for(operation)
    polls = [str(each.url) for each in rig.service.sent("GET", "train1")]
    assert polls == [RESULT, RESULT, moved]


async def test_the_status_address_wins_over_the_location(rig):
    await stopped(rig, accepted(Location=RESULT), DONE)
    assert rig.service.sent("GET", "29f9")
    assert not rig.service.sent("GET", "jc:9799:train1")


@pytest.mark.parametrize("status", [200, 204])
async def test_what_is_done_at_once_is_not_polled(rig, status):
    operation = await stopped(rig, Reply(status, None, {"Location": RESULT}))
    assert (operation.status_url, operation.result_url) == (None, None)
    assert len(rig.service.requests) == 1
    assert rig.slept == []


async def test_an_acceptance_without_any_address_is_all_there_is(rig):
    await stopped(rig, Reply(202))
    assert len(rig.service.requests) == 1


async def test_a_created_resource_with_its_own_address_as_location_is_over_at_once(rig):
    await stopped(rig, Reply(201, {"name": "x"}, {"Location": RESULT}), Reply(200, {"name": "x"}))
    assert len(rig.service.sent("GET", "train1")) == 1


async def test_the_finished_resource_may_be_the_last_answer(rig):
    workspace = sample("workspaces", "workspace")
    await stopped(rig, accepted(), GOES_ON, Reply(200, workspace))
    assert len(rig.slept) == 2


async def test_failed_inside_a_200_is_a_failure_with_the_services_reason(rig):
    failed = Reply(
        200,
        {"status": "Failed", "error": {"code": "UserError", "message": "Quota\r\nexceeded."}},
    )
    with pytest.raises(
        OperationFailed, match=r"^stop of ci-anna failed: Quota exceeded\.$"
    ) as told:
        await stopped(rig, accepted(), GOES_ON, failed)
    assert told.value.code == "UserError"


async def test_cancelled_by_somebody_else_is_a_failure(rig):
    with pytest.raises(OperationFailed, match="the service says Canceled, and not why"):
        await stopped(rig, accepted(), Reply(200, {"status": "Canceled"}))


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(500, b"<html>502</html>"),
        Reply(200, b'{"status": '),
        Reply(200, b"<html>hello</html>"),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("refused"),
    ],
    ids=["500 as HTML", "truncated", "200 as HTML", "slow", "refused"],
)
async def test_polling_survives_a_service_in_trouble(rig, trouble):
    await stopped(rig, accepted(), GOES_ON, *[trouble] * 5, DONE)
    assert rig.service.sent("GET", "29f9")


async def test_an_answer_between_two_troubles_is_a_new_beginning(rig):
    trouble = [Reply(200, b"<html>")] * (MOST_FAILURES - 1)
    await stopped(rig, accepted(), *trouble, GOES_ON, *trouble, GOES_ON, *trouble, DONE)
    assert len(rig.service.sent("GET", "29f9")) == 3 * MOST_FAILURES


async def test_polling_waits_as_long_as_a_throttled_service_asks(rig):
    throttled = Reply(429, {"error": {"message": "Retry again after 90 seconds."}})
    await stopped(rig, accepted(), throttled, DONE)
    assert rig.slept == [2.0, 90.0]


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Reply(503), ServiceBroken),
        (Reply(429, None, {"Retry-After": "60"}), Throttled),
        (httpx.ReadTimeout("slow"), Unreachable),
    ],
)
async def test_polling_gives_up_on_a_service_that_stays_in_trouble(rig, trouble, error):
    with pytest.raises(error):
        await stopped(rig, accepted(), trouble)
    pauses = [pause for pause in rig.slept if pause >= 2.0]
    assert len(pauses) >= MOST_FAILURES


@pytest.mark.parametrize("status", [400, 404, 409])
async def test_a_refused_poll_is_the_operations_failure(rig, status):
    gone = Reply(
        status,
        {"error": {"code": "OperationNotFound", "message": "Gone."}},
        {"x-ms-correlation-request-id": "c-1"},
    )
    with pytest.raises(OperationFailed, match=r"^stop of ci-anna failed: Gone") as told:
        await stopped(rig, accepted(), gone)
    assert (told.value.code, told.value.request_id) == ("OperationNotFound", "c-1")


@pytest.mark.parametrize("name", ["Azure-AsyncOperation", "Location"])
async def test_an_address_at_another_host_is_refused_and_nothing_is_asked_there(rig, name):
    with pytest.raises(Untrusted, match=r"evil\.example"):
        await stopped(rig, Reply(202, None, {name: "https://evil.example/status"}))
    assert {each.url.host for each in rig.service.requests} == {"management.azure.com"}


async def test_a_location_that_moves_to_another_host_is_refused(rig):
    moved = Reply(202, {}, {"Location": "https://management.azure.com.evil.example/x"})
    with pytest.raises(Untrusted):
        await stopped(rig, Reply(202, None, {"Location": RESULT}), moved)
    assert {each.url.host for each in rig.service.requests} == {"management.azure.com"}


async def test_an_operation_that_never_ends_is_given_up_on(rig):
    with pytest.raises(OperationFailed, match="it was not over after two hours"):
        await stopped(rig, accepted(**{"Retry-After": "600"}), GOES_ON)
    assert 7200 < sum(rig.slept) < 7300


def test_an_answers_headers_are_found_in_any_casing():
    answer = Answer(202, {"azure-asyncoperation": STATUS, "LOCATION": RESULT}, None, STATUS, 3.0)
    operation = Operation.from_answer("start", "ci-anna", answer)
    assert operation == Operation("start", "ci-anna", STATUS, RESULT, 3.0)


async def test_thousands_of_operations_are_looked_at_in_turn(rig: Rig) -> None:
    """All ask so many times a second, however many there are; one alone waits for none."""
    rig.service.on("GET", "/status/.*", Reply(body={"status": "Succeeded"}))
    operations = [
        Operation("stop", f"ci-{n}", f"{rig.client.cloud.arm}/status/{n}", None) for n in range(400)
    ]
    await rig.client.wait_for(operations[0])
    alone = max(rig.slept)
    await asyncio.gather(*(rig.client.wait_for(each) for each in operations))
    assert max(rig.slept) == pytest.approx(400 / POLLS)
    assert alone == PAUSES[0]
    await rig.client.wait_for(operations[0])
    assert rig.slept[-1] == alone
