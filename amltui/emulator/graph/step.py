"""What a step of a query is, and what the words of many kinds of steps are read with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from amltui.emulator.graph.expression import Column, Node, called, expression
from amltui.emulator.graph.tokens import QueryError, Words

Rows = list[dict[str, Any]]
Step = Callable[[Rows, float], Rows]
"""Rows and the moment of the query, in epoch seconds."""


def named(words: Words) -> list[tuple[str, Node]]:
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


def number(words: Words) -> int:
    if words.next.kind != "number" or not words.next.word.isdecimal():
        raise QueryError("expected a number", words.next)
    return int(words.take().word)
