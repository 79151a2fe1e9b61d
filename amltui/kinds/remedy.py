"""From something wasteful to the kind that it is of, and to the action that ends it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from amltui.domain.compute import Compute
from amltui.domain.endpoint import Deployment
from amltui.domain.waste import Reason, Waste
from amltui.kinds import format as fmt
from amltui.kinds.compute import COMPUTE
from amltui.kinds.deployment import DEPLOYMENT
from amltui.kinds.job import JOB
from amltui.kinds.kind import Action, Kind

FIXES = {
    "stop": "S stop",
    "scale-down": "n min 0",
    "delete": "X delete",
    "cancel": "x cancel",
}
"""What the list says of each action: its key elsewhere, and a word."""


def kind_of(resource: Any) -> Kind[Any]:
    """The declaration of what was found."""
    if isinstance(resource, Compute):
        return COMPUTE
    return DEPLOYMENT if isinstance(resource, Deployment) else JOB


def noun_of(resource: Any) -> str:
    """What it is, in a word: instance, cluster, deployment, job."""
    return resource.kind.value if isinstance(resource, Compute) else kind_of(resource).noun[0]


def action_of(waste: Waste) -> Action[Any]:
    """What ends it."""
    kind, verb = kind_of(waste.resource), waste.remedy.value
    names = {verb, f"{verb}-{kind.name}"}
    return next(action for action in kind.actions if action.name in names)


def title_of(waste: Waste) -> str:
    """What people call it."""
    return str(getattr(waste.resource, "title", waste.resource.name))


def since(waste: Waste, now: datetime) -> str:
    """For how long it has lasted; unknown is a question mark."""
    if waste.since is None:
        return fmt.UNKNOWN
    return fmt.duration((now - waste.since).total_seconds())


def why(waste: Waste, now: datetime) -> str:
    """`on 3d 02h, no job, no idle shutdown`: the evidence, and since when."""
    how_long = since(waste, now)
    match waste.reason:
        case Reason.ON_WITHOUT_JOB:
            return f"on, no job for {how_long}, {waste.evidence}"
        case Reason.STALLED:
            return f"no metric logged for {how_long}"
        case Reason.FAILED:
            return f"{waste.evidence}, for {how_long}"
    return f"{waste.evidence}, for {how_long}" if waste.since else waste.evidence


def record(waste: Waste, now: datetime) -> dict[str, object]:
    """It for scripts."""
    action = action_of(waste)
    age: timedelta | None = None if waste.since is None else now - waste.since
    return {
        "name": title_of(waste),
        "kind": kind_of(waste.resource).name,
        "workspace": waste.workspace.name,
        "resource_group": waste.workspace.resource_group,
        "subscription_id": waste.workspace.subscription_id,
        "reason": waste.reason.name.lower(),
        "evidence": waste.evidence,
        "since": fmt.iso(waste.since),
        "age_s": None if age is None else age.total_seconds(),
        "per_hour": waste.per_hour,
        "owner": waste.owner,
        "fix": waste.remedy.value,
        "request": action.request(waste.resource),
        "command": action.command(waste.resource),
    }
