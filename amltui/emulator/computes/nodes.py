"""The machines of a cluster: they come for jobs, wait for more, and leave.

All of it follows from the record, the stays of jobs and the moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from amltui.emulator.computes import durations
from amltui.emulator.computes.record import Compute
from amltui.emulator.computes.stays import Stay
from amltui.emulator.places import guid

BOOT, APART = 12.0, 2.0
"""Seconds until the first of the nodes that a cluster keeps is up, and between two of them."""
LEAVING = 10.0
"""Seconds that a node takes to leave."""
USUAL_IDLE_TIME = 120.0


@dataclass(frozen=True)
class Nodes:
    """How many of a cluster's machines are in which state."""

    running: int = 0
    preparing: int = 0
    idle: int = 0
    leaving: int = 0
    unusable: int = 0
    preempted: int = 0

    @property
    def current(self) -> int:
        """Machines that there are: preempted ones are gone."""
        return self.running + self.preparing + self.idle + self.leaving + self.unusable

    @property
    def target(self) -> int:
        return self.current - self.leaving

    @property
    def is_resizing(self) -> bool:
        return self.preparing > 0 or self.leaving > 0

    def body(self) -> dict[str, int]:
        return {
            "preparingNodeCount": self.preparing,
            "runningNodeCount": self.running,
            "idleNodeCount": self.idle,
            "unusableNodeCount": self.unusable,
            "leavingNodeCount": self.leaving,
            "preemptedNodeCount": self.preempted,
        }


def nodes_of(compute: Compute, stays: Sequence[Stay], now: float) -> Nodes:
    """A cluster's machines: those of its jobs, those that wait, and those it always keeps."""
    holding = [stay for stay in stays if stay.holds(now)]
    busy = sum(stay.nodes for stay in holding)
    fresh = sum(_fresh(compute, stays, stay) for stay in holding if now < stay.runs)
    always = kept(compute, now)
    waiting = _peak(stays, now - _idle_time(compute), now)
    present = max(busy, always, waiting)
    always_before = max(always, kept(compute, now - LEAVING))
    before = max(always_before, _peak(stays, now - _idle_time(compute) - LEAVING, now))
    return Nodes(
        running=busy - fresh,
        preparing=fresh + max(0, _wanted(compute, now) - present),
        idle=present - busy,
        leaving=max(0, before - max(present, _wanted(compute, now))),
        unusable=compute.unusable,
        preempted=compute.preempted,
    )


def steady_since(compute: Compute, stays: Sequence[Stay], now: float) -> float:
    """When the cluster last began, or ceased, to change its size."""
    idle = _idle_time(compute)
    moments = {compute.created}
    if compute.scaled is not None:
        ups = range(1, abs(compute.min_nodes - compute.min_before) + 1)
        moments |= {compute.scaled, compute.scaled + LEAVING}
        moments |= {compute.scaled + BOOT + APART * (up - 1) for up in ups}
    for stay in stays:
        ends = (stay.end, stay.end + idle, stay.end + idle + LEAVING)
        moments |= {stay.start, stay.runs, *ends}
    past = sorted((at for at in moments if compute.created <= at <= now), reverse=True)
    latest = nodes_of(compute, stays, now).is_resizing
    for later, at in pairwise(past):
        if nodes_of(compute, stays, at + 0.001).is_resizing is not latest:
            return later
    return past[-1] if past else compute.created


def listed(compute: Compute, stays: Sequence[Stay], now: float) -> list[dict[str, Any]]:
    """The machines one by one, with the run on each. A run's machines keep their names."""
    counts = nodes_of(compute, stays, now)
    machines: list[tuple[str, str, str | None]] = []
    for stay in stays:
        if stay.holds(now):
            fresh = _fresh(compute, stays, stay) if now < stay.runs else 0
            for number in range(stay.nodes):
                state = "preparing" if number < fresh else "running"
                machines.append((f"{stay.run}/{number}", state, stay.run))
    free = _free(stays, now, counts.idle + counts.leaving)
    states = ["idle"] * counts.idle + ["leaving"] * counts.leaving
    machines += [(name, state, None) for name, state in zip(free, states, strict=True)]
    coming = counts.preparing - sum(state == "preparing" for _, state, _ in machines)
    for state, number in (
        ("preparing", coming),
        ("unusable", counts.unusable),
        ("preempted", counts.preempted),
    ):
        machines += [(f"{state}/{each}", state, None) for each in range(number)]
    return [_machine(compute, number, *machine) for number, machine in enumerate(machines)]


def node_id(cluster: str, name: str, low_priority: bool) -> str:
    """The id of the machine of a cluster that is known by a name: `{run}/{number}`."""
    return f"tvmps_{guid(cluster, name).replace('-', '')}_{'p' if low_priority else 'd'}"


def _machine(
    compute: Compute, number: int, name: str, state: str, run: str | None
) -> dict[str, Any]:
    key = guid(compute.key, name)
    is_open = compute.asked.get("remoteLoginPortPublicAccess") == "Enabled"
    return {
        "nodeId": node_id(compute.key, name, compute.low_priority),
        "privateIpAddress": f"10.0.{int(key[:2], 16)}.{4 + int(key[2:4], 16) % 250}",
        "publicIpAddress": f"203.0.113.{1 + int(key[4:6], 16) % 254}" if is_open else None,
        "port": 50000 + number,
        "nodeState": state,
        "runId": run,
    }


def _free(stays: Sequence[Stay], now: float, count: int) -> list[str]:
    """Names of machines without a job: they came with those that ended last."""
    ended = sorted((s for s in stays if s.end <= now), key=lambda s: s.end, reverse=True)
    names = [f"{stay.run}/{number}" for stay in ended for number in range(stay.nodes)]
    return (names + [f"kept/{number}" for number in range(count)])[:count]


def _fresh(compute: Compute, stays: Sequence[Stay], stay: Stay) -> int:
    """How many of a job's nodes were not there when it came."""
    busy = sum(each.nodes for each in stays if each.holds(stay.start))
    others = [each for each in stays if each.start < stay.start]
    present = max(
        kept(compute, stay.start),
        _peak(others, stay.start - _idle_time(compute), stay.start),
    )
    return max(0, min(stay.nodes, busy - present))


def _peak(stays: Sequence[Stay], since: float, until: float) -> int:
    """The most nodes that jobs held at once between two moments."""
    changes = sorted(
        change
        for stay in stays
        if stay.start <= until and stay.end > since
        for change in ((stay.start, 1, stay.nodes), (stay.end, 0, -stay.nodes))
    )
    held = most = 0
    for at, _, nodes in changes:
        held += nodes
        most = max(most, held) if at <= until else most
    return most


def _wanted(compute: Compute, now: float) -> int:
    """The nodes that it is to keep, as far as the quota goes."""
    if compute.scaled is not None and now < compute.scaled:
        return compute.min_before
    return compute.min_nodes if compute.granted is None else compute.granted


def kept(compute: Compute, now: float) -> int:
    """Those of the nodes that it is to keep which are up."""
    wanted = _wanted(compute, now)
    if compute.scaled is None or now < compute.scaled:
        return wanted
    up = int((now - compute.scaled - BOOT) // APART) + 1
    return min(wanted, compute.min_before + max(0, up))


def _idle_time(compute: Compute) -> float:
    return durations.seconds(compute.idle_time) if compute.idle_time else USUAL_IDLE_TIME
