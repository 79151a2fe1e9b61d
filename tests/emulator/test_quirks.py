"""The real service's oddities, and answers without them."""

from __future__ import annotations

from typing import Any

from tests.emulator.lab import WORKSPACE, Lab, laboratory


def nulls(value: Any) -> bool:
    if isinstance(value, dict):
        return any(each is None or nulls(each) for each in value.values())
    return isinstance(value, list) and any(nulls(each) for each in value)


async def cluster(lab: Lab) -> dict[str, Any]:
    found: dict[str, Any] = await lab.get(f"{WORKSPACE}/computes/cpu-cluster")
    return found


async def test_real_answers_have_nulls_and_seven_digits() -> None:
    async with laboratory() as lab:
        found = await cluster(lab)
        assert nulls(found)
        created = found["properties"]["createdOn"]
        assert created.endswith("+00:00")
        assert len(created.partition(".")[2]) == len("0000000+00:00")


async def test_tidy_answers_have_neither() -> None:
    async with laboratory() as lab:
        lab.world.is_tidy = True
        found = await cluster(lab)
        assert not nulls(found)
        assert found["properties"]["createdOn"].endswith("000Z")
        job = await lab.named("train-baseline")
        cancelled = await lab.client.post(f"{WORKSPACE}/jobs/{job}/cancel")
        assert (cancelled.status_code, cancelled.content) == (202, b"")
