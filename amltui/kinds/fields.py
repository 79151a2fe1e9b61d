"""What a filter can ask of the rows of a kind: fields by name, and whether a row has them so."""

from __future__ import annotations

import math
import operator
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from fnmatch import translate
from functools import lru_cache
from typing import Any, Generic, TypeVar

from msgspec import Struct, field

from amltui.domain.health import Health
from amltui.domain.query import values
from amltui.domain.query.condition import Condition, Query, Shape, Spec
from amltui.kinds.kind import Cell, Column, Resource, Row

R = TypeVar("R", bound=Resource)

MOST_TEXTS = 50_000
"""Rows whose texts are kept."""

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Field(Struct, Generic[R], frozen=True):
    """A field, and how a row tells its value: None where it does not say."""

    spec: Spec
    of: Callable[[Row[R]], Any]


class Asker(Struct, frozen=True):
    """What a filter means by `me`, and by `2d` ago."""

    me: Collection[str] = ()
    """All names of the user, in lower case; empty where the sign-in does not tell them."""
    object_id: str | None = None
    """The user in the directory, as services tell people apart."""


def common(
    created: Callable[[Any], datetime | None], tags: Callable[[Any], Mapping[str, str | None]]
) -> tuple[Field[Any], ...]:
    """The fields of every kind."""
    moods = tuple(health.value for health in Health)
    return (
        Field(
            Spec("name", Shape.TEXT, "what it is called"),
            lambda row: (row.resource.name, row.title),
        ),
        Field(
            Spec("workspace", Shape.TEXT, "where it is", aliases=("ws",)),
            lambda row: row.resource.workspace.name,
        ),
        Field(
            Spec("health", Shape.CHOICE, "how it is doing", moods),
            lambda row: row.resource.health.value,
        ),
        Field(Spec("tag", Shape.TAG, "it has the tag", aliases=("tags",)), _on(tags)),
        Field(Spec("after", Shape.AFTER, "made since then", aliases=("since",)), _on(created)),
        Field(Spec("before", Shape.BEFORE, "made before that", aliases=("until",)), _on(created)),
    )


def complaint(query: Query, fields: Sequence[Field[Any]], asker: Asker) -> str:
    """What cannot be understood of a filter, by the grammar or for want of knowing the user."""
    people = {field.spec.name for field in fields if field.spec.shape is Shape.PERSON}
    if query.complaint or asker.me:
        return query.complaint
    for each in query.conditions:
        if each.field in people and "me" in map(str.lower, each.values):
            return (
                f"{each.text} (character {each.at + 1}): the sign-in does not say who you are:"
                " write a name"
            )
    return ""


def seen(field: Field[Any], rows: Sequence[Row[Any]]) -> list[str]:
    """What rows have of a field, the most frequent first: values, or the names of several."""
    counted: Counter[str] = Counter()
    for row in rows:
        value = field.of(row)
        match field.spec.shape:
            case Shape.TAG | Shape.NUMBERS | Shape.TEXTS:
                counted.update(list(value or {}))
            case Shape.TEXT | Shape.PERSON:
                counted.update(_texts(value)[:1])
    return [name for name, _ in counted.most_common()]


def _on(read: Callable[[Any], Any]) -> Callable[[Row[Any]], Any]:
    return lambda row: read(row.resource)


class Texts(Struct):
    """What rows show, kept as long as they show the same: a letter more costs a look at texts."""

    _titles: tuple[str, ...] = ()
    _held: dict[str, tuple[Row[Any], str]] = field(default_factory=dict)

    def of(self, columns: Sequence[Column[Any]], row: Row[Any]) -> str:
        """All cells of a row."""
        titles = tuple(column.title for column in columns)
        if titles != self._titles or len(self._held) > MOST_TEXTS:
            self._titles, self._held = titles, {}
        key = row.resource.key
        held = self._held.get(key)
        if held is None or not _shows_the_same(held[0], row):
            held = self._held[key] = (row, _shown(columns, row))
        return held[1]


def _shows_the_same(one: Row[Any], other: Row[Any]) -> bool:
    return (
        one.resource is other.resource
        and one.extra is other.extra
        and one.now == other.now
        and one.pending == other.pending
    )


