"""Getting from no session to one, and saying why when that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from amltui.azure.errors import AzureError, NotAllowed, NotFound, NotSignedIn
from amltui.domain.place import Wish
from amltui.feeds.feed import LONGEST_BACKOFF
from amltui.kinds.fields import Asker
from amltui.ui.session import Scope, Session

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient
    from amltui.ui.app import Dashboard

HOPELESS = (NotSignedIn, NotAllowed, NotFound)
"""Asking again does not help until the user has done something; then ctrl+r does."""
READING = 0.1
"""Seconds in which ten thousand rows are read alone: the imports of the client would double it."""


class SignIn(Struct):
    """Connects, then finds the workspaces that were wished for."""

    connect: Callable[[], Awaitable[AzureClient]]
    wish: Wish
    all_workspaces: bool

    async def look_again(self, dashboard: Dashboard) -> None:
        """A workspace was made or has gone: everything is about those there are now."""
        from amltui.azure import places
        from amltui.feeds.overview import OverviewFeed

        session, before = dashboard.session, dashboard.scope
        if session is None:
            return
        try:
            found = tuple(await places.find(session.azure, self.wish, all_workspaces=True))
        except NotFound:
            found = ()
        except AzureError:
            return  # the list of workspaces tells it, and has its own time to ask again
        if set(found) == set(before.workspaces):
            return
        current = before.current if before.current in found else None
        dashboard.set_reactive(type(dashboard).scope, Scope(found, current))
        overview = OverviewFeed(session.azure, dashboard.attention, found)
        dashboard.session = replace(session, overview=overview)

    async def run(self, dashboard: Dashboard) -> None:
        """Until there is a session, or until only the user can help."""
        failures = 0
        azure: AzureClient | None = None
        # Lists begin with all that is remembered, and nobody waits longer for it than for a token.
        reading = asyncio.create_task(dashboard.bookmark.read_on())
        await asyncio.wait({reading}, timeout=READING)
        try:
            while True:
                try:
                    azure = azure or await self.connect()
                    from amltui.azure import identity, places

                    found = await places.find(azure, self.wish, all_workspaces=True)
                    me = Asker(*await identity.names(azure))
                    last = await dashboard.bookmark.signed_in(azure)
                    break
                except AzureError as error:
                    failures += 1
                    if isinstance(error, HOPELESS):
                        dashboard.problem = f"{error}\nctrl+r tries again."
                        return
                    pause = error.retry_after or min(2.0**failures, LONGEST_BACKOFF)
                    dashboard.problem = f"{error}\nAsking again in {pause:.0f} s."
                    await dashboard.clock.wait(pause, asyncio.Event())
            await reading
            current = found[0] if len(found) == 1 and not self.all_workspaces else None
            if last is not None:
                current = next((place for place in found if place.key == last.key), current)
            dashboard.problem = ""
            dashboard.set_reactive(type(dashboard).scope, Scope(tuple(found), current))
            from amltui.feeds.overview import OverviewFeed
            from amltui.feeds.store import Store

            store = Store(dashboard.attention, dashboard.pins, dashboard.bookmark.memory)
            overview = OverviewFeed(azure, dashboard.attention, found)
            dashboard.session, azure = Session(azure, store, overview, me), None
        finally:
            reading.cancel()
            if azure is not None:
                await azure.aclose()
