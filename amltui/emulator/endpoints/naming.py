"""What an endpoint or a deployment may be called."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?")
SHORTEST, LONGEST = 3, 32


def complaint(name: str, noun: str) -> str | None:
    """One sentence where the name is none for an endpoint, or a deployment."""
    what = f"an {noun}" if noun.startswith("e") else f"a {noun}"
    if not SHORTEST <= len(name) <= LONGEST:
        return (
            f"The name for {what} must be at least {SHORTEST} and at most {LONGEST}"
            " characters long (inclusive of both limits)."
        )
    if not _NAME.fullmatch(name):
        return (
            f"The name for {what} must start with an upper- or lowercase letter and only"
            " consist of '-'s and alphanumeric characters."
        )
    return None
