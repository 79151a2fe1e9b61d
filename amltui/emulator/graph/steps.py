"""The steps of a query, between its pipes: each turns rows into rows."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from amltui.emulator.graph import meaning
from amltui.emulator.graph.expression import (
    AGGREGATES,
    Apply,
    Column,
    Const,
    Node,
    called,
    expression,
)
from amltui.emulator.graph.tokens import QueryError, Words, tokens

Rows = list[dict[str, Any]]
Step = Callable[[Rows, float], Rows]
"""Rows and the moment of the query, in epoch seconds."""
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
        return all(_may_be(each.condition, kind) for each in first if isinstance(each, Where))

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
        return _other_project(words)
    return reader(words)


@dataclass(frozen=True)
class Where:
    """Keeps rows of which a condition is true."""

    condition: Node

    def __call__(self, rows: Rows, now: float) -> Rows:
        return [each for each in rows if meaning.is_true(meaning.value(self.condition, each, now))]


def _may_be(node: Node, kind: str) -> bool:
    """Whether a condition can hold for a type: where it asks for anything else, it can."""
    if isinstance(node, Apply) and node.name == "and":
        return all(_may_be(each, kind) for each in node.arguments)
    if isinstance(node, Apply) and node.name == "or":
        return any(_may_be(each, kind) for each in node.arguments)
    if _columns(node) == {"type"}:
        return meaning.is_true(meaning.value(node, {"type": kind}, 0.0))
    return True


def _columns(node: Node) -> set[str]:
    if isinstance(node, Column):
        return {node.name}
    if isinstance(node, Apply):
        return {name for each in node.arguments for name in _columns(each)}
    return set() if isinstance(node, Const) else {"?"}


def _project(words: Words) -> Step:
    columns = _named(words)
    return lambda rows, now: [
        {name: meaning.value(node, each, now) for name, node in columns} for each in rows
    ]


def _other_project(words: Words) -> Step:
    """project-away, project-keep, project-rename and project-reorder."""
    words.expect("-")
    how = words.expect("away", "keep", "rename", "reorder").word.lower()
    if how == "rename":
        return _renamed({old: new for new, old in _pairs(words)})
    patterns = _patterns(words)

    def is_named(name: str) -> bool:
        return any(fnmatch.fnmatchcase(name, each) for each in patterns)

    if how == "reorder":
        return lambda rows, _: [
            {**{name: each[name] for name in each if is_named(name)}, **each} for each in rows
        ]
    keeps = how == "keep"
    return lambda rows, _: [
        {name: each[name] for name in each if is_named(name) is keeps} for each in rows
    ]


def _renamed(names: Mapping[str, str]) -> Step:
    def step(rows: Rows, now: float) -> Rows:
        del now
        for each in rows[:1]:
            for name in names:
                meaning.value(Column(name), each, 0.0)
        return [{names.get(name, name): value for name, value in each.items()} for each in rows]

    return step


def _extend(words: Words) -> Step:
    columns = _named(words)

    def step(rows: Rows, now: float) -> Rows:
        extended: Rows = []
        for each in rows:
            row = dict(each)
            for name, node in columns:
                row[name] = meaning.value(node, row, now)
            extended.append(row)
        return extended

    return step


def _summarize(words: Words) -> Step:
    found: list[tuple[str, Node]] = []
    if words.next.word.lower() != "by":
        found = _named(words)
    by = _named(words) if words.take_if("by") else []
    for _, node in found:
        if not isinstance(node, Apply) or node.name not in AGGREGATES:
            raise QueryError("summarize: an aggregation function is expected")

    def step(rows: Rows, now: float) -> Rows:
        groups: dict[str, tuple[dict[str, Any], Rows]] = {} if by else {"{}": ({}, [])}
        for each in rows:
            key = {name: meaning.value(node, each, now) for name, node in by}
            groups.setdefault(json.dumps(key), (key, []))[1].append(each)
        return [
            {**key, **{name: _aggregate(node, held, now) for name, node in found}}
            for key, held in groups.values()
        ]

    return step


def _aggregate(node: Node, rows: Rows, now: float) -> Any:
    assert isinstance(node, Apply)
    if node.name == "count":
        return len(rows)
    if not node.arguments:
        raise QueryError(f"{node.name}(): function expects an argument")
    values = [meaning.value(node.arguments[0], each, now) for each in rows]
    if node.name == "countif":
        return sum(meaning.is_true(each) for each in values)
    there = [each for each in values if each is not None]
    if node.name in {"make_list", "makelist"}:
        return there
    if node.name in {"any", "take_any"}:
        return there[0] if there else None
    if node.name in {"make_set", "makeset", "dcount"}:
        distinct = list({json.dumps(each): each for each in there}.values())
        return len(distinct) if node.name == "dcount" else distinct
    if node.name in {"min", "max"}:
        choose = min if node.name == "min" else max
        return choose(there, key=meaning.order) if there else None
    numbers = [each for each in there if isinstance(each, (int, float))]
    if node.name == "avg":
        return sum(numbers) / len(numbers) if numbers else None
    return sum(numbers)


def _order(words: Words) -> Step:
    words.expect("by")
    return _sorted(_orders(words))


def _top(words: Words) -> Step:
    most = _number(words)
    words.expect("by")
    arranged = _sorted(_orders(words))
    return lambda rows, now: arranged(rows, now)[:most]


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


def _take(words: Words) -> Step:
    most = _number(words)
    return lambda rows, _: rows[:most]


def _count(words: Words) -> Step:
    del words
    return lambda rows, _: [{"Count": len(rows)}]


def _distinct(words: Words) -> Step:
    if words.take_if("*"):
        return lambda rows, _: _unique(rows)
    columns = _named(words)
    return lambda rows, now: _unique(
        {name: meaning.value(node, each, now) for name, node in columns} for each in rows
    )


def _unique(rows: Iterable[dict[str, Any]]) -> Rows:
    return list({json.dumps(each): each for each in rows}.values())


def _number(words: Words) -> int:
    if words.next.kind != "number" or not words.next.word.isdecimal():
        raise QueryError("expected a number", words.next)
    return int(words.take().word)


def _named(words: Words) -> list[tuple[str, Node]]:
    """Expressions with the names of the columns that they make: `a, b = tolower(c)`."""
    found: list[tuple[str, Node]] = []
    nameless = 0
    while True:
        node = expression(words)
        if isinstance(node, Column) and words.take_if("="):
            name, node = node.name, expression(words)
        else:
            name = called(node, nameless + 1)
            nameless += name.startswith("Column")
        found.append((name, node))
        if not words.take_if(","):
            return found


def _pairs(words: Words) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    while True:
        new = words.name()
        words.expect("=")
        found.append((new, words.name()))
        if not words.take_if(","):
            return found


def _patterns(words: Words) -> list[str]:
    """Names in which a star stands for anything."""
    found: list[str] = []
    while True:
        name = ""
        while words.next.kind == "name" or words.next.word == "*":
            name += words.take().word
        if not name:
            raise QueryError("expected a name", words.next)
        found.append(name)
        if not words.take_if(","):
            return found


_READERS: dict[str, Callable[[Words], Step]] = {
    "where": lambda words: Where(expression(words)),
    "filter": lambda words: Where(expression(words)),
    "project": _project,
    "extend": _extend,
    "summarize": _summarize,
    "order": _order,
    "sort": _order,
    "top": _top,
    "take": _take,
    "limit": _take,
    "count": _count,
    "distinct": _distinct,
}
