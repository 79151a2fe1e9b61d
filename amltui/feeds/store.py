"""The feeds there are, by kind and place, so that a pane that comes back finds its rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from amltui.domain.listing import Listing
from amltui.feeds.board import Board
from amltui.feeds.clock import Clock
from amltui.feeds.feed import Feed


@dataclass
class Store:
    """Keeps every feed that was ever opened; whoever reads it decides when it asks."""

    clock: Clock
    _feeds: dict[tuple[str, str], Feed[Any]] = field(default_factory=dict)

    def board(
        self,
        kind: str,
        questions: Mapping[str, Callable[[], Awaitable[Listing[Any]]]],
        pace: Callable[[Sequence[Any]], float],
    ) -> Board[Any]:
        """One feed for each question, made when first asked for."""
        for place, question in questions.items():
            if (kind, place) not in self._feeds:
                self._feeds[kind, place] = Feed(question, pace, self.clock)
        return Board({place: self._feeds[kind, place] for place in questions})

    @property
    def feeds(self) -> Mapping[tuple[str, str], Feed[Any]]:
        """Every feed by kind and place."""
        return self._feeds
