"""Every screen that a digit opens: one for each kind, and those about all workspaces at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from amltui.kinds.registry import ENTRIES
from amltui.ui.overview_pane import OverviewPane
from amltui.ui.resource_pane import ResourcePane, pane_for

Pane = ResourcePane | OverviewPane


class Opening(NamedTuple):
    """A screen by what it is opened with; it is imported and made when that happens."""

    name: str
    title: str
    key: str
    make: Callable[[], Pane]


def _pulse() -> Pane:
    from amltui.ui.pulse_pane import PulsePane

    return PulsePane()


def _cost() -> Pane:
    from amltui.ui.cost_pane import CostPane

    return CostPane()


def _quota() -> Pane:
    from amltui.ui.quota_pane import QuotaPane

    return QuotaPane()


PULSE = "pulse"
"""The home screen's name."""
_OF_KINDS = [
    Opening(entry.name, entry.title, entry.key, lambda entry=entry: pane_for(entry.kind)())  # type: ignore[misc]
    for entry in ENTRIES
]
OPENINGS = tuple(
    sorted(
        [
            Opening(PULSE, "Pulse", "1", _pulse),
            Opening("cost", "Cost", "7", _cost),
            Opening("quota", "Quota", "8", _quota),
            *_OF_KINDS,
        ],
        key=lambda each: each.key,
    )
)
