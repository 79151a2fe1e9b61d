"""The world that the service answers from. It does not tick: what is follows from records and now.

A change by a client goes into a record and through `save`, which keeps it for the next start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from amltui.emulator.arm.computes import Compute
from amltui.emulator.arm.places import Subscription, Workspace, guid
from amltui.emulator.blobs.sas import Signer
from amltui.emulator.clock import Clock
from amltui.emulator.faults import FaultPlan
from amltui.emulator.jobs.book import Occupant
from amltui.emulator.routes.service import JobService, Site
from amltui.emulator.state import StateFile
from amltui.emulator.tokens import Mint


@dataclass(frozen=True)
class Operation:
    """A long-running operation on a compute: its state follows from the clock."""

    id: str
    began: float
    takes: float
    error: str | None = None

    def body(self, now: float) -> dict[str, Any]:
        """As `computeOperationsStatus` writes it, always with 200."""
        if now < self.began + self.takes:
            return {"status": "InProgress"}
        if self.error is None:
            return {"status": "Succeeded", "percentComplete": 100.0}
        error = {"code": "UserError", "message": self.error, "details": [], "additionalInfo": []}
        return {"status": "Failed", "error": error}


@dataclass
class World:
    """Tenant, subscriptions, workspaces, and all that is in them."""

    clock: Clock
    seed: int = 0
    identity_header: str = "secret"
    page_size: int = 10
    state: StateFile = field(default_factory=lambda: StateFile(":memory:"))
    faults: FaultPlan = field(default_factory=FaultPlan)
    subscriptions: list[Subscription] = field(default_factory=list)
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    computes: dict[str, dict[str, Compute]] = field(default_factory=dict)
    """By the workspace's id, then by the compute's name, all in lower case."""
    operations: dict[str, Operation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tenant = guid("tenant", "contoso")
        # Keys follow from the seed, so that tokens and links outlive a restart of the same world.
        key = guid("key", str(self.seed)).encode()
        self.mint = Mint(key, self.tenant)
        self.jobs = JobService(self._sites, self.clock.now, Signer(key), page_size=self.page_size)
        self.jobs.book.save = self.state.save
        self.jobs.models.save = self.state.save
        self.epoch = self._kept_epoch()
        """When the story began: stays the same over restarts of a kept world."""

    def _kept_epoch(self) -> float:
        for table, _, value in self.state.records():
            if table == "world":
                return float(value["epoch"])
        now = self.clock.now()
        self.state.save("world", "", {"epoch": now})
        return now

    @property
    def now(self) -> float:
        return self.clock.now()

    def _sites(self) -> list[Site]:
        return [
            Site(
                place.id,
                place.location,
                self.tenant,
                place.guid,
                place.account,
                self._names_of(place),
            )
            for place in self.workspaces.values()
        ]

    def _names_of(self, place: Workspace) -> Callable[[], set[str]]:
        return lambda: set(self.computes.get(place.id.lower(), {}))

    def add(self, place: Workspace, *computes: Compute) -> None:
        """Make a workspace with its computes."""
        self.workspaces[place.id.lower()] = place
        self.computes[place.id.lower()] = {each.name.lower(): each for each in computes}

    def put(self, compute: Compute) -> None:
        """Keep a compute, new or changed."""
        self.computes[compute.workspace.lower()][compute.name.lower()] = compute
        self.state.save("computes", compute.key, compute.to_json())

    def occupants(self, compute: Compute) -> list[Occupant]:
        """The jobs that hold the compute now."""
        return self.jobs.book.running_on(compute.workspace, compute.name, self.now)

    def begin(self, compute: Compute) -> Operation:
        """Follow the change that a compute has just begun."""
        change = compute.change
        assert change is not None
        operation = Operation(str(uuid4()), change.began, change.takes, change.error)
        self.operations[operation.id] = operation
        value = {
            "id": operation.id,
            "began": operation.began,
            "takes": operation.takes,
            "error": operation.error,
        }
        self.state.save("operations", operation.id, value)
        return operation

    def restore(self) -> None:
        """Take back what an earlier start has kept."""
        for table, _, value in self.state.records():
            if table == "computes":
                compute = Compute.from_json(value)
                self.computes.setdefault(compute.workspace.lower(), {})[compute.name.lower()] = (
                    compute
                )
            elif table == "operations":
                self.operations[value["id"]] = Operation(**value)
            elif table != "world":
                self.jobs.restore(table, value)
