"""Metrics: points over steps, and what can be said of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import force_setattr

from amltui.domain.points import MetricPoint, Points


class MetricSeries(Struct, frozen=True):
    """A metric's points in the order they were logged."""

    name: str
    points: Points = field(default_factory=Points)
    logged: int | None = None
    """How many values the service holds, when it answered with a sample; else None."""

    def __post_init__(self) -> None:
        if not isinstance(self.points, Points):
            force_setattr(self, "points", Points(self.points))

    @property
    def sampled(self) -> bool:
        """Whether the service holds more values than there are points here."""
        return self.logged is not None and self.logged > len(self.points)

    @property
    def last(self) -> MetricPoint | None:
        return self.points[-1] if self.points else None

    @property
    def falls(self) -> bool:
        """Whether lower is better."""
        return lower_is_better(self.name)

    @property
    def best(self) -> MetricPoint | None:
        """The lowest finite value of a metric that should fall, else the highest.

        None also of one of which neither more nor less is better.
        """
        if is_neutral(self.name):
            return None
        return self.points.lowest() if self.falls else self.points.highest()

    @property
    def first_bad(self) -> MetricPoint | None:
        """The first point of the run of NaN or infinite values that lasts to the end."""
        return self.points.first_bad()

    def extended(self, newer: Sequence[MetricPoint]) -> MetricSeries:
        """With the points appended that are not here yet."""
        if not newer:
            return self
        held: dict[tuple[int, str], list[datetime | None]] = {}
        for point in self.points[-len(newer) - 16 :]:
            held.setdefault((point.step, repr(point.value)), []).append(point.time)
        fresh = tuple(
            point
            for point in newer
            if not any(
                _same_moment(point.time, time)
                for time in held.get((point.step, repr(point.value)), ())
            )
        )
        if not fresh:
            return self
        logged = None if self.logged is None else self.logged + len(fresh)
        return MetricSeries(self.name, self.points.plus(fresh), logged)


class LastValue(Struct, frozen=True, gc=False):
    """The newest value of one metric of a run: cheap to ask for all metrics at once."""

    name: str
    value: float
    step: int
    time: datetime | None = None

    def __post_init__(self) -> None:
        if math.isnan(self.value):
            force_setattr(self, "value", math.nan)


def _same_moment(one: datetime | None, other: datetime | None) -> bool:
    """Whether two services mean the same: one tells microseconds, the other milliseconds."""
    if one is None or other is None:
        return one is other
    return abs(one - other) < timedelta(milliseconds=1)


_FALLS = ("loss", "error", "err", "mse", "rmse", "mae", "mape", "perplexity", "ppl", "wer", "cer")
_FALLS_EXACTLY = {"lr_loss", "nll", "fid", "kl"}


def lower_is_better(name: str) -> bool:
    """By the words in its name: `val/loss` should fall, `val/acc` should rise."""
    words = name.lower().replace("/", "_").replace("-", "_").replace(".", "_").split("_")
    falls = any(word in _FALLS or word.endswith("loss") for word in words)
    return falls or name.lower() in _FALLS_EXACTLY


_NEUTRAL = {"lr", "learning_rate", "epoch", "step", "global_step", "grad_norm"}


def is_neutral(name: str) -> bool:
    """Whether neither more nor less of it is better, whatever stands before a slash in its name."""
    return name.lower().rpartition("/")[2] in _NEUTRAL


def primary(names: Iterable[str], declared: str | None = None) -> str | None:
    """The metric to show when there is room for one.

    The declared one of a sweep, else a validation loss, a validation score, a loss, or the first
    by name.
    """
    known = sorted(names)
    if declared in known:
        return declared
    return min(known, key=_rank, default=None)


def _rank(name: str) -> tuple[int, str]:
    words = name.lower().replace("/", "_").replace("-", "_").replace(".", "_").split("_")
    held_out = any(word in {"val", "valid", "validation", "eval", "test"} for word in words)
    loss = "loss" in words
    if held_out and loss:
        return (0, name)
    if held_out:
        return (1, name)
    if loss:
        return (2, name)
    return (3 if "reward" in words or "acc" in words else 4, name)
