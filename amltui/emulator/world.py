"""The world that the service answers from. It does not tick: what is follows from records and now.

A change by a client goes into a record and is saved, which keeps it for the next start. A
workspace is filled by its scenario when somebody first looks into it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from amltui.emulator import job_outputs, registries
from amltui.emulator.activity import TABLE as ACTIVITY
from amltui.emulator.activity import ActivityLog
from amltui.emulator.blobs.sas import Signer
from amltui.emulator.blobs.storage import Storage
from amltui.emulator.clock import Clock
from amltui.emulator.computes.record import CLUSTER, Compute
from amltui.emulator.computes.sight import Sight, seen
from amltui.emulator.endpoints.ledger import TABLE as REQUESTS
from amltui.emulator.endpoints.ledger import Ledger
from amltui.emulator.faults import FaultPlan
from amltui.emulator.jobs import book
from amltui.emulator.jobs.book import JobBook
from amltui.emulator.jobs.sources import Source
from amltui.emulator.limits import Limits
from amltui.emulator.operations import TABLE as OPERATIONS
from amltui.emulator.operations import Operations
from amltui.emulator.places import PROVIDER, ResourceGroup, Subscription, Workspace, guid
from amltui.emulator.resources import TABLE as RESOURCES
from amltui.emulator.resources import Resource, Shelf
from amltui.emulator.schedules.jobs import ScheduledJobs
from amltui.emulator.state import StateFile
from amltui.emulator.tokens import Mint


def _nothing(world: World, place: Workspace) -> None:
    del world, place


def _none(place: Workspace, epoch: float) -> Iterable[Resource]:
    del place, epoch
    return ()


@dataclass(frozen=True)
class Fill:
    """Tells what is in a workspace."""

    everything: Callable[[World, Workspace], None] = _nothing
    endpoints: Callable[[Workspace, float], Iterable[Resource]] = _none
    """The endpoints among it, for those who look at nothing else; the epoch is the story's."""


def left_off(state: StateFile) -> float:
    """What time it last was in a kept world, in epoch seconds; 0 in a new one."""
    return float((state.get("world", "") or {}).get("now", 0.0))


