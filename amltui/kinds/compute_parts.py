"""What is on a compute: its nodes with the jobs on them, and the jobs of the last days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import Compute, Node
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.machine_load import CPU, GPU, MachineLoad
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell, Column, Fact, Row
from amltui.kinds.machine_load import last_of

LATELY = timedelta(days=7)
"""What counts as jobs that were on it lately."""
_HEALTH = {
    "running": Health.GOOD,
    "idle": Health.IDLE,
    "preparing": Health.BUSY,
    "leaving": Health.BUSY,
    "preempted": Health.ATTENTION,
    "unusable": Health.BAD,
}


class Machine(Struct, frozen=True):
    """A node with what runs on it."""

    node: Node
    workspace: WorkspaceId
    job: Job | None
    """None where nothing runs, and where the job is none of those that were read."""
    load: MachineLoad | None = None
    """Of all machines of its cluster; None where Azure Monitor has not told it."""

    @property
    def key(self) -> str:
        return self.node.id

    @property
    def name(self) -> str:
        return self.node.id

    @property
    def health(self) -> Health:
        return _HEALTH.get((self.node.state or "").lower(), Health.UNKNOWN)


def machines(
    compute: Compute, nodes: Sequence[Node], jobs: Sequence[Job], load: MachineLoad | None = None
) -> list[Machine]:
    """The nodes in the service's order."""
    known = {job.name: job for job in jobs}
    return [Machine(each, compute.workspace, known.get(each.run_id or ""), load) for each in nodes]


def on(compute: Compute, jobs: Sequence[Job]) -> list[Job]:
    """The jobs of its workspace that name it, the newest first."""
    return [
        job
        for job in jobs
        if job.workspace.key == compute.workspace.key
        and (job.compute or "").lower() == compute.name.lower()
        and (not compute.is_serverless or is_same(compute.size, job.instance_type))
    ]


def is_same(size: str | None, other: str | None) -> bool:
    """Whether these are names of the same size, or both unknown."""
    return (size or "").lower() == (other or "").lower()


def has_node_list(compute: Compute) -> bool:
    """Whether the service tells its machines one by one."""
    return compute.nodes is not None and not compute.is_serverless


def counted(compute: Compute, jobs: Sequence[Job], now: datetime, *, more: bool) -> Fact:
    """How many run, wait, and were there in 7 days; at least so many where not all were read."""
    mine = on(compute, jobs)
    running = sum(job.health in {Health.GOOD, Health.ATTENTION} for job in mine)
    waiting = sum(job.health in {Health.WAITING, Health.BUSY} for job in mine)
    lately = sum(job.created is not None and now - job.created <= LATELY for job in mine)
    oldest = min((job.created for job in jobs if job.created is not None), default=None)
    cut = more and oldest is not None and now - oldest < LATELY
    seen = f"{'≥ ' if cut else ''}{lately} in 7 d"
    return Fact("jobs on it", f"{running} running · {waiting} waiting or starting · {seen}")


def _job(row: Row[Machine]) -> Cell:
    machine = row.resource
    if machine.job is not None:
        return Cell(machine.job.title, machine.job.health)
    return Cell(machine.node.run_id or fmt.NONE, dim=machine.node.run_id is None)


def _ran(row: Row[Machine]) -> str:
    job = row.resource.job
    return fmt.NONE if job is None else fmt.duration(job.seconds(row.now))


def _address(row: Row[Machine]) -> str:
    node = row.resource.node
    if node.public_ip and node.port:
        return f"{node.public_ip}:{node.port}"
    return node.private_ip or node.public_ip or fmt.NONE


def _state(row: Row[Machine]) -> Cell:
    return Cell(row.resource.node.state or fmt.UNKNOWN, row.resource.health)


NODES: Sequence[Column[Machine]] = (
    Column("NODE", lambda r: r.resource.name, 18, flex=1, importance=7),
    Column("STATE", _state, 12, importance=9),
    Column("JOB", _job, 22, flex=3, importance=8),
    Column("BY", lambda r: fmt.person(getattr(r.resource.job, "created_by", None)), 10,
           importance=4),
    Column("TIME", _ran, 8, importance=5, right=True),
    Column("GPU", lambda r: last_of(r.resource.load, GPU, r.resource.name), 4, importance=6,
           right=True),
    Column("CPU", lambda r: last_of(r.resource.load, CPU, r.resource.name), 4, importance=2,
           right=True),
    Column("IP", _address, 20, importance=3),
)  # fmt: skip
JOBS: Sequence[Column[Job]] = (
    Column("STATUS", lambda r: Cell(r.resource.status or fmt.UNKNOWN, r.resource.health), 12,
           importance=8),
    Column("JOB", lambda r: r.resource.title, 22, flex=3, importance=9),
    Column("BY", lambda r: fmt.person(r.resource.created_by), 10, importance=5),
    Column("AGE", lambda r: fmt.age(r.resource.created, r.now), 5, importance=6, right=True),
    Column("TIME", lambda r: fmt.duration(r.resource.seconds(r.now)), 8, importance=7, right=True),
)  # fmt: skip


def columns_for(compute: Compute) -> Sequence[Column[Any]]:
    """A cluster has nodes, anything else only jobs."""
    return NODES if has_node_list(compute) else JOBS
