"""The feeds there are, by kind and place, so that a pane that comes back finds its rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from amltui.domain.listing import Listing
from amltui.feeds.board import Board
from amltui.feeds.clock import Clock
from amltui.feeds.feed import Feed, Snapshot
from amltui.feeds.pages import Pages
from amltui.feeds.pins import Pins

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient
    from amltui.feeds.cache.memory import Memory
    from amltui.feeds.run_metrics import RunMetrics
from amltui.feeds.statuses import Statuses

Question = Callable[[], Awaitable[Listing[Any]]]
Paged = Callable[[str, Question, Clock], Pages[Any]]
"""Makes pages of the question of a place."""

MOST_FOUND = 4
"""Filters whose answers are kept."""
MOST_RUNS = 32
"""Runs whose metrics are kept: those looked at last. One may hold a million points."""


class Store:
    """Keeps every feed that was ever opened; whoever reads it decides when it asks."""

    def __init__(
        self, clock: Clock, pins: Pins | None = None, memory: Memory | None = None
    ) -> None:
        self.clock = clock
        self.pins = pins or Pins()
        self.memory = memory
        """Gives a new feed the rows of the run before, and keeps what is answered."""
        self.statuses = Statuses(clock)
        """When which status of a job was seen."""
        self._feeds: dict[tuple[str, str], Feed[Any]] = {}
        self._found: dict[tuple[str, str], Board[Any]] = {}
        self._runs: dict[tuple[str, str], RunMetrics] = {}

    def metrics(self, place: WorkspaceClient, run_id: str) -> RunMetrics:
        """The metrics of a run with what was read of them before: no history is read twice."""
        from amltui.feeds.run_metrics import RunMetrics  # no list needs it

        key = (place.path.lower(), run_id)
        run = self._runs.pop(key, None) or RunMetrics(place, run_id)
        self._runs[key] = run
        for oldest in list(self._runs)[:-MOST_RUNS]:
            del self._runs[oldest]
        return run

    def board(
        self,
        kind: str,
        questions: Mapping[str, Question],
        pace: Callable[[Sequence[Any]], float],
        paged: Paged | None = None,
    ) -> Board[Any]:
        """One feed for each question, made when first asked for; `paged` makes lists of pages."""
        new = [place for place in questions if (kind, place) not in self._feeds]
        recalled = self.memory.recall(kind, new) if self.memory is not None and new else {}
        for place in new:
            latest = recalled.get(place, Snapshot())
            question = questions[place]
            pages = paged(place, question, self.clock) if paged is not None else None
            if pages is not None:
                pages.recall(latest.items)
                question = pages.ask
            asked = self._kept(kind, place, question)
            self._feeds[kind, place] = Feed(asked, pace, self.clock, latest, pages)
        return Board({place: self._feeds[kind, place] for place in questions})

    def found(
        self,
        kind: str,
        asked: str,
        questions: Mapping[str, Question],
        pace: Callable[[Sequence[Any]], float],
        paged: Paged | None = None,
    ) -> Board[Any]:
        """The same for what a filter means: the answers to the last few filters are kept."""
        boards = self._found
        board = boards.pop((kind, asked), None)
        if board is None or list(board.feeds) != list(questions):
            feeds = {}
            for place, question in questions.items():
                pages = paged(place, question, self.clock) if paged is not None else None
                ask = question if pages is None else pages.ask
                feeds[place] = Feed(ask, pace, self.clock, pages=pages)
            board = Board(feeds)
        boards[kind, asked] = board
        for oldest in list(boards)[:-MOST_FOUND]:
            del boards[oldest]
        return board

    @property
    def feeds(self) -> Mapping[tuple[str, str], Feed[Any]]:
        """Every feed by kind and place."""
        return self._feeds

    def _kept(self, kind: str, place: str, question: Question) -> Question:
        """The question, whose answers are remembered."""
        memory = self.memory
        if memory is None:
            return question

        async def ask() -> Listing[Any]:
            listing = await question()
            memory.keep(kind, place, listing, self.clock.now())
            return listing

        return ask
