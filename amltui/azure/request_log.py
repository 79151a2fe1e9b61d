"""The last requests, for the person who wants to see what was asked and how fast it was."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from msgspec import Struct, field

KEPT = 500


class RequestRecord(Struct, frozen=True):
    """One exchange. Without headers and bodies, and without secrets in the URL."""

    at: datetime
    method: str
    url: str
    status: int | None
    """None where there was no answer."""
    seconds: float
    bytes: int = 0
    request_id: str | None = None
    error: str | None = None


class Underway(Struct, frozen=True):
    """A request that has no answer yet."""

    at: datetime
    method: str
    url: str


class RequestLog(Struct):
    """Keeps the newest records."""

    _records: deque[RequestRecord] = field(default_factory=lambda: deque(maxlen=KEPT))
    count: int = 0
    """All requests so far, also those that are no longer kept."""

    budgets: dict[str, int] = field(default_factory=dict)
    """What the service said it would still answer, by whose budget it is."""
    _underway: dict[int, Underway] = field(default_factory=dict)
    _begun: int = 0

    @property
    def underway(self) -> tuple[Underway, ...]:
        """Oldest first."""
        return tuple(self._underway.values())

    @contextmanager
    def waiting(self, at: datetime, method: str, url: str) -> Iterator[None]:
        """While there is no answer."""
        self._begun += 1
        number = self._begun
        self._underway[number] = Underway(at, method, url)
        try:
            yield
        finally:
            del self._underway[number]

    def note_budgets(self, left: Mapping[str, int]) -> None:
        """An answer has told what is left."""
        self.budgets.update(left)

    def add(self, record: RequestRecord) -> None:
        self._records.append(record)
        self.count += 1

    def __iter__(self) -> Iterator[RequestRecord]:
        """Oldest first."""
        return iter(tuple(self._records))

    def __len__(self) -> int:
        return len(self._records)
