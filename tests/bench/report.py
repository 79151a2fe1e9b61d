"""The figures as a table: what it took, how many times the floor, and what was aimed at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FLOOR = "hello"


@dataclass(frozen=True)
class Goal:
    """The most that a measure may come to: in itself, or as a multiple of the floor."""

    measure: str
    most: float | None = None
    times: float | None = None

    def __str__(self) -> str:
        if self.times is not None:
            return f"≤ {self.times:g} ×"
        return "" if self.most is None else f"≤ {self.most:,g}"

    def is_met(self, value: float, floor: float) -> bool | None:
        """None where nothing was aimed at."""
        if self.times is not None:
            return value <= self.times * floor
        return None if self.most is None else value <= self.most


GOALS = (
    Goal("first paint, ms", times=1.25),
    Goal("first rows, ms", times=1.6),
    Goal("start, bytes", most=15_000),
    Goal("key to paint, ms p50"),
    Goal("key to paint, ms p95", most=16),
    Goal("a row down, bytes", most=500),
    Goal("a page, ms"),
    Goal("a page, bytes", most=3_000),
    Goal("idle, bytes/s", most=0),
    Goal("idle, % of a core", times=3),
    Goal("idle, wake-ups/s", most=15),
    Goal("memory, MB", times=1.6),
    Goal("resize, ms", times=2),
    Goal("quit, ms", times=1.5),
)
"""In the order in which they are told; the bars are those of the design."""


def table(figures: Mapping[str, Mapping[str, float]]) -> list[str]:
    """A line for each measure that was taken; `!` marks a goal that was missed."""
    floor = figures[FLOOR]
    others = [name for name in figures if name != FLOOR]
    rows = [["", FLOOR, *(title for name in others for title in (name, "×")), "goal"]]
    for goal in GOALS:
        if goal.measure not in floor:
            continue
        base = floor[goal.measure]
        row = [goal.measure, f"{base:,.1f}"]
        for name in others:
            value = figures[name][goal.measure]
            missed = goal.is_met(value, base) is False
            row += [f"{value:,.1f}" + ("!" if missed else " "), _ratio(value, base)]
        rows.append([*row, str(goal)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            text.ljust(width) if place == 0 else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _ratio(value: float, base: float) -> str:
    return f"{value / base:.2f}" if base else "-"
