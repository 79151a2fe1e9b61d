"""Where the rows of one list come from: the feeds of its kind, and what is asked row by row."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from operator import is_
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from amltui.feeds.board import Board, View
from amltui.feeds.clock import Clock
from amltui.kinds.kind import Kind, PerWorkspace, Row
from amltui.kinds.tree import Below
from amltui.ui.branches import Branches

if TYPE_CHECKING:
    from amltui.domain.query.condition import Query
    from amltui.feeds.row_feed import RowFeed
    from amltui.ui.session import Scope, Session


class RowSource:
    """What is known of the rows of a list, and how more of it is learned. Knows no widget."""

    def __init__(
        self,
        kind: Kind[Any],
        clock: Clock,
        doing: Callable[[], Mapping[str, str]],
        watched: Callable[[], Collection[str]] = frozenset,
    ) -> None:
        self.kind = kind
        self.clock = clock
        self.view: View[Any] = View()
        self._doing = doing
        """By key: what the user has just asked for."""
        self._watched = watched
        """Keys of the jobs that the user is told of."""
        self._rows: list[Row[Any]] = []
        self._told: tuple[Any, ...] = ()
        """What the rows were made of, beside what has become known row by row."""
        self._version = 0
        """Of what has become known row by row."""
        self.board: Board[Any] | None = None
        self.asked = ""
        """What the service is looking for, as it was typed; empty for everything."""
        self._row_feed: RowFeed[Any] | None = None
        self.branches = Branches(kind.children)

    def follow(self, session: Session, scope: Scope, query: Query) -> None:
        """Ask this session about these workspaces from now on.

        What the service can look for of a filter is asked for; rows that are known stay until
        there is an answer.
        """
        kind, azure, chosen = self.kind, session.azure, scope.chosen
        paged = kind.source.paged(azure, chosen)
        found = kind.source.found(azure, chosen, query, session.asker)
        if found is None:
            self.asked = ""
            questions = kind.source.questions(azure, chosen)
            pace = kind.pace_among(len(questions))
            self.board = session.store.board(kind.name, questions, pace, paged)
        else:
            self.asked, questions = found
            pace = kind.pace_among(len(questions))
            self.board = session.store.found(kind.name, self.asked, questions, pace, paged)
        if self.board.latest.answered or not self.view.answered:
            self.view = self.board.latest
        if self._row_feed is None:
            self._row_feed = _row_feed(kind, session)

    def forget(self) -> None:
        """Nothing is known of what will be asked about next."""
        self.view = View()
        self.branches.forget()

    def recall(self, view: View[Any]) -> None:
        """This was known when the program was left."""
        self.view = view

    async def views(self) -> AsyncIterator[View[Any]]:
        """Each change of the list as a whole."""
        if self.board is not None:
            async for view in self.board.views():
                self.view = view
                yield view

    async def row_changes(self) -> AsyncIterator[set[str]]:
        """The keys of rows of which more has become known."""
        if self._row_feed is not None:
            async for keys in self._row_feed.changes():
                yield keys

    def look_at(self, rows: Sequence[Row[Any]]) -> None:
        """These rows are on the screen now."""
        if self._row_feed is not None:
            self._row_feed.look_at([row.resource for row in rows])
        self.branches.look_at(rows)

    def asks_the_same(self, session: Session, query: Query) -> bool:
        """Whether the service need not be asked anew for this filter."""
        search = self.kind.source.search if isinstance(self.kind.source, PerWorkspace) else None
        return (search.served(query, session.asker) if search is not None else "") == self.asked

    def want_older(self) -> None:
        """The end of what is loaded is near: load a page more, if there is one."""
        moment = self.kind.source.moment
        if self.board is not None and moment is not None and self.view.more:
            self.board.want_older(moment)

    def refresh(self) -> None:
        """Ask now."""
        if self.board is not None:
            self.board.refresh()
        self.branches.refresh()

    def rows(self) -> list[Row[Any]]:
        """The last known resources with what else is known of each, in the order of the view.

        The same list as before if nothing has become known since.
        """
        feed, doing, watched = self._row_feed, self._doing(), self._watched()
        told = (watched, doing, tuple(self.view.parts.values()))
        if not _is_same(told, self._told):
            now = self.clock.now()
            names = {key.rpartition("/")[2] for key in watched}
            self._told = told
            self._rows = [
                Row(
                    resource,
                    part.at or now,
                    feed.of(resource) if feed is not None else None,
                    doing.get(resource.key) if doing else None,
                    part.recalled or part.error is not None,
                    # Keys are long: of a hundred thousand rows, few are compared by theirs.
                    watched=bool(names)
                    and resource.name.lower() in names
                    and resource.key in watched,
                )
                for part in self.view.parts.values()
                for resource in part.items
            ]
        elif feed is not None and (names := feed.since(self._version)):
            self._rows = [
                replace(row, extra=feed.of(row.resource)) if row.resource.name in names else row
                for row in self._rows
            ]
        self._version = feed.version if feed is not None else 0
        return self._rows

    def below(self) -> dict[str, Below]:
        """The rows below each open one, by its key."""
        feed, doing, now = self._row_feed, self._doing(), self.clock.now()
        watched = self._watched()

        def row(resource: Any, at: datetime | None, stale: bool) -> Row[Any]:
            extra = feed.of(resource) if feed is not None else None
            mark = resource.key in watched
            return Row(resource, at or now, extra, doing.get(resource.key), stale, watched=mark)

        return self.branches.below(row)

    def known(self) -> Iterator[Row[Any]]:
        """All rows, those below others included."""
        yield from self.rows()
        for below in self.below().values():
            yield from below.rows

    @property
    def is_filled(self) -> bool:
        """Whether every place has answered, and every row on the screen has all its cells."""
        answered = 0 < len(self.view.parts) == self.view.answered
        return answered and (self._row_feed is None or self._row_feed.is_settled)


def _is_same(told: tuple[Any, ...], before: tuple[Any, ...]) -> bool:
    """Whether the same was known then, without a look into any list."""
    if not before or told[:2] != before[:2] or len(told[2]) != len(before[2]):
        return False
    return all(map(is_, told[2], before[2]))


def _row_feed(kind: Kind[Any], session: Session) -> RowFeed[Any] | None:
    """The feed of what a kind asks for row by row, where it does."""
    supplement = kind.supplement
    if supplement is None:
        return None
    from amltui.feeds.row_feed import RowFeed

    return RowFeed(
        lambda resource, known: supplement.fetch(
            session.azure.workspace(resource.workspace), resource, known
        ),
        supplement.wanted,
        supplement.final,
        supplement.pace,
        session.store.clock,
    )
