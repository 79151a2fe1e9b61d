"""Curves from the lines of a log: for the many jobs that print values and log none."""

from __future__ import annotations

import re

from amltui.domain.log_stamp import stamp
from amltui.domain.log_text import plain
from amltui.domain.metric import MetricSeries
from amltui.domain.points import MetricPoint, Points

LONGEST = 2000
"""Characters of a line that are looked at."""
MOST_CURVES = 24
FEWEST = 2
"""Values of which a curve is made at the least."""
_NUMBER = r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|nan|inf)"
_VALUE = re.compile(
    rf"(?<![\w./-])([A-Za-z][\w/.@-]{{0,40}}?)(?:\s*[=:]\s*|\s+)({_NUMBER})(?![\w.:/-]|\s*/\s*\d)",
    re.IGNORECASE | re.ASCII,
)
"""`loss=0.31`, `val/acc: 0.9`, `lr 1e-3`, but neither times nor `3/10`."""
_STEP = re.compile(
    r"\b(global_step|step|iteration|iter|it|batch|epoch)s?\s*[=:#\[]?\s*(\d{1,12})\b",
    re.IGNORECASE | re.ASCII,
)
_BAR = re.compile(r"\b(\d{1,12})/\d{1,12}\s*\[\d+:\d\d")
"""The count of a progress bar: `45/100 [00:12<00:15, 3.6it/s, loss=0.32]`."""
_COUNTERS = ("global_step", "step", "iteration", "iter", "it", "batch", "epoch")
"""What counts finest comes first."""
_NO_VALUES = {*_COUNTERS, "rank", "line", "port", "pid", "node", "code", "in", "of", "to", "at"}


class LogCurves:
    """Takes lines in their order; what was printed again and again becomes a curve."""

    def __init__(self) -> None:
        self.lines = 0
        self._points: dict[str, list[MetricPoint]] = {}

    def take(self, line: str) -> None:
        """Look at one more line."""
        text = plain(line[:LONGEST])
        self.lines += 1
        stamped = stamp(text)
        body = text[stamped.length :] if stamped else text
        step = _step(body)
        at = stamped.at if stamped else None
        for found in _VALUE.finditer(body):
            name = found[1]
            if name.lower() not in _NO_VALUES:
                place = self.lines if step is None else step
                point = MetricPoint(place, float(found[2]), at)
                self._points.setdefault(name, []).append(point)

    @property
    def series(self) -> list[MetricSeries]:
        """Those that were printed most often first; what never changes is no curve."""
        kept = [
            MetricSeries(name, Points(points))
            for name, points in self._points.items()
            if len(points) >= FEWEST and len({repr(point.value) for point in points}) > 1
        ]
        kept.sort(key=lambda series: (-len(series.points), series.name))
        return kept[:MOST_CURVES]


def _step(text: str) -> int | None:
    """Where a line says it stands, by the finest of its counters."""
    if bar := _BAR.search(text):
        return int(bar[1])
    found = {name.lower(): int(count) for name, count in _STEP.findall(text)}
    return next((found[name] for name in _COUNTERS if name in found), None)
