"""Run history's filters and orders: a small part of OData over runs."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from amltui.emulator.jobs import run_body, timeline, wiretime
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


class BadFilter(Exception):
    """The expression cannot be read; the message says where."""


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
            return record.parent or record.name
        case "displayname":
            return record.display_name
        case "target":
            return record.compute or "serverless"
        case "runtype":
            return "azureml.scriptrun" if record.type == "Command" else record.type
        case "hidden":
            return str(record.is_archived).lower()
        case "userid" | "createdby":
            return record.created_by
        case "runtypev2":
            return None
        case "tags" if slash:
            return (record.tags or {}).get(key)
        case "properties" if slash:
            return run_body.properties(record).get(key)
    raise BadFilter(f"Unknown property '{name}' in the filter.")


def parse(text: str | None) -> Test:
    """A test of runs; an empty filter lets everything through."""
    if not text or not text.strip():
        return lambda record, now: True
    tokens = _tokens(text)
    test, rest = _either(tokens)
    if rest:
        raise BadFilter(f"Unexpected '{rest[0].text}' in the filter.")
    return test


def ordered(
    records: Sequence[JobRecord], order: str | Sequence[str] | None, now: float
) -> list[JobRecord]:
    """By `CreatedUtc desc, RunId`; newest first where nothing is asked."""
    text = ",".join(order) if isinstance(order, (list, tuple)) else str(order or "CreatedUtc desc")
    runs = list(records)
    for clause in reversed([part.split() for part in text.split(",") if part.strip()]):
        name, descending = clause[0], clause[-1].lower() == "desc"
        values = {id(each): value_of(name, each, now) for each in runs}

        def compare(one: JobRecord, two: JobRecord, known: dict[int, Value] = values) -> int:
            first, second = known[id(one)], known[id(two)]
            if first is None or second is None:
                return (first is not None) - (second is not None)
            return _sign(first, second)

        runs.sort(key=cmp_to_key(compare), reverse=descending)
    return runs


def _sign(first: Any, second: Any) -> int:
    return int(first > second) - int(first < second)


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


def _either(tokens: list[_Token]) -> tuple[Test, list[_Token]]:
    tests = []
    test, tokens = _both(tokens)
    tests.append(test)
    while tokens and tokens[0].text.lower() == "or":
        test, tokens = _both(tokens[1:])
        tests.append(test)
    return (lambda record, now: any(each(record, now) for each in tests)), tokens


def _both(tokens: list[_Token]) -> tuple[Test, list[_Token]]:
    tests = []
    test, tokens = _one(tokens)
    tests.append(test)
    while tokens and tokens[0].text.lower() == "and":
        test, tokens = _one(tokens[1:])
        tests.append(test)
    return (lambda record, now: all(each(record, now) for each in tests)), tokens


def _one(tokens: list[_Token]) -> tuple[Test, list[_Token]]:
    if tokens and tokens[0].text == "(" and not tokens[0].is_quoted:
        test, rest = _either(tokens[1:])
        if not rest or rest[0].text != ")":
            raise BadFilter("A parenthesis is not closed in the filter.")
        return test, rest[1:]
    if len(tokens) < 3 or tokens[1].text.lower() not in _COMPARE:
        raise BadFilter("The filter must be of the form 'Property eq value'.")
    name, compare, wanted = tokens[0].text, _COMPARE[tokens[1].text.lower()], tokens[2]
    return _comparison(name, compare, wanted), tokens[3:]


def _comparison(name: str, compare: Callable[[Any, Any], bool], wanted: _Token) -> Test:
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

    return test
