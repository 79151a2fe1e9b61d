"""Landing on what a pasted address is about."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from amltui.azure.errors import AzureError, NotFound
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.target import Target, target
from amltui.kinds.arrange import Arrangement
from amltui.kinds.format import one_line
from amltui.kinds.kind import Kind, PerWorkspace, Row
from amltui.kinds.registry import ENTRIES
from amltui.ui.openers import OPENERS

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard
    from amltui.ui.session import Session

MOST_ASKED = 50
"""Workspaces that are asked for a name which does not say where it is."""


class Nowhere(Exception):
    """There is no way there; `str()` is a sentence for the user."""


async def go(dashboard: Dashboard, text: str) -> None:
    """Land on what a text is about; Nowhere says why that cannot be."""
    found = target(text)
    if found is None:
        raise Nowhere(
            f"{text or 'nothing'} is no address: give a studio URL, an ARM id, an azureml:// URI"
            " or a run id"
        )
    session = dashboard.session
    if session is None:
        raise Nowhere(dashboard.why_no_session.partition("\n")[0])
    kind = next((entry.kind for entry in ENTRIES if entry.name == found.kind), None)
    if found.kind == "endpoint":
        await _behind(dashboard, found)
        return
    if kind is None:
        await _nearest(dashboard, found)
        return
    place = found.workspace
    if place is not None and not (place.subscription_id and place.resource_group and place.name):
        found = replace(found, workspace=_known(dashboard, place))
    if kind.name == "workspace":
        await _look_at(dashboard, found)
    elif isinstance(kind.source, PerWorkspace) and kind.source.get is not None:
        row = await _asked_for(dashboard, session, kind, kind.source, found)
        OPENERS[kind.name](dashboard, kind, row, None, ())
    else:
        await _seek(dashboard, kind, found)


async def _nearest(dashboard: Dashboard, found: Target) -> None:
    """What has no screen of its own is told, in its workspace where that is known."""
    told = f"there is no screen for {_many(found.kind)} yet: {found.name}"
    if found.workspace is None:
        raise Nowhere(told)
    place = _known(dashboard, found.workspace)
    dashboard.look_at(place)
    await dashboard.action_pane("job")
    told = one_line(f"{told}. These are the jobs of {place.name}, O copies the link of one")
    dashboard.notify(told, severity="warning", timeout=8, markup=False)


async def _behind(dashboard: Dashboard, found: Target) -> None:
    """An endpoint is a filter of the list of what answers for it."""
    if found.workspace is not None:
        dashboard.look_at(_known(dashboard, found.workspace))
    await dashboard.action_pane("deployment")
    if (pane := dashboard.list_pane) is not None:
        pane.arrangement = Arrangement(f"endpoint:{found.name}")


def _many(kind: str) -> str:
    return kind if kind == "data" else f"{kind}s"


async def _look_at(dashboard: Dashboard, found: Target) -> None:
    dashboard.look_at(_known(dashboard, found.workspace))
    await dashboard.action_pane("job")


async def _seek(dashboard: Dashboard, kind: Kind[Any], found: Target) -> None:
    """Put the cursor on it in its list, which may still have to be asked for."""
    current = dashboard.scope.current
    if found.workspace is not None and current is not None and current.key != found.workspace.key:
        dashboard.look_at(_known(dashboard, found.workspace))
    elif found.workspace is not None and current is None:
        _known(dashboard, found.workspace)
    await dashboard.action_pane(kind.name)
    if (pane := dashboard.list_pane) is not None:
        pane.seek(found.name, found.workspace)


def _known(dashboard: Dashboard, place: WorkspaceId | None) -> WorkspaceId:
    """The workspace as this sign-in knows it."""
    known = dashboard.scope.workspaces
    found = [each for each in known if place is not None and _may_be(place, each)]
    if not found:
        name = place.name if place is not None else "?"
        raise Nowhere(f"workspace {name} is none of the {len(known)} that are looked at here")
    if len(found) > 1:
        name = place.name if place is not None and place.name else "that"
        raise Nowhere(
            f"{len(found)} workspaces may be meant with {name}: say -g and --subscription"
        )
    return found[0]


def _may_be(told: WorkspaceId, known: WorkspaceId) -> bool:
    """Whether they are the same as far as it is told."""
    pairs = (
        (told.subscription_id, known.subscription_id),
        (told.resource_group, known.resource_group),
        (told.name, known.name),
    )
    return all(not said or said.lower() == own.lower() for said, own in pairs)


async def _asked_for(
    dashboard: Dashboard,
    session: Session,
    kind: Kind[Any],
    source: PerWorkspace[Any],
    found: Target,
) -> Row[Any]:
    """The resource from its workspace, or from the first one that has it."""
    get = source.get
    assert get is not None
    scope = dashboard.scope
    places = [found.workspace] if found.workspace else [*scope.chosen][:MOST_ASKED]

    async def ask(place: WorkspaceId) -> Any:
        try:
            return await get(session.azure.workspace(place), found.name)
        except AzureError as error:
            return error

    answers = await asyncio.gather(*(ask(place) for place in places))
    for answer in answers:
        if not isinstance(answer, AzureError):
            return Row(answer, dashboard.clock.now())
    for answer in answers:
        if not isinstance(answer, NotFound):
            raise Nowhere(f"{found.name} cannot be asked for: {answer}")
    if found.workspace is not None:
        where = f"in {found.workspace.name}"
    else:
        where = f"in {places[0].name}" if len(places) == 1 else f"in {len(places)} workspaces"
    raise Nowhere(f"there is no {kind.noun[0]} {found.name} {where}")
