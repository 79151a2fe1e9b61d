"""Lists that come in pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

from amltui.azure import address, loose
from amltui.azure.errors import ServiceBroken
from amltui.azure.protocol import next_link

if TYPE_CHECKING:
    from amltui.azure.answer import Answer, Page

MOST_EMPTY = 50
"""Empty pages in a row after which a service that always links on is not followed further."""


async def follow(
    first: Callable[[], Awaitable[Answer]],
    read: Callable[[str], Awaitable[Answer]],
    array: str,
) -> AsyncIterator[Page]:
    """Page after page. Only a missing link is the end: short and empty pages may link on."""
    from amltui.azure.answer import Page

    answer = await first()
    seen: set[str] = set()
    empty = 0
    while True:
        items = loose.objects(answer.body, array)
        link = next_link(answer.body)
        yield Page(items, link)
        if link is None:
            return
        empty = 0 if items else empty + 1
        if link in seen or empty > MOST_EMPTY:
            raise ServiceBroken(
                f"{address.host(answer.url)} pages in a circle through {address.target(answer.url)}"
            )
        seen.add(link)
        answer = await read(link)
