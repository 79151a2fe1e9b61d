"""Compute instances, clusters and attached computes: what is on, and switching it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from amltui.azure import serverless
from amltui.domain.compute import Compute, ComputeKind, Nodes
from amltui.domain.health import Health
from amltui.domain.query.condition import Shape, Spec
from amltui.kinds import format as fmt
from amltui.kinds.clockwork import SCHEDULE, brief, told
from amltui.kinds.compute_end import DELETE_COMPUTE
from amltui.kinds.compute_words import spanned
from amltui.kinds.fields import Field, common
from amltui.kinds.idling import IDLE_SHUTDOWN
from amltui.kinds.kind import Cell, Column, Fact, Kind, Part, PerWorkspace, Row, Toggle
from amltui.kinds.resizing import RESIZE
from amltui.kinds.scaling import SCALE, SCALE_DOWN
from amltui.kinds.switching import SWITCHES, hourly

_BAR = 6
"""Cells of a cluster's bar."""


def _state(row: Row[Compute]) -> Cell:
    if row.pending:
        return Cell(row.pending, Health.BUSY)
    compute = row.resource
    provisioning = compute.provisioning_state or fmt.UNKNOWN
    if provisioning.lower() != "succeeded":
        return Cell(provisioning, compute.health)
    return Cell(compute.state or fmt.UNKNOWN, compute.health)


def _size(row: Row[Compute]) -> str:
    size = row.resource.size
    if size is None:
        return row.resource.type
    short = size[9:] if size.upper().startswith("STANDARD_") else size
    return f"{short} spot" if row.resource.low_priority else short


def node_bar(nodes: Nodes, width: int = _BAR) -> str:
    """`██▒░··`: running, preparing or leaving, idle, and room that is left."""
    room = nodes.maximum if nodes.maximum is not None else max(nodes.billed, 1)
    scale = min(1.0, width / room) if room else 1.0
    moving = nodes.preparing + nodes.leaving + nodes.unusable
    bar = ""
    for count, glyph in ((nodes.running, "█"), (moving, "▒"), (nodes.idle, "░")):
        bar += glyph * max(round(count * scale), int(count > 0))
    return bar[:width].ljust(min(room, width) or 1, "·")


def _held(compute: Compute) -> Cell:
    """Machines that are there with jobs; how many those of a sweep hold nobody tells."""
    nodes = compute.nodes
    if nodes is None:
        return Cell(f"{fmt.UNKNOWN} machines", dim=True)
    return Cell(f"{nodes.billed} machine{'s' * (nodes.billed != 1)}")


def _nodes(row: Row[Compute]) -> Cell:
    compute = row.resource
    if compute.kind is ComputeKind.INSTANCE:
        since = compute.on_since
        if since is None:
            return Cell(f"on {fmt.UNKNOWN}" if compute.is_on else "off", dim=True)
        return Cell(f"on {fmt.duration((row.now - since).total_seconds())}")
    if compute.is_serverless:
        return _held(compute)
    nodes = compute.nodes
    if nodes is None:
        return Cell(fmt.NONE if compute.kind is not ComputeKind.CLUSTER else fmt.UNKNOWN, dim=True)
    room = fmt.UNKNOWN if nodes.maximum is None else str(nodes.maximum)
    count = f"{nodes.running}/{nodes.idle}/{nodes.preparing}/{room}"
    return Cell(count, bar=f"{node_bar(nodes):<{_BAR}}")


def _idle_stop(row: Row[Compute]) -> Cell:
    if row.resource.kind is not ComputeKind.INSTANCE:
        return Cell(fmt.NONE, dim=True)
    setting = row.resource.idle_shutdown
    return Cell(fmt.idle(setting), dim=setting is not None)


def _burn(row: Row[Compute]) -> Cell:
    if not row.resource.is_billed:
        return Cell("n/a", dim=True)
    burn = row.resource.burn_per_hour
    return Cell(fmt.money(burn), dim=not burn)


def _order(compute: Compute) -> tuple[int, str, str]:
    """By kind, workspace and name: nothing moves when a state changes."""
    kinds = (ComputeKind.CLUSTER, ComputeKind.INSTANCE)
    rank = kinds.index(compute.kind) if compute.kind in kinds else len(kinds)
    return rank, compute.workspace.name.lower(), compute.name.lower()


def _errors(row: Row[Compute]) -> str:
    return fmt.one_line(row.resource.errors[0]) if row.resource.errors else ""


