"""The moment that a line of a log begins with."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from msgspec import Struct

_STAMP = re.compile(
    r"\s{0,8}\[?(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?"
    r"\s?(Z|UTC|[+-]\d\d:?\d\d)?\]?[ \t:|-]{0,3}",
    re.ASCII,
)


class Stamp(Struct, frozen=True):
    """A moment, and how many characters of the line say it."""

    at: datetime
    length: int


def stamp(text: str) -> Stamp | None:
    """As `logging`, ISO 8601 and most others write it; nodes are in UTC where no zone is given."""
    found = _STAMP.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(found[part]) for part in range(1, 7))
    fraction = int((found[7] or "0")[:6].ljust(6, "0"))
    try:
        at = datetime(year, month, day, hour, minute, second, fraction, _zone(found[8]))
        return Stamp(at.astimezone(UTC), found.end())
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if text is None or text in {"Z", "UTC"}:
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
