"""One quiet workspace, and one with a long history."""

from __future__ import annotations

from amltui.emulator.arm.computes import CLUSTER, INSTANCE, Compute
from amltui.emulator.arm.places import Workspace
from amltui.emulator.jobs import stories
from amltui.emulator.scenarios.filling import DAY, HOUR, Story, fill, subscription
from amltui.emulator.world import World


def calm(world: World) -> None:
    """A workspace in which little happens."""
    _one(world, "calm-ws", stories.calm)


def five_thousand_runs(world: World) -> None:
    """A workspace with 5,000 jobs."""
    _one(world, "big-ws", stories.thousands)


def _one(world: World, name: str, story: Story) -> None:
    epoch = world.epoch
    place = Workspace(
        subscription(world, "Data Science"), "rg-ml", name, "eastus2", epoch - 300 * DAY
    )
    owner = "kim@contoso.com"
    computes = [
        Compute(
            place.id,
            "cpu-cluster",
            CLUSTER,
            epoch - 200 * DAY,
            "Standard_DS3_v2",
            owner,
            max_nodes=4,
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
    fill(world, place, story, computes)
