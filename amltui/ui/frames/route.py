"""The order in which looks are drawn, so that little is said to get from one to the next."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from amltui.ui.frames.pen import Look

FEW = 12
"""Up to so many looks every beginning is tried; a screen that is painted anew has more."""


def route(
    start: Look | None, looks: Sequence[Look], distance: Callable[[Look | None, Look], int]
) -> list[Look]:
    """Always the nearest next, after the first that makes the whole way shortest.

    To begin with the nearest too would leave the cursor's row before all its colours are there.
    """
    if not looks:
        return []
    first = [distance(start, look) for look in looks]
    ways = [[distance(one, other) for other in looks] for one in looks]
    if len(looks) > FEW:
        return [looks[at] for at in _onwards(first.index(min(first)), ways)]
    orders = [_onwards(at, ways) for at in range(len(looks))]
    best = min(orders, key=lambda order: first[order[0]] + _length(order, ways))
    return [looks[at] for at in best]


def _onwards(at: int, ways: Sequence[Sequence[int]]) -> list[int]:
    """From one to its nearest, and so on."""
    order, left = [at], set(range(len(ways))) - {at}
    while left:
        at = min(left, key=ways[at].__getitem__)
        left.remove(at)
        order.append(at)
    return order


def _length(order: Sequence[int], ways: Sequence[Sequence[int]]) -> int:
    return sum(ways[one][other] for one, other in itertools.pairwise(order))
