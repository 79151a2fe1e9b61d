"""The shapes of metric curves: value at a progress between 0 and 1, different for every seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from amltui.emulator.jobs import noise

Shape = Callable[[float, int], float]
"""(progress, seed) → value before noise."""


@dataclass(frozen=True)
class Curve:
    """One metric a script logs."""

    shape: Shape
    every: int = 1
    """Steps from one point to the next."""
    grain: float = 0.0
    """Noise, as a share of the value."""
    turns_nan: bool = False
    """Whether a diverging job takes it along."""

    def value(self, step: int, steps: int, seed: int, nan_from: int | None) -> float:
        if self.turns_nan and nan_from is not None and step >= nan_from:
            return math.nan
        value = self.shape(step / max(1, steps), seed)
        if self.grain:
            value *= 1.0 + self.grain * noise.bell(seed, step)
        return float(f"{value:.6g}")


def falls(start: float, floor: float, rate: float = 5.0) -> Shape:
    """A loss: quick at first, then slower and slower."""

    def shape(progress: float, seed: int) -> float:
        low = floor * noise.between(seed, 0.85, 1.15)
        pace = rate * noise.between(seed, 0.7, 1.3, 1)
        return low + (start - low) * math.exp(-pace * progress)

    return shape


def overfits(start: float, floor: float, rate: float = 6.0, back: float = 0.15) -> Shape:
    """A validation loss that turns up again towards the end."""
    fall = falls(start, floor, rate)

    def shape(progress: float, seed: int) -> float:
        return fall(progress, seed) + back * max(0.0, progress - 0.55) ** 2

    return shape


def rises(low: float, top: float, rate: float = 5.0) -> Shape:
    """A score."""

    def shape(progress: float, seed: int) -> float:
        high = min(top * noise.between(seed, 0.95, 1.03), 0.999 if top < 1 else math.inf)
        pace = rate * noise.between(seed, 0.7, 1.3, 1)
        return high - (high - low) * math.exp(-pace * progress)

    return shape


def warms_up(peak: float, warmup: float = 0.05) -> Shape:
    """A learning rate: linear warm-up, then a cosine down."""

    def shape(progress: float, seed: int) -> float:
        del seed
        if progress < warmup:
            return peak * max(progress, 1e-4) / warmup
        return peak * (0.5 + 0.5 * math.cos(math.pi * (progress - warmup) / (1 - warmup)))

    return shape


def level(value: float) -> Shape:
    """A throughput: the same all the time, a little different in every job."""

    def shape(progress: float, seed: int) -> float:
        del progress
        return value * noise.between(seed, 0.94, 1.06)

    return shape


def counts(total: int) -> Shape:
    """Epochs done."""

    def shape(progress: float, seed: int) -> float:
        del seed
        return float(int(progress * total))

    return shape


def swings(middle: float, width: float, periods: float) -> Shape:
    """A value that wanders about, as rewards do."""

    def shape(progress: float, seed: int) -> float:
        phase = noise.uniform(seed) * math.tau
        wander = math.sin(progress * periods * math.tau + phase)
        return middle + width * (0.7 * wander + 0.3 * math.sin(5 * progress * math.tau))

    return shape
