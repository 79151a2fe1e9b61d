"""What every scenario does with a workspace once it has one."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, islice

from amltui.emulator.computes.record import Compute
from amltui.emulator.jobs.history import JobHistory
from amltui.emulator.places import Subscription, Workspace, guid
from amltui.emulator.scenarios import (
    stock,
    stock_assets,
    stock_endpoints,
    stock_files,
    stock_places,
    stock_schedules,
)
from amltui.emulator.world import Fill, World

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


def _bare(world: World, place: Workspace) -> None:
    world.jobs.of(place.id)


bare = Fill(_bare)
"""What is in every workspace from the start: all there is in one that a client makes."""


def filled(story: Story, computes: Callable[[Workspace, float], list[Compute]]) -> Fill:
    """How to fill a workspace with its computes, jobs, models and endpoints."""

    def fill(world: World, place: Workspace) -> None:
        epoch = world.epoch
        bare.everything(world, place)
        world.stock(*computes(place, epoch))
        world.jobs.histories[place.id.lower()] = history = story(place.id, world.seed, epoch)
        names = [job.name for job in islice(history.newest_first(epoch), 12) if job.parent is None]
        for asset in chain(stock.models(place, epoch, names), stock_assets.assets(place, epoch)):
            world.resources.stock([asset])
            stock_files.lay(world, place, asset)
        world.resources.stock(stock_schedules.schedules(place, epoch))
        world.resources.stock(stock_endpoints.endpoints(place, epoch))
        world.resources.stock(stock_places.connections(place, epoch))

    return Fill(fill, stock_endpoints.endpoints)
