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

    The specification calls these enumerations. azure-ai-ml 1.35 asks registries for
    `ListViewType.ACTIVE_ONLY`, the name that its own language has for one.
    """
    asked = call.query.get("listviewtype", "")
    plain = asked.removeprefix("ListViewType.").replace("_", "")
    return one_of(plain or None, "listViewType", choices, choices[0])
