"""Bodies with one thing wrong, and what must hold of whatever is read from them."""

from __future__ import annotations

import math
import types
from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

ODD: tuple[Any, ...] = (
    None,
    True,
    -7,
    1.5,
    math.nan,
    "",
    "odd \x1b[31m",
    ["odd"],
    {"odd": "odd"},
    [],
)
"""What takes the place of a member, one after the other."""
_REMOVED = object()


def mutations(body: Any, odd: tuple[Any, ...] = ODD) -> Iterator[str]:
    """Change one member of `body` at a time, in place; says which, and undoes it afterwards."""
    for holder, key, path in list(_members(body, "")):
        before = holder[key]
        for value in (*odd, _REMOVED):
            if value is _REMOVED:
                order = list(holder.items()) if isinstance(holder, dict) else list(holder)
                del holder[key]
                yield f"{path} removed"
                holder.clear()
                holder.update(order) if isinstance(holder, dict) else holder.extend(order)
            else:
                holder[key] = value
                yield f"{path} = {value!r}"
                holder[key] = before


def _members(value: Any, path: str) -> Iterator[tuple[Any, Any, str]]:
    """Every member below: what holds it, under which key, and its path."""
    if isinstance(value, dict):
        pairs: list[tuple[Any, Any]] = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    else:
        return
    for key, inner in pairs:
        yield value, key, f"{path}/{key}"
        yield from _members(inner, f"{path}/{key}")


def assert_well_formed(value: Any, hint: Any, where: str = "") -> None:
    """The value is what its type says, to the last field, and no text is a spelling of Python."""
    origin = get_origin(hint)
    if isinstance(hint, TypeVar) or hint is Any:
        return
    if origin in {Union, types.UnionType}:
        for each in get_args(hint):
            try:
                assert_well_formed(value, each, where)
            except AssertionError:
                continue
            return
        raise AssertionError(f"{where}: {value!r} is no {hint}")
    assert isinstance(value, origin or hint), f"{where}: {value!r} is no {hint}"
    if hint is int:
        assert not isinstance(value, bool), where
    elif isinstance(value, str):
        assert value not in {"None", "True", "False"}, f"{where}: {value!r}"
        assert not value.startswith(("{'", "['", "<object")), f"{where}: {value!r}"
        value.encode()
    elif isinstance(value, datetime):
        assert value.tzinfo is not None, where
        assert value.year > 1, where
    elif origin is tuple:
        for number, each in enumerate(value):
            assert_well_formed(each, get_args(hint)[0], f"{where}[{number}]")
    elif origin is dict:
        for key, each in value.items():
            assert_well_formed(key, get_args(hint)[0], f"{where} key")
            assert_well_formed(each, get_args(hint)[1], f"{where}[{key!r}]")
    elif isinstance(hint, type) and issubclass(hint, Struct):
        hints = get_type_hints(hint)
        for name in hint.__struct_fields__:
            assert_well_formed(getattr(value, name), hints[name], f".{name}")
