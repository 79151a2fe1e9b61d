"""Long lists in pages: what is loaded stays, and only its newest page is asked for again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from amltui.azure.errors import BadRequest
from amltui.domain.listing import Listing
from amltui.feeds.pages import NEW, Pages
from tests.manual_clock import ManualClock

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Item:
    number: int
    state: str = "over"

    @property
    def key(self) -> str:
        return str(self.number)

    @property
    def at(self) -> datetime:
        return BEGIN + timedelta(minutes=self.number)


@dataclass
class Service:
    """Holds numbered items, the highest the newest, and counts what it is asked."""

    items: list[Item]
    size: int = 3
    asked: list[str] = field(default_factory=list)
    renewed: list[list[int]] = field(default_factory=list)
    refuses: bool = False

    async def newest(self) -> Listing[Item]:
        self.asked.append("newest")
        return self._page(10**9)

    def _page(self, before: int) -> Listing[Item]:
        left = sorted((i for i in self.items if i.number < before), key=lambda i: -i.number)
        page, rest = left[: self.size], left[self.size :]

        async def older() -> Listing[Item]:
            self.asked.append("older")
            if self.refuses:
                raise BadRequest("the token is too old")
            return self._page(page[-1].number)

        return Listing(tuple(page), bool(rest), older=older if rest else None)

    async def renew(self, known: list[Item]) -> list[Item]:
        self.renewed.append([item.number for item in known])
        now = {item.number: item for item in self.items}
        return [now.get(item.number, item) for item in known]


def numbers(listing: Listing[Item]) -> list[int]:
    return [item.number for item in listing.items]


def pages_of(service: Service, clock: ManualClock | None = None) -> Pages[Item]:
    return Pages(service.newest, lambda item: item.at, service.renew, clock)


async def more(pages: Pages[Item]) -> Listing[Item]:
    pages.wanted = True
    return await pages.ask()


async def test_a_page_more_is_loaded_when_it_is_wanted_and_no_other():
    service = Service([Item(n) for n in range(10)])
    pages = pages_of(service)
    first = await pages.ask()
    assert (numbers(first), first.more) == ([9, 8, 7], True)
    assert numbers(await more(pages)) == [9, 8, 7, 6, 5, 4]
    assert service.asked == ["newest", "newest", "older"]
    last = await more(pages)
    last = await more(pages)
    assert (numbers(last), last.more) == (list(range(9, -1, -1)), False)
    await more(pages)
    assert service.asked.count("older") == 3


async def test_a_refresh_asks_for_the_newest_only_and_keeps_the_rest():
    """New ones push old ones off the newest page, but not out of the list."""
    service = Service([Item(n) for n in range(10)])
    pages = pages_of(service)
    await pages.ask()
    await more(pages)
    service.items += [Item(10), Item(11)]
    service.asked.clear()
    assert numbers(await pages.ask()) == [11, 10, 9, 8, 7, 6, 5, 4]
    assert service.asked == ["newest"]


async def test_what_has_gone_from_the_newest_page_goes():
    service = Service([Item(n) for n in range(10)])
    pages = pages_of(service)
    await pages.ask()
    await more(pages)
    service.items = [item for item in service.items if item.number != 8]
    assert numbers(await pages.ask()) == [9, 7, 6, 5, 4]


async def test_older_rows_are_looked_at_again_where_they_may_change():
    service = Service([Item(n) for n in range(6)])
    pages = pages_of(service)
    await pages.ask()
    await more(pages)
    service.items[1] = Item(1, "failed")
    listing = await pages.ask()
    assert service.renewed[-1] == [2, 1, 0]
    assert listing.items[4].state == "failed"


async def test_rows_that_are_not_known_to_be_complete_are_not_kept():
    """More than a page has come meanwhile: what lies between is not known."""
    service = Service([Item(n) for n in range(10)])
    pages = pages_of(service)
    await pages.ask()
    await more(pages)
    service.items += [Item(n) for n in range(10, 20)]
    listing = await pages.ask()
    assert (numbers(listing), listing.more) == ([19, 18, 17], True)
    assert numbers(await more(pages)) == [19, 18, 17, 16, 15, 14]


async def test_a_place_that_is_lost_is_told_and_the_rows_stay():
    service = Service([Item(n) for n in range(10)])
    pages = pages_of(service)
    await pages.ask()
    await more(pages)
    service.refuses = True
    listing = await more(pages)
    assert numbers(listing) == [9, 8, 7, 6, 5, 4]
    assert "older rows cannot be loaded" in listing.notes[0]


async def test_whoever_scrolls_on_quickly_asks_for_nothing_but_older_pages():
    """Until the newest page is no longer new."""
    clock = ManualClock(BEGIN)
    service = Service([Item(n) for n in range(20)])
    pages = pages_of(service, clock)
    for _ in range(3):
        listing = await more(pages)
    assert numbers(listing) == list(range(19, 7, -1))
    assert service.asked == ["newest", "older", "older", "older"]
    await clock.advance(NEW)
    await more(pages)
    assert service.asked[4:] == ["newest", "older"]
    await pages.ask()
    assert service.asked[6:] == ["newest"]


async def test_what_an_earlier_run_has_read_stays_where_it_joins_the_newest_page():
    """Nothing of it is asked for again; the way on begins behind the newest page."""
    service = Service([Item(number) for number in range(12)])
    pages = Pages(service.newest, lambda item: item.at, service.renew)
    pages.recall(tuple(Item(number) for number in (10, 9, 8, 7, 6, 5)))
    listing = await pages.ask()
    assert [item.number for item in listing.items] == [11, 10, 9, 8, 7, 6, 5]
    assert listing.more
    assert service.asked == ["newest"]


async def test_pages_that_an_earlier_run_has_left_are_turned_at_once():
    """Whoever wants more gets rows that were not there, whatever lies between."""
    service = Service([Item(number) for number in range(12)])
    pages = Pages(service.newest, lambda item: item.at)
    pages.recall(tuple(Item(number) for number in (11, 10, 9, 8, 7, 6, 5)))
    await pages.ask()
    pages.wanted = True
    listing = await pages.ask()
    assert [item.number for item in listing.items] == [11, 10, 9, 8, 7, 6, 5, 4, 3]
    assert service.asked == ["newest", "newest", "older", "older"]


async def test_what_has_gone_since_an_earlier_run_goes_where_its_page_is_turned():
    """A deleted row of an old page is not there for ever."""
    service = Service([Item(number) for number in range(12) if number not in {7, 4}])
    pages = Pages(service.newest, lambda item: item.at)
    pages.recall(tuple(Item(number) for number in (11, 10, 9, 8, 7, 6, 5, 4)))
    await pages.ask()
    pages.wanted = True
    listing = await pages.ask()
    assert [item.number for item in listing.items] == [11, 10, 9, 8, 6, 5, 3, 2, 1]


async def test_rows_of_an_earlier_run_behind_a_gap_are_not_kept():
    """More has happened than one page holds: what lies between is not known."""
    service = Service([Item(number) for number in range(12)])
    pages = Pages(service.newest, lambda item: item.at)
    pages.recall((Item(6), Item(5)))
    listing = await pages.ask()
    assert [item.number for item in listing.items] == [11, 10, 9]
    assert listing.older is not None


async def test_rows_that_have_not_changed_are_the_same_objects():
    """Whoever compares a long list with the one before need not look at its rows."""
    service = Service([Item(number) for number in range(6)])
    pages = Pages(service.newest, lambda item: item.at, service.renew)
    first = (await pages.ask()).items
    service.items = [Item(number) for number in range(6)]
    assert (await pages.ask()).items is first
    service.items[5] = Item(5, "ended")
    now = (await pages.ask()).items
    assert now[0].state == "ended"
    assert now[1] is first[1]
