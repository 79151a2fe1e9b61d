"""A cache as a run leaves it that has scrolled through thousands of jobs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct

from amltui.azure import identity, jobs
from amltui.azure.connect import connect
from amltui.cli import remembering
from amltui.cli.settings import Settings
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.job import Job
from amltui.domain.listing import Listing
from amltui.feeds.cache.memory import Visit
from tests.cli.service import Service, surroundings

PATIENCE = 120.0
"""Seconds that writing may take."""


def leave(service: Service, folder: Path, count: int) -> dict[str, str]:
    """Keep so many of the service's newest jobs in a cache; the variables of a run that finds it.

    Through the store's own interface, from the service's own answers.
    """
    environment = {
        **service.environment,
        "AMLTUI_CACHE": "on",
        "AMLTUI_CACHE_DIR": str(folder),
    }
    asyncio.run(_leave(service, environment, count))
    return environment


async def _leave(service: Service, environment: Mapping[str, str], count: int) -> None:
    place = WorkspaceId(service.subscription_id, service.resource_group, service.workspace)
    azure = await connect(service.arm, credential=_Credential(service))
    found: dict[str, Job] = {}
    try:
        async for page in azure.workspace(place).pages("/jobs", shape=jobs.PAGE):
            read = (jobs.parse(place, item) for item in page.items)
            found.update((job.key, job) for job in read if job is not None)
            if len(found) >= count:
                break
        account = await identity.account(azure)
    finally:
        await azure.aclose()
    settings = Settings.gather({}, surroundings(environment))
    memory = remembering.memory(settings, environment)
    memory.signed_in(account)
    listing = Listing(tuple(islice(found.values(), count)), True)
    memory.keep("job", place.key, listing, datetime.now(UTC))
    memory.stand(Visit("job", (place,), place))
    memory.leave(PATIENCE)


class _Token(Struct):
    """What azure-core calls an AccessToken."""

    token: str
    expires_on: int


class _Credential(Struct):
    """Signs in as whoever runs on the service's machine."""

    service: Service

    def get_token(self, *scopes: str, **options: Any) -> _Token:
        return _Token(self.service.token(), int(time.time()) + 3600)
