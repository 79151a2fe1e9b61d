"""What came back from a request that succeeded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A success. `body` is the parsed JSON; None for an empty body and for `null`."""

    status: int
    headers: Mapping[str, str]
    body: Any
    url: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list. It may be empty and yet not be the last."""

    items: list[Any]
    link: str | None = None
    """Where the next part is."""

    @property
    def last(self) -> bool:
        return self.link is None
