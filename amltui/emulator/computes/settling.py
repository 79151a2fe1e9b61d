"""What instances do by themselves: schedules start and stop them, and idleness stops them.

Nothing happens when it is due: it follows, whenever somebody looks, from what has been put, from
the stays of jobs and from the moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from amltui.emulator.computes import durations
from amltui.emulator.computes.record import IDLE, INSTANCE, SCHEDULE, UP, Compute
from amltui.emulator.computes.stays import Stay
from amltui.emulator.triggers.trigger import Trigger, trigger_of

RECENT = 20
"""Moments of a schedule that are looked at: what a far older one did, later ones have undone."""


def watches(compute: Compute) -> bool:
    """Whether anything can happen to it by itself."""
    has_clock = bool(compute.schedules) or compute.idle_shutdown is not None
    return compute.type == INSTANCE and has_clock


def settled(compute: Compute, stays: Sequence[Stay], now: float) -> Compute:
    """The record as it is after all that has come due up to now."""
    if not watches(compute):
        return compute
    since = compute.created if compute.settled is None else compute.settled
    due = sorted(
        (moment, action)
        for schedule in compute.schedules
        if schedule.get("status") == "Enabled"
        for moment in islice(trigger(schedule, since).within(since, now), RECENT)
        for action in [str(schedule["action"])]
    )
    for moment, action in [*due, (now, "")]:
        compute = _idled(compute, stays, moment)
        if action:
            compute = compute.switched(action, moment, trigger=SCHEDULE) or compute
    return replace(compute, settled=now)


def trigger(schedule: Mapping[str, Any], known_since: float) -> Trigger:
    """When a schedule is due; ValueError if it is none."""
    kind = str(schedule.get("triggerType") or "")
    details = schedule.get(kind.lower())
    if not isinstance(details, Mapping):
        raise ValueError(f"A schedule by {kind or 'nothing'} needs its details.")
    return trigger_of({**details, "triggerType": kind}, known_since)


def _idled(compute: Compute, stays: Sequence[Stay], until: float) -> Compute:
    """Stopped, if it has been idle for long enough before a moment."""
    while (moment := _idle_moment(compute, stays)) is not None and moment <= until:
        stopped = compute.switched("Stop", moment, trigger=IDLE)
        if stopped is None:
            return compute
        compute = stopped
    return compute


def _idle_moment(compute: Compute, stays: Sequence[Stay]) -> float | None:
    """When it is going to be stopped if no job comes; None if never."""
    if compute.idle_shutdown is None or compute.idle_since is None:
        return None
    if compute.state_at(compute.idle_since) not in UP:
        return None
    patience = durations.seconds(compute.idle_shutdown)
    idle_since = compute.idle_since
    for stay in stays:
        if stay.start >= idle_since + patience:
            break
        idle_since = max(idle_since, stay.end)
    return idle_since + patience
