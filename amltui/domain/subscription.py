"""Subscriptions and tenants: what a signed-in user belongs to."""

from __future__ import annotations

from msgspec import Struct


class Subscription(Struct, frozen=True):
    """A subscription. Its id is text: not every one is a valid GUID."""

    id: str
    name: str
    tenant_id: str | None = None
    state: str | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it is worth asking; disabled and deleted ones are still listed."""
        return (self.state or "enabled").lower() in {"enabled", "warned", "pastdue"}


class Tenant(Struct, frozen=True):
    """A directory that the user is a member or a guest of."""

    id: str
    name: str | None = None
    domain: str | None = None
