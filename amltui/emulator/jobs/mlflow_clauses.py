"""MLflow's search language: comparisons joined by AND, and orders."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from amltui.emulator.jobs.ordering import directed

T = TypeVar("T")

_COMPARISON = re.compile(
    r"""\s*(?:(?P<kind>metrics?|params?|parameters?|tags?|attributes?|attr|run|datasets?)\s*\.\s*)?
        (?:`(?P<ticked>[^`]+)`|"(?P<quoted>[^"]+)"|(?P<plain>[\w./\-]+))
        \s*(?P<compare>!=|>=|<=|=|>|<|\b(?:LIKE|ILIKE|IN|NOT\s+IN)\b)\s*
        (?P<value>'(?:[^']|'')*'|"[^"]*"|\([^)]*\)|[^\s]+)\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_KINDS = {
    "m": "metric",
    "p": "param",
    "t": "tag",
    "d": "dataset",
    "a": "attribute",
    "r": "attribute",
}


class BadSearch(Exception):
    """MLflow's INVALID_PARAMETER_VALUE, in words."""


@dataclass(frozen=True)
class Clause:
    """One comparison."""

    kind: str
    """metric, param, tag, dataset or attribute."""
    name: str
    word: str
    """=, !=, >, LIKE, IN …"""
    text: str
    """What it is compared with, as it was written."""

    @property
    def wanted(self) -> str:
        """Without its quotes."""
        text = self.text
        return text[1:-1].replace("''", "'") if text[0] in "'\"" else text

    @property
    def options(self) -> list[str]:
        """Of an IN."""
        return [one or two for one, two in re.findall(r"'([^']*)'|\"([^\"]*)\"", self.text)]

    def holds(self, value: Any) -> bool:
        """Whether a value passes; None is for what is not there."""
        if value is None:
            return self.word in {"!=", "NOT IN"} and self.kind != "metric"
        if self.word in {"LIKE", "ILIKE"}:
            flags = re.DOTALL | (re.IGNORECASE if self.word == "ILIKE" else 0)
            pattern = re.escape(self.wanted).replace("%", ".*").replace("_", ".")
            return re.fullmatch(pattern, str(value), flags) is not None
        if self.word.endswith("IN"):
            return (str(value) in self.options) is (self.word == "IN")
        if isinstance(value, (int, float)):
            try:
                return _COMPARE[self.word](value, float(self.wanted))
            except ValueError as error:
                raise BadSearch(f"Expected a number, got '{self.wanted}'") from error
        return _COMPARE[self.word](str(value), self.wanted)


def parse(text: Any) -> list[Clause]:
    """The comparisons of a filter; none of an empty one."""
    if text is None:
        return []
    if not isinstance(text, str):
        raise BadSearch("The filter must be a string.")
    clauses = []
    rest = text.strip()
    while rest:
        match = _COMPARISON.match(rest)
        if match is None:
            raise BadSearch(f"Invalid clause(s) in filter string: '{rest}'")
        clauses.append(_clause(match))
        rest = rest[match.end() :]
        if rest:
            if not re.match(r"and\s", rest, re.IGNORECASE):
                raise BadSearch(f"Invalid clause(s) in filter string: '{rest}'")
            rest = rest[4:]
    return clauses


def orders(asked: Any) -> list[tuple[str, str, bool]]:
    """(kind, name, whether descending) of `metrics.loss DESC` and its like."""
    if asked is None:
        return []
    if isinstance(asked, str):
        asked = [asked]
    if not isinstance(asked, list) or not all(isinstance(each, str) for each in asked):
        raise BadSearch("order_by must be a list of strings.")
    return [_order(each) for each in asked if each.strip()]


def sort(
    items: Sequence[T], asked: Sequence[tuple[str, str, bool]], value: Callable[[T, str, str], Any]
) -> list[T]:
    """By several orders, the first one foremost; what has no value comes last."""
    return sorted(items, key=lambda each: place(asked, lambda kind, name: value(each, kind, name)))


def place(
    asked: Iterable[tuple[str, str, bool]], value: Callable[[str, str], Any]
) -> tuple[Any, ...]:
    """Where something belongs, by what it has for each order; NaN is more than all numbers."""
    found: list[Any] = []
    for kind, name, descending in asked:
        held = value(kind, name)
        is_nan = held != held
        found += (held is None, is_nan is not descending)
        found.append(0 if held is None or is_nan else directed(held, descending=descending))
    return tuple(found)


def _order(text: str) -> tuple[str, str, bool]:
    words = text.strip().rsplit(None, 1)
    direction = words[-1].upper() if len(words) > 1 else ""
    field = words[0] if direction in {"ASC", "DESC"} else text.strip()
    kind, dot, name = field.partition(".")
    if not dot or kind.lower()[:1] not in _KINDS:
        kind, name = "attribute", field
    return _KINDS[kind.lower()[0]], name.strip('`"'), direction == "DESC"


def _clause(match: re.Match[str]) -> Clause:
    kind = (match["kind"] or "attribute").lower()
    name = match["ticked"] or match["quoted"] or match["plain"]
    word = " ".join(match["compare"].upper().split())
    return Clause(_KINDS[kind[0]], name, word, match["value"])
