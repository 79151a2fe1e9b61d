"""What the service finds wrong with a workspace, asked for and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amltui.azure.errors import AzureError
from amltui.kinds.format import one_line
from amltui.kinds.kind import Cell, Fact

if TYPE_CHECKING:
    from amltui.domain.arm_id import WorkspaceId
    from amltui.ui.app import Dashboard
    from amltui.ui.session import Session


async def diagnose(dashboard: Dashboard, session: Session, place: WorkspaceId) -> None:
    """Takes the service some seconds, in which everything else goes on."""
    from amltui.azure import workspace_changes
    from amltui.ui.screens.whole import Whole

    dashboard.notify(one_line(f"Diagnosing {place.name} …"), markup=False)
    try:
        found = await workspace_changes.diagnose(session.azure.workspace(place))
    except AzureError as error:
        said = one_line(f"{place.name} was not diagnosed: {error}")
        dashboard.notify(said, severity="warning", markup=False)
        return
    facts = [Fact(each.area, Cell(f"{each.code}: {each.message}", each.health)) for each in found]
    at = dashboard.clock.now().astimezone().strftime("%H:%M:%S")
    title = f"{place.name} at {at}: {workspace_changes.told_of(found)}"
    dashboard.push_screen(Whole(one_line(title), facts or [Fact("", "The service finds nothing.")]))
