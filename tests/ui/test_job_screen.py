"""One job: overview, metrics and logs, each alive while it is looked at."""

from __future__ import annotations

import json

import pytest

from amltui.domain.metric import MetricSeries
from amltui.emulator.blobs.sas import Signer
from amltui.ui.screens.job import JobScreen
from amltui.ui.widgets.chart_board import ChartBoard
from amltui.ui.widgets.log_view import LogView
from tests.stage import Stage
from tests.ui.deck import NARROW, WIDE, Deck


def screen(deck: Deck) -> JobScreen:
    assert isinstance(deck.app.screen, JobScreen)
    return deck.app.screen


def log(deck: Deck) -> LogView:
    return deck.app.screen.query_one("LogsTab LogView", LogView)


def board(deck: Deck) -> ChartBoard:
    return deck.app.screen.query_one(ChartBoard)


def charted(deck: Deck) -> MetricSeries | None:
    """What the chart in front draws."""
    chart = board(deck).chart
    return chart.lines[0].series if chart is not None else None


async def test_enter_opens_the_overview_and_esc_leads_back_to_the_row(stage: Stage):
    """Everything in words, its age in the header."""
    async with Deck.loaded(stage) as deck:
        await deck.go_to("train-broken")
        name = deck.cursor
        await deck.press("enter")
        await deck.shows("train-broken", "[Overview]", "KeyError: 'label_smoothing'", "final, read")
        assert "Failed" in deck.header
        await deck.press("escape")
        await deck.shows("2 Jobs")
        assert deck.cursor == name


@pytest.mark.parametrize(("key", "tab"), [("m", "[Metrics]"), ("l", "[Logs]")])
async def test_m_and_l_open_a_tab_without_a_detour(stage: Stage, key: str, tab: str):
    """The same letters mean the same in the list and on the job's screen."""
    async with Deck.loaded(stage) as deck:
        await deck.press(key)
        await deck.shows(tab)
        other = {"m": ("l", "[Logs]"), "l": ("m", "[Metrics]")}[key]
        await deck.press(other[0])
        await deck.shows(other[1])


async def test_brackets_go_round_the_tabs(stage: Stage):
    """Forwards and backwards, over the ends."""
    async with Deck.loaded(stage) as deck:
        await deck.press("enter")
        await deck.shows("[Overview]")
        names = ("Metrics", "Logs", "Files", "Children", "Timeline", "JSON", "Overview")
        for tab in (f"[{name}]" for name in names):
            await deck.press("]")
            await deck.shows(tab)
        await deck.press("[")
        await deck.shows("[JSON]")


async def test_metrics_of_a_running_job_move_and_only_new_points_are_read(stage: Stage):
    """Value, trend and curve follow the job; the history is read once."""
    async with Deck.loaded(stage, size=WIDE) as deck:
        await deck.press("m")
        await deck.shows("last ")
        await deck.wait(lambda: charted(deck) is not None)
        before = charted(deck)
        picture = [line[60:] for line in deck.lines]
        assert before is not None
        full = len(stage.sent("POST", "/full"))
        await deck.until(lambda: len(charted(deck).points) > len(before.points) + 20)
        after = charted(deck)
        assert after.points[: len(before.points)] == before.points
        assert [line[60:] for line in deck.lines] != picture
        asked = [json.loads(request.content) for request in stage.sent("POST", "/full")[full:]]
        assert asked
        assert all("startTime" in body for body in asked)
        steps = [point.step for point in after.points]
        assert steps == sorted(set(steps))


async def test_the_metric_under_the_cursor_has_the_chart_and_enter_gives_it_the_screen(
    stage: Stage,
):
    """The table is left and found again by Enter and Esc; j and k work in both."""
    async with Deck.loaded(stage) as deck:
        await deck.press("m")
        await deck.wait(lambda: charted(deck) is not None)
        await deck.press("g", "j")
        small = board(deck).size.width
        await deck.press("enter")
        await deck.wait(lambda: board(deck).size.width > small)
        assert "┌─ metrics" not in deck.text
        name = charted(deck).name
        await deck.press("k")
        await deck.wait(lambda: charted(deck).name != name)
        await deck.press("escape")
        await deck.shows("┌─ metrics")
        assert isinstance(deck.app.screen, JobScreen)
        await deck.press("escape")
        await deck.shows("2 Jobs")