def _facts(row: Row[Compute]) -> Sequence[Fact]:
    compute = row.resource
    facts = [
        Fact("state", _state(row)),
        Fact("size", f"{compute.size or fmt.NONE}  {compute.type}"),
        Fact("price", _price(compute)),
    ]
    if operation := compute.last_operation:
        by = f" by {operation.trigger}" if operation.trigger else ""
        status = f" {operation.status}" if operation.status else ""
        when = f", {fmt.ago(operation.time, row.now)}" if operation.time else ""
        facts.append(Fact("last operation", f"{operation.name}{by}{status}{when}"))
    if since := compute.on_since:
        hours = (row.now - since).total_seconds() / 3600
        spent = None if compute.price_per_hour is None else hours * compute.price_per_hour
        facts.append(Fact("spent since start", f"~${fmt.money(spent)} retail ({hours:,.1f} h)"))
    if compute.kind is ComputeKind.INSTANCE:
        facts.append(Fact("idle shutdown", fmt.idle(compute.idle_shutdown)))
        facts += [Fact("schedule", told(each)) for each in compute.schedules]
    if compute.is_serverless:
        return _of_jobs(row)
    if nodes := compute.nodes:
        facts.append(
            Fact(
                "nodes",
                f"running {nodes.running}  idle {nodes.idle}  preparing {nodes.preparing}"
                f"  leaving {nodes.leaving}  preempted {nodes.preempted}"
                f"  unusable {nodes.unusable}",
            )
        )
        room = fmt.UNKNOWN if nodes.maximum is None else nodes.maximum
        stays = fmt.UNKNOWN if compute.scale_down is None else spanned(compute.scale_down)
        facts.append(Fact("scale", f"min {nodes.minimum}  max {room}  idle nodes stay {stays}"))
    facts += [
        Fact("owner", compute.owner or fmt.NONE),
        Fact("workspace", f"{compute.workspace.name} · {compute.location or fmt.UNKNOWN}"),
        Fact("created", fmt.ago(compute.created, row.now)),
        Fact("tags", fmt.own_tags(compute.tags) or fmt.NONE),
    ]
    facts += _reaching(compute)
    errors = [Fact("error", Cell(fmt.one_line(text), Health.BAD)) for text in compute.errors]
    return [*facts[:1], *errors, *facts[1:]]


def _of_jobs(row: Row[Compute]) -> list[Fact]:
    """What is known of machines that come with jobs."""
    compute = row.resource
    machines = "unknown: the trials of a sweep, and the steps of a pipeline, hold them"
    if nodes := compute.nodes:
        machines = f"running {nodes.running}  getting ready or being left {nodes.preparing}"
    return [
        Fact("state", _state(row)),
        Fact("size", compute.size or "unknown: the jobs do not name one"),
        Fact("price", _price(compute)),
        Fact("machines", machines),
        Fact("owner", compute.owner or "several people, or unknown: the jobs tell"),
        Fact("workspace", compute.workspace.name),
        Fact("what it is", "machines without a compute: they come with a job, and leave with it"),
        Fact("not in it", "jobs behind the newest 100, and the steps of pipelines", aside=True),
    ]


def _price(compute: Compute) -> str:
    if not compute.is_billed:
        return "billed where it is, not with the workspace"
    return f"{hourly(compute)} a machine, now ${fmt.money(compute.burn_per_hour)}/h"


def _reaching(compute: Compute) -> list[Fact]:
    """How one gets onto it, and whose it is besides its owner's."""
    facts = []
    if compute.kind is ComputeKind.INSTANCE:
        closed = "closed: it was made without ssh"
        facts.append(Fact("ssh", compute.shell.command if compute.shell else closed, aside=True))
    facts += [
        Fact(fmt.one_line(each.name), Cell(each.address, link=each.address), aside=True)
        for each in compute.applications
    ]
    if compute.assigned:
        facts.append(Fact("made for", compute.assigned, aside=True))
    if compute.attached:
        facts.append(Fact("attached", compute.attached))
    return facts


def _last(row: Row[Compute]) -> str:
    """What was done to it last, and by whom or what."""
    operation = row.resource.last_operation
    if operation is None:
        return fmt.NONE
    return f"{operation.name} by {operation.trigger or fmt.UNKNOWN}"


