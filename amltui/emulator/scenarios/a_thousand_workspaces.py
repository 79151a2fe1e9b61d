"""A large company: 1,000 workspaces in 100 subscriptions, 20 computes in each."""

from __future__ import annotations

from amltui.emulator.computes.record import CLUSTER, INSTANCE, Compute
from amltui.emulator.jobs import noise, stories
from amltui.emulator.places import Workspace
from amltui.emulator.scenarios.filling import DAY, HOUR, filled, subscription
from amltui.emulator.world import World

SUBSCRIPTIONS, EACH = 100, 10
INSTANCES, CLUSTERS = 14, 6
_REGIONS = ("eastus", "eastus2", "westeurope", "northeurope", "westus2", "japaneast")
_TEAMS = ("vision", "nlp", "risk", "ads", "maps", "supply", "fraud", "search", "audio", "lab")
_SIZES = ("Standard_DS3_v2", "Standard_DS12_v2", "Standard_NC6s_v3", "Standard_NC4as_T4_v3")
_PEOPLE = ("kim", "li", "ana", "paul", "noor", "sam", "ivo", "mei")


def a_thousand_workspaces(world: World) -> None:
    """Nothing is in a workspace before somebody looks into it."""
    fill = filled(stories.calm, _computes)
    for number in range(SUBSCRIPTIONS):
        holder = subscription(world, f"Contoso {number:03d}")
        for rank, team in enumerate(_TEAMS[:EACH]):
            index = number * EACH + rank
            place = Workspace(
                holder,
                f"rg-{team}",
                f"{team}-{number:03d}",
                _REGIONS[noise.mixed(world.seed, index) % len(_REGIONS)],
                world.epoch - (100 + index) * DAY,
                tags={"team": team},
            )
            world.add(place, fill)


def _computes(place: Workspace, epoch: float) -> list[Compute]:
    seed = noise.seeded(0, place.name)
    return [
        *(_instance(place, epoch, seed, number) for number in range(INSTANCES)),
        *(_cluster(place, epoch, seed, number) for number in range(CLUSTERS)),
    ]


def _instance(place: Workspace, epoch: float, seed: int, number: int) -> Compute:
    is_on = noise.uniform(seed, number) < 0.3
    since = epoch - noise.between(seed + 1, 0.5, 200.0, number) * HOUR
    owner = _PEOPLE[noise.mixed(seed + 2, number) % len(_PEOPLE)]
    return Compute(
        place.id,
        f"{owner}-{number:02d}",
        INSTANCE,
        epoch - 90 * DAY,
        _SIZES[noise.mixed(seed + 3, number) % len(_SIZES)],
        f"{owner}@contoso.com",
        state="Running" if is_on else "Stopped",
        last_operation=("Start" if is_on else "Stop", since, "Succeeded", "User"),
        idle_shutdown="PT60M" if number % 3 == 0 else None,
    )


def _cluster(place: Workspace, epoch: float, seed: int, number: int) -> Compute:
    return Compute(
        place.id,
        "cpu-cluster" if number == 0 else f"cluster-{number}",
        CLUSTER,
        epoch - 200 * DAY,
        _SIZES[noise.mixed(seed + 4, number) % len(_SIZES)],
        max_nodes=4 + number,
        low_priority=number % 3 == 2,
    )
