"""What Enter on a row of each kind leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from amltui.kinds.kind import Row

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard


def open_facts(dashboard: Dashboard, row: Row[Any]) -> None:
    """Everything that is known of the resource, on a screen of its own."""
    from amltui.ui.screens.facts import FactsScreen

    pane = dashboard.pane
    if pane is not None:
        dashboard.push_screen(FactsScreen(pane.KIND, row))


def open_job(dashboard: Dashboard, row: Row[Any]) -> None:
    """Overview, metrics and logs."""
    from amltui.ui.screens.job import JobScreen

    if dashboard.session is not None:
        dashboard.push_screen(JobScreen(dashboard.session, row.resource))


def make_current(dashboard: Dashboard, row: Row[Any]) -> None:
    """Look at this workspace, and at its jobs first."""
    dashboard.look_at(row.resource.workspace)
    dashboard.action_pane("job")


OPENERS: defaultdict[str, Callable[[Dashboard, Row[Any]], None]] = defaultdict(
    lambda: open_facts, {"job": open_job, "workspace": make_current}
)
