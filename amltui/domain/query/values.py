"""Values as they are typed in a filter: moments, lengths of time, numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LONGEST = 3_660 * 86_400
"""Seconds, some ten years: what lies further back is a slip of the finger."""

_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)([smhdw])", re.ASCII)


def seconds(text: str) -> float | None:
    """`2h`, `1.5d` or `90` seconds; None for anything else."""
    if found := _SPAN.fullmatch(text.lower()):
        return float(found[1]) * SECONDS[found[2]]
    value = number(text)
    return value if value is not None and 0 <= value < float("inf") else None


def moment(text: str, now: datetime) -> datetime | None:
    """`2d` ago, `today`, `yesterday`, or an ISO 8601 time, UTC where it does not say."""
    word = text.lower()
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if word in {"today", "yesterday"}:
        return midnight - timedelta(days=word == "yesterday")
    if _SPAN.fullmatch(word):
        span = seconds(word)
        return now - timedelta(seconds=span) if span is not None and span <= LONGEST else None
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def number(text: str) -> float | None:
    """A number, NaN and Infinity among them; None for anything else."""
    if not text.isascii() or "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None
