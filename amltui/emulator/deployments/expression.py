"""The language between square brackets in a template: `[concat('sa', parameters('name'))]`.

Parsed into a tree of literals and calls; `functions.py` has what the calls mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

DEPTH = 50
"""How deep calls may be nested."""
_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+)|(?P<name>[A-Za-z_]\w*)"
                    r"|(?P<sign>[(),.\[\]]))")  # fmt: skip


class TemplateError(Exception):
    """A template that means nothing; the message is for its author."""


@dataclass(frozen=True)
class Literal:
    """A string or a number."""

    value: str | int


@dataclass(frozen=True)
class Access:
    """A member of what a node means, or an item of it."""

    of: Node
    key: Node


@dataclass(frozen=True)
class Invocation:
    """A function, in lower case, and what it is given."""

    name: str
    arguments: Sequence[Node]


Node = Literal | Access | Invocation


def is_expression(text: str) -> bool:
    """Whether a string of a template is to be evaluated; `[[` stands for a bracket."""
    return text.startswith("[") and text.endswith("]") and not text.startswith("[[")


@cache
def parsed(text: str) -> Node:
    """The tree of an expression, without its brackets; TemplateError for what is none."""
    tokens = _tokens(text)
    node, at = _node(text, tokens, 0, 0)
    if at != len(tokens):
        raise _unclear(text)
    return node


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise _unclear(text)
        tokens.append((found.lastgroup, found[found.lastgroup]))
        at = found.end()
    return tokens


def _node(text: str, tokens: Sequence[tuple[str, str]], at: int, depth: int) -> tuple[Node, int]:
    """A node that starts at a token, and the token after it."""
    if at >= len(tokens) or depth > DEPTH:
        raise _unclear(text)
    kind, word = tokens[at]
    node: Node
    if kind == "text":
        node, at = Literal(word[1:-1].replace("''", "'")), at + 1
    elif kind == "number":
        node, at = Literal(int(word)), at + 1
    elif kind == "name" and _is(tokens, at + 1, "("):
        arguments, at = _arguments(text, tokens, at + 2, depth)
        node = Invocation(word.lower(), arguments)
    else:
        raise _unclear(text)
    while at < len(tokens) and tokens[at][1] in {".", "["} and tokens[at][0] == "sign":
        if tokens[at][1] == ".":
            if at + 1 >= len(tokens) or tokens[at + 1][0] != "name":
                raise _unclear(text)
            node, at = Access(node, Literal(tokens[at + 1][1])), at + 2
        else:
            key, at = _node(text, tokens, at + 1, depth + 1)
            if not _is(tokens, at, "]"):
                raise _unclear(text)
            node, at = Access(node, key), at + 1
    return node, at


def _arguments(
    text: str, tokens: Sequence[tuple[str, str]], at: int, depth: int
) -> tuple[tuple[Node, ...], int]:
    if _is(tokens, at, ")"):
        return (), at + 1
    found: list[Node] = []
    while True:
        node, at = _node(text, tokens, at, depth + 1)
        found.append(node)
        if _is(tokens, at, ")"):
            return tuple(found), at + 1
        if not _is(tokens, at, ","):
            raise _unclear(text)
        at += 1


def _is(tokens: Sequence[tuple[str, str]], at: int, sign: str) -> bool:
    return at < len(tokens) and tokens[at] == ("sign", sign)


def _unclear(text: str) -> TemplateError:
    return TemplateError(f"Unable to parse language expression '{text}'.")