@dataclass
class World:
    """Tenant, subscriptions, workspaces, and all that is in them."""

    clock: Clock
    seed: int = 0
    identity_header: str = "secret"
    page_size: int = 10
    retry_after: float = 1.0
    """Seconds of `Retry-After` on long-running operations; 0 sends none, as in the recordings."""
    state: StateFile = field(default_factory=StateFile)
    mlflow_attribute_filters: bool = True
    """Whether MLflow searches can look at attributes: editions of Microsoft's page disagree."""
    is_tidy: bool = False
    """Whether answers lack the oddities of the real service's."""
    faults: FaultPlan = field(default_factory=FaultPlan)
    limits: Limits = field(default_factory=Limits)
    subscriptions: list[Subscription] = field(default_factory=list)
    groups: dict[str, ResourceGroup] = field(default_factory=dict)
    """Resource groups that clients made, changed or deleted."""
    bare: Fill = field(default_factory=Fill)
    """How to fill a workspace that a client makes."""
    jobs: JobBook = field(default_factory=JobBook)
    resources: Shelf = field(default_factory=Shelf)
    operations: Operations = field(default_factory=Operations)
    polls: Counter[str] = field(default_factory=Counter)
    """How often each device code was asked for."""
    founded: set[str] = field(default_factory=set)
    """The workspaces whose storage accounts, vaults and so on are among the resources."""
    requests: Ledger = field(default_factory=Ledger)
    activity: ActivityLog = field(default_factory=ActivityLog)
    _workspaces: dict[str, Workspace] = field(default_factory=dict)
    _accounts: dict[str, dict[str, None]] = field(default_factory=dict)
    """The ids of workspaces in lower case, by their storage accounts."""
    _unfilled: dict[str, Fill] = field(default_factory=dict)
    _computes: dict[str, dict[str, Compute]] = field(default_factory=dict)
    """By the workspace's id, then by the compute's name, all in lower case."""

    def __post_init__(self) -> None:
        self.tenant = guid("tenant", "contoso")
        # Keys follow from the seed, so that tokens and links outlive a restart of the same world.
        key = guid("key", str(self.seed)).encode()
        self.mint = Mint(key, self.tenant)
        self.signer = Signer(key)
        self.storage = Storage(self.state.database)
        for keeper in (
            self.jobs,
            self.jobs.experiments,
            self.resources,
            self.operations,
            self.requests,
            self.activity,
        ):
            keeper.save = self._save
        self.jobs.scheduled = self._scheduled
        self.epoch = self._kept_epoch()
        """When the story began: stays the same over restarts of a kept world."""
        self.keep_time()

    def _scheduled(self, workspace: str) -> Source:
        """The jobs that the schedules of a workspace create."""
        return ScheduledJobs(self, workspace)

    def _kept_epoch(self) -> float:
        kept = self.state.get("world", "")
        return float(kept["epoch"]) if kept is not None else self.clock.now()

    @property
    def now(self) -> float:
        return self.clock.now()

    # Places

    def subscription(self, id: str) -> Subscription | None:  # noqa: A002
        wanted = id.lower()
        return next((each for each in self.subscriptions if each.id.lower() == wanted), None)

    @property
    def workspaces(self) -> dict[str, Workspace]:
        """Those that exist, by their ids in lower case, filled or not."""
        now = self.now
        return {key: each for key, each in self._workspaces.items() if not each.is_gone(now)}

    def workspaces_of(self, subscription: str, group: str | None = None) -> Iterator[Workspace]:
        """Those of a subscription, or of one of its resource groups."""
        for each in self.workspaces.values():
            if each.subscription.id.lower() != subscription.lower():
                continue
            if group is None or each.group.lower() == group.lower():
                yield each

    def workspace(self, subscription: str, group: str, name: str) -> Workspace | None:
        """A workspace to look into."""
        wanted = Workspace.id_of(subscription, group, name).lower()
        found = self._workspaces.get(wanted)
        if found is None or found.is_gone(self.now):
            return None
        self.enter(found)
        return found

    def workspaces_of_account(self, account: str) -> list[Workspace]:
        """The workspaces that keep their files in that storage account."""
        held = (self._workspaces[key] for key in self._accounts.get(account.lower(), ()))
        found = [each for each in held if not each.is_gone(self.now)]
        for each in found:
            self.enter(each)
        return found

    @property
    def once_workspaces(self) -> list[Workspace]:
        """Those that exist and those that are deleted: what they stood on is left."""
        return list(self._workspaces.values())

    def add(self, place: Workspace, fill: Fill) -> None:
        """A workspace, and how to fill it."""
        self._settle(place)
        self._unfilled[place.id.lower()] = fill

    def _settle(self, place: Workspace) -> None:
        self._workspaces[place.id.lower()] = place
        self._accounts.setdefault(place.account, {})[place.id.lower()] = None

    def enter(self, place: Workspace) -> None:
        """Look into a workspace: what its jobs have registered by now is there."""
        self._fill(place)
        job_outputs.register(self, place)

    def _fill(self, place: Workspace) -> None:
        """Fill a workspace that nobody has looked into."""
        fill = self._unfilled.pop(place.id.lower(), None)
        if fill is not None:
            fill.everything(self, place)

    def endpoints(self, place: Workspace) -> Shelf:
        """Where the endpoints of a workspace lie: it need not be filled to look at them."""
        fill = self._unfilled.get(place.id.lower())
        if fill is None:
            return self.resources
        outline = Shelf()
        outline.stock(fill.endpoints(place, self.epoch))
        return outline

    def once_workspace(self, subscription: str, group: str, name: str) -> Workspace | None:
        """A workspace of that name, even if it is deleted."""
        return self._workspaces.get(Workspace.id_of(subscription, group, name).lower())

    def make_workspace(self, place: Workspace) -> Workspace:
        """Keep a workspace that a client makes, without anything of an earlier one of its name."""
        self._purge(place.id.lower())
        self.founded.discard(place.id.lower())
        self._unfilled[place.id.lower()] = self.bare
        return self.put_workspace(place)

    def _purge(self, workspace: str) -> None:
        self._computes.pop(workspace, None)
        self.jobs.forget(workspace)
        self.resources.forget(workspace)
        self.state.forget(workspace)

    def put_workspace(self, place: Workspace) -> Workspace:
        """Keep a workspace, new or changed."""
        self._settle(place)
        self._save("workspaces", place.id.lower(), asdict(place))
        return place

    # Resource groups

    def groups_of(self, subscription: str) -> dict[str, ResourceGroup]:
        """Those that workspaces are or were in, and those that clients made, by lower-case name."""
        held = {
            place.group.lower(): ResourceGroup(place.subscription.id, place.group, place.location)
            for place in self._workspaces.values()
            if place.subscription.id.lower() == subscription.lower()
        }
        for each in self.groups.values():
            if each.subscription.lower() == subscription.lower():
                held[each.name.lower()] = each
        return {name: each for name, each in held.items() if not each.is_gone(self.now)}

    def put_group(self, group: ResourceGroup) -> ResourceGroup:
        """Keep a resource group, new or changed."""
        self.groups[group.key] = group
        self._save("groups", group.key, asdict(group))
        return group

    # Registries

    def registry(self, subscription: str, group: str, name: str) -> Resource | None:
        return self.resources.get(registries.id_of(subscription, group, name), self.now)

    def registry_named(self, name: str) -> Resource | None:
        """The registry of a name: there are no two in a tenant."""
        return next((each for each in self.registries() if each.name.lower() == name.lower()), None)

    def registries(self) -> list[Resource]:
        """Those that hold assets, by id: container registries are called the same."""
        held = self.resources.everywhere("registries", self.now)
        return [each for each in held if each.type == f"{PROVIDER}/registries"]

    # Computes

    def computes(self, place: Workspace) -> dict[str, Compute]:
        """The computes of a workspace by their names in lower case, as they were last put."""
        self.enter(place)
        return self._computes.setdefault(place.id.lower(), {})

    def compute(self, place: Workspace, name: str) -> Compute | None:
        """A compute as it is by now."""
        sight = self.sight(place, name)
        return None if sight is None else sight.compute

    def sight(self, place: Workspace, name: str) -> Sight | None:
        """A compute as it is by now, with the time that jobs spend on it."""
        found = self.computes(place).get(name.lower())
        if found is None or found.is_gone(self.now):
            return None
        return next(seen(self, place, [found]))

    def stock(self, *computes: Compute) -> None:
        """What a scenario begins with: not saved, for the next start tells it again."""
        for each in computes:
            self._computes.setdefault(each.workspace.lower(), {})[each.name.lower()] = each

    def put(self, compute: Compute) -> Compute:
        """Keep a compute, new or changed: with more nodes, jobs need not wait so long."""
        self.stock(compute)
        self._save("computes", compute.key, compute.to_json())
        if compute.type == CLUSTER:
            self.jobs.move_up(compute.workspace, compute.name, compute.max_nodes, self.now)
        return compute

    # Keeping

    def keep_time(self) -> None:
        """Keep what time it is: the next start goes on from there."""
        self.state.save("world", "", {"epoch": self.epoch, "now": self.now})

    def _save(self, table: str, key: str, value: dict[str, Any]) -> None:
        self.state.save(table, key, value)
        self.keep_time()

    def restore(self) -> None:
        """Take back what an earlier start has kept, over what the scenario tells."""
        records = list(self.state.records())
        for table, key, value in records:
            if table == "workspaces":
                place = Workspace.from_json(value)
                self._settle(place)
                if place.is_made:
                    self._unfilled[place.id.lower()] = self.bare
            elif table == "groups":
                self.groups[key] = ResourceGroup.from_json(value)
        for table, key, value in records:
            self._enter_of(key)
            if table == "computes":
                self.stock(Compute.from_json(value))
            elif table == RESOURCES:
                self.resources.restore(value)
            elif table == OPERATIONS:
                self.operations.restore(value)
            elif table == REQUESTS:
                self.requests.restore(value)
            elif table == ACTIVITY:
                self.activity.restore(value)
            elif table in book.TABLES:
                self.jobs.restore(table, value)

    def _enter_of(self, key: str) -> None:
        """Fill the workspace that a record is about, before the record goes on top."""
        place = self._workspaces.get("/".join(key.split("/")[:9]))
        if place is not None:
            self._fill(place)
