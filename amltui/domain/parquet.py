"""What a Parquet file says of itself in its footer: columns, types, rows, row groups.

The footer is Thrift in its compact protocol (github.com/apache/parquet-format, FileMetaData), of
which a few fields are looked at: no library is needed for them.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

MAGIC = b"PAR1"
END = 8
"""Bytes after the footer: its length, and the magic word."""
MOST = 1 << 20
"""Members of a list that are believed."""
_TYPES = ("BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED")
_LOGICAL = {
    1: "string",
    2: "map",
    3: "list",
    4: "enum",
    5: "decimal",
    6: "date",
    7: "time",
    8: "timestamp",
    10: "integer",
    12: "json",
    13: "bson",
    14: "uuid",
    15: "float16",
}
_CONVERTED = {0: "string", 1: "map", 3: "list", 4: "enum", 5: "decimal", 6: "date", 19: "json"}
_REPEATED = ("required", "optional", "repeated")


class Broken(ValueError):
    """It is no Parquet file, or its footer does not hold what it should."""


class Column(Struct, frozen=True):
    """One column, or a group of them."""

    name: str
    type: str
    """Empty for a group."""
    rule: str
    """required, optional or repeated."""
    depth: int


class Schema(Struct, frozen=True):
    """What the footer tells."""

    columns: tuple[Column, ...]
    rows: int
    groups: tuple[int, ...]
    """The rows of each row group."""
    writer: str


def length(end: bytes) -> int:
    """Bytes of the footer, from the last bytes of the file; Broken if it has none."""
    if len(end) < END or end[-4:] != MAGIC:
        raise Broken("it does not end like a Parquet file")
    return int.from_bytes(end[-8:-4], "little")


def read(footer: bytes) -> Schema:
    """From the footer without its last eight bytes; Broken for what cannot be read."""
    try:
        told = _Thrift(footer).struct()
        held = list(told[2])
        columns: list[Column] = []
        _walk(held[1:], _children(held[0]), 0, columns)
        groups = tuple(int(each.get(3, 0)) for each in told.get(4) or ())
        writer = (told.get(6) or b"").decode("utf-8", "replace")
        return Schema(tuple(columns), int(told.get(3, 0)), groups, writer)
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise Broken("its footer cannot be read") from error


def _children(element: dict[int, Any]) -> int:
    return int(element.get(5) or 0)


def _walk(held: list[dict[int, Any]], count: int, depth: int, into: list[Column]) -> None:
    for _ in range(count):
        element = held.pop(0)
        name = element[4].decode("utf-8", "replace")
        rule = _REPEATED[element.get(3, 0)]
        into.append(Column(name, _type(element), rule, depth))
        _walk(held, _children(element), depth + 1, into)


def _type(element: dict[int, Any]) -> str:
    physical = _TYPES[element[1]] if 1 in element else ""
    logical = next((_LOGICAL.get(key, "") for key in element.get(10) or ()), "")
    logical = logical or _CONVERTED.get(element.get(6, -1), "")
    if logical and physical:
        return f"{logical} ({physical})"
    return logical or physical or "group"


class _Thrift:
    """The compact protocol: structs become dictionaries by field number."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def struct(self, depth: int = 0) -> dict[int, Any]:
        if depth > 32:
            raise Broken("its footer is nested too deeply")
        found: dict[int, Any] = {}
        field = 0
        while head := self._byte():
            kind, step = head & 0x0F, head >> 4
            field = field + step if step else self._signed()
            found[field] = kind == 1 if kind in {1, 2} else self._value(kind, depth)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        if kind in {1, 2, 3}:
            return self._byte()
        if kind in {4, 5, 6}:
            return self._signed()
        if kind == 7:
            return self._take(8)
        if kind == 8:
            return self._take(self._unsigned())
        if kind in {9, 10}:
            head = self._byte()
            count = head >> 4 if head >> 4 < 15 else self._unsigned()
            if count > MOST:
                raise Broken("its footer has too long a list")
            return [self._value(head & 0x0F, depth + 1) for _ in range(count)]
        if kind == 12:
            return self.struct(depth + 1)
        raise Broken("its footer has a field of no known type")

    def _byte(self) -> int:
        return self._take(1)[0]

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) < count:
            raise Broken("its footer is cut")
        self._at += count
        return taken

    def _unsigned(self) -> int:
        value = shift = 0
        while shift < 70:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
        raise Broken("its footer has a number without an end")

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
