"""Azure Resource Manager ids: parsed and compared without regard to case."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

_WORKSPACE = re.compile(
    r"^/?subscriptions/(?P<subscription>[^/]+)"
    r"/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.MachineLearningServices/workspaces/(?P<name>[^/?#]+)",
    re.IGNORECASE,
)


_REGISTRY = re.compile(
    r"^/?subscriptions/(?P<subscription>[^/]+)"
    r"/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.MachineLearningServices/registries/(?P<name>[^/?#]+)/?$",
    re.IGNORECASE,
)
REGISTRIES = "registries"


class WorkspaceId(Struct, frozen=True, gc=False):
    """Where a workspace lives. The subscription is kept as text: not every one is a valid GUID."""

    subscription_id: str
    resource_group: str
    name: str
    collection: str = "workspaces"
    """`registries` for a registry, which is listed and asked like a workspace."""

    @classmethod
    def parse_registry(cls, arm_id: str) -> WorkspaceId:
        """The registry that `arm_id` names; ValueError if it names none."""
        found = _REGISTRY.match(arm_id)
        if found is None:
            raise ValueError(f"not the id of a registry: {arm_id!r}")
        return cls(found["subscription"], found["group"], found["name"], REGISTRIES)

    @property
    def is_registry(self) -> bool:
        return self.collection == REGISTRIES

    @classmethod
    def parse(cls, arm_id: str) -> WorkspaceId:
        """The workspace that `arm_id` names or lies in; ValueError if it names none."""
        found = _WORKSPACE.match(arm_id)
        if found is None:
            raise ValueError(f"not the id of a workspace: {arm_id!r}")
        return cls(found["subscription"], found["group"], found["name"])

    @property
    def path(self) -> str:
        """The ARM path, in the casing that Azure documents."""
        return (
            f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.MachineLearningServices/{self.collection}/{self.name}"
        )

    @property
    def key(self) -> str:
        """Equal for two spellings of one workspace."""
        return _key(self)


@lru_cache(maxsize=4096)
def _key(place: WorkspaceId) -> str:
    """Kept: a thousand workspaces with all that is in them are told apart by it again and again."""
    return place.path.lower()


def last_segment(arm_id: str | None) -> str | None:
    """`cpu-cluster` of `…/computes/cpu-cluster`; a bare name is returned as it is."""
    if not arm_id:
        return None
    return arm_id.rstrip("/").rpartition("/")[2] or None
