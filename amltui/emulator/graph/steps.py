"""The steps of a query, between its pipes: each turns rows into rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from amltui.emulator.graph import columns, groups, order
from amltui.emulator.graph.condition import Where
from amltui.emulator.graph.expression import expression
from amltui.emulator.graph.step import Rows, Step
from amltui.emulator.graph.tokens import QueryError, Words, tokens

TABLES = {"resources": "resources", "resourcecontainers": "containers"}
MOST = 50
"""Steps in one query."""


@dataclass(frozen=True)
class Query:
    """Where the rows come from, and what becomes of them."""

    source: str
    """resources or containers."""
    steps: Sequence[Step]

    def may_be(self, kind: str) -> bool:
        """Whether rows of a type can be among those that are wanted: other columns aside."""
        first = takewhile(lambda each: isinstance(each, Where), self.steps)
        return all(each.may_hold(kind) for each in first if isinstance(each, Where))

    def check(self, columns: Mapping[str, Any], now: float) -> None:
        """QueryError for columns that there are not, even if there is no row to miss them."""
        rows: Rows = [dict(columns)]
        for step in self.steps:
            found = step(rows, now)
            rows = rows if isinstance(step, Where) else found or rows

    def run(self, rows: Rows, now: float) -> Rows:
        for step in self.steps:
            rows = step(rows, now)
        return rows


def read(text: str) -> Query:
    """A query; QueryError for what is not understood."""
    words = Words(tokens(text))
    source = TABLES.get(words.next.word.lower())
    if source is not None:
        words.take()
    elif words.next.word.lower() not in _READERS:
        raise QueryError(f"the table '{words.next.word}' is not known here", words.next)
    steps: list[Step] = []
    has_more = source is None  # a query may begin with its first step
    while has_more or words.take_if("|"):
        has_more = False
        steps.append(_step(words))
        if len(steps) > MOST:
            raise QueryError(f"the query has more than {MOST} steps", words.next)
    words.take_if(";")
    if words.next.kind != "end":
        raise QueryError("expected | or the end", words.next)
    return Query(source or "resources", steps)


def _step(words: Words) -> Step:
    token = words.next
    reader = _READERS.get(token.word.lower()) if token.kind == "name" else None
    if reader is None:
        raise QueryError(f"the operator '{token.word}' is not known here", token)
    words.take()
    if words.next.word == "-" and token.word.lower() == "project":
        return columns.other_project(words)
    return reader(words)


_READERS: dict[str, Callable[[Words], Step]] = {
    "where": lambda words: Where(expression(words)),
    "filter": lambda words: Where(expression(words)),
    "project": columns.project,
    "extend": columns.extend,
    "summarize": groups.summarize,
    "order": order.order,
    "sort": order.order,
    "top": order.top,
    "take": order.take,
    "limit": order.take,
    "count": groups.count,
    "distinct": groups.distinct,
}
