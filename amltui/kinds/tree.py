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

    def grown(self, roots: Sequence[Row[Any]]) -> list[Row[Any]]:
        """The rows in the order they are painted."""
        if not self.below:
            return self.ordered(self.sifted(roots), False)
        keys = {row.resource.key for row in roots}
        return self._level(roots, 0, keys, all_of_them=False)

    def _level(
        self, rows: Sequence[Row[Any]], depth: int, above: set[str], *, all_of_them: bool
    ) -> list[Row[Any]]:
        """`above` are the keys of rows that stand elsewhere already: none is shown twice."""
        kept = list(rows) if all_of_them else list(self.sifted(rows))
        held = {row.resource.key for row in kept}
        found: dict[str, list[Row[Any]]] = {}
        for row in rows:
            key = row.resource.key
            if key in self.below:
                new = [each for each in self.below[key].rows if each.resource.key not in above]
                seen = above | {each.resource.key for each in new}
                below = self._level(new, depth + 1, seen, all_of_them=key in held)
                if below and key not in held:
                    kept.append(row)
                found[key] = below
        shown = []
        for row in self.ordered(kept, depth > 0):
            shown.append(self._placed(row, depth))
            shown += found.get(row.resource.key, ())
        return shown

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
