"""Dollars to words: rates with what is unknown in them, and how old they are."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from amltui.domain.health import Health
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell

if TYPE_CHECKING:
    from amltui.domain.burn import Rate
    from amltui.domain.overview import Overview

LATE = 3.0
"""Paces after which an age is told."""
STEP = 60.0
"""Seconds between two ages told: a header that ticks costs bytes over SSH."""
RETAIL = "retail list price, USD · no discounts, disks, network · spot varies"


def per_hour(dollars: float | None) -> str:
    """`$3.20/h`; unknown is a question mark, never zero."""
    return f"${fmt.money(dollars)}/h" if dollars is not None else f"{fmt.UNKNOWN}/h"


def rate(told: Rate) -> str:
    """`$42.28/h`; `≥ $42.28/h` where parts of it are unknown, `?/h` where all of it is."""
    least = told.least
    if least is None or told.is_exact:
        return per_hour(least)
    return f"≥ {per_hour(least)}"


def burn_cells(overview: Overview, pace: float, now: datetime) -> tuple[Cell, ...]:
    """For the header: what all workspaces burn, how old that is if it is old, how much to look at.

    `pace` is the number of seconds in which all of it should have been told again.
    """
    if overview.oldest is None:
        return ()
    age = (now - overview.oldest).total_seconds()
    old = f" {fmt.duration(age - age % STEP)} old" if age > LATE * pace else ""
    burn = Cell(f"burn {rate(overview.rate)}{old}", Health.STALLED if old else None)
    attention = len(overview.wastes)
    return (burn, Cell(str(attention), Health.ATTENTION)) if attention else (burn,)
