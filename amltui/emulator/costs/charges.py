"""What a workspace costs on a day: a pure function of its computes, jobs and endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from amltui.emulator import vm_sizes
from amltui.emulator.computes.record import CLUSTER, INSTANCE, Compute
from amltui.emulator.computes.sight import seen
from amltui.emulator.endpoints import deployments
from amltui.emulator.jobs import noise, timeline
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.places import PROVIDER, Workspace
from amltui.emulator.vm_sizes import Size

if TYPE_CHECKING:
    from amltui.emulator.world import World

DAY, HOUR = 86_400.0, 3600.0
OFFICE = (8.0, 17.5)
"""When an instance is on, on a working day of which nothing else is known: hours in UTC."""
ATTENDANCE = 0.7
"""The share of working days on which it is."""
_SERVERLESS = "standard_ds3_v2"
_FLAT = (
    ("Microsoft.Storage/storageAccounts", "storageAccount", "Storage", "Hot LRS Data Stored", 0.43),
    ("Microsoft.KeyVault/vaults", "keyVault", "Key Vault", "Operations", 0.006),
)
"""What comes with every workspace, in USD a day."""


@dataclass(frozen=True)
class Charge:
    """One line of a bill."""

    day: date
    resource: str
    type: str
    service: str
    subcategory: str
    meter: str
    quantity: float
    """Hours, or whatever the meter counts."""
    cost: float
    """USD."""


def of(world: World, place: Workspace, start: float, end: float) -> Iterator[Charge]:
    """The charges of a workspace between two moments, day by day."""
    world.enter(place)
    jobs = list(world.jobs.of(place.id).during(start, end))
    held = [each.compute for each in seen(world, place, world.computes(place).values())]
    for first, last in days(max(start, place.created), end):
        day = datetime.fromtimestamp(first, UTC).date()
        for name, price, hours in _machines(world, place, held, jobs, first, last):
            if hours > 0:
                yield _compute(place, day, name, price, hours)
        yield from _flat(world, place, day, (last - first) / DAY)


def days(start: float, end: float) -> Iterator[tuple[float, float]]:
    """The parts of a span that lie in one day of UTC each."""
    while start < end:
        midnight = datetime.fromtimestamp(start, UTC).replace(
            hour=0, minute=0, second=0, microsecond=0
        ) + timedelta(days=1)
        yield start, min(midnight.timestamp(), end)
        start = midnight.timestamp()


def _machines(
    world: World,
    place: Workspace,
    held: list[Compute],
    jobs: list[JobRecord],
    start: float,
    end: float,
) -> Iterator[tuple[str, float, float]]:
    """Sizes with what an hour costs, and how many hours it was."""
    for compute in held:
        size = vm_sizes.SIZES.get((compute.size or "").lower())
        if size is None or compute.is_gone(start):
            continue
        begin = max(start, compute.created)
        if compute.type == INSTANCE:
            yield size.name, size.price, hours_on(compute, begin, end, world.now)
        elif compute.type == CLUSTER:
            mine = [each for each in jobs if _is_on(each, compute)]
            yield _priced(size, compute, _node_hours(mine, compute, begin, end))
    for size, hours in _serverless(jobs, start, end):
        yield size.name, size.price, hours
    for size, hours in _deployed(world, place, start, end):
        yield size.name, size.price, hours


def hours_on(compute: Compute, start: float, end: float, now: float) -> float:
    """How long an instance was up: as its last operation left it, before that in office hours."""
    last = compute.operation_at(now)
    since = min(last[1], now) if last else compute.created
    hours = 0.0
    if compute.state_at(now) not in {"Stopped", "Stopping"}:
        hours += _overlap(start, end, since, now)
    if start >= since:
        return hours
    day = datetime.fromtimestamp(start, UTC)
    seed = noise.seeded(0, compute.key, day.toordinal())
    if day.weekday() < 5 and noise.uniform(seed) < ATTENDANCE:
        midnight = start - start % DAY
        opens, closes = (midnight + hour * HOUR for hour in OFFICE)
        hours += _overlap(start, min(end, since), opens, closes)
    return hours


def _is_on(job: JobRecord, compute: Compute) -> bool:
    if job.type in {"Sweep", "Pipeline"}:  # their children hold the nodes
        return False
    return (job.compute or "").lower() == compute.name.lower()


def _node_hours(jobs: list[JobRecord], compute: Compute, start: float, end: float) -> float:
    """Of jobs, and of the nodes that are kept without any."""
    busy = sum(each.nodes * _hours(each, start, end) for each in jobs)
    return max(busy, compute.min_nodes * max(0.0, end - start) / HOUR)


def _hours(job: JobRecord, start: float, end: float) -> float:
    """How long a job held its nodes."""
    return sum(
        _overlap(start, end, phase.start, end if phase.end is None else phase.end)
        for phase in timeline.phases(job)
        if phase.status in timeline.ON_NODES
    )


def _serverless(jobs: list[JobRecord], start: float, end: float) -> Iterator[tuple[Size, float]]:
    without = [
        each
        for each in jobs
        if each.compute is None and not each.is_tracked and each.type not in {"Sweep", "Pipeline"}
    ]
    for each in without:
        yield serverless_size(each), each.nodes * _hours(each, start, end)


def serverless_size(job: JobRecord) -> Size:
    """The one that the job asks for, else the one that the service picks."""
    asked = (job.specification.get("resources") or {}).get("instanceType")
    return vm_sizes.SIZES.get(str(asked).lower()) or vm_sizes.SIZES[_SERVERLESS]


def _deployed(
    world: World, place: Workspace, start: float, end: float
) -> Iterator[tuple[Size, float]]:
    """Machines of deployments are paid for as long as they are there, serving or not."""
    for endpoint in world.resources.within(f"{place.id}/onlineEndpoints", world.now):
        for each in world.resources.within(f"{endpoint.id}/deployments", world.now):
            size = vm_sizes.SIZES.get(str(each.properties.get("instanceType")).lower())
            if size is not None:
                hours = _overlap(start, end, each.created, end)
                yield size, deployments.instances(each) * hours


def _priced(size: Size, compute: Compute, hours: float) -> tuple[str, float, float]:
    if compute.low_priority:
        return f"{size.name} Spot", size.spot, hours
    return size.name, size.price, hours


def _compute(place: Workspace, day: date, name: str, price: float, hours: float) -> Charge:
    family = name.removeprefix("Standard_").rstrip("0123456789")
    return Charge(
        day,
        place.id,
        f"{PROVIDER}/workspaces",
        "Virtual Machines",
        f"{family} Series",
        name.removeprefix("Standard_").replace("_", " "),
        hours,
        hours * price,
    )


def _flat(world: World, place: Workspace, day: date, share: float) -> Iterator[Charge]:
    held = place.body("", world.now)["properties"]
    for kind, name, service, meter, price in _FLAT:
        if held.get(name):
            yield Charge(day, held[name], kind, service, service, meter, share, share * price)


def _overlap(start: float, end: float, first: float, last: float) -> float:
    return max(0.0, min(end, last) - max(start, first)) / HOUR
