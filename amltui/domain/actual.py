"""What was really billed, as Cost Management tells it: late, and apart from every estimate."""

from __future__ import annotations

from msgspec import Struct


class Billed(Struct, frozen=True):
    """The cost of a subscription's workspaces in this month."""

    subscription_id: str
    currency: str
    month: float
    """Since its first day, as far as it is told."""
    yesterday: float | None
    """None where nothing is told of that day yet."""

    @property
    def key(self) -> str:
        return self.subscription_id.lower()
