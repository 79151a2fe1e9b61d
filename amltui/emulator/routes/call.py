"""One request to a workspace, as the routes of jobs and their data see it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from amltui.emulator.assets.endpoints import EndpointBook
from amltui.emulator.assets.models import ModelShelf
from amltui.emulator.blobs.sas import Signer
from amltui.emulator.jobs.book import JobBook
from amltui.emulator.jobs.history import JobHistory
from amltui.emulator.jobs.metrics import RunMetrics
from amltui.emulator.jobs.place import Place
from amltui.emulator.jobs.record import JobRecord


@dataclass(frozen=True)
class Call:
    """What a route works with: the books, the moment, and the workspace that was addressed."""

    request: Request
    place: Place
    now: float
    who: str
    book: JobBook
    models: ModelShelf
    endpoints: EndpointBook
    signer: Signer
    account: str
    """The workspace's storage account."""
    workspace_guid: str
    computes: Callable[[], set[str]]
    """Names of the workspace's computes, in lower case."""
    page_size: int = 10

    @property
    def params(self) -> Mapping[str, str]:
        return {name: str(value) for name, value in self.request.path_params.items()}

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    @property
    def history(self) -> JobHistory:
        return self.book.of(self.place.workspace)

    def metrics(self, record: JobRecord) -> RunMetrics:
        return self.book.metrics(record, self.now)

    async def body(self) -> Any:
        """The JSON of the request; an empty object where there is none."""
        data = await self.request.body()
        return json.loads(data) if data.strip() else {}


Handler = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True)
class WorkspaceRoute:
    """A handler and its path below the workspace's id."""

    method: str
    path: str
    handler: Handler
    prefix: str = ""
    """What stands before the id: nothing in ARM, `/history/v1.0` …"""
