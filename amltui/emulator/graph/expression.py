"""Expressions of a query: how they are read, and what columns made of them are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from amltui.emulator.graph.tokens import QueryError, Words, string

DEPTH = 60
"""How deep expressions may be nested."""
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(\w+)")
_SECONDS = {"d": 86_400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_WORDS = ("has", "contains", "startswith", "endswith", "hasprefix", "hassuffix")
_TESTS = {
    "==", "!=", "=~", "!~", "<", "<=", ">", ">=",
    *_WORDS, *(f"!{each}" for each in _WORDS),
    *(f"{each}_cs" for each in _WORDS), *(f"!{each}_cs" for each in _WORDS),
}  # fmt: skip
_RESERVED = {"and", "or", "by", "asc", "desc", "nulls", "matches", "regex", "in", *_TESTS}
_MEMBERSHIP = ("in", "in~", "!in", "!in~", "has_any", "has_all")
_CONVERSIONS = {"tostring", "toint", "tolong", "toreal", "todouble", "tobool", "todatetime"}
"""A column that is made by one of these is called as what it converts."""


@dataclass(frozen=True)
class Const:
    """A text, number, truth, null or list."""

    value: Any


@dataclass(frozen=True)
class Span:
    """A length of time, in seconds."""

    seconds: float


@dataclass(frozen=True)
class Column:
    """A column of the row."""

    name: str


@dataclass(frozen=True)
class Member:
    """A member or item of what a node means."""

    of: Node
    key: Node


@dataclass(frozen=True)
class Apply:
    """A function or operator, in lower case, and what it is applied to."""

    name: str
    arguments: Sequence[Node]


Node = Const | Span | Column | Member | Apply


def expression(words: Words, depth: int = 0) -> Node:
    """Read an expression off the words."""
    if depth > DEPTH:
        raise QueryError("the expression is nested too deeply", words.next)
    node = _both(words, depth)
    while words.take_if("or"):
        node = Apply("or", (node, _both(words, depth)))
    return node


def _both(words: Words, depth: int) -> Node:
    node = _test(words, depth)
    while words.take_if("and"):
        node = Apply("and", (node, _test(words, depth)))
    return node


def _test(words: Words, depth: int) -> Node:
    node = _sum(words, depth)
    while True:
        if sign := words.take_if(*_TESTS):
            node = Apply(sign.word.lower(), (node, _sum(words, depth)))
        elif sign := words.take_if(*_MEMBERSHIP):
            words.expect("(")
            node = Apply(sign.word.lower(), (node, *_list(words, ")", depth)))
        elif words.take_if("matches"):
            words.expect("regex")
            node = Apply("matches", (node, _sum(words, depth)))
        else:
            return node


def _sum(words: Words, depth: int) -> Node:
    node = _product(words, depth)
    while sign := words.take_if("+", "-"):
        node = Apply(sign.word, (node, _product(words, depth)))
    return node


def _product(words: Words, depth: int) -> Node:
    node = _value(words, depth)
    while sign := words.take_if("*", "/", "%"):
        node = Apply(sign.word, (node, _value(words, depth)))
    return node


def _value(words: Words, depth: int) -> Node:
    node = _first(words, depth)
    while True:
        if words.take_if("."):
            node = Member(node, Const(words.name()))
        elif words.take_if("["):
            key = expression(words, depth + 1)
            words.expect("]")
            node = Member(node, key)
        else:
            return node


def _first(words: Words, depth: int) -> Node:
    token = words.next
    if token.kind == "text":
        return Const(string(words.take().word))
    if token.kind == "number":
        text = words.take().word
        return Const(float(text) if "." in text else int(text))
    if token.kind == "span":
        number, unit = _span(words.take().word)
        return Span(number * _SECONDS[unit])
    if words.take_if("-"):
        return Apply("-", (Const(0), _value(words, depth + 1)))
    if words.take_if("("):
        node = expression(words, depth + 1)
        words.expect(")")
        return node
    if words.take_if("["):  # a column whose name is no word: ['my column']
        key = words.take()
        words.expect("]")
        if key.kind != "text":
            raise QueryError("expected a name in quotes", key)
        return Column(string(key.word))
    name = words.name()
    if name.lower() in _RESERVED:
        raise QueryError("expected a value", token)
    if name.lower() == "datetime" and words.take_if("("):
        return Apply("datetime", (Const(_moment(words)),))
    if words.take_if("("):
        return Apply(name.lower(), tuple(_list(words, ")", depth)))
    if name.lower() in {"true", "false", "null"}:
        return Const({"true": True, "false": False, "null": None}[name.lower()])
    return Column(name)


def _moment(words: Words) -> str:
    """What stands in `datetime(2024-06-01)`, quoted or not."""
    if words.next.kind == "text":
        text = string(words.take().word)
        words.expect(")")
        return text
    text = ""
    while not words.take_if(")"):
        if words.next.kind == "end":
            raise QueryError("expected )", words.next)
        text += words.take().word
    return text


def _list(words: Words, end: str, depth: int) -> list[Node]:
    found: list[Node] = []
    if words.take_if(end):
        return found
    while True:
        if words.take_if("["):  # dynamic([1, 2])
            found += _list(words, "]", depth + 1)
        elif words.take_if("*"):
            found.append(Const("*"))
        else:
            found.append(expression(words, depth + 1))
        if words.take_if(end):
            return found
        words.expect(",")


def _span(word: str) -> tuple[float, str]:
    found = _SPAN.fullmatch(word)
    assert found is not None
    return float(found[1]), found[2]


def called(node: Node, place: int) -> str:
    """What a column is called that is made of an expression without a name of its own."""
    path = _path(node)
    if path is not None:
        return path
    if isinstance(node, Apply) and node.arguments and node.name in _CONVERSIONS:
        return called(node.arguments[0], place)
    if isinstance(node, Apply) and node.name.isidentifier():
        inside = _path(node.arguments[0]) if node.arguments else ""
        if inside is not None and node.name in AGGREGATES:
            return f"{'' if node.name == 'any' else node.name}_{inside}"
    return f"Column{place}"


AGGREGATES = {
    "count", "countif", "sum", "avg", "min", "max", "dcount", "any", "take_any",
    "make_set", "make_list", "makeset", "makelist",
}  # fmt: skip


def _path(node: Node) -> str | None:
    """`properties.a.b` is called properties_a_b."""
    if isinstance(node, Column):
        return node.name
    if isinstance(node, Member) and isinstance(node.key, Const) and isinstance(node.key.value, str):
        above = _path(node.of)
        return f"{above}_{node.key.value}" if above else None
    return None