@pytest.mark.scenario("busy_night")
async def test_a_metric_that_is_not_a_number_any_more_says_since_when(stage: Stage):
    """The list marks the job, the chart tells the step."""
    async with Deck.loaded(stage) as deck:
        await deck.until(lambda: "NaN @ 4," in deck.line("resnet50-fp16"))
        assert deck.line("! Running", "resnet50-fp16", "×")
        await deck.go_to("resnet50-fp16")
        await deck.press("m")
        await deck.until_shows("NaN since 4,")


@pytest.mark.scenario("busy_night")
async def test_a_job_that_has_not_begun_says_why_there_is_nothing(stage: Stage):
    """Blank screens have a reason on them."""
    async with Deck.loaded(stage) as deck:
        waiting = next(row for row in deck.pane.table.rows if row.resource.status == "Queued")
        await deck.go_to(waiting.title)
        await deck.press("m")
        await deck.shows("has logged no metrics yet")
        await deck.press("l")
        await deck.shows("No logs yet: they come with the job")


async def test_the_log_follows_its_end_until_the_reader_scrolls_away(stage: Stage):
    """New lines come at the bottom; a reader further up is left where they read."""
    async with Deck.loaded(stage) as deck:
        await deck.press("l")
        await deck.shows("std_log.txt", "follow ·", "read · last byte")
        lines = log(deck).text.count("\n")
        await deck.until(lambda: log(deck).text.count("\n") > lines + 3)
        newest = log(deck).text.splitlines()[-1]
        assert newest[:60] in deck.text
        await deck.press("g")
        await deck.shows("follow off")
        top = deck.lines[3:30]
        count = log(deck).text.count("\n")
        await deck.until(lambda: log(deck).text.count("\n") > count + 3)
        assert deck.lines[3:30] == top
        await deck.press("f")
        await deck.wait(lambda: "follow off" not in deck.text)
        assert log(deck).text.splitlines()[-1][:60] in deck.text


async def test_only_what_was_appended_is_read(stage: Stage):
    """Ranges begin where the last one ended."""
    async with Deck.loaded(stage) as deck:
        await deck.press("l")
        await deck.shows("read · last byte")
        size = len(log(deck).text)
        await deck.until(lambda: len(log(deck).text) > size + 200)
        ranges = [
            r.headers.get("x-ms-range") or r.headers.get("range")
            for r in stage.sent("GET", "/std_log.txt")
        ]
        starts = [int(str(asked).removeprefix("bytes=").partition("-")[0]) for asked in ranges]
        assert starts == sorted(starts)
        assert starts[0] == 0
        assert starts[-1] > 0


async def test_an_expired_link_is_renewed_without_a_word(stage: Stage):
    """The reader sees the next lines, not the 403."""
    async with Deck.loaded(stage) as deck:
        await deck.press("l")
        await deck.shows("read · last byte")
        stage.world.signer = Signer(b"rolled over")
        count = log(deck).text.count("\n")
        await deck.until(lambda: log(deck).text.count("\n") > count + 3)
        assert "no longer accepted" not in deck.text


async def test_a_log_that_cannot_be_read_keeps_its_lines_and_says_why(stage: Stage):
    """Then it goes on where it was."""
    async with Deck.loaded(stage) as deck:
        await deck.press("l")
        await deck.shows("read · last byte")
        text = log(deck).text
        stage.world.faults.add("Blobs_Get", "html502", times=10_000)
        await deck.until(lambda: "log: " in deck.status)
        assert "last byte" in deck.status
        assert log(deck).text.startswith(text)
        stage.world.faults.faults.clear()
        await deck.until(lambda: len(log(deck).text) > len(text))
        assert log(deck).text.startswith(text)
        assert "log: " not in deck.status


