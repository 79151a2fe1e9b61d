"""What a listing brought back, and what it left out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Keyed(Protocol):
    """Something that a list shows once."""

    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=Keyed)


def unique(items: Iterable[K]) -> list[K]:
    """Each item once, as it was seen first: a list that grows between two pages repeats some."""
    found: dict[str, K] = {}
    for item in items:
        found.setdefault(item.key, item)
    return list(found.values())


class Listing(Struct, Generic[T], frozen=True):
    """The items of an answer. A listing that is cut or lacks something says so."""

    items: tuple[T, ...] = ()
    more: bool = False
    """Whether the service has further items that were not fetched."""
    notes: tuple[str, ...] = ()
    """What is missing from the items, one short sentence each."""
    older: Callable[[], Awaitable[Listing[T]]] | None = None
    """Asks for the items behind these; None where there are none, or none that can be had."""
    served: tuple[str, ...] = ()
    """Conditions that the service has looked at already, as they were typed."""
