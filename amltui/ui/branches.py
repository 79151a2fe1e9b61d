"""Which rows of a list are open, and what has been found below each. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from amltui.feeds.feed import Feed
from amltui.kinds.kind import Children, Row
from amltui.kinds.tree import Below

if TYPE_CHECKING:
    from amltui.feeds.offspring import Offspring
    from amltui.ui.session import Session

MakeRow = Callable[[Any, datetime | None, bool], Row[Any]]
"""A row of a resource, the moment of its answer, and whether there was none since."""


class Branches:
    """Asked for when a row is first opened; what was found is kept when it is closed again."""

    def __init__(self, children: Children[Any] | None) -> None:
        self.children = children
        self._open: dict[str, Offspring[Any]] = {}
        self._known: dict[str, Offspring[Any]] = {}
        self._of: dict[str, str] = {}
        """The key of the row that a row lies below."""

    def can_open(self, resource: Any) -> bool:
        """Whether others may lie below it."""
        return self.children is not None and self.children.possible(resource)

    def is_open(self, key: str) -> bool:
        return key in self._open

    def open(self, session: Session, resource: Any) -> Feed[Any]:
        """The feed of what lies below a row, which is open from now on."""
        children = self.children
        assert children is not None
        place = session.azure.workspace(resource.workspace)
        known = self._known.get(resource.key)
        if known is None:
            from amltui.feeds.offspring import Offspring

            known = Offspring(
                lambda: children.page(place, resource), children.over, session.store.clock
            )
            self._known[resource.key] = known
        known.parent_is_over = children.over(resource)
        self._open[resource.key] = known
        return known.feed

    def close(self, key: str) -> None:
        self._open.pop(key, None)

    def parent_of(self, key: str) -> str | None:
        """The key of the open row that a row lies below; None for one of the list's own."""
        return self._of.get(key)

    def forget(self) -> None:
        """Nothing is known of what will be asked about next, and nothing is open."""
        self._open.clear()
        self._known.clear()
        self._of.clear()

    def refresh(self) -> None:
        """Ask now."""
        for each in self._open.values():
            each.feed.refresh()

    @property
    def keys(self) -> set[str]:
        """Of everything that was found below a row, open or not."""
        return set(self._of)

    @property
    def feeds(self) -> Iterator[tuple[str, Feed[Any]]]:
        """Of the open rows, by their keys."""
        return ((key, each.feed) for key, each in self._open.items())

    def below(self, row: MakeRow) -> dict[str, Below]:
        """What is known below each open row."""
        found = {}
        for key, each in self._open.items():
            latest = each.feed.latest
            failed = latest.error is not None
            rows = [row(resource, latest.at, failed) for resource in latest.items]
            self._of.update(dict.fromkeys((each.resource.key for each in rows), key))
            asking = not latest.loaded and not failed
            found[key] = Below(rows, latest.more, asking, failed)
        return found

    def look_at(self, rows: Iterable[Row[Any]]) -> None:
        """These rows are on the screen: where the last of a page is, the next page is wanted."""
        ends: Sequence[tuple[str, Offspring[Any]]] = [
            (each.feed.latest.items[-1].key, each)
            for each in self._open.values()
            if each.feed.latest.more and each.feed.latest.items
        ]
        if ends:
            seen = {row.resource.key for row in rows}
            for key, each in ends:
                if key in seen:
                    each.want_more()
