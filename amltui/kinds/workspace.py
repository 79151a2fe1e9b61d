"""Workspaces, over all subscriptions that the signed-in user can read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from amltui.azure import registries, workspaces
from amltui.domain.health import Health
from amltui.domain.query.condition import Shape, Spec
from amltui.domain.workspace import Workspace
from amltui.kinds import format as fmt
from amltui.kinds.fields import Field, common
from amltui.kinds.kind import Cell, Column, Fact, Kind, Part, PerCloud, Row, Toggle
from amltui.kinds.workspace_actions import WORKSPACE_ACTIONS


def _state(row: Row[Workspace]) -> Cell:
    if row.pending:
        return Cell(row.pending, Health.BUSY)
    unknown = "there" if row.resource.is_registry else fmt.UNKNOWN
    return Cell(row.resource.provisioning_state or unknown, row.resource.health)


def _last(id_: str | None) -> str:
    """The name at the end of an id."""
    return (id_ or "").rstrip("/").rpartition("/")[2] or fmt.NONE


def _facts(row: Row[Workspace]) -> Sequence[Fact]:
    workspace = row.resource
    if workspace.is_registry:
        return _of_registry(row)
    return [
        Fact("state", _state(row)),
        Fact("kind", workspace.kind),
        Fact("friendly name", workspace.friendly_name or fmt.NONE),
        Fact("region", workspace.location or fmt.UNKNOWN),
        Fact("group", workspace.id.resource_group),
        Fact("subscription", workspace.id.subscription_id),
        Fact("created", fmt.ago(workspace.created, row.now, workspace.created_by)),
        Fact("tags", fmt.own_tags(workspace.tags) or fmt.NONE),
        Fact("hub", _last(workspace.hub), aside=True),
        Fact("public access", workspace.public_access or fmt.UNKNOWN, aside=True),
        Fact("isolation", workspace.isolation or fmt.UNKNOWN, aside=True),
        Fact("private endpoints", _ways_in(workspace), aside=True),
        *([Fact("projects", _projects(workspace))] if workspace.projects else ()),
        Fact("identity", workspace.identity or fmt.UNKNOWN, aside=True),
        *(
            Fact(name, _last(workspace.stands_on.get(name)), aside=True)
            for name in workspaces.STANDS_ON
        ),
        Fact("mlflow", workspace.mlflow_tracking_uri or fmt.NONE, aside=True),
        Fact("id", workspace.id.path, aside=True),
    ]


def _of_registry(row: Row[Workspace]) -> Sequence[Fact]:
    registry = row.resource
    return [
        Fact("state", _state(row)),
        Fact("kind", "Registry: models, environments, components and data for every workspace"),
        Fact("regions", ", ".join(registry.regions) or registry.location or fmt.UNKNOWN),
        Fact("group", registry.id.resource_group),
        Fact("subscription", registry.id.subscription_id),
        Fact("created", fmt.ago(registry.created, row.now, registry.created_by)),
        Fact("tags", fmt.own_tags(registry.tags) or fmt.NONE),
        Fact("public access", registry.public_access or fmt.UNKNOWN, aside=True),
        Fact("identity", registry.identity or fmt.UNKNOWN, aside=True),
        Fact("mlflow", registry.mlflow_tracking_uri or fmt.NONE, aside=True),
        Fact("id", registry.id.path, aside=True),
    ]


def _ways_in(workspace: Workspace) -> Cell:
    """Those of virtual networks; that there is no other way is what explains many a refusal."""
    told = ", ".join(
        f"{each.name} {each.status or fmt.UNKNOWN}" for each in workspace.private_endpoints
    )
    if not workspace.is_closed:
        return Cell(told or fmt.NONE)
    ways = told or "there is none"
    return Cell(f"{ways}: only through one can its data be read", Health.ATTENTION)


def _projects(workspace: Workspace) -> str:
    return ", ".join(_last(each) for each in workspace.projects)


def _tally(listed: Sequence[Workspace]) -> Sequence[Cell]:
    failed = sum(workspace.health is Health.BAD for workspace in listed)
    registries = sum(workspace.is_registry for workspace in listed)
    told = (Cell(f"fail {failed}", Health.BAD if failed else None),)
    return (Cell(f"registries {registries}"), *told) if registries else told


def _record(workspace: Workspace, now: datetime) -> dict[str, object]:
    return {
        "id": workspace.id.path,
        "name": workspace.name,
        "kind": workspace.kind,
        "location": workspace.location,
        "resource_group": workspace.id.resource_group,
        "subscription_id": workspace.id.subscription_id,
        "provisioning_state": workspace.provisioning_state,
        "friendly_name": workspace.friendly_name,
        "created": fmt.iso(workspace.created),
        "created_by": workspace.created_by,
        "mlflow_tracking_uri": workspace.mlflow_tracking_uri,
        "tags": workspace.tags,
        "hub": workspace.hub,
        "public_network_access": workspace.public_access,
        "isolation_mode": workspace.isolation,
        "identity": workspace.identity,
        "private_endpoints": {each.name: each.status for each in workspace.private_endpoints},
        "projects": list(workspace.projects),
        "regions": list(workspace.regions),
        "stands_on": workspace.stands_on,
    }


WORKSPACE: Kind[Workspace] = Kind(
    name="workspace",
    title="Workspaces",
    key="9",
    noun=("workspace", "workspaces"),
    source=PerCloud(registries.with_workspaces),
    columns=(
        Column("NAME", lambda r: r.resource.name, 18, flex=2, importance=9),
        Column("KIND", lambda r: r.resource.kind, 12, importance=3),
        Column("STATE", _state, 12, importance=8),
        Column("REGION", lambda r: r.resource.location or fmt.UNKNOWN, 14, importance=6),
        Column("GROUP", lambda r: r.resource.id.resource_group, 16, flex=1, importance=5),
        Column("SUBSCRIPTION", lambda r: r.resource.id.subscription_id, 36, importance=2),
        Column(
            "AGE",
            lambda r: fmt.age(r.resource.created, r.now),
            5,
            sort=lambda r: r.resource.created,
            importance=4,
            right=True,
        ),
    ),
    record=_record,
    facts=_facts,
    tally=_tally,
    empty="No workspace that this account can read: check the tenant with `amltui doctor`.",
    order=lambda workspace: workspace.name.lower(),
    fields=(
        Field(
            Spec("kind", Shape.TEXT, "default, hub, project, registry …"), lambda r: r.resource.kind
        ),
        Field(
            Spec("state", Shape.TEXT, "as the list shows it"),
            lambda r: r.resource.provisioning_state,
        ),
        Field(Spec("region", Shape.TEXT, "where it is"), lambda r: r.resource.location),
        Field(
            Spec("group", Shape.TEXT, "its resource group"), lambda r: r.resource.id.resource_group
        ),
        Field(
            Spec("subscription", Shape.TEXT, "by its id", aliases=("sub",)),
            lambda r: r.resource.id.subscription_id,
        ),
        *common(lambda workspace: workspace.created, lambda workspace: workspace.tags),
    ),
    actions=WORKSPACE_ACTIONS,
    parts=(Part("diagnosis", "D", "Diagnose"),),
    toggles=(Toggle("exclamation_mark", "Failures", "health:bad"),),
    calm=120.0,
    resource=Workspace,
)
