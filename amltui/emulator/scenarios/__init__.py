"""Worlds to start from. The same name and seed give the same world."""

from __future__ import annotations

from collections.abc import Callable

from amltui.emulator.scenarios.a_thousand_workspaces import a_thousand_workspaces
from amltui.emulator.scenarios.busy_night import busy_night
from amltui.emulator.scenarios.calm import calm, five_thousand_runs, hundred_thousand_runs
from amltui.emulator.scenarios.everything_broken import everything_broken
from amltui.emulator.world import World

SCENARIOS: dict[str, Callable[[World], None]] = {
    "a_thousand_workspaces": a_thousand_workspaces,
    "busy_night": busy_night,
    "calm": calm,
    "everything_broken": everything_broken,
    "five_thousand_runs": five_thousand_runs,
    "hundred_thousand_runs": hundred_thousand_runs,
}
