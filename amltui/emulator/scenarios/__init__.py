"""Worlds to start from. The same name and seed give the same world."""

from __future__ import annotations

from collections.abc import Callable

from amltui.emulator.scenarios import microsoft
from amltui.emulator.scenarios.a_thousand_workspaces import a_thousand_workspaces
from amltui.emulator.scenarios.busy_night import busy_night
from amltui.emulator.scenarios.calm import calm, five_thousand_runs, hundred_thousand_runs
from amltui.emulator.scenarios.end_of_day import end_of_day
from amltui.emulator.scenarios.everything_broken import everything_broken
from amltui.emulator.scenarios.filling import bare
from amltui.emulator.world import World


def _furnished(begin: Callable[[World], None]) -> Callable[[World], None]:
    """With what is in every tenant."""

    def begin_all(world: World) -> None:
        microsoft.registry(world)
        world.bare = bare
        begin(world)

    return begin_all


SCENARIOS: dict[str, Callable[[World], None]] = {
    begin.__name__: _furnished(begin)
    for begin in (
        a_thousand_workspaces,
        busy_night,
        calm,
        end_of_day,
        everything_broken,
        five_thousand_runs,
        hundred_thousand_runs,
    )
}
