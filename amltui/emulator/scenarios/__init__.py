"""Worlds to start from. The same name and seed give the same world."""

from __future__ import annotations

from collections.abc import Callable

from amltui.emulator.scenarios.busy_night import busy_night
from amltui.emulator.scenarios.calm import calm, five_thousand_runs
from amltui.emulator.world import World

SCENARIOS: dict[str, Callable[[World], None]] = {
    "busy_night": busy_night,
    "calm": calm,
    "five_thousand_runs": five_thousand_runs,
}
