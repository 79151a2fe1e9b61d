"""The form of a new compute: what its lines make, as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from amltui.domain.compute import Compute, ComputeKind
from amltui.kinds import compute_draft
from amltui.kinds.compute_draft import Draft
from amltui.kinds.creating import blanks, create
from amltui.kinds.kind import Form, Row
from amltui.kinds.plan import Forbids, Plan
from amltui.ui.screens.form import Planner
from amltui.ui.session import Scope


def planner(scope: Scope, now: datetime, forbids: Forbids) -> tuple[Form[Any], Planner, Plan]:
    """The form, what its words mean, and the plan before anything is typed."""
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
