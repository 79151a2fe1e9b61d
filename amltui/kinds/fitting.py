"""Will it fit: whether the quota has room for machines that are about to be asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from amltui.domain.compute import Compute
from amltui.domain.quota import Fit, Limit, Need, Usage, family_of, fit
from amltui.kinds import format as fmt

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient

NAMED = 2
"""Holders that are named as what could be stopped."""


def room_for(
    machines: Callable[[Compute], int],
) -> Callable[[WorkspaceClient, Sequence[Compute]], Awaitable[Sequence[str]]]:
    """The check of an action that asks for so many machines more for each compute."""

    async def check(place: WorkspaceClient, computes: Sequence[Compute]) -> Sequence[str]:
        return await fits(place, [(each, machines(each)) for each in computes])

    return check


async def fits(place: WorkspaceClient, wanted: Sequence[tuple[Compute, int]]) -> Sequence[str]:
    """One sentence for each family that is asked for in each region."""
    from amltui.azure import prices
    from amltui.azure.errors import AzureError, NotSignedIn

    needs: dict[tuple[str, str, bool], int] = {}
    told: list[str] = []
    for compute, machines in wanted:
        if machines <= 0:
            continue
        region = (compute.location or "").replace(" ", "").lower()
        if not region or compute.size is None:
            told.append(unknown(f"{compute.name} does not say its region and size"))
            continue
        try:
            size = (await prices.sizes(place, region)).get(compute.size.lower())
        except NotSignedIn:
            raise
        except AzureError as error:
            told.append(unknown(str(error)))
            continue
        if size is None or size.family is None or size.vcpus is None:
            told.append(unknown(f"{region} tells no family of {compute.size}"))
            continue
        group = (region, size.family, compute.low_priority)
        needs[group] = needs.get(group, 0) + machines * size.vcpus
    for (region, family, low), vcpus in needs.items():
        told.append(await _told(place, Need(place.id, region, family, vcpus, low)))
    return list(dict.fromkeys(told))


async def _told(place: WorkspaceClient, need: Need) -> str:
    from amltui.azure import usages
    from amltui.azure.errors import AzureError, NotSignedIn

    try:
        found, age = await usages.lately(place.client, place.id.subscription_id, need.region)
    except NotSignedIn:
        raise
    except AzureError as error:
        return unknown(str(error))
    return sentence(fit(need, found), age)


def unknown(why: str) -> str:
    """What cannot be told is not guessed."""
    return f"! whether it fits is unknown: {fmt.one_line(why)}"


def sentence(told: Fit, age: float) -> str:
    """`fits: 24 of 48 vCPU of NCSv3 are free in westeurope, 6 are needed (read 40s ago)`."""
    need, limit = told.need, told.limit
    if limit is None:
        return unknown(f"{need.region} tells no quota of {family_of(need.family)}")
    read = f"(read {fmt.duration(age)} ago)"
    whose = f" for {limit.place}" if limit.holder else ""
    of = (
        f"vCPU of {limit.title}{whose}" if limit.counts is Limit.FAMILY else f"vCPU, {limit.title},"
    )
    if limit.free is None:
        return f"fits: there is no limit on {of} in {need.region} {read}"
    count = f"{limit.free} of {limit.limit} {of} free in {need.region}"
    if told.fits:
        return f"fits: {count}, {need.vcpus} needed {read}"
    return f"! does not fit: {count}, {need.vcpus} needed {read}: {_remedy(told, limit)}"


def _remedy(told: Fit, limit: Usage) -> str:
    """What would make room: a request, or something that is on."""
    asked = f"ask for {told.missing} vCPU more in the portal's Quotas"
    held = [
        f"{each.who} (holds {each.used}{f' in {each.place}' if not limit.holder else ''})"
        for each in told.holders[:NAMED]
    ]
    return f"{asked}, or stop {' or '.join(held)}" if held else asked
