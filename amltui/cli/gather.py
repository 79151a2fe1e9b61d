"""Asking several workspaces at the same time; one that fails does not hide the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amltui.azure.errors import AzureError
from amltui.cli.exits import code_of, say, sentence, worst
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.listing import Listing
from amltui.kinds.kind import Kind

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient


@dataclass(frozen=True)
class Gathered:
    """What the workspaces answered."""

    items: tuple[Any, ...] = ()
    more: bool = False
    notes: tuple[str, ...] = ()
    failures: tuple[tuple[str, AzureError], ...] = ()
    """The places that did not answer, and why."""

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
    client: AzureClient, kind: Kind[Any], places: Sequence[WorkspaceId], limit: int | None
) -> Gathered:
    """Every resource of a kind in some places; at most `limit` of each place."""
    source = kind.source if limit == 0 else kind.source.limited(limit or None)
    names = {place.key: place.name for place in places}
    return await _ask(source.questions(client, places), names, limit)


async def _ask(
    questions: Mapping[str, Callable[[], Awaitable[Listing[Any]]]],
    names: Mapping[str, str],
    limit: int | None,
) -> Gathered:
    answers = await asyncio.gather(*(_answer(question) for question in questions.values()))
    items: list[Any] = []
    notes: list[str] = []
    failures = []
    more = False
    for key, answer in zip(questions, answers, strict=True):
        if isinstance(answer, AzureError):
            failures.append((names.get(key, ""), answer))
            continue
        items += answer.items[: limit or None]
        more = more or answer.more or bool(limit and len(answer.items) > limit)
        notes += answer.notes
    return Gathered(tuple(items), more, tuple(dict.fromkeys(notes)), tuple(failures))


async def _answer(question: Callable[[], Awaitable[Listing[Any]]]) -> Listing[Any] | AzureError:
    try:
        return await question()
    except AzureError as error:
        return error
