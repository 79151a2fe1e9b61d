"""Opening rows of a list where they stand: what lies below them is asked for then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import work
from textual.binding import Binding

from amltui.feeds.feed import Feed
from amltui.kinds.choosing import columns_of
from amltui.kinds.fields import Texts
from amltui.kinds.format import one_line
from amltui.kinds.kind import Row
from amltui.kinds.tree import Tree
from amltui.ui.arranged_pane import ArrangedPane

GROUP = "branches"
FOLDING = (
    Binding("right", "unfold", "Children", id="tree.open"),
    Binding("left", "fold", "Close children", show=False, id="tree.close"),
)
"""Of the lists whose rows can lie below each other."""


class TreePane(ArrangedPane):
    """Open rows stay open while the program runs; whether the list is in view decides who asks."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._texts = Texts()

    def grown(self, arranged: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
        """The rows of the list itself, which are arranged, with what lies below the open ones."""
        below = self.source.below()
        if not below:
            return arranged
        kind, arrangement, asker = self.KIND, self.arrangement, self.dashboard.asker
        columns, texts = columns_of(kind, arrangement.columns), self._texts

        def ordered(rows: Any, is_below: bool) -> list[Row[Any]]:
            order = kind.children.order if is_below and kind.children else kind.order
            return arrangement.sorted(columns, rows, order)

        tree = Tree(
            below,
            lambda rows: arrangement.sifted(columns, rows, kind.fields, asker, texts),
            ordered,
        )
        return tree.grown(arranged, self.source.rows())

    @property
    def roots(self) -> int:
        """Rows that are shown and lie below no other."""
        rows = self.table.rows
        if not self.source.branches.keys:
            return len(rows)
        return sum(not row.depth for row in rows)

    def follow_branches(self) -> None:
        """Ask for what lies below the rows that are open."""
        self.rest_branches()
        for key, feed in self.source.branches.feeds:
            self._read_below(key, feed)

    def rest_branches(self) -> None:
        self.workers.cancel_group(self, GROUP)

    @work(group=GROUP)
    async def _read_below(self, key: str, feed: Feed[Any]) -> None:
        failed = False
        async for snapshot in feed.snapshots():
            if not self.source.branches.is_open(key):
                return
            if snapshot.error is not None and not failed:
                told = one_line(f"children cannot be read: {snapshot.error}")
                self.notify(told, severity="warning", markup=False)
            failed = snapshot.error is not None
            self.repaint_rows()

    def action_unfold(self) -> None:
        """Show what lies below the row under the cursor; go to the first of it if that is shown."""
        row, session, branches = self.table.cursor_row, self.dashboard.session, self.source.branches
        if row is None or session is None:
            return
        if not branches.can_open(row.resource):
            self.notify(one_line(f"{row.title} has no children"), timeout=2.0, markup=False)
            return
        if not branches.is_open(row.resource.key):
            feed = branches.open(session, row.resource)
            self._read_below(row.resource.key, feed)
            self.repaint_rows()
            return
        following = self.table.window.cursor + 1
        if following < len(self.table.rows) and self.table.rows[following].depth > row.depth:
            self.table.go_to(following)

    def action_fold(self) -> None:
        """Close the row under the cursor, or go to the row it lies below."""
        row, branches = self.table.cursor_row, self.source.branches
        if row is None:
            return
        if branches.is_open(row.resource.key):
            branches.close(row.resource.key)
            self.repaint_rows()
        elif row.depth and (above := branches.parent_of(row.resource.key)) is not None:
            index = self.table.window.index_of(above)
            if index is not None:
                self.table.go_to(index)
