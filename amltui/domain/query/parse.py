"""From what is typed to conditions. Never fails: what makes no sense is left out and told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches

from msgspec import Struct
from msgspec.structs import replace

from amltui.domain.query import values
from amltui.domain.query.condition import Condition, Query, Shape, Spec

_FIELD = re.compile(
    r"""(?P<name>[A-Za-z][A-Za-z_$]*)
        (?:\.(?P<key>"[^"]+"|[^\s"<>=!:~,]+))?
        (?P<compare>[<>!]=|:=|[:<>=])(?P<rest>.*)""",
    re.VERBOSE | re.DOTALL,
)
_NOW = datetime(2000, 1, 1, tzinfo=UTC)
"""Any moment will do to see whether something is a time at all."""
_ORDERS = {"<", "<=", ">", ">="}


class _Nonsense(Exception):
    """Why a condition cannot be understood: what comes behind its place in the sentence."""


class _Piece(Struct, frozen=True):
    """What stands between two blanks that are not in quotes."""

    text: str
    at: int
    is_pattern: bool = False

    @property
    def unwanted(self) -> bool:
        return self.text.startswith("!") and len(self.text) > 1

    @property
    def bare(self) -> str:
        return self.text[1:] if self.unwanted else self.text


def parse(text: str, specs: Sequence[Spec]) -> Query:
    """The conditions of a filter over a list with these fields."""
    known = {name: spec for spec in specs for name in (spec.name, *spec.aliases)}
    conditions: list[Condition] = []
    complaint, end = "", 0
    for piece in _pieces(text):
        try:
            conditions.append(_condition(piece, known))
        except _Nonsense as nonsense:
            if not complaint:
                complaint = f"{piece.text} (character {piece.at + 1}): {nonsense}"
                end = piece.at + len(piece.text)
    return Query(tuple(conditions), complaint, end=end)


def toggled(text: str, condition: str) -> str:
    """The filter with a condition that it did not have, or without it."""
    pieces = [piece.text for piece in _pieces(text)]
    if condition in pieces:
        return " ".join(piece for piece in pieces if piece != condition)
    field = condition.partition(":")[0] + ":"
    kept = " ".join(piece for piece in pieces if not piece.startswith(field))
    # Behind a quote that is not closed it would be text.
    both = (condition, kept) if kept.count('"') % 2 else (kept, condition)
    return " ".join(part for part in both if part)


def holds(text: str, condition: str) -> bool:
    """Whether a filter has exactly this condition."""
    return any(piece.text == condition for piece in _pieces(text))


def _pieces(text: str) -> Iterator[_Piece]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        start = at
        if (end := _end_of_pattern(text, at)) is not None:
            yield _Piece(text[start:end], start, is_pattern=True)
            at = end
            continue
        quoted = False
        while at < len(text) and (quoted or not text[at].isspace()):
            quoted ^= text[at] == '"'
            at += 1
        yield _Piece(text[start:at], start)


def _end_of_pattern(text: str, at: int) -> int | None:
    """Where `/…/` ends; None where none begins: `/mnt/data` is a word like others."""
    found = re.compile(r"!?/(?:[^/\\]|\\.)+/(?=\s|$)").match(text, at)
    return found.end() if found else None


def _condition(piece: _Piece, known: dict[str, Spec]) -> Condition:
    made = Condition(piece.text, piece.at, unwanted=piece.unwanted)
    if piece.is_pattern:
        return replace(made, pattern=_pattern(piece.bare[1:-1]))
    found = _FIELD.fullmatch(piece.bare)
    spec = known.get(found["name"].lower()) if found else None
    if found is None or spec is None or (found["key"] and not spec.shape.has_key):
        if found is not None:
            _check_unknown(found, spec, known)
        word = piece.bare.replace('"', "")
        if not word:
            raise _Nonsense("there is nothing between the quotes: type what to look for")
        return replace(made, values=(word,))
    return _on_field(made, spec, found)


def _check_unknown(found: re.Match[str], spec: Spec | None, known: dict[str, Spec]) -> None:
    """Words like `a=b` are looked for as they are; `a:b` is meant for a field."""
    if spec is not None:
        raise _Nonsense(f"{spec.name} has no parts: write {spec.example}…")
    if found["compare"][0] != ":" and not found["key"]:
        return
    name = found["name"]
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    hint = f"did you mean {known[near[0]].example}…" if near else f"there are {_listed(known)}"
    raise _Nonsense(f"there is no field {name}, {hint}; in quotes it is looked for as text")


def _listed(known: dict[str, Spec]) -> str:
    return ", ".join(dict.fromkeys(spec.name for spec in known.values()))


def _on_field(made: Condition, spec: Spec, found: re.Match[str]) -> Condition:
    compare, rest, key = found["compare"], found["rest"], (found["key"] or "").strip('"')
    if compare in {":=", "="}:
        compare = ":"
    made = replace(made, field=spec.name, key=key, compare=compare)
    if spec.shape.has_key and not key:
        raise _Nonsense(f"it does not say which: write {spec.name}.NAME and a value")
    if compare in _ORDERS and not spec.shape.has_order:
        raise _Nonsense(f"{spec.name} is not more or less than something: write {spec.example}…")
    if compare == ":" and rest.startswith("~"):
        return _by_pattern(made, spec, rest[1:].strip('"'))
    if compare == "!=":
        made = replace(made, compare=":", unwanted=not made.unwanted)
    wanted = _values(rest)
    if not wanted:
        raise _Nonsense(f"a value is missing: {_wanted(spec)}")
    if spec.shape is Shape.TAG:
        name, sign, value = rest.partition("=")
        if value.startswith("~"):
            return replace(made, key=name.strip('"'), pattern=_pattern(value[1:].strip('"')))
        held = tuple(_values(value))
        return replace(made, key=name.strip('"'), values=held, compare=":" if sign else "?")
    if len(wanted) > 1 and (made.compare in _ORDERS or spec.shape in {Shape.AFTER, Shape.BEFORE}):
        raise _Nonsense("there can be only one value here: leave out the comma")
    _check_values(spec, made.compare, wanted, rest)
    return replace(made, values=tuple(wanted))


def _by_pattern(made: Condition, spec: Spec, text: str) -> Condition:
    if spec.shape not in {Shape.TEXT, Shape.CHOICE, Shape.PERSON, Shape.TEXTS}:
        raise _Nonsense(f"{spec.name} is no text that a pattern could match: {_wanted(spec)}")
    if not text:
        raise _Nonsense(f"a pattern is missing behind the ~, as in {spec.example}~^resnet")
    return replace(made, pattern=_pattern(text))


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise _Nonsense(f"the pattern is not complete: {error}") from error


def _values(text: str) -> list[str]:
    """Those between commas that are not in quotes."""
    found = re.findall(r'(?:"[^"]*"?|[^",])+', text)
    return [value for each in found if (value := each.replace('"', "").strip())]


def _check_values(spec: Spec, compare: str, wanted: Sequence[str], rest: str) -> None:
    for value in wanted:
        match spec.shape:
            case Shape.CHOICE:
                is_fine = value.lower() in spec.options or "*" in value or '"' in rest
            case Shape.AFTER | Shape.BEFORE:
                is_fine = values.moment(value, _NOW) is not None
            case Shape.SPAN:
                is_fine = values.seconds(value) is not None
            case Shape.NUMBER | Shape.NUMBERS:
                is_fine = values.number(value) is not None
            case Shape.TEXTS:
                is_fine = compare not in _ORDERS or values.number(value) is not None
            case _:
                is_fine = True
        if not is_fine:
            raise _Nonsense(_unfit(spec, value))


def _unfit(spec: Spec, value: str) -> str:
    if spec.shape is Shape.CHOICE:
        near = get_close_matches(value.lower(), spec.options, n=1, cutoff=0.5)
        begun = [option for option in spec.options if option.startswith(value.lower())]
        if guess := [*begun, *near]:
            return f"there is no {spec.name} {value}: did you mean {guess[0]}?"
    return f"{value} is none that {spec.name} can have: {_wanted(spec)}"


def _wanted(spec: Spec) -> str:
    """What to type."""
    match spec.shape:
        case Shape.CHOICE:
            return f"one of {', '.join(spec.options)}"
        case Shape.PERSON:
            return "me, or a name"
        case Shape.AFTER | Shape.BEFORE:
            return "write 30m, 2h, 3d, today, yesterday or 2026-11-24"
        case Shape.SPAN:
            return f"write a length of time, as in {spec.name}>2h"
        case Shape.NUMBER:
            return f"write a number, as in {spec.name}>1"
        case Shape.NUMBERS:
            return f"write a number, as in {spec.name}.NAME>0.9"
        case Shape.TAG:
            return "write tag:NAME or tag:NAME=VALUE"
    return "write one, several with commas, or ~ and a pattern"
