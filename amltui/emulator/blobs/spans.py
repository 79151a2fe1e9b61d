"""Ranges of bytes: which part of a blob a request wants."""

from __future__ import annotations

import re
from collections.abc import Mapping

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})$", re.ASCII)


def span(headers: Mapping[str, str], size: int) -> tuple[int, int] | None:
    """The bytes [start, stop) that are wanted; None for all of them.

    Azure's own header counts before HTTP's.
    """
    asked = headers.get("x-ms-range") or headers.get("range")
    match = _RANGE.match(asked.strip()) if asked else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size
