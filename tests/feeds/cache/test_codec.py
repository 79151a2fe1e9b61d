"""Domain values come back from the file as they went in, or not at all."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import Compute, ComputeKind, LastOperation, Nodes
from amltui.domain.health import Health
from amltui.feeds.cache.codec import SLICE, Codec

PLACE = WorkspaceId("sub", "rg", "ws")


class Inner(Struct, frozen=True):
    at: datetime
    health: Health | None = None


class Outer(Struct, frozen=True):
    name: str
    inner: Inner | None = None
    several: tuple[Inner, ...] = ()
    by_name: dict[str, Inner | None] | None = None
    took: timedelta | None = None


class Odd(Struct, frozen=True):
    anything: Any


def test_a_value_comes_back_with_everything_in_it():
    """Nested values, tuples, enumerations, moments and spans are what they were."""
    compute = Compute(
        PLACE,
        "gpu",
        ComputeKind.CLUSTER,
        "AmlCompute",
        "Steady",
        "Succeeded",
        nodes=Nodes(running=2, current=None),
        last_operation=LastOperation("Start", time=datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)),
        idle_shutdown=timedelta(hours=3, microseconds=1),
        errors=("first", "second"),
        tags={"a": None, "ü": "…"},
    )
    codec = Codec(Compute)
    assert codec.decode(codec.encode([compute])) == (compute,)


def test_members_in_members_come_back():
    """Also as the values of a dictionary, and where they are missing."""
    inner = Inner(datetime(2026, 1, 1, tzinfo=UTC), Health.BAD)
    values = [
        Outer("a", inner, (inner, Inner(inner.at)), {"x": inner, "y": None}, timedelta(days=-1)),
        Outer("b"),
    ]
    codec = Codec(Outer)
    assert codec.decode(codec.encode(values)) == tuple(values)


def test_rows_of_one_workspace_share_its_id():
    """Ten thousand rows do not hold ten thousand copies."""
    rows = [Compute(PLACE, str(i), ComputeKind.INSTANCE, "", None, None) for i in range(3)]
    codec = Codec(Compute)
    found = codec.decode(codec.encode(rows))
    assert len({id(each.workspace) for each in found}) == 1


def test_long_lists_are_written_in_slices():
    """No line holds so much that writing it would stop the keyboard."""
    rows = [Outer(str(i)) for i in range(2 * SLICE + 1)]
    codec = Codec(Outer)
    data = codec.encode(rows)
    lines = zlib.decompress(data).splitlines()
    assert [len(json.loads(line)) for line in lines] == [SLICE, SLICE, 1]
    assert codec.decode(data) == tuple(rows)
    assert codec.decode(codec.encode([])) == ()


def test_text_that_is_no_text_comes_back_too():
    """Half of a surrogate pair, as JSON of a service may hold it, is kept as it is."""
    codec = Codec(Outer)
    assert codec.decode(codec.encode([Outer("\ud800 \u2028 \n")])) == (Outer("\ud800 \u2028 \n"),)


@pytest.mark.parametrize(
    "data",
    [b"{", b"[[]]", b"[5]", b'[["a", 5]]', b'[["a", null, [], null, null, 1]]', b"\xff", b"[null]",
     b'[["a", ["not a time", null]]]', b"[" * 100_000],
)  # fmt: skip
def test_what_was_never_written_is_refused(data: bytes):
    """Always with the same error, whatever is wrong."""
    for written in (zlib.compress(data), data):
        with pytest.raises(ValueError):  # noqa: PT011
            Codec(Outer).decode(written)


def test_another_version_s_rows_are_told_apart_by_their_shape():
    """A member more, less, or of another type makes another shape, also within a member."""

    class Thing(Struct, frozen=True):
        name: str
        inner: Inner

    first = Codec(Thing).shape

    class Inner2(Struct, frozen=True):
        at: datetime
        health: str | None = None

    Inner2.__name__ = "Inner"
    Thing.__annotations__["inner"] = Inner2
    assert Codec(Thing).shape != first


def test_a_member_that_cannot_be_kept_is_a_bug_of_the_program():
    """It is found when the codec is made, not when a user has rows."""
    with pytest.raises(TypeError, match="not kept"):
        Codec(Odd)
