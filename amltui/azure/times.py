"""Times and durations as the services write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?",
    re.ASCII | re.IGNORECASE,
)
_SPAN = re.compile(
    r"(?P<sign>-)?(?:(?P<days>\d{1,8})\.)?(?P<hours>\d{1,4}):(?P<minutes>\d\d):(?P<seconds>\d\d)"
    r"(?:\.(?P<fraction>\d{1,9}))?",
    re.ASCII,
)
_ISO_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,8})D)?"
    r"(?:T(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,8})M)?"
    r"(?:(?P<seconds>\d{1,10})(?:[.,](?P<fraction>\d{1,9}))?S)?)?",
    re.ASCII,
)


def parse_time(text: str) -> datetime | None:
    """An aware UTC time; None where it cannot be read or is .NET's year one for "never".

    Recordings hold 0 to 7 digits of a second, `Z`, offsets, no zone at all, and a blank for the T.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    day, clock, fraction, zone = found.groups()
    seconds = clock if clock.count(":") == 2 else f"{clock}:00"
    micro = (fraction or "")[:6].ljust(6, "0")
    offset = "+00:00" if zone in {None, "Z", "z"} else zone
    try:
        moment = datetime.fromisoformat(f"{day}T{seconds}.{micro}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return None if moment.year <= 1 else moment


def from_timestamp(seconds: float | None) -> datetime | None:
    """The time that is so many seconds after 1970; None where no calendar has it."""
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def parse_timespan(text: str) -> timedelta | None:
    """Run history's durations: `[d.]hh:mm:ss[.fffffff]`."""
    return _duration(_SPAN.fullmatch(text.strip()))


def parse_iso_duration(text: str) -> timedelta | None:
    """ARM's durations: `PT1M40S`, `PT120M`, `P7D`. Years and months have no length: None."""
    found = _ISO_DURATION.fullmatch(text.strip())
    return _duration(found) if found and text.strip()[-1] not in "PT" else None


def _duration(found: re.Match[str] | None) -> timedelta | None:
    if found is None:
        return None
    parts = found.groupdict()
    names = ("weeks", "days", "hours", "minutes", "seconds")
    micro = int((parts["fraction"] or "")[:6].ljust(6, "0"))
    try:
        length = timedelta(
            **{name: int(parts.get(name) or 0) for name in names}, microseconds=micro
        )
    except OverflowError:
        return None
    return -length if parts["sign"] else length
