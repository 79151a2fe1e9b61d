"""What a resource is going through: it says so until the change is over, by the clock."""

from __future__ import annotations

from dataclasses import dataclass

CREATING, UPDATING, DELETING = "Creating", "Updating", "Deleting"


@dataclass(frozen=True)
class Change:
    """What a resource is going through."""

    word: str
    """The provisioning state meanwhile: Creating, Updating, Deleting."""
    began: float
    takes: float
    error: str | None = None
    """Why it will fail; None if it will not."""

    def is_over(self, now: float) -> bool:
        return now >= self.began + self.takes


def state_of(change: Change | None, now: float) -> str:
    """The provisioning state of a resource with that change."""
    if change is None:
        return "Succeeded"
    if not change.is_over(now):
        return change.word
    return "Failed" if change.error else "Succeeded"


def is_deleted(change: Change | None, now: float) -> bool:
    """Whether the change was a deletion that is over and went well."""
    if change is None or change.word != DELETING or change.error is not None:
        return False
    return change.is_over(now)
