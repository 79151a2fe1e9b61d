"""Places in an order: tuples that sort as a client asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Backwards:
    """Sorts the other way round than what it holds."""

    value: Any

    def __lt__(self, other: Backwards) -> bool:
        return bool(other.value < self.value)


def directed(value: Any, *, descending: bool) -> Any:
    """Something that sorts as the value does, or the other way round."""
    if not descending:
        return value
    return -value if isinstance(value, (int, float)) else Backwards(value)
