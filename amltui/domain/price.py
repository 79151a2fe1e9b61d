"""VM sizes and their retail prices."""

from __future__ import annotations

from msgspec import Struct, field


class VmSize(Struct, frozen=True, gc=False):
    """One VM size of a region, as the workspace provider lists it."""

    name: str
    family: str | None
    vcpus: int | None
    gpus: int | None
    memory_gb: float | None
    prices: dict[str, float] = field(default_factory=dict)
    """Retail USD per hour on Linux, by lower-case tier: standard, lowpriority, spot."""

    def price(self, *, low_priority: bool = False) -> float | None:
        """USD per hour of one such machine; None where the service names no price."""
        if not low_priority:
            return self.prices.get("standard")
        return self.prices.get("spot", self.prices.get("lowpriority"))


def by_name(sizes: tuple[VmSize, ...]) -> dict[str, VmSize]:
    """Sizes by lower-case name: computes come back with theirs in capitals."""
    return {size.name.lower(): size for size in sizes}
