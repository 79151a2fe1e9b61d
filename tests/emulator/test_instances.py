"""Instances are switched by people, by schedules and by idleness."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from amltui.emulator.computes.record import INSTANCE, Compute
from amltui.emulator.jobs.wiretime import parse
from tests.emulator.computes import (
    COMPUTES,
    SIZE,
    cluster,
    code,
    get,
    inner,
    instance,
    job,
    made,
    outcome,
    post,
    put,
)
from tests.emulator.lab import NOON, WORKSPACE, Lab, laboratory

HOUR = 3600.0
DAY = 24 * HOUR


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def state(lab: Lab, name: str = "mine") -> str:
    return str((await inner(lab, name))["state"])


async def last(lab: Lab, name: str = "mine") -> tuple[str, str, str]:
    """The last operation: what, how it went, and who did it."""
    told = (await inner(lab, name))["lastOperation"]
    return told["operationName"], told["operationStatus"], told["operationTrigger"]


def cron(action: str, expression: str, **more: Any) -> dict[str, Any]:
    when = {"expression": expression, "timeZone": "UTC"}
    return {"action": action, "triggerType": "Cron", "cron": when, "status": "Enabled", **more}


def scheduled(*schedules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return instance(schedules={"computeStartStop": list(schedules)}, **more)


async def test_it_is_stopped_started_and_restarted(lab: Lab) -> None:
    """Each passes through a state of its own; the provisioning state stays Succeeded."""
    await made(lab, "mine", instance())
    for action, through, to in (
        ("stop", "Stopping", "Stopped"),
        ("start", "Starting", "Running"),
        ("restart", "Restarting", "Running"),
    ):
        answer = await post(lab, "mine", action)
        assert (answer.status_code, answer.content) == (202, b"")
        assert await state(lab) == through
        assert (await last(lab))[1] == "InProgress"
        assert await outcome(lab, answer) == "Succeeded"
        assert await state(lab) == to
        assert await last(lab) == (action.title(), "Succeeded", "User")
        assert (await get(lab, "mine"))["properties"]["provisioningState"] == "Succeeded"


@pytest.mark.parametrize(
    ("before", "refused"), [("stop", "stop"), ("stop", "restart"), ("restart", "start")]
)
async def test_what_its_state_does_not_allow_is_a_conflict(
    lab: Lab, before: str, refused: str
) -> None:
    await made(lab, "mine", instance())
    await post(lab, "mine", before)
    for _ in range(2):  # on the way there, and there
        answer = await post(lab, "mine", refused)
        assert answer.status_code == 409
        assert answer.json()["error"]["code"] == "Conflict"
        lab.pass_time(30)


async def test_an_unknown_instance_is_a_404_without_a_body(lab: Lab) -> None:
    for action in ("start", "stop", "restart", "resize", "updateIdleShutdownSetting", "enableSso"):
        answer = await post(lab, "nobody", action, {})
        assert (answer.status_code, answer.content) == (404, b"")


async def test_a_start_beyond_the_quota_fails_later(lab: Lab) -> None:
    """It is accepted, the operation fails with the family's name, and it is off as before."""
    await made(lab, "mine", instance("Standard_NV36ads_A10_v5"))
    await outcome(lab, await post(lab, "mine", "stop"))
    await made(lab, "other", instance("Standard_NV36ads_A10_v5"))
    answer = await post(lab, "mine", "start")
    assert answer.status_code == 202
    assert await state(lab) == "Starting"
    lab.pass_time(30)
    told = await lab.get(answer.headers["Azure-AsyncOperation"])
    assert told["status"] == "Failed"
    assert "standardNVADSA10v5Family" in told["error"]["message"]
    assert await state(lab) == "Stopped"
    assert await last(lab) == ("Start", "StartFailed", "User")
    await outcome(lab, await post(lab, "other", "stop"))
    assert await outcome(lab, await post(lab, "mine", "start")) == "Succeeded"


