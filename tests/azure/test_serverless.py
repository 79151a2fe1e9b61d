"""Serverless machines beside the computes, from the jobs of the same workspace."""

from __future__ import annotations

import asyncio
import gc

import httpx
import pytest

from amltui.azure import job_details, jobs, serverless
from amltui.azure.client import AzureClient, WorkspaceClient
from amltui.azure.errors import NotSignedIn
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import Compute
from amltui.domain.listing import Listing
from tests.azure.answers import Answer, Reply, Rig
from tests.stage import Stage

pytestmark = pytest.mark.scenario("busy_night")
CLUSTER = {"name": "cpu", "properties": {"computeType": "AmlCompute", "properties": {}}}
JOB = {
    "name": "tuning",
    "properties": {
        "jobType": "Command",
        "status": "Running",
        "computeId": "serverless",
        "resources": {"instanceType": "Standard_NC6s_v3"},
        "queueSettings": None,
    },
}


@pytest.fixture
def nlp(stage: Stage, azure: AzureClient) -> WorkspaceClient:
    found = next(p for p in stage.world.workspaces.values() if p.name == "nlp-dev")
    return azure.workspace(WorkspaceId.parse(found.id))


def of(listing: Listing[Compute]) -> list[Compute]:
    return [each for each in listing.items if each.is_serverless]


async def test_a_job_without_a_compute_is_in_the_list_with_its_price(
    stage: Stage, nlp: WorkspaceClient
):
    """At the price of the size it asks for; the jobs are not asked about again for a while."""
    listing = await serverless.with_computes(nlp)
    (held,) = of(listing)
    assert (held.size, held.state, held.burn_per_hour) == ("Standard_NC6s_v3", "1 job", 3.06)
    assert not listing.notes
    asked = len(stage.sent("GET", "/jobs"))
    assert of(await serverless.with_computes(nlp)) == [held]
    assert len(stage.sent("GET", "/jobs")) == asked
    assert len(stage.sent("GET", "/computes")) == 2


async def test_its_job_tells_what_it_has_cost(nlp: WorkspaceClient):
    """On its own screen too, where the price of a compute would stand."""
    newest = (await jobs.newest(nlp, 100)).items
    job = next(each for each in newest if each.title == "lora-rank-scan")
    assert (job.compute, job.instance_type) == ("serverless", "Standard_NC6s_v3")
    assert (await job_details.get(nlp, job)).price_per_hour == pytest.approx(3.06)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(403, {"error": {"code": "AuthorizationFailed", "message": "not for you"}}),
        Reply(404, {"error": {"code": "NotFound", "message": "no such place"}}),
        Reply(429, {"error": {"code": "TooManyRequests", "message": "later"}}),
        Reply(502, b"<html><body>Bad Gateway</body></html>", {"Content-Type": "text/html"}),
        Reply(200, b'{"value": [{"name": "cut'),
        httpx.ReadError("connection reset by peer"),
    ],
)
async def test_jobs_that_do_not_answer_take_no_compute_away(rig: Rig, reply: Answer):
    """They are listed, with a note about what is missing and why."""
    rig.service.on("GET", "/computes", Reply(body={"value": [CLUSTER]}))
    rig.service.on("GET", "/jobs", reply)
    listing = await serverless.with_computes(rig.place)
    assert [each.name for each in listing.items] == ["cpu"]
    (note,) = listing.notes
    assert note.startswith("serverless machines are missing: ")


async def test_jobs_that_take_their_time_hold_no_list_up(rig: Rig, monkeypatch: pytest.MonkeyPatch):
    """The list says what it lacks, and has it once the jobs have answered."""
    monkeypatch.setattr(serverless, "PATIENCE", 0.01)
    told = asyncio.Event()

    async def late(_: httpx.Request) -> Reply:
        await told.wait()
        return Reply(body={"value": [JOB]})

    rig.service.on("GET", "/computes", Reply(body={"value": [CLUSTER]}))
    rig.service.on("GET", "/jobs", late)
    assert (await serverless.with_computes(rig.place)).notes == (serverless.LATE,)
    told.set()
    for _ in range(200):
        listing = await serverless.with_computes(rig.place)
        if listing.notes != (serverless.LATE,):
            break
    (held,) = of(listing)
    assert (held.size, held.price_per_hour) == ("Standard_NC6s_v3", None)
    assert len(rig.service.sent("GET", "/jobs")) == 1


async def test_a_session_that_is_over_is_told_as_such(rig: Rig):
    """It is no fault of the jobs: everything has to be signed in to anew."""
    rig.service.on("GET", "/computes", Reply(body={"value": [CLUSTER]}))
    rig.service.on("GET", "/jobs", Reply(401, {"error": {"code": "ExpiredAuthenticationToken"}}))
    with pytest.raises(NotSignedIn):
        await serverless.with_computes(rig.place)


async def test_what_nobody_waits_for_complains_to_nobody(rig: Rig):
    """Both are refused: the one error is told, and nothing is written over the screen."""
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    refused = Reply(401, {"error": {"code": "ExpiredAuthenticationToken"}})
    rig.service.on("GET", "/computes", refused)
    rig.service.on("GET", "/jobs", refused)
    with pytest.raises(NotSignedIn):
        await serverless.with_computes(rig.place)
    for _ in range(20):
        await asyncio.sleep(0)
    gc.collect()
    assert told == []
