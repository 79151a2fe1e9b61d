"""Rate limits as Azure has them: a bucket per caller and subscription that fills up again.

Resource Manager's numbers are documented (request-limits-and-throttling, 2024); those of the data
plane are not published, so it has Resource Manager's, per workspace.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Size:
    """How much a bucket holds, and what it gains in a second."""

    tokens: int
    refill: float


READS = Size(250, 25)
WRITES = Size(200, 10)
GRAPH = Size(15, 3)
"""15 queries in five seconds."""
SIZES = {"reads": READS, "writes": WRITES, "deletes": WRITES, "data": READS, "graph": GRAPH}


@dataclass(frozen=True)
class Allowance:
    """Whether a call may pass, and what is left after it."""

    left: int
    wait: int = 0
    """Seconds until another would pass; 0 where this one does."""


@dataclass
class Limits:
    """The buckets of all callers. Switched off, they are told of but never empty."""

    enforced: bool = False
    _buckets: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    """By sort and holder: what was left, and when."""

    def spend(self, sort: str, holder: str, now: float) -> Allowance:
        """Take one token from a bucket. A refused call takes one as well: it prolongs the wait."""
        size = SIZES[sort]
        left, at = self._buckets.get((sort, holder), (float(size.tokens), now))
        left = min(float(size.tokens), left + (now - at) * size.refill) - 1
        if left >= 0 or not self.enforced:
            left = max(0.0, left)
            self._buckets[sort, holder] = (left, now)
            return Allowance(int(left))
        left = max(left, -float(size.tokens))
        self._buckets[sort, holder] = (left, now)
        return Allowance(0, max(1, math.ceil(-left / size.refill)))
