"""What goes wrong on purpose is planned, met, and accounted for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from amltui.emulator import faults
from amltui.emulator.__main__ import main
from amltui.emulator.app import world_of
from amltui.emulator.http.table import OPERATIONS
from tests.emulator.lab import WORKSPACE, Lab, laboratory

COMPUTES = f"{WORKSPACE}/computes"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def plan(lab: Lab, **fault: Any) -> None:
    response = await lab.client.post("/emulator/faults", json=fault)
    assert response.status_code == 201, response.text


@pytest.mark.parametrize("kind", ["403", "404", "409", "429", "500", "503"])
async def test_a_refusal_has_arms_envelope_and_passes(lab: Lab, kind: str) -> None:
    """One call is refused in ARM's words, the next is answered, and both are counted."""
    await plan(lab, operation="Compute_List", kind=kind)
    refused = await lab.client.get(COMPUTES)
    assert refused.status_code == int(kind)
    assert set(refused.json()["error"]) == {"code", "message"}
    assert "Retry-After" not in refused.headers
    await lab.get(COMPUTES)
    account = (await lab.client.get("/emulator/faults")).json()
    assert account["faults"][0]["met"] == 1
    assert account["calls"]["Compute_List"] == 2


async def test_throttling_can_name_its_wait(lab: Lab) -> None:
    await plan(lab, operation="Compute_List", kind="429", retry_after=20)
    assert (await lab.client.get(COMPUTES)).headers["Retry-After"] == "20"


async def test_an_expired_token_and_a_claims_challenge(lab: Lab) -> None:
    """Both are a 401; only the second asks for a token with certain claims."""
    await plan(lab, operation="Compute_List", kind="401")
    await plan(lab, operation="Compute_List", kind="claims")
    expired = await lab.client.get(COMPUTES)
    assert expired.status_code == 401
    assert expired.json()["error"]["code"] == "ExpiredAuthenticationToken"
    challenged = await lab.client.get(COMPUTES)
    assert challenged.status_code == 401
    assert 'error="insufficient_claims", ' in challenged.headers["WWW-Authenticate"]
    assert 'claims="ey' in challenged.headers["WWW-Authenticate"]


@pytest.mark.parametrize(("kind", "status"), [("html502", 502), ("html504", 504)])
async def test_a_proxys_page_is_html(lab: Lab, kind: str, status: int) -> None:
    await plan(lab, operation="*", kind=kind)
    broken = await lab.client.get(COMPUTES)
    assert broken.status_code == status
    assert broken.headers["content-type"].startswith("text/html")


async def test_every_third_call_of_one_subscription(lab: Lab) -> None:
    """A plan can befall each so-manieth call, without end, where a path says so."""
    await plan(lab, operation="*", kind="429", every=3, times=None, path="/subscriptions/S1/")
    statuses = [(await lab.client.get(COMPUTES)).status_code for _ in range(7)]
    assert statuses == [200, 200, 429, 200, 200, 429, 200]


async def test_a_fault_of_one_place_leaves_the_others_alone(lab: Lab) -> None:
    await plan(lab, operation="*", kind="429", times=None, path="/subscriptions/S1/")
    assert (await lab.client.get(COMPUTES)).status_code == 429
    assert (await lab.client.get("/subscriptions")).status_code == 200


async def test_an_operation_that_fails_in_the_end(lab: Lab) -> None:
    """It is accepted; its status and the resource agree that it failed."""
    lab.world.stock(_instance(lab))
    await plan(lab, operation="Compute_Stop", kind="operation-fails", message="No capacity.")
    accepted = await lab.client.post(f"{COMPUTES}/kim-dev/stop")
    assert accepted.status_code == 202
    status = accepted.headers["Azure-AsyncOperation"]
    assert (await lab.get(status))["status"] == "InProgress"
    lab.pass_time(60)
    told = await lab.get(status)
    assert (told["status"], told["error"]["message"]) == ("Failed", "No capacity.")
    inner = (await lab.get(f"{COMPUTES}/kim-dev"))["properties"]["properties"]
    assert inner["state"] == "Running"
    assert inner["lastOperation"]["operationStatus"] == "StopFailed"


async def test_an_operation_that_never_ends(lab: Lab) -> None:
    lab.world.stock(_instance(lab))
    await plan(lab, operation="Compute_Stop", kind="operation-hangs")
    accepted = await lab.client.post(f"{COMPUTES}/kim-dev/stop")
    lab.pass_time(1e7)
    assert (await lab.get(accepted.headers["Azure-AsyncOperation"]))["status"] == "InProgress"
    inner = (await lab.get(f"{COMPUTES}/kim-dev"))["properties"]["properties"]
    assert inner["state"] == "Stopping"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"kind": "flood"}, "no fault is called 'flood'"),
        ({"operation": "Compute_List"}, "needs a kind"),
        ({"kind": "429", "often": 3}, "has no 'often'"),
        ({"kind": "429", "times": "many"}, "times cannot be 'many'"),
        (["429"], "needs a kind"),
        ([{"kind": "429"}, {"kind": "429", "operation": "Computes_List"}], "mean Compute_List"),
        ({"kind": "429", "operation": "jobs_list"}, "mean Jobs_List"),
        ({"kind": "429", "operation": "nothing like it"}, "README has a table of them"),
        (None, "needs a kind"),
    ],
)
async def test_what_is_no_plan_is_refused(lab: Lab, told: Any, said: str) -> None:
    response = await lab.client.post("/emulator/faults", json=told)
    assert response.status_code == 400
    assert said in response.json()["error"]["message"]
    assert (await lab.get("/emulator/faults"))["faults"] == []


def test_a_plan_is_read_from_a_file(tmp_path: Path) -> None:
    """TOML with [[fault]] tables, or a list in JSON; anything else is a ValueError."""
    toml = tmp_path / "plan.toml"
    toml.write_text('[[fault]]\nkind = "reset"\n[[fault]]\nkind = "slow"\nseconds = 2\n')
    assert [each["kind"] for each in faults.read(toml)] == ["reset", "slow"]
    written = tmp_path / "plan.json"
    written.write_text('[{"kind": "500"}]')
    assert [each["kind"] for each in faults.read(written)] == ["500"]
    written.write_text('{"kind": "500"}')
    with pytest.raises(ValueError, match="list of faults"):
        faults.read(written)


def test_a_slow_answer_is_slow_without_more_words() -> None:
    plan = faults.FaultPlan()
    plan.plan({"operation": "Compute_List", "kind": "slow"})
    assert plan.faults[0].seconds >= 1


def test_everything_broken_breaks_what_there_is() -> None:
    """Every operation that the scenario plans a fault for is one of the service's."""
    planned = {fault.operation for fault in world_of("everything_broken").faults.faults}
    assert planned - {"*"} <= OPERATIONS
    assert len(planned) > 10


def _instance(lab: Lab) -> Any:
    from amltui.emulator.computes.record import INSTANCE, Compute

    return Compute(WORKSPACE, "kim-dev", INSTANCE, 0.0, "Standard_DS3_v2", "kim@contoso.com")


def test_a_service_does_not_begin_with_a_plan_for_an_operation_that_there_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends with 2, and says which ones are called nearly the same."""
    plan = tmp_path / "plan.json"
    plan.write_text('[{"kind": "500", "operation": "Computes_Stop"}]')
    assert main(["--scenario", "calm", "--faults", str(plan)]) == 2
    assert "no operation is called 'Computes_Stop': did you mean Compute_Stop" in (
        capsys.readouterr().err
    )
