"""What failures have in common: the words of an error without what differs from job to job."""

from __future__ import annotations

import re

LONGEST = 80
"""Characters of an error that tell it from others; behind them are values and places."""
_VARIES = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8,}\b|\d+(?:\.\d+)*", re.IGNORECASE)
_NO_WORD = re.compile(r"[^\w]")
ANY_NUMBER = "[0-9a-fx.]+"


def signature(summary: str) -> str:
    """A regular expression without blanks that the same error matches in other jobs."""
    pieces = _VARIES.split(summary[:LONGEST].strip())
    return ANY_NUMBER.join(_NO_WORD.sub(".", piece) for piece in pieces)
