"""Answers are really held against the description."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.emulator.lab import WORKSPACE
from tests.openapi.checking import Checked, complaints

COMPUTE = f"{WORKSPACE}/computes/c1"


def said(status: int = 200, **properties: object) -> list[str]:
    body = {"id": COMPUTE, "name": "c1", "properties": properties}
    return complaints("GET", COMPUTE, status, json.dumps(body).encode())


def test_an_answer_as_described_passes_with_its_nulls() -> None:
    assert said(computeType="AmlCompute", description=None, properties={"vmSize": "A"}) == []


def test_a_missing_member_a_wrong_type_and_an_unheard_of_value_do_not() -> None:
    assert said() == ['properties: "computeType" is a required property']
    assert said(computeType="AmlCompute", properties={"vmSize": 3}) == [
        'properties/properties/vmSize: 3 is not of type "string"'
    ]
    assert "is not one of" in said(computeType="ComputeInstance", properties={"state": "Fine"})[0]


def test_an_undescribed_status_does_not() -> None:
    assert said(206, computeType="AKS") == ["Compute_Get is not described to answer 206"]


async def test_the_transport_fails_the_test() -> None:
    body = {"properties": {"computeType": 7}}
    inner = httpx.MockTransport(lambda request: httpx.Response(200, json=body))
    async with httpx.AsyncClient(transport=Checked(inner), base_url="http://lab") as client:
        with pytest.raises(AssertionError, match="computeType: 7 is not"):
            await client.get(COMPUTE)
