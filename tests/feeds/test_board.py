"""Several places read as one list; feeds that are kept for whoever comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from amltui.azure.errors import ServiceBroken
from amltui.domain.listing import Listing
from amltui.feeds.board import Board, View
from amltui.feeds.feed import Feed, Snapshot
from amltui.feeds.store import Store
from tests.manual_clock import ManualClock


class Place:
    """One place, and what it answers."""

    def __init__(self, *items: str) -> None:
        self.items = items
        self.asked = 0
        self.error: ServiceBroken | None = None
        self.gate: asyncio.Event | None = None
        self.notes: tuple[str, ...] = ()

    async def fetch(self) -> Listing[str]:
        self.asked += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return Listing(self.items, notes=self.notes)


def board(clock: ManualClock, **places: Place) -> Board[str]:
    return Board(
        {name: Feed(place.fetch, lambda items: 10.0, clock) for name, place in places.items()}
    )


async def until(views: AsyncIterator[View[str]], condition) -> View[str]:  # type: ignore[no-untyped-def]
    async with asyncio.timeout(2):
        async for view in views:
            if condition(view):
                return view
    raise AssertionError("the views ended")


async def test_the_items_of_all_places_come_in_one_list():
    """In the order of the places, however fast each one is."""
    clock = ManualClock()
    views = board(clock, a=Place("1", "2"), b=Place("3")).views()
    view = await until(views, lambda view: view.answered == 2)
    assert view.items == ("1", "2", "3")
    await views.aclose()


async def test_a_place_that_fails_keeps_its_items_and_is_named():
    """The others go on."""
    clock = ManualClock()
    good, bad = Place("1"), Place("2")
    read = board(clock, good=good, bad=bad)
    views = read.views()
    await until(views, lambda view: view.answered == 2)
    bad.error = ServiceBroken("502")
    good.items = ("1", "new")
    task = asyncio.ensure_future(until(views, lambda v: v.errors and "new" in v.items))
    await asyncio.sleep(0.01)
    await clock.advance(12)
    view = await task
    assert view.items == ("1", "new", "2")
    assert list(view.failing) == ["bad"]
    assert [str(error) for error in view.errors] == ["502"]
    await views.aclose()


async def test_answers_that_come_together_are_one_view():
    """Five workspaces that answer at once are one repaint."""
    clock = ManualClock()
    gate = asyncio.Event()
    places = {name: Place(name) for name in "abcde"}
    for place in places.values():
        place.gate = gate
    views = board(clock, **places).views()
    first = asyncio.ensure_future(anext(views))
    await asyncio.sleep(0.01)
    gate.set()
    assert (await asyncio.wait_for(first, 2)).answered == 5
    await views.aclose()


async def test_nobody_is_asked_once_the_reader_has_left():
    """The readers end with the iterator."""
    clock = ManualClock()
    place = Place("1")
    views = board(clock, a=place).views()
    await anext(views)
    await views.aclose()
    await clock.advance(1000)
    assert place.asked == 1


async def test_refresh_asks_everywhere():
    """One key for all places."""
    clock = ManualClock()
    one, two = Place("1"), Place("2")
    read = board(clock, a=one, b=two)
    views = read.views()
    await until(views, lambda view: view.answered == 2)
    task = asyncio.ensure_future(until(views, lambda view: one.asked + two.asked == 4))
    await asyncio.sleep(0.01)
    read.refresh()
    await task
    await views.aclose()


def test_a_view_tells_its_ages_notes_and_whether_there_is_more():
    """Of the oldest part, each note once."""
    clock = ManualClock()
    early, late = clock.now(), clock.now().replace(hour=5)
    view = View(
        {
            "a": Snapshot(("1",), early, notes=("times are missing",)),
            "b": Snapshot(("2",), late, more=True, notes=("times are missing",)),
            "c": Snapshot[str](),
        }
    )
    assert (view.oldest, view.newest, view.answered, view.more) == (early, late, 2, True)
    assert view.notes == ("times are missing",)
    assert View[str]().oldest is None


async def test_the_store_keeps_what_a_feed_knew_for_the_next_reader():
    """A pane that comes back shows its rows at once and does not ask early."""
    clock = ManualClock()
    place = Place("1")
    store = Store(clock)
    first = store.board("job", {"a": place.fetch}, lambda items: 10.0)
    await anext(first.views())
    again = store.board("job", {"a": place.fetch}, lambda items: 10.0)
    assert again.latest.items == ("1",)
    assert (await anext(again.views())).items == ("1",)
    assert place.asked == 1


async def test_kinds_and_places_do_not_share_a_feed():
    """Computes of a workspace are not its jobs."""
    store = Store(ManualClock())
    jobs, computes = Place("job"), Place("compute")
    one = store.board("job", {"a": jobs.fetch}, lambda items: 10.0)
    two = store.board("compute", {"a": computes.fetch}, lambda items: 10.0)
    assert (await anext(one.views())).items == ("job",)
    assert (await anext(two.views())).items == ("compute",)


async def test_a_snapshot_tells_how_long_its_answer_took():
    """By the feed's clock, for the status line."""
    clock = ManualClock()
    place = Place("1")
    place.gate = asyncio.Event()
    snapshots = Feed(place.fetch, lambda items: 10.0, clock).snapshots()
    task = asyncio.ensure_future(anext(snapshots))
    await asyncio.sleep(0.01)
    await clock.advance(1.5)
    place.gate.set()
    assert (await task).took == 1.5
