"""What came back from a request that succeeded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Answer(Struct, frozen=True):
    """A success. `body` is the parsed JSON; None for an empty body and for `null`."""

    status: int
    headers: Mapping[str, str]
    body: Any
    url: str
    retry_after: float | None = None


class Page(Struct, frozen=True):
    """A part of a list. It may be empty and yet not be the last."""

    items: list[Any]
    link: str | None = None
    """Where the next part is."""

    @property
    def last(self) -> bool:
        return self.link is None
