"""Response headers that the client acts on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from amltui.azure import loose

LONGEST = 24 * 3600.0
"""Seconds beyond which nobody means what the header says."""

_IN_TEXT = re.compile(
    r"(?:retry|try) again (?:after|in) (\d{1,5})\s*(?:seconds?|s\b)", re.IGNORECASE
)
_CHALLENGE = re.compile(r'\b(\w+)="([^"]*)"')


def header(headers: Mapping[str, str], name: str) -> str | None:
    """A header by its name, whatever its case; None where it is absent or empty."""
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), None) or None


def retry_after(headers: Mapping[str, str], body: Any, now: datetime) -> float | None:
    """Seconds that the service asks to wait, at most a day.

    No recorded answer carries Retry-After, 429s included: there the delay is in the text only.
    """
    for name in ("retry-after-ms", "x-ms-retry-after-ms"):
        milliseconds = loose.number(header(headers, name))
        if milliseconds is not None and milliseconds >= 0:
            return min(milliseconds / 1000, LONGEST)
    if written := header(headers, "retry-after"):
        seconds = loose.number(written)
        if seconds is not None and seconds >= 0:
            return min(seconds, LONGEST)
        if (moment := http_date(written)) is not None:
            return min(max(0.0, (moment - now).total_seconds()), LONGEST)
    found = _IN_TEXT.search(loose.text(body, "error", "message") or "")
    return min(float(found[1]), LONGEST) if found else None


def http_date(written: str) -> datetime | None:
    """A moment as HTTP writes it; None for anything else."""
    from email.utils import parsedate_to_datetime  # late: it is rare, and slow to import

    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else None


_REMAINING = "x-ms-ratelimit-remaining-"


def remaining(headers: Mapping[str, str]) -> dict[str, int]:
    """Requests that are left by budget: `subscription-reads`, `tenant-reads` …"""
    left = {}
    for name, value in headers.items():
        budget = name.lower().removeprefix(_REMAINING)
        if budget != name.lower() and value.isdecimal():
            left[budget] = int(value)
    return left


def challenge(headers: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a `WWW-Authenticate: Bearer` header."""
    return dict(_CHALLENGE.findall(header(headers, "www-authenticate") or ""))
