"""How much of a family's vCPUs a subscription uses in a region, who holds them, and what fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId

_FAMILY = re.compile(r"standard[ _]?(.+?)[ _]?family", re.IGNORECASE)
"""In both spellings: `standardNCSv3Family`, `Standard NCSv3 Family Cluster Dedicated vCPUs`."""


def family_of(name: str) -> str:
    """`ncsv3`: equal for the two ways in which the services call a family."""
    found = _FAMILY.match(name)
    return (found[1] if found else name).lower()


class Limit(Enum):
    """What a limit counts."""

    FAMILY = "family"
    DEDICATED = "dedicated"
    """vCPUs of all families."""
    LOW_PRIORITY = "low priority"
    """Preemptible vCPUs of all families: those have no limit of their own."""
    OTHER = "other"


class Usage(Struct, frozen=True, gc=False):
    """One limit and how near it is."""

    subscription_id: str
    region: str
    name: str
    """As the service calls it."""
    used: int
    limit: int
    """-1 is none."""
    counts: Limit = Limit.FAMILY
    holder: str | None = None
    """The id of the workspace, compute or deployment whose part it is; None is all of it."""

    @property
    def key(self) -> str:
        told = f"{self.subscription_id}/{self.region}/{self.name}/{self.holder or ''}"
        return told.rstrip("/").lower()

    @property
    def title(self) -> str:
        """`NCADSA100v4`; what is no family has the service's words."""
        found = _FAMILY.match(self.name)
        if self.counts is Limit.DEDICATED:
            return "all dedicated"
        if self.counts is Limit.LOW_PRIORITY:
            return "all low priority"
        return found[1] if found else self.name

    @property
    def family(self) -> str:
        """To be compared with that of others."""
        return family_of(self.name)

    @property
    def share(self) -> float:
        """Of the limit; 0 where there is none."""
        return self.used / self.limit if self.limit > 0 else float(self.limit == 0 < self.used)

    @property
    def free(self) -> int | None:
        """vCPUs that are left; None where there is no limit."""
        return None if self.limit < 0 else max(0, self.limit - self.used)

    @property
    def is_of_workspace(self) -> bool:
        """Whether it is the part that a whole workspace may have."""
        held = (self.holder or "").lower().partition("/workspaces/")[2]
        return bool(held) and "/" not in held

    @property
    def place(self) -> str:
        """The name of the workspace that holds it; empty for all of it."""
        return (self.holder or "").partition("/workspaces/")[2].partition("/")[0]

    @property
    def who(self) -> str:
        """The name of what holds it: `kim-a10`, `credit-ep/blue`."""
        path = (self.holder or "").partition("/workspaces/")[2].split("/")
        return "/".join(path[2::2]) or self.place


def pressing(usages: Sequence[Usage]) -> list[Usage]:
    """What is in use, the nearest to its limit first; parts of it are left out."""
    used = [usage for usage in usages if usage.used > 0 and usage.holder is None]
    return nearest(used)


def nearest(usages: Iterable[Usage]) -> list[Usage]:
    """Near its limit first, then what is in use at all; in one order whatever came first."""
    return sorted(usages, key=lambda usage: (-usage.share, -usage.used, usage.key))


def parts_of(whole: Usage, usages: Iterable[Usage]) -> list[Usage]:
    """Who holds what a limit counts, machines and not workspaces, the largest first.

    Of vCPUs that are counted over all families it is told family by family.
    """
    found = [
        each
        for each in usages
        if each.holder is not None
        and not each.is_of_workspace
        and each.used > 0
        and each.region == whole.region
        and each.subscription_id.lower() == whole.subscription_id.lower()
        and (each.family == whole.family or whole.counts is Limit.DEDICATED)
    ]
    return sorted(found, key=lambda each: (-each.used, each.key))


class Need(Struct, frozen=True):
    """The vCPUs that something is about to ask for."""

    place: WorkspaceId
    region: str
    family: str
    vcpus: int
    low_priority: bool = False


class Fit(Struct, frozen=True):
    """Whether there is room, and which limit decides that."""

    need: Need
    limit: Usage | None
    """The tightest; None where nothing is known of any."""
    holders: tuple[Usage, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.limit is not None

    @property
    def fits(self) -> bool:
        """Whether it is known to."""
        free = self.limit.free if self.limit is not None else 0
        return self.limit is not None and (free is None or free >= self.need.vcpus)

    @property
    def missing(self) -> int:
        """vCPUs that would have to be granted more, or given back."""
        free = self.limit.free if self.limit is not None else None
        return 0 if free is None else max(0, self.need.vcpus - free)


def fit(need: Need, usages: Sequence[Usage]) -> Fit:
    """Hold what is needed against every limit that counts it."""
    here = [
        each
        for each in usages
        if each.region == need.region
        and each.subscription_id.lower() == need.place.subscription_id.lower()
    ]
    counting = [each for each in here if _counts(each, need)]
    own = [each for each in counting if each.family == family_of(need.family)]
    known = counting if need.low_priority or own else []  # else what decides was not told
    tightest = min(
        known,
        key=lambda each: (each.free is None, each.free or 0, each.counts is not Limit.FAMILY),
        default=None,
    )
    holders = parts_of(tightest, here) if tightest is not None else []
    if tightest is not None and tightest.holder is not None:
        holders = [each for each in holders if each.place.lower() == need.place.name.lower()]
    return Fit(need, tightest, tuple(holders))


def _counts(usage: Usage, need: Need) -> bool:
    """Whether what is needed is counted there."""
    if need.low_priority:
        return usage.counts is Limit.LOW_PRIORITY and usage.holder is None
    if usage.holder is not None:
        is_ours = usage.holder.lower() == need.place.path.lower()
        return is_ours and usage.family == family_of(need.family)
    if usage.counts is Limit.DEDICATED:
        return True
    return usage.counts is Limit.FAMILY and usage.family == family_of(need.family)
