"""The twenty goals of the design, each with what was measured for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.bench.report import FLOOR

STORY = ""
"""Instead of a case: what an episode tells."""
ROWS, MEMORY = "first rows, ms", "memory, MB"
LEET = 21.3
"""Seconds that `wandb leet` 0.31 took to draw a run of a million points, on such a machine.

Recorded once, and not measured here: that program is not installed with the tests.
"""


@dataclass(frozen=True)
class Goal:
    """A figure of one case, or of an episode, and the most it may be."""

    number: str
    name: str
    case: str
    measure: str
    most: float | None = None
    times: float | None = None
    """As a multiple of the floor in the same run."""
    over: str = ""
    """The floor's measure, where it has another name."""


GOALS = (
    Goal("1", "start to first paint", "calm", "first paint, ms", times=1.25),
    Goal("2", "start to rows from the cache", "from cache", "first rows, ms", times=1.6),
    Goal("3", "10,000 cached runs, usable", STORY, "10,000 cached, ms", None, 2, ROWS),
    Goal("3", "10,000 cached runs, all listed", STORY, "10,000 listed, ms", None, 2, ROWS),
    Goal("3", "100,000 cached runs, usable", STORY, "100,000 cached, ms", None, 4, ROWS),
    Goal("3", "100,000 cached runs, all listed", STORY, "100,000 listed, ms", None, 4, ROWS),
    Goal("4", "idle with polling: bytes a second", "calm", "idle, bytes/s", most=0),
    Goal("5", "idle with polling: share of a core", "calm", "idle, % of a core", times=3),
    Goal("5", "idle with polling: wake-ups a second", "calm", "idle, wake-ups/s", most=15),
    Goal("6", "a run's new status: bytes", STORY, "a run's new status, bytes", most=150),
    Goal("7", "a row down: bytes", "100,000 runs", "a row down, bytes", most=500),
    Goal("8", "a page down: bytes", "100,000 runs", "a page, bytes", most=3_000),
    Goal("9", "key to paint: ms, p95", "100,000 runs", "key to paint, ms p95", most=16),
    Goal("9", "10,000 rows sorted, filtered: ms, p95", STORY, "10,000 arranged, ms p95", 16),
    Goal("9", "100,000 rows sorted, filtered: ms, p95", STORY, "100,000 arranged, ms p95", 16),
    Goal("10", "keys while 5 MB pages come: times", STORY, "keys beside pages, times", 2),
    Goal("11", "thin link: lag of a held key, ms", STORY, "thin link: lag of a held key, ms", 400),
    Goal("11", "thin link: a page, round trips", STORY, "thin link: a page, round trips", 2.5),
    Goal("12", "a million points to their chart: ms", STORY, "a million points, ms", 40),
    Goal("12", "the same over few points: times", STORY, "a million points, times few", 1.5),
    Goal(
        "13", "start to the chart of a million points: s", STORY, "start to a million, s", LEET / 10
    ),
    Goal("14", "a live metric: bytes a second", STORY, "a live metric, bytes/s", 400),
    Goal("14", "a live metric: % of a core", STORY, "a live metric, % of a core", 2),
    Goal("15", "memory after start", "calm", "memory, MB", times=1.6),
    Goal("15", "memory with 100,000 runs behind", "100,000 runs", "memory, MB", times=2.0),
    Goal("15", "memory with 10,000 of them loaded", STORY, "10,000 cached, MB", None, 2, MEMORY),
    Goal("15", "memory with a million points", STORY, "a million points, MB", None, 2.6, MEMORY),
    Goal("15", "memory that 200 answers leave, MB", STORY, "after 200 answers, MB more", 1),
    Goal("16", "start: bytes", "calm", "start, bytes", most=15_000),
    Goal("17", "terminal gone: s to the end", STORY, "terminal gone, s", 0.5),
    Goal("17", "with SIGHUP ignored: s", STORY, "terminal gone, SIGHUP ignored, s", 2),
    Goal("17", "what is left of it", STORY, "terminal gone, survivors", 0),
    Goal("18", "quit", "calm", "quit, ms", times=1.5),
    Goal("19", "a 5 MB page decoded: times json.loads", STORY, "a 5 MB page, times json", 0.2),
    Goal("20", "resize to quiet", "calm", "resize, ms", times=2),
)
"""All twenty. What is not held here: decimation alone beside numpy's, which nobody installs."""


def verdicts(
    figures: Mapping[str, Mapping[str, float]], episodes: Mapping[str, float]
) -> list[str]:
    """A line for each goal: number, name, bar, figure, verdict."""
    rows = [("", "goal", "bar", "figure", "")]
    floor = figures[FLOOR]
    for goal in GOALS:
        found = episodes if goal.case == STORY else figures.get(goal.case, {})
        value = found.get(goal.measure)
        bar = f"{goal.most:,g}" if goal.times is None else f"{goal.times:g} ×"
        if value is None:
            rows.append((goal.number, goal.name, f"≤ {bar}", "-", "not measured"))
            continue
        base = floor.get(goal.over or goal.measure, 0.0)
        shown = value if goal.times is None else value / base if base else float("inf")
        met = shown <= (goal.most if goal.times is None else goal.times)
        told = f"{shown:,.2f}".rstrip("0").rstrip(".") + (" ×" if goal.times is not None else "")
        rows.append((goal.number, goal.name, f"≤ {bar}", told, "met" if met else "missed"))
    widths = [max(len(row[place]) for row in rows) for place in range(4)]
    return [
        f"{number:>{widths[0]}}  {name:<{widths[1]}}  {bar:>{widths[2]}}"
        f"  {figure:>{widths[3]}}  {verdict}".rstrip()
        for number, name, bar, figure, verdict in rows
    ]
