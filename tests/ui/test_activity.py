"""`@`: what the program asks, how it is answered, and what it costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from amltui.azure import headers
from amltui.azure.errors import Throttled
from amltui.azure.request_log import RequestLog, RequestRecord, Underway
from amltui.domain.health import Health
from amltui.domain.listing import Listing
from amltui.ui.activity_words import budget_fact, exchanges, feed_facts, written_fact
from amltui.ui.screens.activity import Activity
from amltui.ui.widgets.cell_text import shown
from tests.stage import Stage
from tests.ui.deck import Deck

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def record(status: int | None, error: str | None = None) -> RequestRecord:
    return RequestRecord(NOON, "GET", "https://arm/x/jobs", status, 0.25, 10, "r-1", error)


async def test_requests_feeds_budget_and_bytes_are_told(stage: Stage):
    """One line for each request, with its answer; what is followed has a next time."""
    async with Deck.loaded(stage) as deck:
        await deck.press("at")
        await deck.shows("Activity", "asked", "requests, newest first", "job", "next in")
        assert "200" in deck.line("GET", "✓")
        await deck.shows("subscription reads", "written", "in flight", "nothing")


async def test_the_list_below_goes_on(stage: Stage):
    """Looking at the requests does not end them: new ones come in at the top."""
    async with Deck.loaded(stage) as deck:
        await deck.press("at")
        await deck.shows("asked")
        assert deck.app.session is not None
        log = deck.app.session.azure.requests
        before = log.count
        await stage.advance(30)
        await deck.wait(lambda: log.count > before, "another question")
        await deck.wait(lambda: f"asked {log.count}" in deck.header)


@pytest.mark.parametrize("key", ["escape", "q", "at"])
async def test_it_is_left(stage: Stage, key: str):
    async with Deck.loaded(stage) as deck:
        await deck.press("at")
        await deck.shows("asked")
        await deck.press(key)
        await deck.shows("2 Jobs")
        assert not any(isinstance(each, Activity) for each in deck.app.screen_stack)


async def test_an_operation_is_told_while_it_goes_on(stage: Stage):
    """What the user has asked for, by name."""
    async with Deck.loaded(stage, first="compute") as deck:
        await deck.go_to("kim-dev")
        await deck.press("S")
        await deck.agree()
        await deck.wait(lambda: deck.app.underway.operations.running, "it to begin")
        await deck.press("at")
        await deck.shows("kim-dev stopping")


async def test_no_secret_is_shown(stage: Stage):
    """Links to logs are signed: the signature is on no line."""
    async with Deck.loaded(stage) as deck:
        await deck.press("l")
        await deck.wait(lambda: any("sig=" in str(each.url) for each in stage.requests))
        (signature, *_) = [
            each.url.params["sig"] for each in stage.requests if "sig" in each.url.params
        ]
        await deck.press("at")
        await deck.shows("asked")
        seen = ""
        for _ in range(8):
            seen += "".join(deck.text.split())
            await deck.press("j")
        assert "sig=" in seen
        assert signature[:8] not in seen


def test_the_newest_stand_first_and_keep_their_numbers() -> None:
    """The cursor stays with its request while others come in: the key is the request's own."""
    records = [record(200), record(404), record(429), record(None, "no route")]
    listed = exchanges(records, 10, [Underway(NOON, "POST", "https://arm/x")])
    assert [each.key for each in listed] == ["-1", "9", "8", "7", "6"]
    assert [each.health for each in listed] == [
        Health.BUSY,
        Health.BAD,
        Health.WAITING,
        Health.ATTENTION,
        Health.DONE,
    ]
    later = exchanges([*records[1:], record(200)], 11, [])
    assert [each.key for each in later] == ["10", "9", "8", "7"]


async def test_feeds_tell_age_next_and_trouble(stage: Stage):
    """Followed ones have a next time, others rest; what fails says why."""
    async with Deck.loaded(stage) as deck:
        assert deck.app.session is not None
        store = deck.app.session.store

        async def throttled() -> Listing[object]:
            raise Throttled("Too many.", retry_after=40)

        now = stage.clock.now()
        for feed in store.feeds.values():
            assert feed.due is not None
            assert feed.due > now
        (told,) = feed_facts(store.feeds, now + timedelta(seconds=65), "job")
        assert "oldest answer 1m ago · next in 0s" in shown(told.value)
        (resting,) = feed_facts(store.feeds, now, "compute")
        assert shown(resting.value).endswith("resting")
        for feed in store.feeds.values():
            feed.fetch = throttled
            feed.refresh()
        await deck.until(lambda: any(feed.latest.error for feed in store.feeds.values()))
        (failing,) = feed_facts(store.feeds, now, "job")
        assert "1 failing: throttled" in shown(failing.value)


def test_a_small_budget_is_a_warning() -> None:
    low, well = budget_fact({"subscription-reads": 12}), budget_fact({"subscription-reads": 240})
    assert shown(low.value) == "! subscription reads 12"
    assert shown(well.value) == "subscription reads 240"
    assert shown(budget_fact({}).value) == "not told"
    assert not shown(budget_fact({"tenant-resource-requests": 14}).value).startswith("!")


def test_budgets_are_read_whatever_the_case() -> None:
    """And what is no number is not taken for one."""
    said = {
        "X-Ms-Ratelimit-Remaining-Subscription-Reads": "249",
        "x-ms-ratelimit-remaining-tenant-reads": "many",
        "content-type": "application/json",
    }
    assert headers.remaining(said) == {"subscription-reads": 249}


def test_the_meter_does_not_keep_itself_busy() -> None:
    """A repaint of some sixty bytes is hardly ever seen in it."""
    said = {shown(written_fact(12_300 + step, 80).value) for step in range(0, 99, 10)}
    assert len(said) <= 2


def test_a_request_waits_until_it_is_answered_or_fails() -> None:
    log = RequestLog()
    with log.waiting(NOON, "GET", "https://arm/x"):
        assert [each.method for each in log.underway] == ["GET"]
    assert log.underway == ()
    waiting = log.waiting(NOON, "GET", "https://arm/x")
    waiting.__enter__()
    assert not waiting.__exit__(OSError, OSError("cut"), None)
    assert log.underway == ()


async def test_enter_shows_a_request_in_full(stage: Stage):
    """Its address is whole where the line had no room; what would do nothing is not offered."""
    async with Deck.loaded(stage, size=(80, 24)) as deck:
        await deck.press("at")
        await deck.shows("asked", "requests, newest first")
        assert "space" not in deck.line("esc back")
        assert not any(line.strip("│ ") == "" for line in deck.lines[2:6])
        await deck.press("enter")
        await deck.shows("c copies", "answer")
        assert "ms" in deck.line("answer")
        await deck.press("c")
        await deck.shows("Copied")
        assert "/subscriptions/" in deck.app.clipboard or "workspaces" in deck.app.clipboard
        await deck.press("escape")
        await deck.shows("requests, newest first")
        await deck.press("space")
        assert "marked" not in deck.text
