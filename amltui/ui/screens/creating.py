"""The forms of what is new: what their lines make, as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import Compute, ComputeKind
from amltui.domain.workspace import Workspace
from amltui.kinds import compute_draft, workspace_making
from amltui.kinds.compute_draft import Draft
from amltui.kinds.creating import blanks, create
from amltui.kinds.kind import Form, Row
from amltui.kinds.plan import Forbids, Plan
from amltui.ui.screens.form import Planner
from amltui.ui.session import Scope


def of_compute(scope: Scope, now: datetime, forbids: Forbids) -> tuple[Form[Any], Planner, Plan]:
    """The form of a compute, what its words mean, and the plan before anything is typed."""
    places = {place.name: place for place in scope.workspaces}
    here = scope.current or scope.workspaces[0]
    lines = blanks(here.name, list(places))

    def plan(words: Mapping[str, str]) -> Plan:
        read = {each.name: each.read(words[each.name]) for each in lines}
        compute = compute_draft.of(
            places[read["workspace"]],
            read["kind"],
            read["name"],
            read["size"],
            tier=read["tier"],
            least=read["min"],
            most=read["max"],
            idle=read["idle"],
        )
        return Plan.of(create(Draft(compute)), [Row(compute, now)], forbids)

    empty = Compute(here, "…", ComputeKind.CLUSTER, "AmlCompute", None, None)
    first = Plan(create(Draft(empty)), (Row(empty, now),), ())
    return Form(lines, lambda _: first.action), plan, first


def of_workspace(
    scope: Scope, region: str, now: datetime, forbids: Forbids
) -> tuple[Form[Any], Planner, Plan]:
    """The same of a workspace, beside the one that is looked at."""
    near = scope.current or next(iter(scope.workspaces), None)
    lines = workspace_making.blanks(near, region)

    def plan(words: Mapping[str, str]) -> Plan:
        read = {each.name: each.read(words[each.name]) for each in lines}
        workspace = workspace_making.of(
            read["subscription"],
            read["group"],
            read["name"],
            read["region"],
            read["kind"],
            read["uses"],
        )
        action = workspace_making.create(read["description"])
        return Plan.of(action, [Row(workspace, now)], forbids)

    place = near or WorkspaceId("…", "…", "…")
    empty = Workspace(WorkspaceId(place.subscription_id, place.resource_group, "…"), "Default",
                      region or "…", None)  # fmt: skip
    first = Plan(workspace_making.create(), (Row(empty, now),), ())
    return Form(lines, lambda _: first.action), plan, first
