"""Which part of a list is asked for: what is in use, what is put away, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amltui.emulator.http.asked import one_of

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

ARCHIVED = ("ActiveOnly", "ArchivedOnly", "All")
ENABLED = ("EnabledOnly", "DisabledOnly", "All")


def view(call: Call, choices: tuple[str, ...] = ARCHIVED) -> str:
    """What `listViewType` says, the first choice where it says nothing; Malformed for another.

    The specification calls these enumerations, and the service's binding takes no other value.
    """
    return one_of(call.query.get("listviewtype") or None, "listViewType", choices, choices[0])
