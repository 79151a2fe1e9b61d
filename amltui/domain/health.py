"""One vocabulary for every colour and glyph on the screen."""

from __future__ import annotations

from enum import Enum


class Health(Enum):
    """How a resource is doing, whatever its kind calls it."""

    GOOD = "good"
    """At work, as it should be: a running job, an instance that is on."""
    BUSY = "busy"
    """In transition: starting, preparing, resizing, being cancelled."""
    WAITING = "waiting"
    """Queued behind something else."""
    DONE = "done"
    """Ended well."""
    IDLE = "idle"
    """Stopped, cancelled, archived: nothing happens and nothing is wrong."""
    STALLED = "stalled"
    """Supposed to move, and does not."""
    ATTENTION = "attention"
    """Works, but somebody should look."""
    BAD = "bad"
    """Failed or unusable."""
    UNKNOWN = "unknown"
    """The service said something this program has never heard of, or nothing at all."""

    @property
    def moving(self) -> bool:
        """Whether the next answer is likely to differ, so that it pays to ask again soon."""
        return self is Health.BUSY
