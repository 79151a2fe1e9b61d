"""The service as an ASGI application."""

from __future__ import annotations

from amltui.emulator.clock import Clock, WallClock
from amltui.emulator.http.gateway import Gateway
from amltui.emulator.scenarios import SCENARIOS
from amltui.emulator.world import World


def emulator(world: World) -> Gateway:
    """Answers from this world."""
    return Gateway(world)


def world_of(scenario: str, *, clock: Clock | None = None, **options: object) -> World:
    """A world as a scenario begins it, with what an earlier start has kept; KeyError if unknown."""
    begin = SCENARIOS[scenario]
    world = World(clock or WallClock(), **options)  # type: ignore[arg-type]
    begin(world)
    world.restore()
    return world
