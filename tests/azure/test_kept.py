"""A question that many have is asked once; an answer is kept, a failure is not."""

from __future__ import annotations

import asyncio

import pytest

from amltui.azure.errors import ServiceBroken
from amltui.azure.kept import Kept


class Question:
    """Counts how often it is asked, and answers when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.failure: Exception | None = None

    async def __call__(self) -> int:
        self.asked += 1
        number = self.asked
        await self.may_answer.wait()
        if self.failure is not None:
            raise self.failure
        return number


async def test_it_is_asked_once_for_all_who_wait_and_once_for_its_time():
    now, question = [0.0], Question()
    kept = Kept(lambda: now[0])
    waiting = [asyncio.ensure_future(kept.get("k", question, 10)) for _ in range(20)]
    await asyncio.sleep(0)
    question.may_answer.set()
    assert await asyncio.gather(*waiting) == [1] * 20
    now[0] = 9.9
    assert await kept.get("k", question, 10) == 1
    now[0] = 10.0
    assert await kept.get("k", question, 10) == 2
    kept.forget("k")
    assert await kept.get("k", question, 10) == 3
    assert await kept.get("other", question, 10) == 4


async def test_a_failure_reaches_everybody_and_is_not_kept():
    kept, question = Kept(), Question()
    question.failure = ServiceBroken("no")
    question.may_answer.set()
    answers = await asyncio.gather(
        *(kept.get("k", question, 10) for _ in range(3)), return_exceptions=True
    )
    assert answers == [question.failure] * 3
    assert question.asked == 1
    question.failure = None
    assert await kept.get("k", question, 10) == 2


async def test_who_stops_waiting_does_not_stop_the_question():
    kept, question = Kept(), Question()
    first = asyncio.ensure_future(kept.get("k", question, 10))
    second = asyncio.ensure_future(kept.get("k", question, 10))
    await asyncio.sleep(0)
    first.cancel()
    question.may_answer.set()
    assert await second == 1
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_failure_that_nobody_waits_for_any_longer_is_not_reported_anywhere():
    kept, question = Kept(), Question()
    question.failure = ServiceBroken("no")
    only = asyncio.ensure_future(kept.get("k", question, 10))
    await asyncio.sleep(0)
    only.cancel()
    question.may_answer.set()
    await asyncio.gather(only, return_exceptions=True)
    for _ in range(5):
        await asyncio.sleep(0)
    question.failure = None
    assert await kept.get("k", question, 10) == 2
