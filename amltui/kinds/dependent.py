"""What a workspace stands on, in columns and in full, with what each was billed."""

from __future__ import annotations

from collections.abc import Sequence

from amltui.domain.dependent import GONE, Dependent
from amltui.domain.health import Health
from amltui.domain.workspace import Workspace
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell, Column, Fact, Row


def _state(row: Row[Dependent]) -> Cell:
    each = row.resource
    if each.is_gone:
        return Cell(GONE, Health.BAD)
    # Not every provider tells a state: that the resource is there is all that is known then.
    return Cell(each.state or "there", each.health if each.state else None)


def _access(row: Row[Dependent]) -> Cell:
    each = row.resource
    if each.is_closed:
        return Cell(f"closed: {each.access}", Health.ATTENTION)
    return Cell(each.access or fmt.UNKNOWN, dim=True)


def _month(row: Row[Dependent]) -> str:
    billed = row.resource.billed
    return fmt.NONE if billed is None else f"{billed.month:,.2f}"


DEPENDENTS: Sequence[Column[Dependent]] = (
    Column("WHAT", lambda r: r.resource.what, 11, importance=8),
    Column("NAME", lambda r: r.resource.name, 18, flex=2, importance=9),
    Column("STATE", _state, 11, importance=7),
    Column("SKU", lambda r: r.resource.sku or fmt.UNKNOWN, 13, importance=3),
    Column("REGION", lambda r: r.resource.location or fmt.UNKNOWN, 13, importance=2),
    Column("NETWORK", _access, 16, importance=4),
    Column(
        "MONTH",
        _month,
        9,
        sort=lambda r: r.resource.billed and r.resource.billed.month,
        importance=6,
        right=True,
    ),
)


def itself(workspace: Workspace) -> Dependent:
    """The workspace as a line among what it stands on: it has a bill of its own."""
    return Dependent(
        workspace.id,
        "workspace",
        workspace.id.path,
        state=workspace.provisioning_state,
        sku=workspace.kind,
        location=workspace.location,
        access=workspace.public_access,
    )


def total(listed: Sequence[Dependent]) -> str:
    """`billed since the 1st: 812.40 USD`, a sum for each currency."""
    sums: dict[str, float] = {}
    for each in listed:
        if each.billed is not None:
            currency = each.billed.currency
            sums[currency] = sums.get(currency, 0.0) + each.billed.month
    told = " and ".join(f"{amount:,.2f} {currency}" for currency, amount in sums.items())
    return f"{told} since the 1st, up to a day late" if told else "nothing is told of this month"


def facts(row: Row[Dependent], portal: str) -> Sequence[Fact]:
    """Everything that is known of one, and where it is in the portal."""
    each = row.resource
    url = f"{portal}/#@/resource{each.id}"
    told = [
        Fact("what it is", each.what),
        Fact("state", _state(row)),
        Fact("id", each.id),
        Fact("region", each.location or fmt.UNKNOWN),
        Fact("sku", each.sku or fmt.UNKNOWN),
        Fact("network", _access(row)),
        Fact("billed", f"{_month(row)} {each.billed.currency if each.billed else ''}".strip()),
        Fact("portal", Cell(url, link=url)),
    ]
    if each.is_gone:
        why = "it was deleted, or this account may not see it; D on the workspace diagnoses"
        told.insert(2, Fact("why", Cell(why, Health.ATTENTION)))
    return told