def sieve(
    query: Query,
    columns: Sequence[Column[Any]],
    fields: Sequence[Field[Any]],
    asker: Asker,
    texts: Texts | None = None,
) -> Callable[[Row[Any]], bool]:
    """Whether a row passes all conditions; `texts` are kept from one filter to the next."""
    known = texts or Texts()
    readers = {each.spec.name: each for each in fields}

    def passes(row: Row[Any]) -> bool:
        shown: str | None = None
        for condition in query.conditions:
            if condition.field:
                found = _holds(condition, readers[condition.field], row, asker)
            else:
                shown = known.of(columns, row) if shown is None else shown
                found = _is_in(condition, shown)
            if found is condition.unwanted:
                return False
        return True

    return passes


def text_of(column: Column[Any], row: Row[Any]) -> str:
    """What a column shows of a row, without colour."""
    cell = column.cell(row)
    return cell.text if isinstance(cell, Cell) else cell


def _shown(columns: Sequence[Column[Any]], row: Row[Any]) -> str:
    return "\n".join([row.resource.name, *(text_of(column, row) for column in columns)])


def _is_in(condition: Condition, shown: str) -> bool:
    if condition.pattern is not None:
        return condition.pattern.search(shown) is not None
    return condition.value.lower() in shown.lower()


def _holds(condition: Condition, field: Field[Any], row: Row[Any], asker: Asker) -> bool:
    """Whether a row's value is one of those that are asked for; one without a value is not."""
    value = field.of(row)
    match field.spec.shape:
        case Shape.TAG | Shape.NUMBERS | Shape.TEXTS:
            return _holds_by_name(condition, value or {}, field.spec.shape)
        case Shape.AFTER | Shape.BEFORE:
            limit = values.moment(condition.value, row.now)
            if value is None or limit is None:
                return False
            return bool(value >= limit if field.spec.shape is Shape.AFTER else value < limit)
        case Shape.NUMBER | Shape.SPAN:
            return _compares(condition, value)
        case Shape.PERSON:
            return _is_person(condition, _texts(value), asker)
    return any(is_text(condition, each) for each in _texts(value))


def _texts(value: Any) -> list[str]:
    several = value if isinstance(value, tuple) else (value,)
    return [each for each in several if each]


def _holds_by_name(condition: Condition, held: Mapping[str, Any], shape: Shape) -> bool:
    name = next((each for each in held if each.lower() == condition.key.lower()), None)
    if condition.key in held:
        name = condition.key
    if name is None or condition.compare == "?":
        return name is not None
    if shape is Shape.NUMBERS:
        return _compares(condition, held[name])
    written = held[name] or ""
    if condition.compare in _COMPARE:
        return _compares(condition, values.number(written))
    return is_text(condition, written) or _compares(condition, values.number(written))


def _compares(condition: Condition, value: float | None) -> bool:
    if value is None:
        return False
    for each in condition.values:
        wanted = values.number(each)
        wanted = values.seconds(each) if wanted is None else wanted
        if wanted is None:
            continue
        if condition.compare in _COMPARE:
            if _COMPARE[condition.compare](value, wanted):
                return True
        elif value == wanted or (math.isnan(value) and math.isnan(wanted)):
            return True
    return False


def is_text(condition: Condition, text: str) -> bool:
    """Whether a text is one that is asked for; `unwanted` is not looked at."""
    if condition.pattern is not None:
        return condition.pattern.search(text) is not None
    return any(_like(each).fullmatch(text) is not None for each in condition.values)


def _is_person(condition: Condition, names: Sequence[str], asker: Asker) -> bool:
    """By any of the names a person goes by: kim@contoso.com, kim, Kim Lang, Lang."""
    if "me" in (each.lower() for each in condition.values) and any(
        name.lower() in asker.me for name in names
    ):
        return True
    known = [part for name in names for part in (name, name.partition("@")[0], *name.split())]
    return any(is_text(condition, part) for part in known)


@lru_cache(maxsize=256)
def _like(text: str) -> re.Pattern[str]:
    """The whole value in either case; `*` is any text."""
    escaped = text.replace("[", "[[]").replace("?", "[?]")
    return re.compile(translate(escaped), re.IGNORECASE)
