"""How much of a family's vCPUs a subscription uses in a region."""

from __future__ import annotations

from msgspec import Struct


class Usage(Struct, frozen=True):
    """One limit and how near it is."""

    subscription_id: str
    region: str
    name: str
    """As the service calls it: standardNCADSA100v4Family."""
    used: int
    limit: int
    """-1 is none."""

    @property
    def key(self) -> str:
        return f"{self.subscription_id}/{self.region}/{self.name}".lower()

    @property
    def share(self) -> float:
        """Of the limit; 0 where there is none."""
        return self.used / self.limit if self.limit > 0 else float(self.limit == 0 < self.used)


def pressing(usages: tuple[Usage, ...]) -> list[Usage]:
    """What is in use, the nearest to its limit first."""
    used = [usage for usage in usages if usage.used > 0]
    return sorted(used, key=lambda usage: (-usage.share, usage.key))