async def test_one_beyond_the_quota_is_not_created(lab: Lab) -> None:
    await made(lab, "mine", instance("Standard_NV36ads_A10_v5"))
    assert await outcome(lab, await put(lab, "other", instance("Standard_NV12ads_A10_v5"))) == (
        "Failed"
    )
    found = (await get(lab, "other"))["properties"]
    assert found["provisioningState"] == "Failed"
    assert found["provisioningErrors"][0]["error"]["code"] == "ClusterCoreQuotaReached"
    assert found["properties"]["state"] == "CreateFailed"
    assert (await post(lab, "other", "start")).status_code == 409


async def test_it_gets_another_machine(lab: Lab) -> None:
    """Of those that are allowed, on or off, and it is on or off afterwards as before."""
    await made(lab, "mine", instance())
    sizes = (await lab.post(f"{COMPUTES}/mine/getAllowedVmSizesForResize"))["value"]
    names = {each["name"] for each in sizes}
    assert "Standard_DS12_v2" in names
    assert SIZE not in names
    assert "Standard_NC6s_v3" not in names
    for wanted, expected in (
        ({"targetVMSize": "Standard_NC6s_v3"}, "VmSizeNotSupported"),
        ({"targetVMSize": "Standard_Nope"}, "VmSizeNotSupported"),
        ({}, "ArgumentNull"),
    ):
        refused = await post(lab, "mine", "resize", wanted)
        assert (refused.status_code, code(refused)) == (400, expected)
    answer = await post(lab, "mine", "resize", {"targetVMSize": "standard_ds12_v2"})
    assert answer.status_code == 202
    assert await state(lab) == "Resizing"
    assert await outcome(lab, answer) == "Succeeded"
    assert (await inner(lab, "mine"))["vmSize"] == "STANDARD_DS12_V2"
    assert (await state(lab), await last(lab)) == ("Running", ("Resize", "Succeeded", "User"))


async def test_settings_are_set_one_by_one(lab: Lab) -> None:
    await made(lab, "mine", instance())
    service = {"name": "rstudio", "endpoints": [], "image": {"reference": "r"}}
    mount = {"source": "azureml://x", "mountName": "data", "mountAction": "Mount"}
    for action, content, name, shown in (
        (
            "updateIdleShutdownSetting",
            {"idleTimeBeforeShutdown": "PT120M"},
            "idleTimeBeforeShutdown",
            "PT120M",
        ),
        ("customServices", [service], "customServices", [service]),
        ("updateDataMounts", [mount], "dataMounts", [mount]),
        ("enableSso", {"enableSSO": False}, "enableSSO", False),
    ):
        answer = await post(lab, "mine", action, content)
        assert (answer.status_code, answer.content) == (200, b"")
        assert (await inner(lab, "mine"))[name] == shown
    assert (await post(lab, "mine", "updateIdleShutdownSetting", {})).status_code == 200
    assert (await inner(lab, "mine"))["idleTimeBeforeShutdown"] is None
    for wanted in ("PT14M", "PT73H", "P", "15"):
        setting = {"idleTimeBeforeShutdown": wanted}
        refused = await post(lab, "mine", "updateIdleShutdownSetting", setting)
        assert refused.status_code == 400, wanted


async def test_an_idle_instance_is_stopped(lab: Lab) -> None:
    """When nobody has had it for that long, at that moment, whether or not somebody looks."""
    await made(lab, "mine", instance(idleTimeBeforeShutdown="PT30M"))
    created = parse((await get(lab, "mine"))["properties"]["createdOn"])
    lab.pass_time(29 * 60)
    assert await state(lab) == "Running"
    lab.pass_time(HOUR)
    assert await state(lab) == "Stopped"
    told = (await inner(lab, "mine"))["lastOperation"]
    assert (told["operationName"], told["operationTrigger"]) == ("Stop", "IdleShutdown")
    assert parse(told["operationTime"]) == pytest.approx(created + 15 + 30 * 60)
    await outcome(lab, await post(lab, "mine", "start"))
    lab.pass_time(20 * 60)
    assert await state(lab) == "Running"
    assert await last(lab) == ("Start", "Succeeded", "User")
    lab.pass_time(20 * 60)
    assert await state(lab) == "Stopped"


