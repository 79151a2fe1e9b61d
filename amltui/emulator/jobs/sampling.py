"""The hyper-parameters that a sweep tries: grids, and samples of distributions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import islice, product
from typing import Any

from amltui.emulator.jobs import noise

Choice = Mapping[str, Any]
"""A value for every name of the search space."""


def trials(space: Mapping[str, Any], algorithm: str, count: int, seed: int) -> list[dict[str, Any]]:
    """At most so many, in the order they are tried."""
    if algorithm.lower() == "grid":
        axes = [[(name, value) for value in _options(spec)] for name, spec in space.items()]
        return [dict(each) for each in islice(product(*axes), count)]
    return [
        {
            name: _sampled(spec, noise.uniform(noise.seeded(seed, name), trial))
            for name, spec in space.items()
        }
        for trial in range(count)
    ]


def quality(choice: Choice, space: Mapping[str, Any], seed: int) -> float:
    """How well a choice does, 0 to 1: each parameter has a best place that nobody knows."""
    if not space:
        return noise.uniform(seed)
    far = 0.0
    for name, spec in space.items():
        best = noise.between(noise.seeded(seed, name, "best"), 0.15, 0.85)
        far += abs(_place(spec, choice.get(name)) - best)
    return max(0.0, 1.0 - far / len(space))


def _parts(spec: Any) -> tuple[str, list[Any]]:
    """`["uniform", [0, 1]]`: the kind, and what it takes."""
    if isinstance(spec, list) and len(spec) == 2 and isinstance(spec[1], list):
        return str(spec[0]).lower(), spec[1]
    return "choice", [spec if isinstance(spec, list) else [spec]]


def _options(spec: Any) -> list[Any]:
    kind, given = _parts(spec)
    if kind == "choice":
        values = given[0] if given and isinstance(given[0], list) else given
        return list(values) or [None]
    if kind == "randint":
        return list(range(min(int(_number(given, 0, 1.0)), 1000)))
    low, high = _number(given, 0, 0.0), _number(given, 1, 1.0)
    return [low, (low + high) / 2, high]


def _sampled(spec: Any, luck: float) -> Any:
    kind, given = _parts(spec)
    if kind in {"choice", "randint"}:
        options = _options(spec)
        return options[int(luck * len(options))] if options else None
    first, second = _number(given, 0, 0.0), _number(given, 1, 1.0)
    if "normal" in kind:
        # An odd, monotonous stand-in for the normal distribution's quantiles.
        value = first + second * math.tan((luck - 0.5) * 2.6) * 0.5
    else:
        value = first + (second - first) * luck
    if "log" in kind:
        value = math.exp(min(value, 700.0))
    if kind.startswith("q"):
        grain = _number(given, 2, 1.0) or 1.0
        value = round(value / grain) * grain
    return float(f"{value:.6g}")


def _place(spec: Any, value: Any) -> float:
    """Where a value lies between the least and the most, 0 to 1."""
    kind, given = _parts(spec)
    if kind in {"choice", "randint"}:
        options = _options(spec)
        return options.index(value) / max(1, len(options) - 1) if value in options else 0.5
    low, high = _number(given, 0, 0.0), _number(given, 1, 1.0)
    number = float(value) if isinstance(value, (int, float)) else 0.0
    if "log" in kind and number > 0:
        number = math.log(number)
    if "normal" in kind:
        low, high = low - 2 * high, low + 2 * high
    return min(1.0, max(0.0, (number - low) / (high - low))) if high > low else 0.5


def _number(given: list[Any], index: int, usual: float) -> float:
    value = given[index] if index < len(given) else usual
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else usual
