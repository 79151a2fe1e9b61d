"""How every screen looks. `make snapshots` accepts what is drawn now: look at it first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from amltui.azure import batch_endpoints
from amltui.azure.errors import NotSignedIn, Throttled
from amltui.azure.request_log import RequestLog, RequestRecord
from amltui.domain.listing import Listing
from amltui.kinds.kind import Kind, PerCloud, PerWorkspace
from amltui.kinds.registry import KINDS
from amltui.ui.app import Dashboard
from amltui.ui.terminal.display import Display
from tests.stage import Stage
from tests.ui.deck import NARROW, WIDE, Deck

pytestmark = pytest.mark.scenario("busy_night")
of_every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
at_both_sizes = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x36"])

Steps = Callable[[Deck], Awaitable[None]]
Looks = Callable[..., None]


@pytest.fixture(autouse=True)
def no_chance(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pauses without jitter, and times told in UTC."""
    monkeypatch.setattr("amltui.feeds.feed.JITTER", 0.0)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def looks(
    snap_compare: Callable[..., bool], stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> Looks:
    """Opens the dashboard, follows the steps, and compares what is on the screen then."""
    # Azure Monitor is asked about the last hours of the clock on the wall, which the world is not.
    monkeypatch.setattr(batch_endpoints, "now", stage.clock.now)

    def compare(steps: Steps, size: tuple[int, int], **options: Any) -> None:
        connect = options.pop("connect", stage.connect)
        app = Dashboard(connect, clock=stage.clock, **options)

        async def run(pilot: Any) -> None:
            await steps(Deck(stage, app, pilot))

        assert snap_compare(app, terminal_size=size, run_before=run)

    return compare


async def loaded(deck: Deck) -> None:
    """Every workspace and every visible trend is there."""
    await deck.wait(deck.is_loaded)
    await deck.wait(lambda: deck.pane.is_filled, "the trends")


def answered_by(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], Awaitable[Any]]) -> None:
    """Every list is answered so, whatever its kind."""
    for source in (PerWorkspace, PerCloud):
        monkeypatch.setattr(source, "questions", lambda self, azure, places: {"": answer})


async def nothing() -> Listing[Any]:
    return Listing(())


async def never() -> Listing[Any]:
    await asyncio.Event().wait()
    raise AssertionError


@of_every_kind
@at_both_sizes
def test_a_list(looks: Looks, kind: Kind[Any], size: tuple[int, int]):
    """Loaded: rows of five workspaces, the preview of the first."""
    looks(loaded, size, first=kind.name)


@of_every_kind
@at_both_sizes
def test_an_empty_list(
    looks: Looks, monkeypatch: pytest.MonkeyPatch, kind: Kind[Any], size: tuple[int, int]
):
    """What may be the reason, and what to do."""
    answered_by(monkeypatch, nothing)
    looks(loaded, size, first=kind.name)


@of_every_kind
@at_both_sizes
def test_a_first_load(
    looks: Looks, monkeypatch: pytest.MonkeyPatch, kind: Kind[Any], size: tuple[int, int]
):
    """Signed in, and nothing has answered yet."""
    answered_by(monkeypatch, never)

    async def steps(deck: Deck) -> None:
        await deck.shows("loading", "Asking …")

    looks(steps, size, first=kind.name)


@of_every_kind
@at_both_sizes
def test_a_stale_list(looks: Looks, kind: Kind[Any], size: tuple[int, int]):
    """The last rows, dimmed, with their age and the reason."""

    async def steps(deck: Deck) -> None:
        await loaded(deck)
        await deck.knows_burn()
        board = deck.pane.source.board
        assert board is not None
        for feed in board.feeds.values():
            feed.fetch = throttled
        await deck.stage.clock.advance(130)
        await deck.shows("stale 2m", "throttled")

    looks(steps, size, first=kind.name)


async def throttled() -> Listing[Any]:
    raise Throttled("Too many requests.", retry_after=40)


def opened(*keys: str, title: str, shows: str) -> Steps:
    """Put the cursor on a row, press keys, and wait for words."""

    async def steps(deck: Deck) -> None:
        await deck.wait(deck.is_loaded)
        await deck.go_to(title)
        await deck.press(*keys)
        await deck.shows(shows)

    return steps