async def test_the_next_file_is_a_key_away(stage: Stage):
    """`.` and `,` go through the files; the chosen one is named first."""
    async with Deck.loaded(stage, size=NARROW) as deck:
        await deck.press("l")
        await deck.shows("[std_log.txt]", "file 1 of")
        await deck.press("full_stop")
        await deck.shows("file 2 of")
        assert deck.lines[1].lstrip().startswith("[")
        await deck.press("comma")
        await deck.shows("[std_log.txt]", "file 1 of")


async def test_w_wraps_long_lines_here(stage: Stage):
    """In logs `w` is wrap; it does not open the workspace picker."""
    async with Deck.loaded(stage, size=NARROW) as deck:
        await deck.press("l")
        await deck.shows("read · last byte")
        await deck.press("w")
        await deck.shows("· wrap")
        assert "switch workspace" not in deck.text


async def test_a_job_that_is_over_is_not_asked_about_any_more(stage: Stage):
    """What is final is read once."""
    async with Deck.loaded(stage) as deck:
        await deck.go_to("train-first")
        await deck.press("l")
        await deck.shows("complete", "final, read")
        await deck.press("m")
        await deck.shows("metrics")
        await deck.wait(lambda: charted(deck) is not None)
        job = screen(deck).job.name

        def asked() -> int:
            return sum(job in str(request.url) for request in stage.requests)

        count = asked()
        for _ in range(20):
            await deck.stage.advance(10)
            await deck.settle()
        assert asked() == count


async def test_the_end_of_a_job_is_seen_on_its_screen(stage: Stage):
    """Running becomes Completed, the time stops, the log is complete."""
    async with Deck.loaded(stage) as deck:
        await deck.press("l")
        await deck.shows("Running")
        stage.world_clock.advance(3600)
        await deck.until(lambda: "Completed" in deck.header)
        await deck.until(lambda: "complete" in deck.status)
        assert "final" in deck.header


async def test_what_the_service_does_not_answer_is_told_while_the_rest_stays(stage: Stage):
    """An overview that is old says so."""
    async with Deck.loaded(stage) as deck:
        await deck.press("enter")
        await deck.shows("[Overview]", "live 4s")
        stage.world.faults.add("*", "500", times=10_000)
        await deck.until(lambda: "stale" in deck.header and "job stale" in deck.status)
        assert "train-baseline" in deck.text
        stage.world.faults.faults.clear()
        await deck.until(lambda: "live 4s" in deck.header)


async def test_a_hidden_tab_asks_for_nothing(stage: Stage):
    """Metrics are not asked for behind the log, nor the log behind the metrics."""
    async with Deck.loaded(stage) as deck:
        await deck.press("m")
        await deck.wait(lambda: charted(deck) is not None)
        await deck.press("l")
        await deck.shows("read · last byte")
        full, last = len(stage.sent("POST", "/full")), len(stage.sent("GET", "/runs/get"))
        for _ in range(20):
            await deck.stage.advance(2)
            await deck.settle()
        assert len(stage.sent("POST", "/full")) == full
        # The overview of all workspaces looks at running jobs twice a minute; the tab would have
        # asked twenty times.
        assert len(stage.sent("GET", "/runs/get")) - last <= 4


async def test_o_copies_the_studio_link(stage: Stage):
    """A browser is not opened: over SSH it would be one in this terminal."""
    async with Deck.loaded(stage) as deck:
        await deck.press("O")
        await deck.shows("Copied https://")
        assert deck.app.clipboard.startswith("https://")
        assert deck.cursor in deck.app.clipboard


async def test_an_action_on_the_screen_shows_at_once(stage: Stage):
    """`x` here is `x` in the list."""
    async with Deck.loaded(stage) as deck:
        await deck.press("enter")
        await deck.shows("[Overview]")
        await deck.press("x")
        await deck.shows("Cancel train-baseline?")
        await deck.agree()
        await deck.wait(lambda: "cancelling" in deck.header)
        await deck.until(lambda: "Canceled" in deck.header)
