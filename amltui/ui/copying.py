"""What goes into the terminal's clipboard: names, links, and whatever else is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amltui.kinds.format import one_line
from amltui.kinds.kind import Kind, Row

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard

SHORT = 3.0
"""Seconds for which it is said what was copied."""


def names(dashboard: Dashboard, rows: Sequence[Row[Any]]) -> None:
    """Put the names into the terminal's clipboard."""
    if not rows:
        return
    found = [row.resource.name for row in rows]
    dashboard.copy_to_clipboard("\n".join(found))
    _tell(dashboard, f"Copied {found[0] if len(found) == 1 else f'{len(found)} names'}")


def menu(dashboard: Dashboard, kind: Kind[Any], rows: Sequence[Row[Any]]) -> None:
    """Let the user choose what of the rows goes into the clipboard."""
    session = dashboard.session
    if session is None or not rows:
        return
    from amltui.kinds.copies import Copy, copies
    from amltui.ui.screens.copy_menu import CopyMenu

    def chosen(copy: Copy | None) -> None:
        if copy is not None:
            dashboard.copy_to_clipboard(copy.text)
            _tell(dashboard, f"Copied {copy.what}")

    found = copies(kind, rows, session.azure.cloud.arm, session.azure.api_version)
    title = rows[0].title if len(rows) == 1 else f"{len(rows)} {kind.noun[1]}"
    dashboard.push_screen(CopyMenu(found, title), chosen)


def link(dashboard: Dashboard, kind: Kind[Any], row: Row[Any]) -> None:
    """Put the address of the studio page into the clipboard.

    A browser is not opened: over SSH it would be one in this very terminal.
    """
    link = kind.link(row.resource) if kind.link is not None else None
    if link is None:
        _warn(dashboard, f"The service names no studio page for {row.title}")
        return
    dashboard.copy_to_clipboard(link)
    _tell(dashboard, f"Copied {link}")


def _tell(dashboard: Dashboard, text: str) -> None:
    dashboard.notify(one_line(text), timeout=SHORT, markup=False)


def _warn(dashboard: Dashboard, text: str) -> None:
    dashboard.notify(one_line(text), severity="warning", timeout=SHORT, markup=False)
