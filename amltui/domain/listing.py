"""What a listing brought back, and what it left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Listing(Generic[T]):
    """The items of an answer. A listing that is cut or lacks something says so."""

    items: tuple[T, ...] = ()
    more: bool = False
    """Whether the service has further items that were not fetched."""
    notes: tuple[str, ...] = ()
    """What is missing from the items, one short sentence each."""
