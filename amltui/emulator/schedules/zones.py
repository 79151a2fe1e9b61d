"""Time zones by the names that schedules give them: those of Windows, and those of IANA."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_OF_WINDOWS = {
    "utc": "UTC",
    "coordinated universal time": "UTC",
    "gmt standard time": "Europe/London",
    "greenwich standard time": "Atlantic/Reykjavik",
    "w. europe standard time": "Europe/Berlin",
    "central europe standard time": "Europe/Budapest",
    "romance standard time": "Europe/Paris",
    "central european standard time": "Europe/Warsaw",
    "e. europe standard time": "Europe/Chisinau",
    "fle standard time": "Europe/Kiev",
    "turkey standard time": "Europe/Istanbul",
    "russian standard time": "Europe/Moscow",
    "israel standard time": "Asia/Jerusalem",
    "arabian standard time": "Asia/Dubai",
    "india standard time": "Asia/Kolkata",
    "se asia standard time": "Asia/Bangkok",
    "china standard time": "Asia/Shanghai",
    "singapore standard time": "Asia/Singapore",
    "korea standard time": "Asia/Seoul",
    "tokyo standard time": "Asia/Tokyo",
    "aus eastern standard time": "Australia/Sydney",
    "new zealand standard time": "Pacific/Auckland",
    "e. south america standard time": "America/Sao_Paulo",
    "atlantic standard time": "America/Halifax",
    "eastern standard time": "America/New_York",
    "us eastern standard time": "America/Indianapolis",
    "central standard time": "America/Chicago",
    "mountain standard time": "America/Denver",
    "us mountain standard time": "America/Phoenix",
    "pacific standard time": "America/Los_Angeles",
    "alaskan standard time": "America/Anchorage",
    "hawaiian standard time": "Pacific/Honolulu",
}


@lru_cache(maxsize=200)
def zone(name: str | None) -> tzinfo:
    """The zone of a name; UTC for one that nobody knows."""
    asked = (name or "UTC").strip()
    try:
        return ZoneInfo(_OF_WINDOWS.get(asked.lower(), asked))
    except (OSError, ValueError, KeyError):  # no such zone, or no zones on this machine
        return UTC


def is_known(name: str | None) -> bool:
    asked = (name or "UTC").strip()
    return asked.lower() in _OF_WINDOWS or zone(asked) is not UTC or asked.upper() in {"UTC", "Z"}


def moment(text: str, within: tzinfo) -> float:
    """A time as schedules write it: with a blank or a T, with a zone of its own or without one."""
    told = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    return (told if told.tzinfo else told.replace(tzinfo=within)).timestamp()
