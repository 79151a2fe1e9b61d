"""Making an instance or a cluster: told with its price and whether there is room, before it is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from amltui.domain.compute import Compute
from amltui.kinds import format as fmt
from amltui.kinds.compute_draft import Draft
from amltui.kinds.compute_words import az_compute, request, spanned
from amltui.kinds.fitting import fits
from amltui.kinds.kind import Action, Blank, Form, Row, Unusable

if TYPE_CHECKING:
    from amltui.azure.operation import Operation
    from amltui.azure.workspace_client import WorkspaceClient

NEAR = 4
"""Sizes that are offered in place of one that a region does not have."""


def create(draft: Draft) -> Action[Compute]:
    """The action that makes this one."""

    regions: dict[str, str] = {}
    """Of the workspaces that were asked for theirs: the request is told with it from then on."""

    async def run(place: WorkspaceClient, compute: Compute) -> Operation:
        from amltui.azure import compute_changes
        from amltui.azure.errors import Conflict

        if await compute_changes.exists(place, compute.name):
            raise Conflict(f"there is a compute {compute.name} already: it was not changed")
        body = draft.body(await compute_changes.location(place))
        return await compute_changes.create(place, compute.name, body)

    async def check(place: WorkspaceClient, computes: Sequence[Compute]) -> Sequence[str]:
        told = [text for each in computes for text in await _checked(place, each)]
        from amltui.azure import compute_changes
        from amltui.azure.errors import AzureError

        with suppress(AzureError):  # that it cannot be had is told among what was checked
            regions[place.id.key] = await compute_changes.location(place)
        return told

    return Action(
        name="create-compute",
        key="",
        title="Create",
        doing="creating",
        done="created",
        run=run,
        request=lambda compute: request(
            "PUT", compute, "", draft.body(regions.get(compute.workspace.key, "…"))
        ),
        command=_command,
        effect=_effect,
        check=check,
        form=Form((), lambda _: create(draft)),
    )


async def _checked(place: WorkspaceClient, compute: Compute) -> Sequence[str]:
    """Whether the name is free, what it costs, and whether it fits."""
    from msgspec.structs import replace

    from amltui.azure import compute_changes, prices
    from amltui.azure.errors import AzureError, NotSignedIn

    told: list[str] = []
    try:
        if await compute_changes.exists(place, compute.name):
            told.append(f"! there is a compute {compute.name} already")
        region = compute.location or await compute_changes.location(place)
        sizes = await prices.sizes(place, region)
    except NotSignedIn:
        raise
    except AzureError as error:
        return [*told, f"! price and room are unknown: {fmt.one_line(str(error))}"]
    found = sizes.get((compute.size or "").lower())
    if found is None:
        stem = (compute.size or "").lower()[:12]
        near = [each.name for name, each in sorted(sizes.items()) if name.startswith(stem)]
        some = ", ".join((near or sorted(each.name for each in sizes.values()))[:NEAR])
        return [*told, f"! {region} has no {compute.size}: it has {some} …"]
    price = found.price(low_priority=compute.low_priority)
    told.append(_price(compute, price))
    most = compute.nodes.maximum or 0 if compute.nodes is not None else 1
    return [*told, *(await fits(place, [(replace(compute, location=region), most)]))]


def _price(compute: Compute, price: float | None) -> str:
    rate = f"${fmt.money(price)}/h retail"
    if compute.nodes is None:
        return f"costs {rate} from its creation until it is stopped"
    least, most = compute.nodes.minimum, compute.nodes.maximum or 0

    def sum_of(nodes: int) -> str:
        return fmt.money(None if price is None else nodes * price)

    spot = ", spot varies" * compute.low_priority
    return f"costs ${sum_of(least)}/h at rest, ${sum_of(most)}/h with all nodes, retail{spot}"


def _effect(row: Row[Compute]) -> Sequence[str]:
    compute = row.resource
    if compute.nodes is None:
        idle = compute.idle_shutdown
        stops = f"after {spanned(idle)} unused" if idle else "by nobody but you"
        return (f"an instance of yours, which is stopped {stops}",)
    nodes = compute.nodes
    stays = spanned(compute.scale_down) if compute.scale_down else fmt.UNKNOWN
    tier = "preemptible" if compute.low_priority else "dedicated"
    return (
        f"a cluster of {nodes.minimum} to {nodes.maximum} {tier} nodes; an idle one stays {stays}",
    )


def _command(compute: Compute) -> str:
    more = f" --type {compute.type} --size {compute.size}"
    if compute.nodes is not None:
        idle = int(compute.scale_down.total_seconds()) if compute.scale_down else 120
        tier = "low_priority" if compute.low_priority else "dedicated"
        more += (
            f" --min-instances {compute.nodes.minimum} --max-instances {compute.nodes.maximum}"
            f" --idle-time-before-scale-down {idle} --tier {tier}"
        )
    elif compute.idle_shutdown is not None:
        minutes = int(compute.idle_shutdown.total_seconds() // 60)
        more += f" --set idle_time_before_shutdown_minutes={minutes}"
    return az_compute("create", compute, more)


def _is_given(words: str) -> str:
    if not words.strip():
        raise Unusable("The form has lines that are empty")
    return words


def blanks(workspace: str, known: Sequence[str]) -> Sequence[Blank[Any]]:
    """The lines of the form; `known` are the workspaces there are."""

    def place(words: str) -> str:
        if words.strip() not in known:
            some = ", ".join(known[:NEAR])
            raise Unusable(f"there is no workspace {words.strip() or 'without a name'}: {some}")
        return words.strip()

    return (
        Blank("kind", "instance or cluster", _is_given, lambda _: "cluster"),
        Blank("name", "its name", str, lambda _: ""),
        Blank("size", "size: DS3_v2, NC6s_v3", str, lambda _: "Standard_DS3_v2"),
        Blank("workspace", "in the workspace", place, lambda _: workspace),
        Blank("min", "least nodes (cluster)", str, lambda _: "0"),
        Blank("max", "most nodes (cluster)", str, lambda _: "4"),
        Blank("idle", "idle before it goes: 120s, 1h", str, lambda _: "30m"),
        Blank("tier", "dedicated or low_priority", str, lambda _: "dedicated"),
    )
