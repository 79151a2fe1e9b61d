"""Quotas of the regions that computes are in: which they are, and how they are asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from amltui.domain.listing import Listing
from amltui.domain.quota import Usage

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient
    from amltui.domain.overview import Overview

PACE = 300.0
"""Seconds between two questions for the quotas of a region."""
Region = tuple[str, str]
"""A subscription's id, and the name of a region in lower case."""


def region(subscription: str, location: str) -> Region:
    """`West Europe` and `westeurope` are one."""
    return subscription, location.replace(" ", "").lower()


def regions(overview: Overview) -> frozenset[Region]:
    """Those in which there is a compute."""
    return frozenset(
        region(each.workspace.subscription_id, each.location)
        for each in overview.computes
        if each.location
    )


def questions(
    azure: AzureClient, places: Iterable[Region]
) -> Mapping[str, Callable[[], Awaitable[Listing[Usage]]]]:
    """One for each region."""
    from amltui.azure import usages

    def asking(subscription: str, name: str) -> Callable[[], Awaitable[Listing[Usage]]]:
        return lambda: usages.list_all(azure, subscription, name)

    return {f"{each[0]}/{each[1]}": asking(*each) for each in sorted(places)}
