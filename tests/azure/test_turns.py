"""The order in which requests go out when there are more than connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from amltui.azure.turns import Turns, Urgency, asking
from tests.waiting import wait_until


class Line:
    """Requests that go on until they are told to end."""

    def __init__(self, most: int = 2, kept_free: int = 1) -> None:
        self.turns = Turns(most, kept_free)
        self.begun: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._ends: dict[str, asyncio.Event] = {}

    async def ask(self, name: str, urgency: Urgency) -> None:
        self._ends[name] = asyncio.Event()

        async def exchange() -> None:
            async with self.turns.turn():
                self.begun.append(name)
                await self._ends[name].wait()

        with asking(urgency):
            self.tasks[name] = asyncio.create_task(exchange())
        await asyncio.sleep(0)

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await asyncio.wait([self.tasks[name]])
        await asyncio.sleep(0)


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    made = Line()
    yield made
    for task in made.tasks.values():
        task.cancel()
    await asyncio.gather(*made.tasks.values(), return_exceptions=True)


async def test_what_is_looked_at_does_not_wait_for_what_is_asked_beside(line: Line):
    """Even when none of it ever ends."""
    for number in range(5):
        await line.ask(f"beside {number}", Urgency.MANY)
    assert line.begun == ["beside 0"]
    await line.ask("seen", Urgency.SEEN)
    assert line.begun == ["beside 0", "seen"]


async def test_a_change_goes_before_all_that_waits(line: Line):
    await line.ask("first", Urgency.SEEN)
    await line.ask("second", Urgency.SEEN)
    await line.ask("part", Urgency.MANY)
    await line.ask("third", Urgency.SEEN)
    await line.ask("stop", Urgency.CHANGE)
    await line.end("first")
    assert line.begun[-1] == "stop"
    await line.end("second")
    assert line.begun[-1] == "third"
    await line.end("stop")
    assert line.begun[-1] == "third"
    await line.end("third")
    assert line.begun[-1] == "part"


async def test_alike_ones_go_in_the_order_they_came(line: Line):
    for name in "abcd":
        await line.ask(name, Urgency.MANY)
    for name in "abc":
        await line.end(name)
    assert "".join(line.begun) == "abcd"


@pytest.mark.parametrize("give_up", ["waiting", "called", "at work"])
async def test_who_gives_up_leaves_the_turn_to_the_next(line: Line, give_up: str):
    """At whatever moment: no connection is lost to a screen that was left."""
    await line.ask("first", Urgency.MANY)
    await line.ask("second", Urgency.MANY)
    await line.ask("third", Urgency.MANY)
    if give_up == "waiting":
        line.tasks["second"].cancel()
        await line.end("first")
    elif give_up == "called":
        line._ends["first"].set()
        await asyncio.sleep(0)  # its turn has come, and it does not know yet
        line.tasks["second"].cancel()
    else:
        await line.end("first")
        line.tasks["second"].cancel()
    await _true(lambda: line.begun[-1] == "third")
    await line.end("third")
    await line.ask("fourth", Urgency.MANY)
    await _true(lambda: line.begun[-1] == "fourth")


async def _true(condition: Callable[[], bool]) -> None:
    await wait_until(condition)
