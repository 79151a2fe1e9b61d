"""Steps that sort rows, and that keep the first of them."""

from __future__ import annotations

from collections.abc import Sequence

from amltui.emulator.graph import meaning
from amltui.emulator.graph.expression import Node, expression
from amltui.emulator.graph.step import Rows, Step, number
from amltui.emulator.graph.tokens import Words


def order(words: Words) -> Step:
    words.expect("by")
    return _sorted(_orders(words))


def top(words: Words) -> Step:
    most = number(words)
    words.expect("by")
    arranged = _sorted(_orders(words))
    return lambda rows, now: arranged(rows, now)[:most]


def take(words: Words) -> Step:
    most = number(words)
    return lambda rows, _: rows[:most]


def _sorted(orders: Sequence[tuple[Node, bool, bool]]) -> Step:
    def step(rows: Rows, now: float) -> Rows:
        for node, ascending, nulls_first in reversed(orders):
            keyed = [(meaning.order(meaning.value(node, each, now)), each) for each in rows]
            there = [each for each in keyed if each[0][0]]
            there.sort(key=lambda each: each[0], reverse=not ascending)
            nothing = [each for key, each in keyed if not key[0]]
            some = [each for _, each in there]
            rows = [*nothing, *some] if nulls_first else [*some, *nothing]
        return rows

    return step


def _orders(words: Words) -> list[tuple[Node, bool, bool]]:
    """What to sort by, whether ascending, and whether what is not there comes first."""
    found: list[tuple[Node, bool, bool]] = []
    while True:
        node = expression(words)
        how = words.take_if("asc", "desc")
        ascending = how is not None and how.word.lower() == "asc"
        nulls_first = ascending
        if words.take_if("nulls"):
            nulls_first = words.expect("first", "last").word.lower() == "first"
        found.append((node, ascending, nulls_first))
        if not words.take_if(","):
            return found
