"""Starting, stopping and restarting instances: when it can be done, and what it does."""

from __future__ import annotations

from collections.abc import Sequence

from amltui.azure import computes
from amltui.domain.compute import Compute, ComputeKind
from amltui.kinds.compute_words import az_compute, nothing_to_change, request
from amltui.kinds.fitting import room_for
from amltui.kinds.kind import Action, Row

_STOPPABLE = {"running", "jobrunning", "setupfailed", "usersetupfailed", "unusable"}


def _only_instances(compute: Compute) -> str | None:
    if compute.kind is ComputeKind.INSTANCE:
        return None
    if reason := nothing_to_change(compute):
        return reason
    return f"{compute.name} is a {compute.kind.value}: only instances start, stop and restart"


def cannot_start(compute: Compute) -> str | None:
    """Why this compute cannot be started now."""
    if reason := _only_instances(compute):
        return reason
    if (compute.state or "").lower() == "stopped":
        return None
    return f"{compute.name} is {compute.state or 'in an unknown state'}, not Stopped"


def cannot_stop(compute: Compute) -> str | None:
    """Why this compute cannot be stopped or restarted now."""
    if reason := _only_instances(compute):
        return reason
    if (compute.state or "").lower() in _STOPPABLE:
        return None
    return f"{compute.name} is {compute.state or 'in an unknown state'}, not Running"


def hourly(compute: Compute) -> str:
    """What one machine costs: `$3.20/h retail`."""
    if compute.price_per_hour is None:
        return "an unknown price per hour"
    return f"${compute.price_per_hour:,.2f}/h retail"


def _start_effect(row: Row[Compute]) -> Sequence[str]:
    return (f"starts billing {hourly(row.resource)}", "billed until it is stopped")


def _running_job(row: Row[Compute]) -> Sequence[str]:
    if (row.resource.state or "").lower() == "jobrunning":
        return ("! a job is running on it and will be lost",)
    return ("open kernels and terminals will be lost",)


def _stop_effect(row: Row[Compute]) -> Sequence[str]:
    saved = f"stops billing {hourly(row.resource)}"
    return (saved, "disk, IP and load balancer stay billed", *_running_job(row))


def _restart_effect(row: Row[Compute]) -> Sequence[str]:
    return ("billing goes on while it restarts", *_running_job(row))


SWITCHES: tuple[Action[Compute], ...] = (
    Action(
        name="start",
        key="s",
        title="Start",
        doing="starting",
        done="started",
        run=lambda place, compute: computes.start(place, compute.name),
        request=lambda compute: request("POST", compute, "/start"),
        command=lambda compute: az_compute("start", compute),
        effect=_start_effect,
        refusal=cannot_start,
        saves=lambda c: None if c.price_per_hour is None else -c.price_per_hour,
        check=room_for(lambda _: 1),
    ),
    Action(
        name="stop",
        key="S",
        title="Stop",
        doing="stopping",
        done="stopped",
        run=lambda place, compute: computes.stop(place, compute.name),
        request=lambda compute: request("POST", compute, "/stop"),
        command=lambda compute: az_compute("stop", compute),
        effect=_stop_effect,
        refusal=cannot_stop,
        saves=lambda compute: compute.burn_per_hour,
    ),
    Action(
        name="restart",
        key="R",
        title="Restart",
        doing="restarting",
        done="restarted",
        run=lambda place, compute: computes.restart(place, compute.name),
        request=lambda compute: request("POST", compute, "/restart"),
        command=lambda compute: az_compute("restart", compute),
        effect=_restart_effect,
        refusal=cannot_stop,
        saves=lambda _: 0.0,
    ),
)