@pytest.mark.parametrize(
    ("tab", "title", "shows"),
    [
        ("enter", "resnet50-base", "[Over"),
        ("enter", "resnet152-bs512", "[Over"),
        ("m", "resnet50-base", "last "),
        ("m", "resnet50-fp16", "NaN since"),
        ("m", "resnet50-long", "no metrics yet"),
        ("m S", "resnet50-aug-lr1e3", "newest sample"),
        ("l", "resnet50-base", "read · last byte"),
        ("l", "resnet152-bs512", "complete"),
        ("l", "resnet50-long", "No logs yet"),
        ("y", "resnet50-base", "as it was sent"),
        ("y [", "resnet-distill", "3 children"),
    ],
    ids=[
        "overview",
        "failed",
        "metrics",
        "nan",
        "no-metrics",
        "machines",
        "log",
        "failed-log",
        "no-log",
        "json",
        "timeline",
    ],
)
@at_both_sizes
def test_a_job(looks: Looks, size: tuple[int, int], tab: str, title: str, shows: str):
    """Each tab, of jobs that run, have failed, have gone wrong and have not begun."""

    async def steps(deck: Deck) -> None:
        await opened(*tab.split(), title=title, shows=shows)(deck)
        await deck.wait(lambda: "loading" not in deck.header)
        await deck.wait(lambda: "Reading" not in deck.text and "Asking" not in deck.text)

    looks(steps, size)


@pytest.mark.parametrize(
    ("keys", "title", "shows"),
    [
        (("S",), "kim-a10", "Stop kim-a10?"),
        (("s",), "kim-old", "Start kim-old?"),
        (("asterisk", "S"), "kim-a10", "left out"),
        (("d",), "paul-ci", "Compute › paul-ci"),
    ],
    ids=["stop", "start", "stop-all", "facts"],
)
@at_both_sizes
def test_a_compute(
    looks: Looks, size: tuple[int, int], keys: tuple[str, ...], title: str, shows: str
):
    """Dialogs of one and of many, and everything that is known of one."""
    looks(opened(*keys, title=title, shows=shows), size, first="compute")


@at_both_sizes
def test_a_workspace(looks: Looks, size: tuple[int, int]):
    """One behind a private endpoint, with what it stands on and what that was billed."""

    async def steps(deck: Deck) -> None:
        await opened("d", title="risk-prod", shows="Workspaces › risk-prod")(deck)
        await deck.wait(lambda: "asking" not in deck.text and "Deny" in deck.text)

    looks(steps, size, first="workspace")


@at_both_sizes
def test_jobs_compared(looks: Looks, size: tuple[int, int]):
    """Four runs side by side, one of which has gone wrong."""

    async def steps(deck: Deck) -> None:
        await deck.wait(deck.is_loaded)
        for name in ("resnet50-base", "resnet50-fp16", "resnet50-aug-lr1e3", "resnet50-aug-lr3e4"):
            await deck.go_to(name)
            await deck.press("space")
        await deck.press("=")
        await deck.shows("Compare › 4 runs", "val/loss")
        await deck.wait(lambda: "asking" not in deck.status)
        await deck.wait(lambda: not deck.app.screen.curves._reading, "the chart")

    looks(steps, size)


@pytest.mark.parametrize(
    ("keys", "title", "shows"),
    [
        (("a",), "resnet50-base", "actions on resnet50-base"),
        (("e", *"a=1"), "resnet50-base", "has the tags a=1"),
        (("X",), "resnet152-bs512", "to delete it"),
    ],
    ids=["menu", "tag", "delete"],
)
@at_both_sizes
def test_what_is_done_to_a_job(
    looks: Looks, size: tuple[int, int], keys: tuple[str, ...], title: str, shows: str
):
    """The menu of actions, and dialogs with a line to type in."""
    looks(opened(*keys, title=title, shows=shows), size)


@pytest.mark.parametrize(
    ("keys", "shows"),
    [
        (("w", *"prd"), "vision-prod"),
        (("question_mark",), "keys here"),
        (("slash", *"run !nlp"), "/run !nlp"),
        (("greater_than_sign", "backslash", "asterisk"), "marked 21"),
    ],
    ids=["picker", "help", "filter", "sorted-and-marked"],
)
@at_both_sizes
def test_over_a_list(looks: Looks, size: tuple[int, int], keys: tuple[str, ...], shows: str):
    """What is opened or typed over a list."""

    async def steps(deck: Deck) -> None:
        await loaded(deck)
        await deck.press(*keys)
        await deck.shows(shows)

    looks(steps, size, first="compute")