async def test_one_with_a_job_is_not_idle(lab: Lab) -> None:
    """It counts from the end of the last job."""
    await made(lab, "mine", instance(idleTimeBeforeShutdown="PT30M"))
    lab.pass_time(20 * 60)
    job(lab, "long", "MINE", ran=2 * HOUR)
    lab.pass_time(HOUR)
    assert await state(lab) == "JobRunning"
    lab.pass_time(HOUR + 20 * 60)
    assert await state(lab) == "Running"
    lab.pass_time(20 * 60)
    assert await state(lab) == "Stopped"


async def test_one_that_a_person_works_on_is_not_stopped(lab: Lab) -> None:
    person = Compute(WORKSPACE, "busy", INSTANCE, NOON - DAY, SIZE, "kim", idle_shutdown="PT15M")
    lab.world.stock(person)
    lab.pass_time(3 * DAY)
    assert await state(lab, "busy") == "Running"


async def test_schedules_start_and_stop_it(lab: Lab) -> None:
    """At their moments, in their zone, while they are enabled, and it says that they did."""
    at_noon = datetime.fromtimestamp(NOON, UTC)
    assert (at_noon.hour, at_noon.minute) == (22, 13)
    stop = cron("Stop", "0 18 * * *")
    stop["cron"]["timeZone"] = "Pacific Standard Time"  # 2:00 by universal time
    start = {
        "action": "start",
        "triggerType": "recurrence",
        "recurrence": {
            "frequency": "day",
            "interval": 1,
            "timeZone": "UTC",
            "schedule": {"hours": [6], "minutes": [30]},
        },
    }
    off = cron("Stop", "0 23 * * *", status="Disabled")
    answer = await put(lab, "mine", scheduled(stop, start, off))
    shown = answer.json()["properties"]["properties"]["schedules"]["computeStartStop"]
    assert [each["provisioningStatus"] for each in shown] == ["Provisioning"] * 3
    assert await outcome(lab, answer) == "Succeeded"
    shown = (await inner(lab, "mine"))["schedules"]["computeStartStop"]
    assert [each["provisioningStatus"] for each in shown] == ["Completed"] * 3
    assert len({each["id"] for each in shown}) == 3
    assert [each["action"] for each in shown] == ["Stop", "Start", "Stop"]
    assert [each["status"] for each in shown] == ["Enabled", "Enabled", "Disabled"]
    assert shown[1]["recurrence"]["frequency"] == "Day"
    lab.pass_time(3.5 * HOUR)
    assert (await state(lab), await last(lab)) == ("Running", ("Create", "Succeeded", "User"))
    lab.pass_time(0.5 * HOUR)
    assert (await state(lab), await last(lab)) == ("Stopped", ("Stop", "Succeeded", "Schedule"))
    told = (await inner(lab, "mine"))["lastOperation"]["operationTime"]
    assert told.startswith("2023-11-15T02:00:00")
    lab.pass_time(5 * HOUR)
    assert (await state(lab), await last(lab)) == ("Running", ("Start", "Succeeded", "Schedule"))
    lab.pass_time(30 * DAY)
    assert (await state(lab), await last(lab)) == ("Running", ("Start", "Succeeded", "Schedule"))


async def test_it_passes_through_starting_on_schedule(lab: Lab) -> None:
    await made(lab, "mine", scheduled(cron("Start", "0 23 * * *")))
    await outcome(lab, await post(lab, "mine", "stop"))
    to_eleven = 23 * HOUR - (lab.world.now % DAY)
    lab.pass_time(to_eleven + 1)
    assert await state(lab) == "Starting"
    assert await last(lab) == ("Start", "InProgress", "Schedule")


async def test_schedules_are_put_anew_and_taken_away(lab: Lab) -> None:
    """Left out, they stay; what they did meanwhile stays done."""
    await made(lab, "mine", scheduled(cron("Stop", "0 * * * *")))
    lab.pass_time(HOUR)
    assert await state(lab) == "Stopped"
    assert await outcome(lab, await put(lab, "mine", instance())) == "Succeeded"
    assert len((await inner(lab, "mine"))["schedules"]["computeStartStop"]) == 1
    await outcome(lab, await put(lab, "mine", instance(schedules=None)))
    assert (await inner(lab, "mine"))["schedules"]["computeStartStop"] == []
    await outcome(lab, await post(lab, "mine", "start"))
    lab.pass_time(5 * HOUR)
    assert await state(lab) == "Running"


