"""What Enter on a row of each kind leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from amltui.kinds.format import one_line
from amltui.kinds.kind import Kind, Row

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard
    from amltui.ui.session import Session

Opener = Callable[["Dashboard", Kind[Any], Row[Any], str | None, Sequence[Row[Any]]], None]
"""Takes the part of the resource that is wanted first, None being the whole, and marked rows."""


def open_facts(
    dashboard: Dashboard,
    kind: Kind[Any],
    row: Row[Any],
    part: str | None = None,
    marked: Sequence[Row[Any]] = (),
) -> None:
    """Everything that is known of the resource, on a screen of its own."""
    if (session := _session(dashboard)) is None:
        return
    if kind.name == "workspace" and row.resource.is_registry:
        from amltui.ui.screens.registry import RegistryScreen

        dashboard.push_screen(RegistryScreen(session, row))
    elif kind.name == "workspace":
        from amltui.ui.screens.workspace import WorkspaceScreen

        dashboard.push_screen(WorkspaceScreen(session, row))
    else:
        from amltui.ui.screens.facts import facts_screen

        dashboard.push_screen(facts_screen(kind)(session, row))


def open_job(
    dashboard: Dashboard,
    kind: Kind[Any],
    row: Row[Any],
    part: str | None,
    marked: Sequence[Row[Any]],
) -> None:
    """Its tabs, or a watch on it; of marked jobs the metrics over each other, or side by side."""
    from amltui.ui.screens.job import JobScreen

    if (session := _session(dashboard)) is None:
        return
    if part == "watch":
        dashboard.watcher.toggle(marked or [row])
    elif part == "compare":
        open_comparison(dashboard, session, marked)
    else:
        first, *others = marked if part == "metrics" and marked else [row]
        screen = JobScreen(session, first, part or "overview", others)
        dashboard.push_screen(screen)


def open_compute(
    dashboard: Dashboard,
    kind: Kind[Any],
    row: Row[Any],
    part: str | None,
    marked: Sequence[Row[Any]],
) -> None:
    """What is known of it and what is on it; the list of all jobs that name it."""
    if (session := _session(dashboard)) is None:
        return
    if part == "jobs":
        dashboard.look_at(row.resource.workspace)
        dashboard.do(f"jobs compute:{row.resource.name}")
        return
    from amltui.ui.screens.compute import ComputeScreen

    dashboard.push_screen(ComputeScreen(session, row))


def open_comparison(dashboard: Dashboard, session: Session, rows: Sequence[Row[Any]]) -> None:
    """Jobs side by side; one alone is refused with what to do."""
    if len(rows) < 2:
        say = "Mark two jobs or more with Space: = compares them"
        dashboard.notify(say, severity="warning", markup=False)
        return
    from amltui.ui.screens.compare import CompareScreen

    dashboard.push_screen(CompareScreen(session, rows))


def make_current(
    dashboard: Dashboard,
    kind: Kind[Any],
    row: Row[Any],
    part: str | None,
    marked: Sequence[Row[Any]],
) -> None:
    """Look at this workspace, and at its jobs first; or at what is wrong with it."""
    if row.resource.is_registry:
        if part == "diagnosis":
            why = f"{row.title} is a registry: only workspaces are diagnosed"
            dashboard.notify(one_line(why), severity="warning", markup=False)
        else:
            open_facts(dashboard, kind, row)
        return
    if part == "diagnosis":
        from amltui.ui.diagnosing import diagnose

        if (session := _session(dashboard)) is not None:
            asked = diagnose(dashboard, session, row.resource.workspace)
            dashboard.run_worker(asked, group="diagnosis")
        return
    dashboard.look_at(row.resource.workspace)
    dashboard.call_later(dashboard.action_pane, "job")


def _session(dashboard: Dashboard) -> Session | None:
    """What a screen asks through; that there is none yet is said."""
    if dashboard.session is None:
        why = dashboard.why_no_session.partition("\n")[0]
        dashboard.notify(one_line(why), severity="warning", markup=False)
    return dashboard.session


OPENERS: defaultdict[str, Opener] = defaultdict(
    lambda: open_facts, {"job": open_job, "compute": open_compute, "workspace": make_current}
)
