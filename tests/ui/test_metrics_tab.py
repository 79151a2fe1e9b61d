"""Charts through the keyboard: what each key does to what is on the screen."""

from __future__ import annotations

import json
import math

import pytest

from amltui.emulator.jobs.series import Point
from amltui.ui.charts.chart import Chart
from amltui.ui.tabs.metrics import MetricsTab
from amltui.ui.widgets.chart_board import ChartBoard
from amltui.ui.widgets.resource_table import ResourceTable
from tests.stage import Stage
from tests.ui.deck import NARROW, WIDE, Deck

JOB = "train-baseline"


def board(deck: Deck) -> ChartBoard:
    return deck.app.screen.query_one(ChartBoard)


def chart(deck: Deck) -> Chart:
    found = board(deck).chart
    assert found is not None
    return found


def table(deck: Deck) -> ResourceTable:
    found: ResourceTable = deck.app.screen.query_one("MetricsTab ResourceTable")
    return found


def log(stage: Stage, job: str, metrics: dict[str, list[float]], pace: float = 1.0) -> None:
    """Points that a client has logged up to now, `pace` seconds apart."""
    (workspace,) = stage.world.workspaces.values()
    stage.world.enter(workspace)
    history = stage.world.jobs.of(workspace.id)
    record = next(
        each for each in history.newest_first(stage.world.now) if each.display_name == job
    )
    for name, values in metrics.items():
        begin = stage.world.now - len(values) * pace
        points = [Point(step, value, begin + step * pace) for step, value in enumerate(values)]
        stage.world.jobs.log(record, [(name, point) for point in points])


async def opened(deck: Deck, name: str) -> None:
    """The metrics of the job, with the cursor on one of them."""
    await deck.go_to(JOB)
    await deck.press("m")
    await deck.shows("[Metr", name)
    metrics = table(deck)
    metrics.go_to(next(i for i, row in enumerate(metrics.rows) if row.resource.name == name))
    await deck.settle()


def picture(deck: Deck) -> list[str]:
    """The part of the screen that the charts have."""
    region = board(deck).region
    return [line[region.x : region.right] for line in deck.lines[region.y : region.bottom]]


async def test_z_gives_all_charts_the_screen_page_by_page_and_enter_one(stage: Stage):
    """From the list to the grid, to one chart, and back the same way."""
    log(stage, JOB, {f"m{n:02}": [1.0, 2.0, float(n)] for n in range(20)})
    async with Deck.loaded(stage) as deck:
        await opened(deck, "m00")
        names = [row.resource.name for row in table(deck).rows]
        await deck.press("g", "z")
        assert "┌─ metrics" not in deck.text
        first = board(deck).per_page
        assert first >= 6
        assert f"┌─ > {names[0]} " in deck.text
        assert all(f"┌─ {name} " in deck.text for name in names[1:first])
        await deck.press("pagedown")
        assert f"┌─ > {names[first]} " in deck.text
        assert f"┌─ {names[0]} " not in deck.text
        await deck.press("enter")
        assert board(deck).per_page == 1
        assert deck.text.count("┌─ ") == 1
        await deck.press("k")
        assert chart(deck).title == names[first - 1]
        await deck.press("escape")
        assert board(deck).per_page == first
        await deck.press("escape")
        await deck.shows("┌─ metrics")


async def test_s_smooths_and_says_so(stage: Stage):
    """0, .3, .6, .9 and round again; the note names what is drawn."""
    log(stage, JOB, {"noise": [1.0, 3.0] * 100})
    async with Deck.loaded(stage) as deck:
        await opened(deck, "noise")
        raw = picture(deck)
        for word in ("smooth .3", "smooth .6", "smooth .9"):
            await deck.press("s")
            await deck.shows(word)
        assert picture(deck) != raw
        await deck.press("s")
        assert "smooth" not in "".join(picture(deck))
        assert picture(deck) == raw


