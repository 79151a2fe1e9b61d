"""Every kind there is. The only place where one is registered.

A key and a title are enough to offer a kind's screen; the declaration is imported when it opens.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from amltui.kinds.kind import Kind

    KINDS: tuple[Kind[Any], ...]


class Entry(NamedTuple):
    """A kind by what its screen is opened with."""

    name: str
    """Also of its module and, in capitals, of its declaration."""
    title: str
    key: str

    @property
    def kind(self) -> Kind[Any]:
        """The declaration."""
        declared: Kind[Any] = getattr(import_module(f"amltui.kinds.{self.name}"), self.name.upper())
        return declared


ENTRIES = (
    Entry("job", "Jobs", "2"),
    Entry("compute", "Compute", "3"),
    Entry("model", "Models", "4"),
    Entry("deployment", "Endpoints", "5"),
    Entry("workspace", "Workspaces", "9"),
)


def __getattr__(name: str) -> Any:
    """`KINDS`: all declarations, for those who need them all."""
    if name != "KINDS":
        raise AttributeError(name)
    kinds = tuple(entry.kind for entry in ENTRIES)
    globals()[name] = kinds
    return kinds
