"""One quiet workspace, and one with a long history."""

from __future__ import annotations

from amltui.emulator.computes.record import CLUSTER, INSTANCE, Compute
from amltui.emulator.jobs import stories
from amltui.emulator.places import Workspace
from amltui.emulator.scenarios.filling import DAY, HOUR, Story, filled, subscription
from amltui.emulator.world import World


def calm(world: World) -> None:
    """A workspace in which little happens."""
    _one(world, "calm-ws", stories.calm)


def five_thousand_runs(world: World) -> None:
    """A workspace with 5,000 jobs."""
    _one(world, "big-ws", stories.thousands)


def hundred_thousand_runs(world: World) -> None:
    """100,000 jobs: one has metrics of a million points, one a log of a gigabyte."""
    _one(world, "huge-ws", stories.hundred_thousand)


def _one(world: World, name: str, story: Story) -> None:
    holder = subscription(world, "Data Science")
    place = Workspace(holder, "rg-ml", name, "eastus2", world.epoch - 300 * DAY)
    world.add(place, filled(story, _computes))


def _computes(place: Workspace, epoch: float) -> list[Compute]:
    owner = "kim@contoso.com"
    return [
        Compute(
            place.id,
            "cpu-cluster",
            CLUSTER,
            epoch - 200 * DAY,
            "Standard_DS3_v2",
            owner,
            max_nodes=12,
        ),
        Compute(
            place.id,
            "kim-dev",
            INSTANCE,
            epoch - 90 * DAY,
            "Standard_DS3_v2",
            owner,
            last_operation=("Start", epoch - 2 * HOUR, "Succeeded", "User"),
            idle_shutdown="PT60M",
        ),
        Compute(
            place.id,
            "li-nb",
            INSTANCE,
            epoch - 60 * DAY,
            "Standard_DS12_v2",
            "li@contoso.com",
            state="Stopped",
            last_operation=("Stop", epoch - 9 * HOUR, "Succeeded", "IdleShutdown"),
        ),
    ]
