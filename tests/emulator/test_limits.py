"""Rate limits: a bucket per caller and place, told in headers, enforced where asked."""

from __future__ import annotations

from amltui.emulator.limits import READS, Limits
from tests.emulator.lab import WORKSPACE, laboratory

LEFT = "x-ms-ratelimit-remaining-subscription-reads"


def test_a_bucket_empties_and_fills_up() -> None:
    """250 reads pass at once, the next is refused, and a second later 25 have come back."""
    limits = Limits(enforced=True)
    passed = [limits.spend("reads", "kim/s1", 0.0) for _ in range(READS.tokens)]
    assert not any(each.wait for each in passed)
    assert passed[-1].left == 0
    assert limits.spend("reads", "kim/s1", 0.0).wait == 1
    assert limits.spend("reads", "kim/s2", 0.0).wait == 0
    assert limits.spend("writes", "kim/s1", 0.0).wait == 0
    assert limits.spend("reads", "kim/s1", 1.0).left == 23


def test_asking_on_prolongs_the_wait() -> None:
    limits = Limits(enforced=True)
    waits = [limits.spend("reads", "kim/s1", 0.0).wait for _ in range(READS.tokens + 100)]
    assert waits[-1] == 4


async def test_what_is_left_is_told_and_not_enforced_unasked() -> None:
    async with laboratory() as lab:
        left = [
            int((await lab.client.get(f"{WORKSPACE}/computes")).headers[LEFT]) for _ in range(300)
        ]
        assert left[:3] == [249, 248, 247]
        assert left[-1] == 0


async def test_enforced_limits_refuse_and_say_when_to_come_back() -> None:
    async with laboratory() as lab:
        lab.world.limits.enforced = True
        for _ in range(READS.tokens):
            assert (await lab.client.get(f"{WORKSPACE}/computes")).status_code == 200
        refused = await lab.client.get(f"{WORKSPACE}/computes")
        assert refused.status_code == 429
        assert refused.json()["error"]["code"] == "TooManyRequests"
        lab.pass_time(float(refused.headers["Retry-After"]))
        assert (await lab.client.get(f"{WORKSPACE}/computes")).status_code == 200


async def test_the_graph_has_a_quota_of_its_own() -> None:
    query = {"query": "Resources | take 1"}
    async with laboratory() as lab:
        answer = await lab.client.post("/providers/Microsoft.ResourceGraph/resources", json=query)
        assert answer.headers["x-ms-user-quota-remaining"] == "14"
        assert answer.headers["x-ms-user-quota-resets-after"] == "00:00:05"
        assert LEFT not in answer.headers
