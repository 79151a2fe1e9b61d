"""Endpoints, a row for each deployment: what it costs, who asks it, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from amltui.domain.endpoint import Deployment
from amltui.domain.health import Health
from amltui.domain.listing import Listing
from amltui.domain.query.condition import Shape, Spec
from amltui.kinds import format as fmt
from amltui.kinds.deployment_actions import DELETE, SCALE, SHIFT
from amltui.kinds.fields import Field, common
from amltui.kinds.kind import Cell, Column, Fact, Kind, PerWorkspace, Row, Toggle
from amltui.kinds.money import per_hour

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient


async def _listed(place: WorkspaceClient) -> Listing[Deployment]:
    from amltui.azure import batch_endpoints

    return await batch_endpoints.everything(place)


def _state(row: Row[Deployment]) -> Cell:
    if row.pending:
        return Cell(row.pending, Health.BUSY)
    each = row.resource
    if each.is_ghost:
        return Cell("no traffic" if each.traffic == 0 else "no requests", Health.ATTENTION)
    if each.has_failed and each.is_managed and not each.is_batch:
        return Cell("Failed, billed", Health.BAD)
    return Cell(each.provisioning_state or fmt.UNKNOWN, each.health)


def _traffic(row: Row[Deployment]) -> str:
    share = row.resource.traffic
    if row.resource.is_batch:
        return "default" if share else fmt.NONE
    return fmt.UNKNOWN if share is None else f"{share} %"


def _share(row: Row[Deployment]) -> int | None:
    return row.resource.traffic


def _machines(row: Row[Deployment]) -> str:
    each = row.resource
    count = fmt.UNKNOWN if each.instances is None else str(each.instances)
    return f"{each.size or fmt.UNKNOWN} ×{count}"


def _price(row: Row[Deployment]) -> str:
    return "by job" if row.resource.is_batch else fmt.money(row.resource.burn_per_hour)


def _kind(each: Deployment) -> str:
    if each.is_batch:
        return "batch"
    return "online" if each.is_managed else "kubernetes"


def _order(each: Deployment) -> tuple[bool, str, str, str]:
    """What is paid for in vain first, then by name."""
    vain = each.is_ghost or each.has_failed
    return not vain, each.endpoint.lower(), each.name.lower(), each.key


def _facts(row: Row[Deployment]) -> Sequence[Fact]:
    each = row.resource
    return (
        Fact("state", _state(row)),
        Fact("provisioning", each.provisioning_state or fmt.UNKNOWN, aside=True),
        Fact("endpoint", f"{each.endpoint} ({_kind(each)})"),
        Fact("model", each.model or fmt.NONE),
        Fact("machines", _machines(row)),
        Fact("price", _paid(each)),
        Fact("traffic", _traffic(row)),
        Fact("requests", _asked(row)),
        Fact("asked at", each.scoring_uri or fmt.NONE),
        Fact("auth", each.auth or fmt.NONE),
        Fact("created", fmt.ago(each.created, row.now, each.owner)),
        Fact("workspace", each.workspace.name),
    )


def _asked(row: Row[Deployment]) -> str:
    """About how often, and how old the count is."""
    each = row.resource
    if each.requests_a_day is None:
        return f"{fmt.UNKNOWN} (Azure Monitor has not told)"
    count = f"~{each.requests_a_day:,.0f} in 24h"
    if each.quiet_for is not None:
        count = f"none in {fmt.duration(each.quiet_for)}"
    return f"{count} (Azure Monitor, until {fmt.ago(each.counted_until, row.now)})"


def _a_day(row: Row[Deployment]) -> str:
    count = row.resource.requests_a_day
    if row.resource.is_batch:
        return fmt.NONE
    return fmt.UNKNOWN if count is None else f"{count:,.0f}"


def _paid(each: Deployment) -> str:
    return "by its jobs" if each.is_batch else f"{per_hour(each.burn_per_hour)} retail"


def _tally(listed: Sequence[Deployment]) -> Sequence[Cell]:
    failed = sum(each.has_failed for each in listed)
    ghosts = sum(each.is_ghost for each in listed)
    return (
        Cell(f"fail {failed}", Health.BAD if failed else None),
        Cell(f"no traffic {ghosts}", Health.ATTENTION if ghosts else None),
    )


def _record(each: Deployment, now: datetime) -> dict[str, object]:
    return {
        "name": each.name,
        "endpoint": each.endpoint,
        "workspace": each.workspace.name,
        "kind": _kind(each),
        "state": each.provisioning_state,
        "size": each.size,
        "instances": each.instances,
        "traffic": each.traffic,
        "quiet_s": each.quiet_for,
        "requests_24h": each.requests_a_day,
        "burn_per_hour": each.burn_per_hour,
        "no_traffic": each.is_ghost,
        "model": each.model,
        "scoring_uri": each.scoring_uri,
        "auth": each.auth,
        "created": fmt.iso(each.created),
    }


DEPLOYMENT: Kind[Deployment] = Kind(
    name="deployment",
    title="Endpoints",
    key="5",
    noun=("deployment", "deployments"),
    source=PerWorkspace(_listed),
    columns=(
        Column("NAME", lambda r: r.resource.title, 20, flex=2, importance=9),
        Column("WORKSPACE", lambda r: r.resource.workspace.name, 12, importance=4, scattered=True),
        Column("STATE", _state, 16, importance=8),
        Column("KIND", lambda r: _kind(r.resource), 8, importance=2),
        Column("MODEL", lambda r: r.resource.model or fmt.NONE, 14, flex=1, importance=3),
        Column("SIZE", _machines, 20, importance=5),
        Column("TRAFFIC", _traffic, 7, sort=_share, importance=6, right=True),
        Column(
            "REQ/24h",
            _a_day,
            8,
            sort=lambda r: r.resource.requests_a_day,
            importance=3,
            right=True,
        ),
        Column("$/h", _price, 6, sort=lambda r: r.resource.burn_per_hour, importance=7, right=True),
    ),
    record=_record,
    facts=_facts,
    tally=_tally,
    empty="No deployments of endpoints here: deploy a model with `az ml online-deployment create`.",
    actions=(SHIFT, SCALE, DELETE),
    order=_order,
    fields=(
        Field(
            Spec("state", Shape.TEXT, "as the service tells it"),
            lambda r: r.resource.provisioning_state,
        ),
        Field(
            Spec("kind", Shape.CHOICE, "what answers", ("online", "batch", "kubernetes")),
            lambda r: _kind(r.resource),
        ),
        Field(Spec("endpoint", Shape.TEXT, "its endpoint"), lambda r: r.resource.endpoint),
        Field(Spec("model", Shape.TEXT, "what it serves"), lambda r: r.resource.model),
        Field(
            Spec("traffic", Shape.CHOICE, "whether anybody asks it", ("none", "some")),
            lambda r: "none" if r.resource.is_ghost else "some",
        ),
        Field(
            Spec("user", Shape.PERSON, "who made it: me, or a name", aliases=("by", "owner")),
            lambda r: r.resource.owner,
        ),
        *common(lambda each: each.created, lambda each: {}),
    ),
    toggles=(
        Toggle("exclamation_mark", "Failures", "health:bad"),
        Toggle("Z", "No traffic", "traffic:none"),
        Toggle("M", "Mine", "user:me"),
    ),
    calm=60.0,
    resource=Deployment,
)