def test_no_session(looks: Looks):
    """Why there is none, and what to do."""

    async def connect() -> Any:
        raise NotSignedIn(
            "No credential worked: run `az login`, or choose another way with --auth. Tried"
            " environment, managed identity, az, azd."
        )

    async def steps(deck: Deck) -> None:
        await deck.shows("ctrl+r tries again")

    looks(steps, NARROW, connect=connect)


def test_too_small(looks: Looks):
    """40 by 10."""

    async def steps(deck: Deck) -> None:
        await deck.shows("needs a terminal of")

    looks(steps, (40, 10))


@pytest.mark.parametrize("size", [(60, 16), (160, 45)], ids=["60x16", "160x45"])
def test_other_sizes(looks: Looks, size: tuple[int, int]):
    """The smallest that can be read, and a large one."""
    looks(loaded, size)


@at_both_sizes
def test_activity(looks: Looks, size: tuple[int, int]):
    """Feeds, budget and requests: answered, refused, and one that waits."""
    at = datetime(2026, 1, 1, 12, 30, 5, tzinfo=UTC)
    workspace = "https://arm.local/subscriptions/s/resourceGroups/g/providers/"
    workspace += "Microsoft.MachineLearningServices/workspaces/vision-prod"
    log = RequestLog(budgets={"subscription-reads": 231, "tenant-reads": 12}, count=40)
    log.add(RequestRecord(at, "GET", f"{workspace}/computes", 200, 0.081, 18_211, "r-1"))
    log.add(RequestRecord(at, "POST", f"{workspace}/computes/kim-dev/stop", 409, 0.2, 311, "r-2"))
    log.add(RequestRecord(at, "GET", f"{workspace}/jobs", None, 3.0, 0, None, "no route to it"))

    async def steps(deck: Deck) -> None:
        await loaded(deck)
        assert deck.app.session is not None
        deck.app.session.azure.requests = log
        await deck.press("at")
        await deck.shows("budget left")

    looks(steps, size)


@at_both_sizes
def test_a_form(looks: Looks, size: tuple[int, int]):
    """Lines to type in, and the plan that they make, with whether it fits."""

    async def steps(deck: Deck) -> None:
        await deck.wait(deck.is_loaded)
        await deck.go_to("nlp-gpu")
        await deck.press("n", "ctrl+u", "1")
        await deck.shows("Scale nlp-gpu?", "NCSv3 free in westeurope")

    looks(steps, size, first="compute")


@at_both_sizes
def test_quota(looks: Looks, size: tuple[int, int]):
    """What is near its limit, and who holds it."""

    async def steps(deck: Deck) -> None:
        await deck.wait(lambda: deck.app.pane is not None and deck.app.pane.is_filled)
        await deck.knows_burn()
        await deck.shows("NVADSA10v5", "near the limit", "who holds NCADSA100v4")
        await deck.wait(lambda: "read 0s ago" in deck.text, "all regions")
        await deck.wait(lambda: "1/65" in deck.text, "all limits")

    looks(steps, size, first="quota")


@at_both_sizes
def test_copy_menu(looks: Looks, size: tuple[int, int]):
    """Everything that can be copied of a compute."""
    looks(opened("C", title="kim-a10", shows="copy of"), size, first="compute")


def test_ascii_without_colour(looks: Looks):
    """Frames, marks, trends and cut words in ASCII, in the terminal's own ink."""
    looks(loaded, WIDE, display=Display("none", ascii=True))


@pytest.mark.parametrize("first", ["pulse", "cost"])
@at_both_sizes
def test_over_all_workspaces(looks: Looks, size: tuple[int, int], first: str):
    """Home, and what money is spent on, once everything has been told."""

    async def steps(deck: Deck) -> None:
        await deck.wait(lambda: deck.app.pane is not None and deck.app.pane.is_filled)
        await deck.knows_burn()
        if first == "pulse":
            await deck.wait(lambda: "NCADSA100v4" in deck.text or size == NARROW, "quotas")
        else:
            await deck.wait(lambda: deck.text.count("read 0s ago") == 3 or size == NARROW, "bills")

    looks(steps, size, first=first)
