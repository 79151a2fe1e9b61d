"""How much may be used in a region, and how much is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from amltui.emulator import quotas
from amltui.emulator.computes.record import INSTANCE, Compute
from tests.emulator.lab import WORKSPACE, Lab, laboratory

REGION = "/subscriptions/s1/providers/Microsoft.MachineLearningServices/locations/eastus"
FAMILY = "standardDSv2Family"
QUOTA = f"{WORKSPACE}/quotas/{FAMILY}"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


async def rows(lab: Lab, what: str = "usages") -> dict[tuple[str, str], dict[str, Any]]:
    """By the last word of the type but one, and the name."""
    found = (await lab.get(f"{REGION}/{what}"))["value"]
    return {(each["type"].split("/", 1)[1], each["name"]["value"]): each for each in found}


def with_machines(lab: Lab) -> None:
    """An instance that is up, and a cluster that is never smaller than two nodes."""
    place = lab.world.workspace("s1", "rg1", "calm-ws")
    assert place is not None
    cluster = lab.world.compute(place, "cpu-cluster")
    assert cluster is not None
    lab.world.put(replace(cluster, min_nodes=2))
    lab.world.put(Compute(place.id, "up", INSTANCE, 0, "Standard_DS12_v2", state="Running"))


async def test_machines_that_are_up_are_counted_once_in_every_row(lab: Lab) -> None:
    with_machines(lab)
    found = await rows(lab)
    held = found["vmFamily/usages", FAMILY]["currentValue"]
    assert held >= 4 + 2 * 4
    assert held % 4 == 0
    assert found["workspaces/usages", FAMILY]["currentValue"] == held
    total = found["dedicatedCores/usages", "Total Cluster Dedicated Regional vCPUs"]
    assert total["currentValue"] == held
    assert found["totalCores/usages", "Clusters"]["currentValue"] == 1
    assert found["vmFamily/usages", "standardNCSv3Family"]["currentValue"] == 0
    elsewhere = await lab.get(f"{REGION.replace('eastus', 'westus2')}/usages")
    assert {each["currentValue"] for each in elsewhere["value"]} == {0}


async def test_a_workspace_is_given_a_part(lab: Lab) -> None:
    before = await rows(lab, "quotas")
    assert before["workspaces/quotas", FAMILY]["limit"] == quotas.USUAL_LIMIT
    answer = await lab.post(f"{REGION}/updateQuotas", {"value": [{"id": QUOTA, "limit": 12}]})
    assert answer["value"][0]["status"] == "Success"
    after = await rows(lab, "quotas")
    assert after["workspaces/quotas", FAMILY]["limit"] == 12
    assert after["vmFamily/quotas", FAMILY]["limit"] == quotas.USUAL_LIMIT
    place = lab.world.workspace("s1", "rg1", "calm-ws")
    assert place is not None
    assert quotas.left(lab.world, place, FAMILY) <= 12
    await lab.post(f"{REGION}/updateQuotas", {"value": [{"id": QUOTA, "limit": -1}]})
    assert (await rows(lab, "quotas"))["workspaces/quotas", FAMILY]["limit"] == 100


@pytest.mark.parametrize(
    ("identity", "most", "status"),
    [
        (QUOTA, 101, "InvalidQuotaExceedsSubscriptionLimit"),
        (QUOTA, 7, "InvalidQuotaBelowClusterMinimum"),
        (QUOTA, 8, "Success"),
        (f"{WORKSPACE}/quotas/noFamily", 8, "InvalidVMFamilyName"),
        (QUOTA.replace("calm-ws", "none"), 8, "Failure"),
    ],
)
async def test_what_came_of_it_is_told_of_each(
    lab: Lab, identity: str, most: int, status: str
) -> None:
    with_machines(lab)
    asked = {"value": [{"id": identity, "limit": most, "unit": "Count"}], "location": "eastus"}
    answer = await lab.post(f"{REGION}/updateQuotas", asked)
    assert [each["status"] for each in answer["value"]] == [status]


@pytest.mark.parametrize("body", [[], {}, {"value": 3}, {"value": [3]}, {"value": [{"id": 3}]},
                                  {"value": [{"id": "x", "limit": "9"}]},
                                  {"value": [{"id": "x", "limit": True}]}])  # fmt: skip
async def test_a_body_of_another_shape_is_refused(lab: Lab, body: Any) -> None:
    response = await lab.client.post(f"{REGION}/updateQuotas", json=body)
    assert response.status_code == 400


async def test_sizes_have_prices_on_one_page(lab: Lab) -> None:
    found = await lab.get(f"{REGION}/vmSizes")
    assert "nextLink" not in found
    assert found["value"][0]["estimatedVMPrices"]["values"]
