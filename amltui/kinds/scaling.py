"""Letting a cluster's idle nodes go: no nodes are kept, and none stays long without a job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from amltui.azure import computes
from amltui.domain.compute import Compute, ComputeKind
from amltui.kinds import format as fmt
from amltui.kinds.kind import Action, Row

SHORTEST = timedelta(minutes=2)
"""For which a node stays without a job, after this."""


def idle_time(compute: Compute) -> timedelta:
    """The setting as it is, where it is short enough."""
    return min(compute.scale_down or SHORTEST, SHORTEST)


def cannot_scale_down(compute: Compute) -> str | None:
    """Why the least number of nodes of this compute cannot be set to 0 now."""
    if compute.kind is not ComputeKind.CLUSTER:
        return f"{compute.name} is a {compute.kind.value}: only clusters have nodes to let go"
    if (compute.provisioning_state or "").lower() != "succeeded":
        return f"{compute.name} is {compute.provisioning_state or 'in an unknown state'}"
    if compute.nodes is None or compute.nodes.maximum is None:
        return f"{compute.name} does not say how many nodes it may have: a change would set that"
    if compute.nodes.minimum == 0 and (compute.scale_down or SHORTEST) <= SHORTEST:
        return f"{compute.name} keeps no nodes: idle ones leave by themselves"
    return None


def _effect(row: Row[Compute]) -> Sequence[str]:
    compute = row.resource
    idle = compute.nodes.idle if compute.nodes else 0
    least = compute.nodes.minimum if compute.nodes else 0
    price = compute.price_per_hour
    saved = fmt.UNKNOWN if price is None else f"{idle * price:,.2f}"
    return (
        f"min_nodes {least} → 0: {idle} idle node{'s' * (idle != 1)} will leave,"
        f" saves ~${saved}/h retail",
        "nodes with a job stay until it has ended; the next job waits for new nodes",
    )


def _saves(compute: Compute) -> float | None:
    if compute.price_per_hour is None or compute.nodes is None:
        return None
    return compute.nodes.idle * compute.price_per_hour


def _command(compute: Compute) -> str:
    place = compute.workspace
    return (
        f"az ml compute update -n {compute.name} --min-instances 0"
        f" --idle-time-before-scale-down {int(idle_time(compute).total_seconds())}"
        f" -w {place.name} -g {place.resource_group} --subscription {place.subscription_id}"
    )


SCALE_DOWN: Action[Compute] = Action(
    name="scale-down",
    key="n",
    title="Min nodes 0",
    doing="scaling down",
    done="scaled down",
    run=lambda place, compute: computes.scale(
        place, compute.name, 0, (compute.nodes and compute.nodes.maximum) or 0, idle_time(compute)
    ),
    request=lambda compute: f"PATCH {compute.workspace.path}/computes/{compute.name}",
    command=_command,
    effect=_effect,
    refusal=cannot_scale_down,
    saves=_saves,
)
