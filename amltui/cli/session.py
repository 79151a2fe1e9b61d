"""Signing in, and finding the places that a command is about."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from amltui.cli.exits import say
from amltui.cli.settings import Settings, state_directory

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient
    from amltui.domain.arm_id import WorkspaceId


AUDIT = "changes.jsonl"
"""The file in the state folder in which every change is noted."""


async def connect(settings: Settings) -> AzureClient:
    """A signed-in client. The slow imports happen in a thread, so that a screen can be painted."""
    from amltui.azure.aside import aside

    connecting = await aside(_import)
    client = await connecting(settings.cloud, settings.auth, settings.tenant, prompt=_prompt)
    return watched(client, settings)


def watched(client: AzureClient, settings: Settings) -> AzureClient:
    """The client, which changes nothing that may not be changed, and notes what it changes."""
    from amltui.azure.audit import AuditLog
    from amltui.azure.guard import Guard

    places = frozenset(name.lower() for name in settings.read_only_workspaces)
    client.guard = Guard(settings.read_only == "on", places)
    client.audit = AuditLog(state_directory(settings) / AUDIT)
    return client


@asynccontextmanager
async def signed_in(settings: Settings) -> AsyncIterator[AzureClient]:
    """A client for one command."""
    client = await connect(settings)
    try:
        yield client
    finally:
        await client.aclose()


async def scope(client: AzureClient, settings: Settings) -> tuple[WorkspaceId, ...]:
    """The workspaces of a command; that no place was given is said, and means all."""
    from amltui.azure import places

    several = settings.workspace is None
    found = await places.find(client, settings.wish, all_workspaces=several)
    if several and not settings.all_workspaces and len(found) > 1:
        say(f"no --workspace given: looking at all {len(found)} that can be read")
    return found


def _import() -> Callable[..., Awaitable[AzureClient]]:
    from amltui.azure import jobs, metrics, places  # noqa: F401  (what the first questions need)
    from amltui.azure.connect import connect

    return connect


def _prompt(text: str) -> None:
    """Tells where to enter a device code."""
    print(text, file=sys.stderr, flush=True)
