"""What is made of a whole list, once for each list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

T = TypeVar("T")

KEPT = 4
"""Lists whose results are kept: a few panes have one each."""
SHORT = 500
"""Items that are looked through faster than it pays to remember them."""


class Once(Generic[T]):
    """A function of a tuple, which is asked again only for another tuple.

    A list that has not changed since the last answer is the very same tuple: a hundred thousand
    rows are counted when there is something new to count.
    """

    def __init__(self, make: Callable[[Sequence[Any]], T]) -> None:
        self._make = make
        self._held: list[tuple[Sequence[Any], T]] = []

    def __call__(self, items: Sequence[Any]) -> T:
        if len(items) < SHORT or not isinstance(items, tuple):
            return self._make(items)
        for held, value in self._held:
            if held is items:
                return value
        value = self._make(items)
        self._held = [(items, value), *self._held[: KEPT - 1]]
        return value
