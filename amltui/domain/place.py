"""Which workspace the user means, as far as was said."""

from __future__ import annotations

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId


class Wish(Struct, frozen=True):
    """A place as it was asked for; what is None may be anything."""

    subscription: str | None = None
    resource_group: str | None = None
    workspace: str | None = None

    @property
    def exact(self) -> WorkspaceId | None:
        """The workspace, where all three parts were given: nothing need be listed to find it."""
        if self.subscription and self.resource_group and self.workspace:
            return WorkspaceId(self.subscription, self.resource_group, self.workspace)
        return None

    def matches(self, place: WorkspaceId) -> bool:
        """Whether a place is one that was asked for, whatever its casing."""
        return all(
            wanted is None or wanted.lower() == found.lower()
            for wanted, found in (
                (self.subscription, place.subscription_id),
                (self.resource_group, place.resource_group),
                (self.workspace, place.name),
            )
        )

    def __str__(self) -> str:
        """`workspace vision-prod in resource group ml-rg`."""
        parts = [f"workspace {self.workspace}" if self.workspace else "any workspace"]
        if self.resource_group:
            parts.append(f"in resource group {self.resource_group}")
        if self.subscription:
            parts.append(f"in subscription {self.subscription}")
        return " ".join(parts)
