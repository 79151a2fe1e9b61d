"""What every scenario does with a workspace once it has one."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from amltui.emulator.arm.computes import Compute
from amltui.emulator.arm.places import Subscription, Workspace, guid
from amltui.emulator.assets import stock
from amltui.emulator.jobs.history import JobHistory
from amltui.emulator.world import World

DAY = 86_400.0
HOUR = 3600.0
Story = Callable[[str, int, float], JobHistory]


def subscription(world: World, name: str) -> Subscription:
    """A subscription, made when it is first named."""
    found = next((each for each in world.subscriptions if each.name == name), None)
    if found is None:
        found = Subscription(guid("subscription", name), name, world.tenant)
        world.subscriptions.append(found)
    return found


def fill(world: World, place: Workspace, story: Story, computes: list[Compute]) -> None:
    """Put a workspace into the world with its computes, jobs, models and endpoints."""
    world.add(place, *computes)
    epoch = world.epoch
    world.jobs.book.histories[place.id.lower()] = history = story(place.id, world.seed, epoch)
    names = [job.name for job in islice(history.newest_first(epoch), 12) if job.parent is None]
    world.jobs.models.stock(stock.models(place.id, epoch, names))
    world.jobs.endpoints.stock(stock.endpoints(place.id, epoch))
