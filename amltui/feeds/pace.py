"""How often many places are asked."""

from __future__ import annotations

MANY = 50
"""Places from which on each is asked less often, so that all together are asked as often."""


def times(places: int) -> float:
    """How many times longer pauses are among so many."""
    return max(1.0, places / MANY)
