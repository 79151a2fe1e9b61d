"""From a job to a text in the user's editor and back to an action: nothing typed is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import SuspendNotSupported

from amltui.azure.errors import AzureError
from amltui.feeds.editor import Manuscript, NoEditor
from amltui.kinds.drafts import read_back, written
from amltui.kinds.format import one_line
from amltui.kinds.kind import Action, Draft, Edited, Row, Unusable

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard
    from amltui.ui.session import Session

KEPT = 12.0
"""Seconds for which it is told where a text was kept."""


class Drafting:
    """One text about some rows, as often as it takes."""

    def __init__(self, dashboard: Dashboard, draft: Draft[Any], rows: Sequence[Row[Any]]) -> None:
        self.dashboard = dashboard
        self.draft = draft
        self.rows = rows
        self._before: list[dict[str, Any]] = []
        self._manuscript: Manuscript | None = None

    async def read(self, session: Session) -> None:
        """What the service has of the rows, as a text; AzureError where it tells none."""
        self._before = await asyncio.gather(
            *(
                self.draft.read(session.azure.workspace(row.resource.workspace), row.resource)
                for row in self.rows
            )
        )
        self._manuscript = Manuscript(written(self._before))

    def edit(self) -> Action[Any]:
        """Give the terminal to the editor; Unusable if what comes back cannot be used."""
        assert self._manuscript is not None
        text = self.dashboard.edited(self._manuscript)
        after = read_back(text, len(self.rows))
        keys = (row.resource.key for row in self.rows)
        pairs = zip(keys, self._before, after, strict=True)
        return self.draft.made({key: Edited(old, new) for key, old, new in pairs})

    def stopped(self) -> None:
        """Nothing is to be sent: what was typed is kept, and where is told."""
        assert self._manuscript is not None
        if self._manuscript.is_untouched:
            self._manuscript.drop()
            self.dashboard.notify("Nothing was sent", markup=False)
        else:
            self.dashboard.notify(f"Nothing was sent. The text is in {self.place}", markup=False)

    def sent(self, all_done: bool) -> None:
        """It has been sent: unless all of it was done, the text may be wanted again."""
        assert self._manuscript is not None
        if all_done:
            self._manuscript.drop()
        else:
            told = f"The text is kept in {self.place}"
            self.dashboard.notify(told, severity="warning", timeout=KEPT, markup=False)

    @property
    def place(self) -> str:
        """Where the text is kept."""
        return str(self._manuscript.path) if self._manuscript is not None else ""


async def draft(
    dashboard: Dashboard,
    session: Session,
    action: Action[Any],
    rows: Sequence[Row[Any]],
    made: Callable[[Action[Any], Drafting], None],
) -> None:
    """Have the rows edited, and hand on the action; what is wrong with the text is asked about.

    Whoever takes it tells the drafting whether it was stopped or sent.
    """
    assert action.draft is not None
    drafting = Drafting(dashboard, action.draft, rows)
    try:
        await drafting.read(session)
    except AzureError as error:
        dashboard.notify(str(error), title="Nothing to edit", severity="error", markup=False)
        return

    def again(wanted: bool | None) -> None:
        if wanted:
            edit()
        else:
            drafting.stopped()

    def edit() -> None:
        from amltui.ui.screens.question import Question

        try:
            made(drafting.edit(), drafting)
        except (Unusable, NoEditor, SuspendNotSupported) as error:
            why = one_line(str(error))
            kept = f"The text is kept in {drafting.place}"
            dashboard.push_screen(Question(action.title, (why, kept), "edit again", "stop"), again)

    edit()