async def test_y_and_t_change_the_axes(stage: Stage):
    """A logarithm upwards; step, time since start and time of day along."""
    log(stage, JOB, {"power": [10.0**n for n in range(-2, 4)]}, pace=60)
    async with Deck.loaded(stage) as deck:
        await opened(deck, "power")
        await deck.press("y")
        await deck.shows("· log", "100┤", "0.1┤")
        await deck.press("t")
        await deck.shows("time since start", "2m")
        await deck.press("t")
        await deck.shows("time of day")
        assert any(line.count(":") >= 2 for line in picture(deck))
        await deck.press("t", "y")
        await deck.shows("· step")
        assert "log" not in picture(deck)[-1]


async def test_the_cursor_reads_values_in_all_charts_at_the_same_step(stage: Stage):
    """From point to point, ten with Shift; smoothed values stand before raw ones."""
    log(stage, JOB, {"one": [float(n) for n in range(30)], "two": [n * 10.0 for n in range(30)]})
    async with Deck.loaded(stage) as deck:
        await opened(deck, "one")
        await deck.press("z", "right", "right", "shift+right")
        await deck.shows("one  step 11: 11", "two  step 11: 110")
        await deck.press("left")
        await deck.shows("one  step 10: 10")
        await deck.press("s", "s", "s")
        assert "(raw 10)" in deck.line("one  step 10")
        await deck.press("0")
        assert "step 10" not in deck.text


async def test_a_chart_can_be_zoomed_panned_and_reset(stage: Stage):
    """Closer at the end, to the left, and all of it again."""
    log(stage, JOB, {"long": [float(n) for n in range(1000)]})
    async with Deck.loaded(stage) as deck:
        await opened(deck, "long")
        whole = picture(deck)
        await deck.press("plus", "plus")
        await deck.shows("zoomed", "800")
        assert " 200 " not in picture(deck)[-2]
        await deck.press("comma", "comma", "comma", "comma", "comma", "comma")
        assert "200" in "".join(picture(deck))
        await deck.press("minus", "minus")
        assert picture(deck) == whole
        await deck.press("plus", "0")
        assert picture(deck) == whole


async def test_names_are_filtered_by_a_regular_expression(stage: Stage):
    """As it is typed; what is no expression is taken literally; Esc drops it, then leaves."""
    log(stage, JOB, {"train/acc": [1.0], "val/acc": [1.0], "a[b": [1.0]})
    async with Deck.loaded(stage) as deck:
        await opened(deck, "val/acc")
        await deck.press("slash")
        await deck.type("^(train|val)/ACC$")
        await deck.press("enter")
        await deck.shows("/^(train|val)/ACC$", "(2 of")
        await deck.press("escape")
        await deck.shows("a[b")
        await deck.press("slash")
        await deck.type("a[")
        await deck.shows("taken literally", "(1 of")
        await deck.press("enter", "escape", "escape")
        await deck.shows("2 Jobs")


async def test_pins_come_first_and_are_there_when_the_job_is_opened_again(stage: Stage):
    """For every job of the experiment."""
    async with Deck.loaded(stage) as deck:
        await opened(deck, "loss")
        await deck.press("G", "p")
        last = table(deck).cursor_row.resource.name
        assert table(deck).rows[0].resource.name == last
        assert f"* {last}" in deck.text
        await deck.press("escape")
        await opened(deck, "loss")
        assert table(deck).rows[0].resource.name == last
        await deck.press("g", "p")
        assert "* " not in deck.line(last)[:30]


async def test_marked_metrics_share_a_chart(stage: Stage):
    """Letters tell the curves apart; the legend tells their values."""
    log(stage, JOB, {"one": [1.0, 2.0, 3.0], "two": [3.0, 2.0, 1.0]})
    async with Deck.loaded(stage) as deck:
        await opened(deck, "one")
        await deck.press("space", "j")
        await deck.shows("two + 1", "a two 1", "b one 3")
        await deck.press("escape")
        assert "+ 1" not in deck.text


