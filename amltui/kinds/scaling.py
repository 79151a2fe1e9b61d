"""How many nodes a cluster keeps and may have, and letting idle ones go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from amltui.azure import computes
from amltui.domain.compute import Compute, ComputeKind
from amltui.kinds import format as fmt
from amltui.kinds.compute_words import az_compute, only, request, span, spanned, whole
from amltui.kinds.fitting import room_for
from amltui.kinds.kind import Action, Blank, Form, Row, Unusable

SHORTEST = timedelta(minutes=2)
"""For which a node stays without a job, after this."""


def idle_time(compute: Compute) -> timedelta:
    """The setting as it is, where it is short enough."""
    return min(compute.scale_down or SHORTEST, SHORTEST)


def cannot_scale(compute: Compute) -> str | None:
    """Why the nodes of this compute cannot be set now."""
    if compute.kind is not ComputeKind.CLUSTER:
        return only(ComputeKind.CLUSTER, compute, "have nodes to set")
    if (compute.provisioning_state or "").lower() != "succeeded":
        return f"{compute.name} is {compute.provisioning_state or 'in an unknown state'}"
    return None


def cannot_scale_down(compute: Compute) -> str | None:
    """Why the least number of nodes of this compute cannot be set to 0 now."""
    if compute.kind is not ComputeKind.CLUSTER:
        return only(ComputeKind.CLUSTER, compute, "have nodes to let go")
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


def _most(compute: Compute) -> int:
    return (compute.nodes and compute.nodes.maximum) or 0


def settings(least: int, most: int, idle: timedelta) -> dict[str, Any]:
    """The scale settings as the service is sent them."""
    return {
        "minNodeCount": least,
        "maxNodeCount": most,
        "nodeIdleTimeBeforeScaleDown": f"PT{int(idle.total_seconds())}S",
    }


def _request(compute: Compute, least: int, most: int, idle: timedelta) -> str:
    body = {"properties": {"properties": {"scaleSettings": settings(least, most, idle)}}}
    return request("PATCH", compute, "", body)


def _command(compute: Compute, least: int, most: int | None, idle: timedelta) -> str:
    more = f" --min-instances {least}"
    if most is not None:
        more += f" --max-instances {most}"
    more += f" --idle-time-before-scale-down {int(idle.total_seconds())}"
    return az_compute("update", compute, more)


SCALE_DOWN: Action[Compute] = Action(
    name="scale-down",
    key="",
    title="Min nodes 0",
    doing="scaling down",
    done="scaled down",
    run=lambda place, compute: computes.scale(
        place, compute.name, 0, _most(compute), idle_time(compute)
    ),
    request=lambda compute: _request(compute, 0, _most(compute), idle_time(compute)),
    command=lambda compute: _command(compute, 0, None, idle_time(compute)),
    effect=_effect,
    refusal=cannot_scale_down,
    saves=_saves,
)


def _scaled(told: Mapping[str, Any]) -> Action[Compute]:
    if told["min"] > told["max"]:
        raise Unusable(f"at least {told['min']} and at most {told['max']} nodes: that is no range")
    return _scale(told["min"], told["max"], told["idle"])


def _scale(least: int = 0, most: int = 0, idle: timedelta | None = None) -> Action[Compute]:
    """The action with settings; without them it asks for some."""

    def refusal(compute: Compute) -> str | None:
        if (reason := cannot_scale(compute)) or idle is None:
            return reason
        if _now(compute) == (least, most, idle):
            return f"{compute.name} has these settings already: change one of them"
        return None

    def machines(compute: Compute) -> int:
        there = compute.nodes.billed if compute.nodes else 0
        return max(0, most - there)

    def effect(row: Row[Compute]) -> Sequence[str]:
        return _scale_effect(row.resource, least, most, idle) if idle is not None else ()

    def saves(compute: Compute) -> float | None:
        price, nodes = compute.price_per_hour, compute.nodes
        if price is None or nodes is None:
            return None
        kept = max(least, nodes.billed - nodes.idle)
        return (nodes.billed - kept) * price

    return Action(
        name="scale",
        key="n",
        title="Scale",
        doing="scaling",
        done="scaled",
        run=lambda place, c: computes.scale(place, c.name, least, most, idle or SHORTEST),
        request=lambda compute: _request(compute, least, most, idle or SHORTEST),
        command=lambda compute: _command(compute, least, most, idle or SHORTEST),
        effect=effect,
        refusal=refusal,
        saves=saves,
        form=Form(BLANKS, _scaled),
        check=room_for(machines),
    )


def _now(compute: Compute) -> tuple[int, int | None, timedelta | None]:
    nodes = compute.nodes
    if nodes is None:
        return (0, None, compute.scale_down)
    return (nodes.minimum, nodes.maximum, compute.scale_down)


def _scale_effect(compute: Compute, least: int, most: int, idle: timedelta) -> Sequence[str]:
    before, room, stays = _now(compute)
    price = compute.price_per_hour

    def cost(nodes: int) -> str:
        return fmt.UNKNOWN if price is None else f"{nodes * price:,.2f}"

    paid = f"~${cost(least)}/h retail, used or not" if least else "nothing is paid at rest"
    told = [
        f"min_nodes {before} → {least}: {paid}",
        f"max_nodes {fmt.UNKNOWN if room is None else room} → {most}:"
        f" ~${cost(most)}/h retail when all are up{', spot varies' * compute.low_priority}",
    ]
    if idle != stays:
        old = fmt.UNKNOWN if stays is None else spanned(stays)
        told.append(f"a node without a job stays {old} → {spanned(idle)}")
    if room is not None and most < room:
        told.append("nodes with a job stay until it has ended")
    return told


def idle_span(words: str) -> timedelta:
    """How long a node stays; bare numbers are seconds, as for `az ml`."""
    return span(f"{words.strip()}s" if words.strip().isdecimal() else words)


BLANKS: Sequence[Blank[Compute]] = (
    Blank("min", "least nodes", whole, lambda c: str(c.nodes.minimum if c.nodes else 0)),
    Blank("max", "most nodes", whole, lambda c: str(_most(c))),
    Blank(
        "idle",
        "idle before scale-down: 120s, 30m",
        idle_span,
        lambda c: spanned(c.scale_down or SHORTEST),
    ),
)
SCALE: Action[Compute] = _scale()
