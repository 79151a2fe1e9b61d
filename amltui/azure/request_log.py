"""The last requests, for the person who wants to see what was asked and how fast it was."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

KEPT = 500


@dataclass(frozen=True, slots=True)
class RequestRecord:
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


@dataclass
class RequestLog:
    """Keeps the newest records."""

    _records: deque[RequestRecord] = field(default_factory=lambda: deque(maxlen=KEPT))
    count: int = 0
    """All requests so far, also those that are no longer kept."""

    def add(self, record: RequestRecord) -> None:
        self._records.append(record)
        self.count += 1

    def __iter__(self) -> Iterator[RequestRecord]:
        """Oldest first."""
        return iter(tuple(self._records))

    def __len__(self) -> int:
        return len(self._records)
