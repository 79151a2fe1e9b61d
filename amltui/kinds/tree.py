"""Rows below rows: which are shown, in which order, and how the tree is told. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from amltui.kinds.kind import Row

CLOSED, OPEN = "▸", "▾"
INDENT = "  "


class Below(Struct, frozen=True):
    """What is known of the rows below an open one."""

    rows: Sequence[Row[Any]] = ()
    more: bool = False
    asking: bool = False
    failed: bool = False

    @property
    def told(self) -> str:
        """`12`, `100+`: how many there are, and whether there are further ones."""
        if self.asking:
            return "…"
        if self.failed and not self.rows:
            return "!"
        return f"{len(self.rows):,}{'+' * self.more}{'!' * self.failed}"


class Tree(Struct, frozen=True):
    """Open rows among others.

    A row is shown where it matches the filter, and with it all that is open below it; one that
    does not is shown where something below it matches.
    """

    below: Mapping[str, Below]
    """By the key of each open row, however deep."""
    sifted: Callable[[Sequence[Row[Any]]], Sequence[Row[Any]]]
    ordered: Callable[[Sequence[Row[Any]], bool], list[Row[Any]]]
    """Whether it is about rows that lie below others is the second argument."""

    def grown(self, arranged: Sequence[Row[Any]], roots: Sequence[Row[Any]]) -> list[Row[Any]]:
        """The rows in the order they are painted.

        `arranged` are those of the roots that match, in their order.
        """
        keys = {row.resource.key for row in roots}
        held = {row.resource.key for row in arranged}
        found, more = self._below(roots, held, 0, keys)
        if more:
            arranged = self.ordered([*arranged, *more], False)
        return self._joined(arranged, found, 0)

    def _below(
        self, rows: Sequence[Row[Any]], held: set[str], depth: int, above: set[str]
    ) -> tuple[dict[str, list[Row[Any]]], list[Row[Any]]]:
        """What is shown below each open row, and rows that are shown on that account only.

        `held` are the keys of those that match, `above` of those that stand elsewhere already: none
        is shown twice.
        """
        found: dict[str, list[Row[Any]]] = {}
        more = []
        for row in rows:
            key = row.resource.key
            if key in self.below:
                new = [each for each in self.below[key].rows if each.resource.key not in above]
                found[key] = self._level(new, depth + 1, above, all_of_them=key in held)
                if found[key] and key not in held:
                    more.append(row)
        return found, more

    def _level(
        self, rows: Sequence[Row[Any]], depth: int, above: set[str], *, all_of_them: bool
    ) -> list[Row[Any]]:
        kept = list(rows) if all_of_them else list(self.sifted(rows))
        held = {row.resource.key for row in kept}
        found, more = self._below(rows, held, depth, above | {row.resource.key for row in rows})
        return self._joined(self.ordered([*kept, *more], True), found, depth)

    def _joined(
        self, rows: Sequence[Row[Any]], found: Mapping[str, list[Row[Any]]], depth: int
    ) -> list[Row[Any]]:
        joined = []
        for row in rows:
            joined.append(self._placed(row, depth))
            joined += found.get(row.resource.key, ())
        return joined

    def _placed(self, row: Row[Any], depth: int) -> Row[Any]:
        below = self.below.get(row.resource.key)
        if below is None and not depth:
            return row
        return replace(row, depth=depth, below=below.told if below is not None else None)


def branch(row: Row[Any], *, can_open: bool) -> str:
    """What stands before the name of a row: how deep it lies, whether it is open, on how many."""
    mark = ""
    if row.below is not None:
        mark = f"{OPEN} {row.below} "
    elif can_open:
        mark = f"{CLOSED} "
    return INDENT * row.depth + mark