def _tally(listed: Sequence[Compute]) -> Sequence[Cell]:
    on = sum(compute.is_on for compute in listed)
    nodes = sum(compute.nodes.billed for compute in listed if compute.nodes)
    failed = sum(compute.health is Health.BAD for compute in listed)
    burns = [compute.burn_per_hour for compute in listed]
    known = sum(burn for burn in burns if burn)
    unpriced = any(
        burn is None and compute.is_billed for burn, compute in zip(burns, listed, strict=True)
    )
    return (
        Cell(f"on {on}"),
        Cell(f"nodes {nodes}"),
        Cell(f"err {failed}", Health.BAD if failed else None),
        Cell(f"{'≥ ' if unpriced else ''}${known:,.2f}/h"),
    )


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def _record(compute: Compute, now: datetime) -> dict[str, object]:
    nodes, operation = compute.nodes, compute.last_operation
    return {
        "name": compute.name,
        "kind": compute.kind.value,
        "type": compute.type,
        "state": compute.state,
        "provisioning_state": compute.provisioning_state,
        "size": compute.size,
        "low_priority": compute.low_priority,
        "workspace": compute.workspace.name,
        "resource_group": compute.workspace.resource_group,
        "subscription_id": compute.workspace.subscription_id,
        "location": compute.location,
        "nodes": nodes
        and {
            "running": nodes.running,
            "idle": nodes.idle,
            "preparing": nodes.preparing,
            "leaving": nodes.leaving,
            "preempted": nodes.preempted,
            "unusable": nodes.unusable,
            "current": nodes.current,
            "target": nodes.target,
            "min": nodes.minimum,
            "max": nodes.maximum,
        },
        "owner": compute.owner,
        "created": fmt.iso(compute.created),
        "last_operation": operation
        and {
            "name": operation.name,
            "status": operation.status,
            "time": fmt.iso(operation.time),
            "trigger": operation.trigger,
        },
        "on_since": fmt.iso(compute.on_since),
        "idle_shutdown": _seconds(compute.idle_shutdown),
        "idle_before_scale_down": _seconds(compute.scale_down),
        "schedules": [
            {
                "action": each.action,
                "when": each.when,
                "zone": each.zone,
                "enabled": each.is_enabled,
            }
            for each in compute.schedules
        ],
        "applications": {each.name: each.address for each in compute.applications},
        "ssh": compute.shell and compute.shell.command,
        "attached": compute.attached,
        "price_per_hour": compute.price_per_hour,
        "burn_per_hour": compute.burn_per_hour,
        "errors": list(compute.errors),
        "tags": compute.tags,
    }


_FIELDS: tuple[Field[Compute], ...] = (
    Field(
        Spec("kind", Shape.CHOICE, "what it is", tuple(kind.value for kind in ComputeKind)),
        lambda r: r.resource.kind.value,
    ),
    Field(Spec("state", Shape.TEXT, "as the list shows it"), lambda r: _state(r).text),
    Field(
        Spec("size", Shape.TEXT, "its machines: size:*A100*"),
        lambda r: (_size(r), r.resource.size or ""),
    ),
    Field(
        Spec("owner", Shape.PERSON, "whose it is: me, or a name", aliases=("user", "by")),
        lambda r: r.resource.owner,
    ),
    Field(
        Spec("nodes", Shape.NUMBER, "machines that are paid for"),
        lambda r: r.resource.nodes and r.resource.nodes.billed,
    ),
    Field(
        Spec("price", Shape.NUMBER, "USD an hour now", aliases=("burn",)),
        lambda r: r.resource.burn_per_hour,
    ),
    Field(Spec("region", Shape.TEXT, "where its machines are"), lambda r: r.resource.location),
    Field(
        Spec("idle", Shape.SPAN, "after how long unused it stops"),
        lambda r: _seconds(r.resource.idle_shutdown),
    ),
    Field(Spec("error", Shape.TEXT, "what is wrong: error:~quota"), lambda r: r.resource.errors),
    *common(lambda compute: compute.created, lambda compute: compute.tags),
)

COMPUTE: Kind[Compute] = Kind(
    name="compute",
    title="Compute",
    key="3",
    noun=("compute", "computes"),
    source=PerWorkspace(serverless.with_computes),
    columns=(
        Column("KIND", lambda r: r.resource.kind.value, 10, importance=3),
        Column("NAME", lambda r: r.resource.name, 14, flex=2, importance=9),
        Column("WORKSPACE", lambda r: r.resource.workspace.name, 12, importance=4, scattered=True),
        Column("STATE", _state, 13, importance=8),
        Column("SIZE", _size, 15, flex=1, importance=5),
        Column(
            "ON / r/i/p/max",
            _nodes,
            16,
            sort=lambda r: r.resource.on_since,
            importance=6,
        ),
        Column("IDLE", _idle_stop, 4, sort=lambda r: r.resource.idle_shutdown, importance=2),
        Column("SCHEDULE", lambda r: brief(r.resource), 14, importance=1),
        Column("LAST", _last, 13, importance=1),
        Column("OWNER", lambda r: fmt.person(r.resource.owner), 6, importance=4),
        Column(
            "$/h",
            _burn,
            6,
            sort=lambda r: r.resource.burn_per_hour,
            importance=7,
            right=True,
        ),
        Column("ERROR", _errors, 24, flex=1, importance=1),
    ),
    order=_order,
    record=_record,
    facts=_facts,
    tally=_tally,
    empty="No computes here: create one in the studio or with `az ml compute create`.",
    actions=(
        *SWITCHES,
        IDLE_SHUTDOWN,
        SCHEDULE,
        SCALE,
        SCALE_DOWN,
        RESIZE,
        DELETE_COMPUTE,
    ),
    fields=_FIELDS,
    parts=(Part("jobs", "J", "Jobs"),),
    toggles=(
        Toggle("M", "Mine", "owner:me"),
        Toggle("exclamation_mark", "Failures", "health:bad"),
    ),
    resource=Compute,
)
