"""Deployments of online endpoints: what they cost, who asks them, and taking one away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from amltui.domain.endpoint import Deployment
from amltui.domain.health import Health
from amltui.domain.listing import Listing
from amltui.kinds import format as fmt
from amltui.kinds.kind import Action, Cell, Column, Fact, Kind, PerWorkspace, Row
from amltui.kinds.money import per_hour

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient
    from amltui.azure.operation import Operation


async def _listed(place: WorkspaceClient) -> Listing[Deployment]:
    from amltui.azure import endpoints

    return await endpoints.deployments(place, datetime.now(UTC))


async def _delete(place: WorkspaceClient, deployment: Deployment) -> Operation | None:
    from amltui.azure import endpoints

    return await endpoints.delete(place, deployment)


def cannot_delete(deployment: Deployment) -> str | None:
    """Why this deployment cannot be deleted now."""
    if deployment.health.moving:
        return f"{deployment.title} is {(deployment.provisioning_state or '').lower()}"
    return None


def _effect(row: Row[Deployment]) -> Sequence[str]:
    deployment = row.resource
    told = [f"stops billing {per_hour(deployment.burn_per_hour)} retail; cannot be undone"]
    if deployment.traffic:
        told.append(
            f"! it gets {deployment.traffic} % of the traffic, which goes to the others first:"
            f" PUT …/onlineEndpoints/{deployment.endpoint}"
        )
    elif deployment.traffic is None:
        told.append("! its share of the traffic is unknown: it goes to the others first")
    return told


def _path(deployment: Deployment) -> str:
    place, name = deployment.workspace.path, deployment.name
    return f"{place}/onlineEndpoints/{deployment.endpoint}/deployments/{name}"


def _command(deployment: Deployment) -> str:
    place = deployment.workspace
    return (
        f"az ml online-deployment delete -n {deployment.name} -e {deployment.endpoint}"
        f" -w {place.name} -g {place.resource_group} --subscription {place.subscription_id} --yes"
    )


def _state(row: Row[Deployment]) -> Cell:
    if row.pending:
        return Cell(row.pending, Health.BUSY)
    return Cell(row.resource.provisioning_state or fmt.UNKNOWN, row.resource.health)


def _traffic(row: Row[Deployment]) -> str:
    share = row.resource.traffic
    return fmt.UNKNOWN if share is None else f"{share} %"


def _facts(row: Row[Deployment]) -> Sequence[Fact]:
    each = row.resource
    machines = fmt.UNKNOWN if each.instances is None else str(each.instances)
    quiet = each.quiet_for
    asked = fmt.UNKNOWN if quiet is None else f"none in {fmt.duration(quiet)} (Azure Monitor)"
    return (
        Fact("state", _state(row)),
        Fact("endpoint", each.endpoint),
        Fact("machines", f"{machines} × {each.size or fmt.UNKNOWN}"),
        Fact("price", f"{per_hour(each.burn_per_hour)} retail"),
        Fact("traffic", _traffic(row)),
        Fact("requests", asked),
        Fact("created", fmt.ago(each.created, row.now, each.owner)),
        Fact("workspace", each.workspace.name),
    )


def _tally(listed: Sequence[Deployment]) -> Sequence[Cell]:
    failed = sum(each.has_failed for each in listed)
    return (Cell(f"fail {failed}", Health.BAD if failed else None),)


def _record(each: Deployment, now: datetime) -> dict[str, object]:
    return {
        "name": each.name,
        "endpoint": each.endpoint,
        "workspace": each.workspace.name,
        "state": each.provisioning_state,
        "size": each.size,
        "instances": each.instances,
        "traffic": each.traffic,
        "quiet_s": each.quiet_for,
        "burn_per_hour": each.burn_per_hour,
        "created": fmt.iso(each.created),
    }


DEPLOYMENT: Kind[Deployment] = Kind(
    name="deployment",
    title="Deployments",
    key="5",
    noun=("deployment", "deployments"),
    source=PerWorkspace(_listed),
    columns=(
        Column("NAME", lambda r: r.resource.title, 20, flex=2, importance=9),
        Column("WORKSPACE", lambda r: r.resource.workspace.name, 12, importance=4, scattered=True),
        Column("STATE", _state, 12, importance=8),
        Column("TRAFFIC", _traffic, 7, importance=6),
        Column("$/h", lambda r: fmt.money(r.resource.burn_per_hour), 6, importance=7, right=True),
    ),
    record=_record,
    facts=_facts,
    tally=_tally,
    empty="No online deployments here.",
    actions=(
        Action(
            name="delete",
            key="X",
            title="Delete",
            doing="deleting",
            done="deleted",
            run=_delete,
            request=lambda each: f"DELETE {_path(each)}",
            command=_command,
            effect=_effect,
            refusal=cannot_delete,
            saves=lambda each: each.burn_per_hour,
            typed=True,
        ),
    ),
    calm=60.0,
)
