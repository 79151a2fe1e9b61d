"""A feed asks at its pace, keeps what it knows, and never gives up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from amltui.azure.errors import AzureError, ServiceBroken, Throttled
from amltui.domain.listing import Listing
from amltui.feeds.board import Board
from amltui.feeds.feed import LONGEST_BACKOFF, Feed
from tests.manual_clock import ManualClock


class Service:
    """Answers from a script; the last entry is repeated."""

    def __init__(self, *answers: Sequence[str] | AzureError) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def fetch(self) -> Listing[str]:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, AzureError):
            raise answer
        return Listing(tuple(answer))


def feed(service: Service, clock: ManualClock, pace: float = 10.0) -> Feed[str]:
    return Feed(service.fetch, lambda items: pace, clock)


async def next_of(snapshots, clock: ManualClock, seconds: float):  # type: ignore[no-untyped-def]
    """The next snapshot, letting `seconds` pass while it is awaited."""
    task = asyncio.ensure_future(anext(snapshots))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not task.done(), "it did not wait"
    await clock.advance(seconds)
    return await asyncio.wait_for(task, 1)


async def test_the_first_answer_comes_at_once_and_the_next_after_the_pace():
    clock, service = ManualClock(), Service(["a"], ["b"])
    snapshots = feed(service, clock).snapshots()
    assert (await anext(snapshots)).items == ("a",)
    assert (await next_of(snapshots, clock, 12)).items == ("b",)
    assert 10 <= clock.waits[0] <= 11


async def test_a_failure_keeps_the_last_items_and_says_when_it_asks_again():
    clock, service = ManualClock(), Service(["a"], ServiceBroken("500"), ["b"])
    snapshots = feed(service, clock).snapshots()
    first = await anext(snapshots)
    failed = await next_of(snapshots, clock, 12)
    assert failed.items == ("a",)
    assert failed.at == first.at
    assert str(failed.error) == "500"
    assert failed.retry_at is not None
    assert failed.retry_at > clock.now()
    assert (await next_of(snapshots, clock, 5)).error is None


async def test_backoff_grows_to_its_cap_and_never_ends():
    clock, service = ManualClock(), Service(ServiceBroken("500"))
    snapshots = feed(service, clock).snapshots()
    await anext(snapshots)
    for _ in range(12):
        await next_of(snapshots, clock, LONGEST_BACKOFF * 1.2)
    assert clock.waits[0] < clock.waits[3] < clock.waits[-1] <= LONGEST_BACKOFF * 1.1
    assert service.asked == 13


async def test_retry_after_is_obeyed_even_when_the_user_refreshes():
    clock, service = ManualClock(), Service(Throttled("429", retry_after=30), ["a"])
    followed = feed(service, clock)
    snapshots = followed.snapshots()
    await anext(snapshots)
    task = asyncio.ensure_future(anext(snapshots))
    await clock.advance(10)
    followed.refresh()
    await clock.advance(10)
    assert service.asked == 1
    await clock.advance(15)
    assert (await asyncio.wait_for(task, 1)).items == ("a",)


async def test_refresh_cuts_the_pause_short():
    clock, service = ManualClock(), Service(["a"], ["b"])
    followed = feed(service, clock, pace=1000)
    snapshots = followed.snapshots()
    await anext(snapshots)
    task = asyncio.ensure_future(anext(snapshots))
    await clock.advance(1)
    followed.refresh()
    assert (await asyncio.wait_for(task, 1)).items == ("b",)


async def test_a_reader_that_comes_back_sees_what_is_known_and_does_not_ask_early():
    clock, service = ManualClock(), Service(["a"], ["b"])
    followed = feed(service, clock)
    await anext(followed.snapshots())
    snapshots = followed.snapshots()
    assert (await anext(snapshots)).items == ("a",)
    assert service.asked == 1
    assert (await next_of(snapshots, clock, 12)).items == ("b",)


async def test_a_bug_is_not_a_service_error():
    async def broken() -> Listing[str]:
        raise KeyError("bug")

    followed: Feed[str] = Feed(broken, lambda items: 1.0, ManualClock())
    with pytest.raises(KeyError):
        await anext(followed.snapshots())


async def test_a_board_shows_the_quick_while_the_slow_is_still_asked():
    clock = ManualClock()
    never = asyncio.Event()

    async def slow() -> Listing[str]:
        await never.wait()
        raise AssertionError

    quick = Service(["a"])
    board = Board({"q": feed(quick, clock), "s": Feed(slow, lambda items: 1.0, clock)})
    views = board.views()
    view = await asyncio.wait_for(anext(views), 1)
    assert view.items == ("a",)
    assert view.answered == 1
    await views.aclose()


async def test_a_bug_in_one_feed_of_a_board_is_raised_to_its_reader():
    async def broken() -> Listing[str]:
        raise KeyError("bug")

    clock = ManualClock()
    board = Board({"b": Feed(broken, lambda items: 1.0, clock), "a": feed(Service(["a"]), clock)})
    with pytest.raises(KeyError):
        async for _ in board.views():
            pass
