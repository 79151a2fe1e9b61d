"""Ages, reasons and promises in words that do not tick."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from amltui.azure.errors import ServiceBroken, Throttled
from amltui.domain.health import Health
from amltui.feeds.board import View
from amltui.feeds.feed import Snapshot
from amltui.kinds.kind import Cell
from amltui.ui.freshness import Freshness, freshness, signed_out, stepped

NOW = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)


def ago(seconds: float, **more: Any) -> Snapshot[str]:
    return Snapshot(("a",), NOW - timedelta(seconds=seconds), **more)


def failed(seconds: float | None, error: Any, retry: float = 40) -> Snapshot[str]:
    at = None if seconds is None else NOW - timedelta(seconds=seconds)
    return Snapshot(("a",), at, error, NOW + timedelta(seconds=retry))


def told(parts: dict[str, Snapshot[str]], pace: float = 10.0) -> Freshness:
    return freshness(View(parts), lambda items: pace, NOW, "jobs", lambda place: place)


def status(fresh: Freshness) -> str:
    return " · ".join(cell.text for cell in fresh.status)


def test_while_all_is_well_the_words_promise_an_age_and_stay_the_same():
    """Nothing is written for an answer that came in time."""
    one = told({"a": ago(2, took=0.12)})
    assert one == told({"a": ago(9, took=0.31)})
    assert (one.badge.text, one.badge.health) == ("live 10s", Health.GOOD)
    assert status(one) == "ok · jobs every 10s · answers within 0.5s"


def test_slow_answers_are_told_in_steps():
    """Half a second more or less is not news; eight seconds are."""
    assert "within 2s" in status(told({"a": ago(2, took=1.4), "b": ago(2, took=0.1)}))
    assert "answers take 45s" in status(told({"a": ago(2, took=45)}))


def test_the_slowest_pace_is_the_promise():
    """One workspace that moves is asked often; the others are not, and the header must not lie."""
    view = View({"a": Snapshot(("moving",), NOW), "b": Snapshot(("calm",), NOW)})
    fresh = freshness(
        view, lambda items: 3.0 if "moving" in items else 15.0, NOW, "computes", lambda place: place
    )
    assert fresh.badge.text == "live 15s"
    assert "computes of 2 workspaces every 15s" in status(fresh)


def test_before_any_answer_it_says_what_is_being_asked():
    """A first load is no failure."""
    fresh = told({"a": Snapshot(), "b": Snapshot()})
    assert (fresh.badge.text, status(fresh)) == ("loading", "asking for jobs")


def test_places_that_have_not_answered_yet_are_named():
    """The rows that are there may be used meanwhile."""
    fresh = told({"a": ago(1), "slow": Snapshot()})
    assert (fresh.badge.text, status(fresh)) == ("1/2 answered", "asking slow")


def test_a_failure_tells_where_why_how_old_and_when_it_is_asked_again():
    """Everything a user needs to decide whether to wait."""
    fresh = told({"a": ago(1), "dev": failed(127, Throttled("Too many requests."))})
    assert fresh.badge.text == "stale 2m"
    assert status(fresh) == "dev stale 2m, retry in 40s: throttled · 1 ok"


def test_failures_that_are_alike_are_told_once():
    """Five workspaces behind one broken proxy are one sentence."""
    broken = ServiceBroken("The service answered 502\nBad Gateway")
    parts = {name: failed(None, broken) for name in "abcde"}
    fresh = told(parts)
    assert fresh.badge.text == "no data"
    assert status(fresh) == (
        "5 workspaces no data yet, retry in 40s: The service answered 502 Bad Gateway"
    )


def test_old_data_is_called_old_even_without_a_failure():
    """A pane that was hidden for an hour says so until it has asked again."""
    fresh = told({"a": ago(3600)})
    assert (fresh.badge.text, fresh.badge.health) == ("1h 00m old", Health.STALLED)
    assert status(fresh) == "jobs 1h 00m old, asking again"


def test_rows_of_an_earlier_run_tell_their_age_until_they_are_answered():
    """The oldest decides, and the places that are still asked are named."""
    fresh = told({"a": ago(3 * 3600 + 100, recalled=True), "b": ago(1)})
    assert fresh.badge.text == "cached 3h ago"
    assert status(fresh) == "jobs cached 3h ago, asking a"
    assert told({"a": ago(2 * 86400 + 50000, recalled=True)}).badge.text == "cached 2d ago"


def test_rows_of_an_earlier_run_that_cannot_be_refreshed_tell_why():
    """Age, reason and the next try, as for rows of this run."""
    fresh = told({"dev": failed(7200, ServiceBroken("The service answered 502"))})
    assert fresh.badge.text == "stale 2h 00m"
    broken = Snapshot(("a",), NOW - timedelta(hours=2), ServiceBroken("502"), NOW, recalled=True)
    fresh = told({"dev": broken})
    assert fresh.badge.text == "cached 2h ago"
    assert status(fresh) == "dev cached 2h ago, retry in 1s: 502"


def test_without_a_session_the_reason_stands_where_there_is_room_for_it():
    """In place of rows, or beside the age of those that are remembered."""
    failure = "no route to host\nAsking again in 2 s."
    assert signed_out("") == Freshness(Cell("signing in", Health.BUSY))
    assert status(signed_out(failure)) == "Asking again in 2 s."
    known = Cell("cached 3h ago", Health.STALLED)
    assert signed_out("", known).badge == signed_out(failure, known).badge == known
    assert status(signed_out("", known)) == "signing in"
    assert status(signed_out(failure, known)) == (
        "no session: no route to host · Asking again in 2 s."
    )


def test_ages_go_in_steps_of_ten_seconds():
    """An age that changes every second is a clock."""
    assert [stepped(seconds) for seconds in (3, 12, 19.9, 59, 60, 127)] == [
        "3s", "10s", "10s", "50s", "1m", "2m"
    ]  # fmt: skip