async def test_looking_changes_nothing(lab: Lab) -> None:
    """One that is looked at every few minutes goes the same way as one that is not."""
    wanted = scheduled(
        cron("Start", "10,40 */2 * * *"),
        cron("Stop", "55 */3 * * *"),
        idleTimeBeforeShutdown="PT20M",
    )
    await put(lab, "watched", wanted)
    await put(lab, "alone", wanted)
    for _ in range(200):
        lab.pass_time(700)
        seen = await inner(lab, "watched")
    unseen = await inner(lab, "alone")
    for name in ("state", "lastOperation"):
        assert seen[name] == unseen[name]


async def test_one_that_cannot_be_stopped_by_its_schedule_stays_on(lab: Lab) -> None:
    stubborn = Compute(
        WORKSPACE,
        "stubborn",
        INSTANCE,
        NOON - DAY,
        SIZE,
        "kim",
        refuses="Stop",
        idle_shutdown="PT15M",
        idle_since=NOON,
        schedules=({"status": "Enabled", **cron("Stop", "0 * * * *")},),
        settled=NOON,
    )
    lab.world.stock(stubborn)
    lab.pass_time(3 * HOUR)
    assert await state(lab, "stubborn") == "Running"
    assert (await last(lab, "stubborn"))[1] == "StopFailed"


@pytest.mark.parametrize(
    "schedule",
    [
        cron("Fly", "* * * * *"),
        cron("Stop", "61 * * * *"),
        cron("Stop", "* * * * *", status="Perhaps"),
        cron("Stop", "* * * * *", triggerType="Moon"),
        cron("Stop", "* * * * *", cron=None),
        {"action": "Stop", "triggerType": "Recurrence", "recurrence": {"frequency": "Eon"}},
    ],
)
async def test_a_schedule_that_is_none_is_refused(lab: Lab, schedule: dict[str, Any]) -> None:
    refused = await put(lab, "mine", scheduled(schedule))
    assert (refused.status_code, code(refused)) == (400, "ScheduleInvalid")


async def test_many_moments_cost_little(lab: Lab) -> None:
    """A schedule of every minute, looked at after a year."""
    lab.world.stock(
        replace(
            Compute(WORKSPACE, "minutely", INSTANCE, NOON, SIZE, "kim"),
            schedules=(
                {"status": "Enabled", **cron("Stop", "* * * * *")},
                {"status": "Enabled", **cron("Start", "*/2 * * * *")},
            ),
            takes=5.0,
        )
    )
    lab.pass_time(365 * DAY)
    assert (await last(lab, "minutely"))[2] == "Schedule"


@pytest.mark.parametrize(
    ("pace", "said"),
    [
        (1.0, {"Retry-After": "1"}),
        (0.25, {"x-ms-retry-after-ms": "250"}),
        (0.0, {}),
    ],
)
async def test_clients_are_told_when_to_look_again(
    lab: Lab, pace: float, said: dict[str, str]
) -> None:
    """Parts of a second in a header of their own: Retry-After has none."""
    lab.world.retry_after = pace
    headers = (await put(lab, "mine", instance())).headers
    names = ("Retry-After", "x-ms-retry-after-ms")
    assert {name: headers[name] for name in names if name in headers} == said


async def test_a_cluster_has_none_of_this(lab: Lab) -> None:
    await made(lab, "other", cluster())
    for action, content in (
        ("start", None),
        ("resize", {"targetVMSize": SIZE}),
        ("getAllowedVmSizesForResize", None),
        ("updateIdleShutdownSetting", {"idleTimeBeforeShutdown": "PT30M"}),
        ("enableSso", {"enableSSO": True}),
        ("customServices", []),
    ):
        assert (await post(lab, "other", action, content)).status_code == 400
