"""What the user has set going: followed to its end, whatever screen is open."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from msgspec import Struct, field

from amltui.azure.errors import AzureError, OperationFailed


class InFlight(Struct, frozen=True):
    """One action on one resource."""

    key: str
    """Of the resource."""
    name: str
    doing: str
    """Marks the row: stopping."""
    done: str
    """Ends the report: stopped."""
    since: datetime | None = None
    """When it was asked for."""


class Operations(Struct):
    """Runs actions side by side, and tells each one's end. One action at a time on a resource."""

    on_change: Callable[[InFlight], None]
    """When an action has begun, was accepted, or is over."""
    on_end: Callable[[InFlight, AzureError | None], None]
    _running: dict[str, InFlight] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def pending(self, key: str) -> str | None:
        """What is being done to a resource: its row's mark."""
        running = self._running.get(key)
        return running.doing if running else None

    @property
    def doing(self) -> dict[str, str]:
        """By key: what is being done to the resources to which anything is."""
        return {key: each.doing for key, each in self._running.items()}

    @property
    def running(self) -> tuple[InFlight, ...]:
        return tuple(self._running.values())

    def begin(
        self,
        action: InFlight,
        ask: Callable[[], Awaitable[Callable[[], Awaitable[None]] | None]],
    ) -> None:
        """Set an action going. `ask` sends the request and returns how to wait for its end."""
        if action.key in self._running:
            return
        self._running[action.key] = action
        task = asyncio.get_running_loop().create_task(self._follow(action, ask))
        self._tasks.add(task)
        task.add_done_callback(self._over)
        self.on_change(action)

    async def _follow(
        self,
        action: InFlight,
        ask: Callable[[], Awaitable[Callable[[], Awaitable[None]] | None]],
    ) -> None:
        failure: AzureError | None = None
        accepted = False
        try:
            wait = await ask()
            accepted = True
            self.on_change(action)
            if wait is not None:
                await wait()
        except AzureError as error:
            failure = error
            if accepted and not isinstance(error, OperationFailed):
                error.uncertain = True  # it goes on where nobody can look
        finally:
            del self._running[action.key]
        self.on_end(action, failure)
        self.on_change(action)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (bug := task.exception()):
            raise bug
