"""Steps that make one row of many."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from amltui.emulator.graph import meaning
from amltui.emulator.graph.expression import AGGREGATES, Apply, Node
from amltui.emulator.graph.step import Rows, Step, named
from amltui.emulator.graph.tokens import QueryError, Words


def summarize(words: Words) -> Step:
    found: list[tuple[str, Node]] = []
    if words.next.word.lower() != "by":
        found = named(words)
    by = named(words) if words.take_if("by") else []
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


def count(words: Words) -> Step:
    del words
    return lambda rows, _: [{"Count": len(rows)}]


def distinct(words: Words) -> Step:
    if words.take_if("*"):
        return lambda rows, _: _unique(rows)
    columns = named(words)
    return lambda rows, now: _unique(
        {name: meaning.value(node, each, now) for name, node in columns} for each in rows
    )


def _unique(rows: Iterable[dict[str, Any]]) -> Rows:
    return list({json.dumps(each): each for each in rows}.values())
