"""Which members of an answer are read, so that the rest of it is never made into objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, TypedDict, Union

import msgspec

Told = Any
"""`...` is whatever there is; a mapping the members that are read; a list what each item is of."""


class Members(msgspec.Struct, gc=False):
    """An object of which some members are read: `loose` reads it as it reads a dictionary.

    Without the collector, which need not look for circles in what JSON has said.
    """


class Each:
    """An object whose members have any name."""

    def __init__(self, of: Told) -> None:
        self.of = of


class Shape:
    """What is read of one kind of answer. It forbids nothing: another type is read as it came.

    A text where an object was promised stays a text, null stays null, an object in the place of
    a list is an object: what becomes of them is decided where they are read.
    """

    def __init__(self, told: Told) -> None:
        self.told = told

    @cached_property
    def decoder(self) -> msgspec.json.Decoder[Any]:
        """Made when the first answer of its kind comes, in half a millisecond."""
        return msgspec.json.Decoder(_kind(self.told))


ANYTHING = Shape(...)
"""All of an answer."""


def _kind(told: Told) -> Any:
    if told is ...:
        return Any
    if isinstance(told, Mapping):
        return _or_any(_members(told), list[Any])
    if isinstance(told, Each):
        return _or_any(dict[str, _kind(told.of)], list[Any])  # type: ignore[misc]
    if isinstance(told, Sequence) and len(told) == 1:
        return _or_any(dict[str, Any], list[_kind(told[0])])  # type: ignore[misc]
    raise TypeError(f"{told!r} is no shape")


def _or_any(mapping: Any, sequence: Any) -> Any:
    """Every type that JSON has."""
    return Union[mapping, sequence, str, int, float, bool, None]  # noqa: UP007


def _members(told: Mapping[str, Told]) -> Any:
    """A record; a dictionary where a member's name could not be that of an attribute."""
    kinds = {name: _kind(each) for name, each in told.items()}
    if not all(map(str.isidentifier, kinds)):
        return TypedDict("Members", kinds, total=False)  # type: ignore[operator]
    fields = [(name, kind, None) for name, kind in kinds.items()]
    return msgspec.defstruct("Read", fields, bases=(Members,), gc=False)
