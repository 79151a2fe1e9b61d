"""Worlds to start from. The same name and seed give the same world."""

from __future__ import annotations

from collections.abc import Callable

from amltui.emulator.scenarios import microsoft
from amltui.emulator.scenarios.busy_night import busy_night
from amltui.emulator.scenarios.calm import calm, five_thousand_runs
from amltui.emulator.world import World


def _furnished(begin: Callable[[World], None]) -> Callable[[World], None]:
    """With what is in every tenant."""

    def begin_all(world: World) -> None:
        microsoft.registry(world)
        begin(world)

    return begin_all


SCENARIOS: dict[str, Callable[[World], None]] = {
    "busy_night": _furnished(busy_night),
    "calm": _furnished(calm),
    "five_thousand_runs": _furnished(five_thousand_runs),
}
