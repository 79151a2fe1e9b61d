"""Columns that the user has chosen: the kind's own, and any field, metric, parameter or tag."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from amltui.domain.health import Health
from amltui.domain.query import values
from amltui.domain.query.condition import Shape
from amltui.kinds import format as fmt
from amltui.kinds.fields import Field, seen
from amltui.kinds.kind import Cell, Column, Kind, Row

NARROWEST, WIDEST = 8, 16
"""Cells of a column for a value of which nothing is known."""
_PLAIN = {Shape.TEXT, Shape.CHOICE, Shape.PERSON, Shape.NUMBER, Shape.SPAN}
_BY_NAME = {Shape.NUMBERS, Shape.TEXTS, Shape.TAG}


def columns_of(kind: Kind[Any], names: Sequence[str]) -> Sequence[Column[Any]]:
    """The columns of these names in this order; all of the kind's own without any.

    Where there is no room for all of them, the last ones leave first.
    """
    own = {column.title: column for column in kind.columns}
    found = [own.get(name) or _of_field(kind, name) for name in names]
    chosen = [column for column in found if column is not None]
    if not chosen:
        return kind.columns
    return [replace(column, importance=max(1, 9 - index)) for index, column in enumerate(chosen)]


def exists(kind: Kind[Any], name: str) -> bool:
    """Whether there can be a column of this name, even if no row is known to have a value."""
    named = name.partition(".")[2] or "." not in name
    return bool(named) and _of_field(kind, name) is not None


def possible(kind: Kind[Any], rows: Sequence[Row[Any]]) -> list[str]:
    """Names of all columns there can be, given what these rows have."""
    own = [column.title for column in kind.columns]
    taken = {title.lower() for title in own}
    plain = [
        field.spec.name
        for field in kind.fields
        if field.spec.shape in _PLAIN and not taken & {field.spec.name, *field.spec.aliases}
    ]
    by_name = [
        f"{field.spec.name}.{name}"
        for field in kind.fields
        if field.spec.shape in _BY_NAME
        for name in sorted(seen(field, rows), key=str.lower)
    ]
    return [*own, *plain, *by_name]


def _of_field(kind: Kind[Any], name: str) -> Column[Any] | None:
    head, dot, key = name.partition(".")
    field = next((each for each in kind.fields if each.spec.name == head), None)
    if field is None or bool(dot) is not (field.spec.shape in _BY_NAME):
        return None
    width = min(max(NARROWEST, len(name)), WIDEST)
    is_number = field.spec.shape in {Shape.NUMBERS, Shape.NUMBER, Shape.SPAN}
    return Column(
        name,
        lambda row: _cell(field, key, row),
        width,
        sort=lambda row: _rank(_value(field, key, row)),
        right=is_number,
    )


def _value(field: Field[Any], key: str, row: Row[Any]) -> Any:
    value = field.of(row)
    if key:
        held = value or {}
        # A tag may be there without a value.
        return (held[key] or "") if key in held else None
    return next((each for each in value if each), None) if isinstance(value, tuple) else value


def _cell(field: Field[Any], key: str, row: Row[Any]) -> Cell:
    value = _value(field, key, row)
    if value is None:
        return Cell(fmt.NONE, dim=True)
    if field.spec.shape is Shape.SPAN:
        return Cell(fmt.duration(value))
    if isinstance(value, int | float):
        text = fmt.number(value)
        return Cell(text, Health.ATTENTION) if value != value else Cell(text)
    return Cell(fmt.one_line(str(value)))


def _rank(value: Any) -> tuple[int, float, str] | None:
    """Numbers before texts, and NaN behind all numbers."""
    if value is None:
        return None
    number = value if isinstance(value, int | float) else values.number(str(value))
    if number is None:
        return 2, 0.0, str(value).lower()
    return (1, 0.0, "") if number != number else (0, float(number), "")
