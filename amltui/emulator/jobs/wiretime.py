"""Moments and durations as the service writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_DURATION = re.compile(
    r"P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)


def iso(at: float | None) -> str | None:
    """With seven digits of a second, as .NET has them."""
    if at is None:
        return None
    text = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return f"{text}{int(at * 1e7) % 10}+00:00"


def parse(text: str) -> float:
    """A moment in ISO 8601, with any number of digits, or none, or without a zone."""
    main, dot, fraction = text.strip().replace("Z", "+00:00").partition(".")
    if dot:
        digits = fraction[: len(fraction) - len(fraction.lstrip("0123456789"))]
        main = f"{main}.{digits[:6].ljust(6, '0')}{fraction[len(digits) :]}"
    moment = datetime.fromisoformat(main)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def timespan(seconds: float | None) -> str | None:
    """A .NET TimeSpan: `[d.]hh:mm:ss[.fffffff]`."""
    if seconds is None:
        return None
    ticks = round(seconds * 1e7)
    whole, fraction = divmod(ticks, 10_000_000)
    days, rest = divmod(whole, 86_400)
    text = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    text = f"{days}.{text}" if days else text
    return f"{text}.{fraction:07d}" if fraction else text


def duration(text: str) -> float:
    """Seconds of an ISO 8601 duration: of `PT1H30M`, 5400; ValueError for other texts."""
    match = _DURATION.fullmatch(text.strip().upper())
    if match is None or not any(match.groups()):
        raise ValueError(f"{text!r} is not a duration")
    units = (604_800.0, 86_400.0, 3600.0, 60.0, 1.0)
    return sum(float(part or 0) * unit for part, unit in zip(match.groups(), units, strict=True))
