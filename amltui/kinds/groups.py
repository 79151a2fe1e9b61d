"""The rows of a list put together by what they have in common, with totals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.domain.query.condition import Shape
from amltui.kinds import format as fmt
from amltui.kinds.fields import Field
from amltui.kinds.kind import Cell, Column, Kind, Row

NOWHERE = WorkspaceId("", "", "")
_BY_VALUE = {Shape.TEXT, Shape.CHOICE, Shape.PERSON}


class Group(Struct, frozen=True):
    """Rows that have the same value."""

    name: str
    """The value; empty for rows that have none."""
    condition: str
    """Filters for these rows, or is empty where no condition does."""
    count: int
    good: int
    waiting: int
    bad: int
    seconds: float
    """How long all of them ran together."""
    node_seconds: float
    """The same, times the machines each of them had."""
    workspace: WorkspaceId = NOWHERE

    @property
    def key(self) -> str:
        return self.name

    @property
    def health(self) -> Health:
        return Health.GOOD if self.good else Health.DONE


def groupable(kind: Kind[Any], name: str) -> Field[Any] | None:
    """The field that a list can be grouped by: `experiment`, `user`, `tag.team`."""
    head, dot, key = name.partition(".")
    names = {word: f for f in kind.fields for word in (f.spec.name, *f.spec.aliases)}
    field = names.get(head.lower())
    if field is None:
        return None
    by_name = field.spec.shape in {Shape.TAG, Shape.TEXTS}
    fits = bool(key) if by_name else not dot and field.spec.shape in _BY_VALUE
    return field if fits else None


def grouped(kind: Kind[Any], name: str, rows: Sequence[Row[Any]]) -> list[Group]:
    """The largest groups first; what has no value comes last."""
    field = groupable(kind, name)
    if field is None:
        return []
    key = name.partition(".")[2]
    held: dict[str, list[Row[Any]]] = {}
    for row in rows:
        held.setdefault(_value(field, key, row), []).append(row)
    groups = [_group(field, key, value, several) for value, several in held.items()]
    return sorted(groups, key=lambda group: (not group.name, -group.count, group.name.lower()))


def _value(field: Field[Any], key: str, row: Row[Any]) -> str:
    value = field.of(row)
    if key:
        return str((value or {}).get(key) or "")
    several = value if isinstance(value, tuple) else (value,)
    return next((str(each) for each in several if each), "")


def _group(field: Field[Any], key: str, value: str, rows: Sequence[Row[Any]]) -> Group:
    healths = [row.resource.health for row in rows]
    ran = [(_seconds(row), getattr(row.resource, "node_count", None) or 1) for row in rows]
    return Group(
        value,
        _condition(field, key, value),
        len(rows),
        healths.count(Health.GOOD),
        healths.count(Health.WAITING),
        healths.count(Health.BAD),
        sum(seconds for seconds, _ in ran),
        sum(seconds * nodes for seconds, nodes in ran),
    )


def _seconds(row: Row[Any]) -> float:
    """Of what runs and ends; 0 of everything else."""
    seconds = getattr(row.resource, "seconds", None)
    return (seconds(row.now) or 0.0) if callable(seconds) else 0.0


def _condition(field: Field[Any], key: str, value: str) -> str:
    if not value or '"' in value or "*" in value:
        return ""
    quoted = f'"{value}"' if any(c.isspace() or c == "," for c in value) else value
    if field.spec.shape is Shape.TAG:
        return f"tag:{key}={quoted}"
    return f"{field.spec.name}.{key}={quoted}" if key else f"{field.spec.name}:{quoted}"


COLUMNS: tuple[Column[Group], ...] = (
    Column("GROUP", lambda r: r.resource.name or fmt.NONE, 22, flex=1, importance=9),
    Column(
        "COUNT",
        lambda r: f"{r.resource.count:,}",
        7,
        sort=lambda r: r.resource.count,
        right=True,
        importance=8,
    ),
    Column(
        "RUNNING", lambda r: f"{r.resource.good:,}", 7, sort=lambda r: r.resource.good, right=True
    ),
    Column(
        "QUEUED",
        lambda r: f"{r.resource.waiting:,}",
        6,
        sort=lambda r: r.resource.waiting,
        right=True,
    ),
    Column(
        "FAILED",
        lambda r: Cell(f"{r.resource.bad:,}", dim=not r.resource.bad),
        6,
        sort=lambda r: r.resource.bad,
        right=True,
        importance=7,
    ),
    Column(
        "TIME",
        lambda r: fmt.duration(r.resource.seconds),
        8,
        sort=lambda r: r.resource.seconds,
        right=True,
        importance=4,
    ),
    Column(
        "NODE-HOURS",
        lambda r: f"{r.resource.node_seconds / 3600:,.1f}",
        10,
        sort=lambda r: r.resource.node_seconds,
        right=True,
        importance=6,
    ),
)
