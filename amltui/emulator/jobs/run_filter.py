"""Run history's filters and orders: a small part of OData over runs."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from amltui.emulator.jobs import run_body, timeline, wiretime
from amltui.emulator.jobs.narrowing import EVERYTHING, Narrowing
from amltui.emulator.jobs.ordering import directed
from amltui.emulator.jobs.record import JobRecord

Test = Callable[[JobRecord, float], bool]
Value = str | float | None

_TOKEN = re.compile(r"\s*(?:([()])|'((?:[^']|'')*)'|([^\s()]+))")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_MOMENTS = {"createdutc", "starttimeutc", "endtimeutc"}
DEEPEST = 100
"""Parentheses within parentheses."""


class BadFilter(Exception):
    """The expression cannot be read; the message says where."""


@dataclass(frozen=True)
class Filter:
    """A test of runs, and which of them it can mean at all."""

    test: Test
    narrowing: Narrowing = EVERYTHING


@dataclass(frozen=True)
class _Token:
    text: str
    is_quoted: bool = False


def value_of(name: str, record: JobRecord, now: float) -> Value:
    """A property of a run, by the name filters use for it."""
    head, slash, key = name.partition("/")
    match head.lower():
        case "status":
            return timeline.status_at(record, now)
        case "runid" | "name":
            return record.name
        case "createdutc":
            return record.created
        case "starttimeutc":
            return timeline.started_at(record, now)
        case "endtimeutc":
            return timeline.ended_at(record, now)
        case "parentrunid":
            return record.parent
        case "rootrunid":
            return run_body.root_of(record)
        case "displayname":
            return record.display_name
        case "description":
            return record.description
        case "target":
            return run_body.target_of(record)
        case "runtype":
            return run_body.run_type(record)
        case "runnumber":
            return str(int(record.created))
        case "hidden":
            return str(record.is_archived).lower()
        case "scheduleid":
            return record.schedule
        case "userid" | "createdby":
            return record.created_by
        case "runtypev2":
            return run_body.run_type_v2(record, key)
        case "tags" if slash:
            return (record.tags or {}).get(key)
        case "properties" if slash:
            return run_body.properties(record).get(key)
    raise BadFilter(f"Unknown property '{name}' in the filter.")


def parse(text: str | None) -> Filter:
    """A test of runs; an empty filter lets everything through."""
    if not text or not text.strip():
        return Filter(lambda record, now: True)
    tokens = _tokens(text)
    found, rest = _either(tokens, 0)
    if rest:
        raise BadFilter(f"Unexpected '{rest[0].text}' in the filter.")
    return found


def natural(order: str | Sequence[str] | None) -> bool | None:
    """Whether an order is by creation: True newest first, False oldest first, None another."""
    clauses = _clauses(order)
    if not clauses:
        return True
    name, descending = clauses[0]
    return descending if name.lower() == "createdutc" else None


def order_of(
    order: str | Sequence[str] | None, now: float
) -> Callable[[JobRecord], tuple[Any, ...]]:
    """A run's place by `Status desc, RunId`: what has no value is less than what has one."""
    clauses = _clauses(order)

    def place(record: JobRecord) -> tuple[Any, ...]:
        found: list[Any] = []
        for name, descending in clauses:
            value = value_of(name, record, now)
            found.append((value is not None) is not descending)
            found.append(0 if value is None else directed(value, descending=descending))
        return tuple(found)

    return place


def _clauses(order: str | Sequence[str] | None) -> list[tuple[str, bool]]:
    text = ",".join(map(str, order)) if isinstance(order, (list, tuple)) else str(order or "")
    parts = (part.split() for part in text.split(","))
    return [(words[0], words[-1].lower() == "desc") for words in parts if words]


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadFilter(f"The filter cannot be read at '{text[at : at + 20]}'.")
        mark, quoted, word = match.groups()
        if quoted is not None:
            tokens.append(_Token(quoted.replace("''", "'"), is_quoted=True))
        else:
            tokens.append(_Token(mark or word))
        at = match.end()
    return tokens


def _either(tokens: list[_Token], depth: int) -> tuple[Filter, list[_Token]]:
    found, tokens = _both(tokens, depth)
    parts = [found]
    while tokens and tokens[0].text.lower() == "or":
        found, tokens = _both(tokens[1:], depth)
        parts.append(found)
    if len(parts) == 1:
        return parts[0], tokens
    narrowing = reduce(operator.or_, (each.narrowing for each in parts))
    return Filter(lambda record, now: any(e.test(record, now) for e in parts), narrowing), tokens


def _both(tokens: list[_Token], depth: int) -> tuple[Filter, list[_Token]]:
    found, tokens = _one(tokens, depth)
    parts = [found]
    while tokens and tokens[0].text.lower() == "and":
        found, tokens = _one(tokens[1:], depth)
        parts.append(found)
    if len(parts) == 1:
        return parts[0], tokens
    narrowing = reduce(operator.and_, (each.narrowing for each in parts))
    return Filter(lambda record, now: all(e.test(record, now) for e in parts), narrowing), tokens


def _one(tokens: list[_Token], depth: int) -> tuple[Filter, list[_Token]]:
    if tokens and tokens[0].text == "(" and not tokens[0].is_quoted:
        if depth == DEEPEST:
            raise BadFilter("There are too many parentheses in the filter.")
        found, rest = _either(tokens[1:], depth + 1)
        if not rest or rest[0].text != ")":
            raise BadFilter("A parenthesis is not closed in the filter.")
        return found, rest[1:]
    if len(tokens) < 3 or tokens[1].text.lower() not in _COMPARE:
        raise BadFilter("The filter must be of the form 'Property eq value'.")
    return _comparison(tokens[0].text, tokens[1].text.lower(), tokens[2]), tokens[3:]


def _comparison(name: str, word: str, wanted: _Token) -> Filter:
    compare = _COMPARE[word]
    expected: Value = wanted.text
    if wanted.text.lower() == "null" and not wanted.is_quoted:
        expected = None
    elif name.lower() in _MOMENTS:
        try:
            expected = wiretime.parse(wanted.text)
        except ValueError as error:
            raise BadFilter(f"'{wanted.text}' is not a time.") from error

    def test(record: JobRecord, now: float) -> bool:
        value = value_of(name, record, now)
        if expected is None or value is None:
            same = value == expected
            return same if compare is operator.eq else not same and compare is operator.ne
        return compare(value, expected)

    return Filter(test, _narrowing(name.lower(), word, expected))


def _narrowing(name: str, word: str, expected: Value) -> Narrowing:
    match name, word, expected:
        case "runid", "eq", str():
            return Narrowing(names=frozenset({expected}))
        case "parentrunid", "eq", str():
            return Narrowing(parents=frozenset({expected}))
        case "parentrunid", "eq", None:
            return Narrowing(is_root=True)
        case "status", "eq", str() if expected not in timeline.TERMINAL:
            return Narrowing(is_alive=True)
        case "createdutc", "gt" | "ge", float():
            return Narrowing(earliest=expected)
        case "createdutc", "lt" | "le", float():
            return Narrowing(latest=expected)
    return EVERYTHING