@pytest.mark.scenario("busy_night")
async def test_marked_jobs_of_several_workspaces_share_their_charts(stage: Stage):
    """As many as there are letters; each keeps what was read of it."""
    async with Deck.loaded(stage) as deck:
        rows = [row for row in deck.pane.table.rows if row.resource.is_running]
        chosen = [
            rows[0],
            next(r for r in rows if r.resource.workspace != rows[0].resource.workspace),
        ]
        for row in chosen:
            deck.pane.table.go_to(list(deck.pane.table.rows).index(row))
            await deck.press("space")
        await deck.press("m")
        await deck.shows("metrics of 2 runs")
        tab = deck.app.screen.query_one("MetricsTab")
        await deck.wait(lambda: all(feed.latest.loaded for feed in tab._feeds))
        assert {job.key for job in tab.jobs} == {row.resource.key for row in chosen}
        names = [{series.name for series in feed.latest.items} for feed in tab._feeds]
        both = names[0] & names[1]
        assert all(len(each.lines) == 1 + (each.title in both) for each in board(deck).charts)


async def test_charts_without_braille_where_the_user_has_said_so(stage: Stage):
    """For a font, or a terminal, that has none."""
    log(stage, JOB, {"one": [1.0, 5.0, 3.0]})
    async with Deck.loaded(stage) as deck:
        deck.app.charts = "ascii"
        await opened(deck, "one")
        plot = "".join(line[1:-1] for line in picture(deck)[1:15])
        assert plot.isascii()
        assert "*" in plot


async def test_nan_and_infinity_are_flagged_in_the_chart_and_in_the_list(stage: Stage):
    """Where they were logged."""
    log(stage, JOB, {"odd": [1.0, 2.0, math.inf, 1.0, *[math.nan] * 5]})
    async with Deck.loaded(stage, size=NARROW) as deck:
        await opened(deck, "odd")
        await deck.shows("NaN since 4")
        assert "▲" in "".join(picture(deck))
        assert "×" in "".join(picture(deck))
        assert "! NaN" in deck.line("odd")


async def test_a_long_metric_is_drawn_from_a_sample_until_every_point_is_wanted(stage: Stage):
    """Two questions to open it; F reads it page by page, and nothing is read twice after that."""
    log(stage, JOB, {"long": [math.sin(n / 99) for n in range(5000)]}, pace=0.01)
    async with Deck.loaded(stage, size=WIDE) as deck:
        await opened(deck, "long")
        await deck.shows("2,000 of 5,000 points", "1 sampled by the service")
        full = len(stage.sent("POST", "/full"))
        await deck.press("F")
        await deck.wait(lambda: not chart(deck).is_sampled, "every point")
        assert len(chart(deck).lines[0].series.points) == 5000
        read = [json.loads(r.content) for r in stage.sent("POST", "/full")[full:]]
        assert len([page for page in read if page["metricName"] == "long"]) == 5
        await deck.press("escape")
        await opened(deck, "long")
        await deck.wait(lambda: len(chart(deck).lines[0].series.points) == 5000)
        later = [json.loads(r.content) for r in stage.sent("POST", "/full")[full + 5 :]]
        assert all(page["metricName"] != "long" for page in later)
        assert "sampled by the service" not in deck.text


async def test_whoever_comes_back_finds_the_charts_without_asking(stage: Stage):
    """Nothing has answered the second time, and the curves are there."""
    log(stage, JOB, {"bench": [1.0, 2.0, 3.0]})
    async with Deck.loaded(stage) as deck:
        await opened(deck, "bench")
        await deck.press("escape")
        stage.world.faults.plan({"operation": "*", "kind": "503", "times": 1000})
        await deck.press("m")
        await deck.shows("[Metr", "bench")
        assert any(row.resource.name == "bench" for row in table(deck).rows)
        assert board(deck).chart is not None


async def test_a_step_of_the_zoom_halves_the_axis_and_one_to_the_side_moves_by_half(stage: Stage):
    """From the right edge, where the newest is; the way back ends at the whole axis."""
    log(stage, JOB, {"line": [float(n) for n in range(101)]})
    async with Deck.loaded(stage, size=WIDE) as deck:
        await opened(deck, "line")
        tab = deck.app.screen.query_one(MetricsTab)
        await deck.press("+")
        assert tab.view.span(0.0, 100.0) == (50.0, 100.0)
        await deck.press("+")
        assert tab.view.span(0.0, 100.0) == (75.0, 100.0)
        await deck.press("comma")
        assert tab.view.span(0.0, 100.0) == (62.5, 87.5)
        await deck.press("-", "-")
        assert tab.view.window is None
