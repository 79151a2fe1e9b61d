"""Where things stand in an order, found out some at a time: keys are answered in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

T = TypeVar("T")

STEP = 50
"""Rows that are looked at, at once, where a list is long: a tenth of a millisecond or so."""
RUN = 4_000
"""Places that are sorted at once: some milliseconds."""


def in_steps(make: Callable[[Any], T], items: Iterable[Any], made: list[T]) -> Iterator[None]:
    """Fill a list with what is made of each."""
    rest = iter(items)
    while some := list(islice(rest, STEP)):
        made += map(make, some)
        yield


def places(
    keys: Sequence[Any], among: Sequence[int], *, descending: bool = False
) -> Iterator[list[int] | None]:
    """The places in the order of their keys, last of all; None as long as that takes.

    Runs are sorted first: to join them costs a third of sorting everything at once.
    """
    joined: list[int] = []
    for start in range(0, len(among), RUN):
        joined += sorted(among[start : start + RUN], key=keys.__getitem__, reverse=descending)
        yield None
    if len(among) > RUN:
        joined.sort(key=keys.__getitem__, reverse=descending)
    yield joined


class Ranking:
    """The kind's own order of its newest lists: a list that has not changed is the same tuple."""

    KEPT = 4
    """A few panes have one each."""

    def __init__(self, order: Callable[[Any], Any] | None) -> None:
        self._order = order
        self._held: list[tuple[Sequence[Any], Sequence[int]]] = []

    def steps(self, items: Sequence[Any]) -> Iterator[Sequence[int] | None]:
        """Where the items stand, the first one first, last of all; None as long as that takes."""
        if self._order is None:
            yield range(len(items))
            return
        for held, ranks in self._held:
            if held is items:
                yield ranks
                return
        keys: list[Any] = []
        yield from in_steps(self._order, items, keys)
        for found in places(keys, range(len(keys))):
            if found is not None:
                self._held = [(items, found), *self._held[: self.KEPT - 1]]
            yield found
