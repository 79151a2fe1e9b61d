"""Which rows are shown, in which order. Pure: the pane asks, the table paints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from amltui.domain.query.condition import Query, Shape
from amltui.domain.query.parse import parse
from amltui.kinds.fields import Asker, Field, Texts, sieve, text_of
from amltui.kinds.kind import Column, Row
from amltui.kinds.ranking import STEP, in_steps, places

ANYBODY = Asker()


class Arrangement(Struct, frozen=True):
    """The user's filter and order of one list."""

    text: str = ""
    """The filter, as it was typed."""
    column: str | None = None
    """Title of the column to sort by; None is the kind's own order."""
    descending: bool = False
    columns: tuple[str, ...] = ()
    """The columns that are shown, in their order; empty for the kind's own."""

    def query(self, fields: Sequence[Field[Any]]) -> Query:
        """The filter, as far as it can be understood."""
        query = parse(self.text, [field.spec for field in fields])
        numbers = {f"{each.spec.name}." for each in fields if each.spec.shape is Shape.NUMBERS}
        shown = any(name.startswith(tuple(numbers)) for name in self.columns if numbers)
        return replace(query, with_numbers=shown)

    def apply(
        self,
        columns: Sequence[Column[Any]],
        rows: Sequence[Row[Any]],
        order: Callable[[Any], Any] | None = None,
        fields: Sequence[Field[Any]] = (),
        asker: Asker = ANYBODY,
        texts: Texts | None = None,
    ) -> list[Row[Any]]:
        """The rows that match, sorted."""
        kept = self.sifted(columns, rows, fields, asker, texts)
        return self.sorted(columns, kept, order)

    def sifted(
        self,
        columns: Sequence[Column[Any]],
        rows: Sequence[Row[Any]],
        fields: Sequence[Field[Any]] = (),
        asker: Asker = ANYBODY,
        texts: Texts | None = None,
    ) -> Sequence[Row[Any]]:
        """The rows that match, in the order they came."""
        if not self.text:
            return rows
        return list(filter(sieve(self.query(fields), columns, fields, asker, texts), rows))

    def sorted(
        self,
        columns: Sequence[Column[Any]],
        kept: Sequence[Row[Any]],
        order: Callable[[Any], Any] | None = None,
    ) -> list[Row[Any]]:
        """Rows that have no value come last either way.

        `order` sorts resources as long as no column is chosen.
        """
        column = next((c for c in columns if c.title == self.column), None)
        if column is None:
            if order is None:
                return list(kept)
            return sorted(kept, key=lambda row: order(row.resource), reverse=self.descending)
        valued = [(sort_key(column, row), row) for row in kept]
        known = [pair for pair in valued if pair[0] is not None]
        unknown = [row for key, row in valued if key is None]
        known.sort(key=lambda pair: pair[0], reverse=self.descending)
        return [row for _, row in known] + unknown

    def steps(
        self,
        columns: Sequence[Column[Any]],
        rows: Sequence[Row[Any]],
        ranks: Callable[[], Iterator[Sequence[int] | None]],
        fields: Sequence[Field[Any]] = (),
        asker: Asker = ANYBODY,
        texts: Texts | None = None,
    ) -> Iterator[list[Row[Any]]]:
        """The same as `apply` some rows at a time: what is known to match, the last time all.

        `ranks` tells the kind's own order of the rows, None as long as that takes.
        """
        column = next((c for c in columns if c.title == self.column), None)
        order: Sequence[int] = ()
        if column is None:
            for known in ranks():
                if known is None:
                    yield []
                else:
                    order = known
            ordered = [rows[place] for place in (reversed(order) if self.descending else order)]
        else:
            keys: list[Any] = []
            for _ in in_steps(partial(sort_key, column), rows, keys):
                yield []
            valued = [place for place, key in enumerate(keys) if key is not None]
            for known in places(keys, valued, descending=self.descending):
                if known is None:
                    yield []
                else:
                    order = known
            ordered = [rows[place] for place in order]
            ordered += [row for key, row in zip(keys, rows, strict=True) if key is None]
        if not self.text:
            yield ordered
            return
        passes = sieve(self.query(fields), columns, fields, asker, texts)
        kept = []
        for number, row in enumerate(ordered):
            if passes(row):
                kept.append(row)
            if number % STEP == STEP - 1:
                yield kept
        yield kept


def sort_key(column: Column[Any], row: Row[Any]) -> Any:
    return text_of(column, row).lower() if column.sort is None else column.sort(row)
