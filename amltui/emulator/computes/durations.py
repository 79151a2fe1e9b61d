"""ISO 8601 durations, as computes have them."""

from __future__ import annotations

import re

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,9})W)?(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9}(?:\.\d+)?)S)?)?"
)
_UNITS = {"weeks": 604_800, "days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}


def seconds(text: str) -> float:
    """How long it is; ValueError if it is no duration."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or text.strip()[-1] in "PT":
        raise ValueError(f"'{text}' is no duration such as PT30M")
    return sum(float(found[unit] or 0) * size for unit, size in _UNITS.items())
