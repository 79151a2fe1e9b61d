"""What may not be changed. Asked at one place, right before anything that changes is sent."""

from __future__ import annotations

from msgspec import Struct

from amltui.azure import address
from amltui.azure.errors import ReadOnly
from amltui.domain.arm_id import WorkspaceId


class Guard(Struct, frozen=True):
    """Read-only everywhere, or in some workspaces."""

    read_only: bool = False
    places: frozenset[str] = frozenset()
    """Names of workspaces in which nothing may be changed, in lower case."""

    def why(self, place: WorkspaceId) -> str | None:
        """Why nothing can be changed in a workspace, before it is tried; None where it can."""
        if self.read_only:
            return "amltui is read-only: nothing is changed"
        if place.name.lower() in self.places:
            return f"workspace {place.name} is read-only here: nothing is changed in it"
        return None

    def check(self, method: str, url: str) -> None:
        """ReadOnly if this may not be sent."""
        what = f"{method} {address.target(url)}"
        if self.read_only:
            raise ReadOnly(f"amltui is read-only: {what} was not sent")
        for name in self.places:
            if f"/workspaces/{name}/" in f"{url.partition('?')[0].lower()}/":
                raise ReadOnly(f"workspace {name} is read-only here: {what} was not sent")
