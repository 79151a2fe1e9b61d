"""Domain values to bytes and back: JSON, a list of members for each value, packed to a tenth."""

from __future__ import annotations

import gc
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import Enum
from itertools import islice
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId

T = TypeVar("T")
Turn = Callable[[Any], Any]

SLICE = 200
"""Values that are turned to text at once: a millisecond in which no other thread runs."""

FASTEST = 1
"""Of zlib's levels: home directories are often small, and far away."""

_PLAIN = {str, int, float, bool, NoneType}
"""Types that JSON gives back as they were."""


class Turned(Struct, frozen=True):
    """How values of one type are written and read; None where JSON does that by itself."""

    shape: str
    """Equal for two versions of the program only if each can read what the other wrote."""
    write: Turn | None = None
    read: Turn | None = None


class Codec(Generic[T]):
    """Reads and writes the values of one record; TypeError where a member cannot be kept."""

    def __init__(self, kind: type[T]) -> None:
        turned = _of_record(kind)
        self.shape = f"{zlib.crc32(turned.shape.encode()):08x}"
        self._write, self._read = cast(Turn, turned.write), cast(Turn, turned.read)

    def encode(self, values: Iterable[T]) -> bytes:
        """The values without what may not be kept, some of them in each line."""
        return zlib.compress(b"\n".join(self._lines(values)), FASTEST)

    def _lines(self, values: Iterable[T]) -> Iterator[bytes]:
        from amltui.feeds.cache import secrets  # whoever only reads does not wait for its patterns

        left = iter(values)
        while some := list(islice(left, SLICE)):
            listed = [self._write(value) for value in some]
            text = _json(listed)
            if secrets.may_hold_secrets(text):
                text = f"[{','.join(secrets.without_secrets(_json(each)) for each in listed)}]"
            yield text.encode("utf-8", "surrogatepass")

    def decode(self, data: bytes) -> tuple[T, ...]:
        """The values; ValueError for what `encode` has not written."""
        try:
            lines = zlib.decompress(data).splitlines()
            with _undisturbed():
                texts: dict[str, str] = {}
                empty: dict[str, Any] = {}
                return tuple(
                    self._read(_with_shared(each, texts.setdefault, empty))
                    for line in lines
                    for each in _parsed(line)
                )
        except (zlib.error, TypeError, IndexError, AttributeError, RecursionError) as error:
            raise ValueError(f"not what was kept: {error}") from error


def _parsed(line: bytes) -> list[list[Any]]:
    try:
        found = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        found = json.loads(line)  # also half a character, which other JSON has not
    return found if isinstance(found, list) else []


def _with_shared(
    written: list[Any], share: Callable[[str, str], str], empty: dict[str, Any]
) -> list[Any]:
    """The members, in which equal texts are one object, of a long list nearly half of all; so are
    tables in which nothing is."""
    for index, member in enumerate(written):
        if type(member) is str:
            written[index] = share(member, member)
        elif type(member) is dict:
            if not member:
                written[index] = empty
            for name, each in member.items():
                if type(each) is str:
                    member[name] = share(each, each)
    return written


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without looking for garbage among what is all to stay: a third of the time of long lists."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _of(hint: Any) -> Turned:
    """How values of a type are turned; TypeError for a type that is not thought of here."""
    if hint in _PLAIN:
        return Turned(hint.__name__)
    if hint is datetime:
        return Turned("datetime", datetime.isoformat, datetime.fromisoformat)
    if hint is timedelta:
        return Turned("timedelta", lambda v: [v.days, v.seconds, v.microseconds], _timedelta)
    if hint is WorkspaceId:
        return _of_place()
    if isinstance(hint, type) and issubclass(hint, Struct):
        return _of_record(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        members = ",".join(str(member.value) for member in hint)
        return Turned(f"{hint.__name__}({members})", lambda member: member.value, hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return _of_option(inner)
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return _of_sequence(_of(inner[0]))
    if origin is dict and inner[0] is str:
        return _of_mapping(_of(inner[1]))
    raise TypeError(f"values of type {hint} are not kept")


def _of_record(kind: type[Any]) -> Turned:
    hints = get_type_hints(kind)
    names = kind.__struct_fields__
    members = [_of(hints[name]) for name in names]
    told = ",".join(f"{name}:{each.shape}" for name, each in zip(names, members, strict=True))
    writes = [(index, each.write) for index, each in enumerate(members) if each.write is not None]
    reads = [(index, each.read) for index, each in enumerate(members) if each.read is not None]

    def write(value: Any) -> list[Any]:
        written = [getattr(value, name) for name in names]
        for index, turn in writes:
            if written[index] is not None:
                written[index] = turn(written[index])
        return written

    def read(written: list[Any]) -> Any:
        for index, turn in reads:
            if written[index] is not None:
                written[index] = turn(written[index])
        return kind(*written)

    return Turned(f"{kind.__name__}({told})", write, read)


def _of_place() -> Turned:
    """Rows of one workspace share its id, as they did when they were answered."""
    known: dict[tuple[str, ...], WorkspaceId] = {}

    def read(written: list[str]) -> WorkspaceId:
        parts = tuple(written)
        place = known.get(parts)
        if place is None:
            place = known[parts] = WorkspaceId(*parts)
        return place

    shape = ",".join(WorkspaceId.__struct_fields__)
    return Turned(
        f"WorkspaceId({shape})", lambda v: [v.subscription_id, v.resource_group, v.name], read
    )


def _of_option(inner: Sequence[Any]) -> Turned:
    """`X | None`, or several plain types; None itself is never turned."""
    turned = [_of(each) for each in inner if each is not NoneType]
    if len(turned) > 1 and any(each.write is not None for each in turned):
        raise TypeError(f"values of one of the types {inner} are not kept")
    shape = "|".join(each.shape for each in turned)
    return Turned(f"{shape}?", turned[0].write, turned[0].read)


def _of_sequence(item: Turned) -> Turned:
    write, read = _in_each(item.write), _in_each(item.read)
    return Turned(
        f"[{item.shape}]",
        lambda values: [write(each) for each in values],
        lambda written: tuple(read(each) for each in written),
    )


def _of_mapping(item: Turned) -> Turned:
    if item.write is None:
        return Turned(f"{{{item.shape}}}")
    write, read = _in_each(item.write), _in_each(item.read)
    return Turned(
        f"{{{item.shape}}}",
        lambda values: {name: write(each) for name, each in values.items()},
        lambda written: {name: read(each) for name, each in written.items()},
    )


def _in_each(turn: Turn | None) -> Turn:
    return lambda value: value if value is None or turn is None else turn(value)


def _timedelta(written: list[int]) -> timedelta:
    return timedelta(*written)
