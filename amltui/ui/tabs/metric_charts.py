"""Which metrics are listed and in what order, and which curves make up a chart. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import product

from msgspec import Struct

from amltui.domain.comparison import LETTERS
from amltui.domain.metric import MetricSeries
from amltui.ui.charts.chart import Chart, Line


class Overlaid(Struct, frozen=True):
    """One of the runs whose curves are drawn, and what is known of it."""

    title: str
    series: Mapping[str, MetricSeries]


class Wanted(Struct, frozen=True):
    """What the user has asked to see of the metrics."""

    pattern: str = ""
    pins: tuple[str, ...] = ()

    @property
    def is_literal(self) -> bool:
        """Whether the pattern is no regular expression, and so is taken as it is."""
        return _compiled(self.pattern) is None

    def names(self, known: Collection[str]) -> list[str]:
        """The names to list: pinned ones first, as they were pinned, then by name."""
        found = _compiled(self.pattern) or re.compile(re.escape(self.pattern), re.IGNORECASE)
        kept = [name for name in sorted(known) if found.search(name)]
        first = [name for name in self.pins if name in kept]
        return first + [name for name in kept if name not in first]


def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error:
        return None


def chart_of(names: Sequence[str], runs: Sequence[Overlaid]) -> Chart:
    """The curves of some metrics in all of the runs, the first name being what it is about.

    A run has the same letter in each chart, whether or not the runs before it have the metric.
    """
    alone = len(names) == len(runs) == 1
    lines, left_out = [], 0
    for place, (name, run) in enumerate(product(names, runs)):
        series = run.series.get(name)
        if series is None:
            continue
        if place >= len(LETTERS):
            left_out += 1
            continue
        words = [run.title] if len(runs) > 1 else []
        words += [name] if len(names) > 1 else []
        lines.append(Line(series, " ".join(words), None if alone else place))
    title = names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}"
    return Chart(title, tuple(lines), left_out)
