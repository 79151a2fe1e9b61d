"""Asking several workspaces at the same time; one that fails does not hide the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from amltui.azure.errors import AzureError
from amltui.cli.exits import code_of, say, sentence, worst
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.listing import Listing, unique
from amltui.domain.query.condition import Query
from amltui.kinds.fields import Asker
from amltui.kinds.kind import Kind, PerCloud, PerWorkspace

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient

EVERYTHING, ANYBODY = Query(), Asker()
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""When something began that does not say when."""


class Gathered(Struct, frozen=True):
    """What the workspaces answered."""

    items: tuple[Any, ...] = ()
    more: bool = False
    notes: tuple[str, ...] = ()
    failures: tuple[tuple[str, AzureError], ...] = ()
    """The places that did not answer, and why."""

    def newest(self, source: PerWorkspace[Any] | PerCloud[Any], limit: int) -> Gathered:
        """At most `limit` of all; what has a moment of its own is told newest first."""
        moment = source.moment if isinstance(source, PerWorkspace) else None
        items = self.items
        if moment is not None:
            items = tuple(sorted(items, key=lambda item: moment(item) or _LONG_AGO, reverse=True))
        return replace(self, items=items[:limit], more=self.more or len(items) > limit)

    def report(self) -> int:
        """Say what went wrong; the exit code that follows from it."""
        for note in self.notes:
            say(note)
        for place, error in self.failures:
            say(f"{place}: {sentence(error)}" if place else sentence(error))
        if not self.items:
            return worst([code_of(error) for _, error in self.failures])
        return int(bool(self.failures))


async def listed(
    client: AzureClient,
    kind: Kind[Any],
    places: Sequence[WorkspaceId],
    limit: int | None = None,
    query: Query = EVERYTHING,
    asker: Asker = ANYBODY,
) -> Gathered:
    """The resources of a kind in some places, as far as the service can tell a filter's apart.

    At most `limit` of each place where the service can be asked for so many; 0 is all, and None
    is as many as the kind's screen shows.
    """
    source = kind.source if limit is None else kind.source.limited(limit or None)
    names = {place.key: place.name for place in places}
    sought = source.found(client, places, query, asker, limit)
    if sought is not None:
        return await _ask(sought[1], names, limit == 0)
    return await _ask(source.questions(client, places), names)


async def _ask(
    questions: Mapping[str, Callable[[], Awaitable[Listing[Any]]]],
    names: Mapping[str, str],
    all_pages: bool = False,
) -> Gathered:
    asking = (_answer(question, all_pages) for question in questions.values())
    answers = await asyncio.gather(*asking)
    items: list[Any] = []
    notes: list[str] = []
    failures = []
    more = False
    for key, answer in zip(questions, answers, strict=True):
        if isinstance(answer, AzureError):
            failures.append((names.get(key, ""), answer))
            continue
        items += answer.items
        more = more or answer.more
        notes += answer.notes
    return Gathered(tuple(items), more, tuple(dict.fromkeys(notes)), tuple(failures))


async def _answer(
    question: Callable[[], Awaitable[Listing[Any]]], all_pages: bool
) -> Listing[Any] | AzureError:
    try:
        listing = await question()
        while all_pages and listing.older is not None:
            page = await listing.older()
            items = tuple(unique((*listing.items, *page.items)))
            notes = tuple(dict.fromkeys((*listing.notes, *page.notes)))
            listing = replace(page, items=items, notes=notes)
        return listing
    except AzureError as error:
        return error
