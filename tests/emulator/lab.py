"""The jobs side of the emulator alone: one workspace, a clock set by hand, no sign-in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from amltui.emulator.assets import stock
from amltui.emulator.blobs.sas import Signer
from amltui.emulator.jobs.history import JobHistory
from amltui.emulator.jobs.stories import calm
from amltui.emulator.routes.service import JobService, Site

NOON = 1_700_000_000.0
WORKSPACE = (
    "/subscriptions/s1/resourceGroups/rg1/providers"
    "/Microsoft.MachineLearningServices/workspaces/calm-ws"
)
HISTORY = f"/history/v1.0{WORKSPACE}"
METRIC = f"/metric/v2.0{WORKSPACE}"
MLFLOW = f"/mlflow/v2.0{WORKSPACE}/api/2.0/mlflow"
OPERATIONS = (
    "/subscriptions/{s}/providers/Microsoft.MachineLearningServices/locations/{location}"
    "/mfeOperationResults/{operation}"
)


class Lab:
    """A client of the service, and the hand on its clock."""

    def __init__(self, client: httpx.AsyncClient, service: JobService) -> None:
        self.client = client
        self.service = service
        self.at = NOON

    def pass_time(self, seconds: float) -> None:
        self.at += seconds

    async def get(self, url: str, **query: Any) -> Any:
        response = await self.client.get(url, params=query or None)
        assert response.status_code == 200, response.text
        return response.json()

    async def post(self, url: str, body: Any = None) -> Any:
        response = await self.client.post(url, json=body)
        assert response.status_code == 200, response.text
        return response.json()

    async def named(self, display_name: str) -> str:
        """The name of the job of this display name."""
        jobs = (await self.get(f"{WORKSPACE}/jobs", listViewType="All"))["value"]
        found = (
            job for job in jobs if (job.get("properties") or {}).get("displayName") == display_name
        )
        return str(next(found)["name"])


Tell = Callable[[str, int, float], JobHistory]


@asynccontextmanager
async def laboratory(tell: Tell = calm, page_size: int = 100) -> AsyncIterator[Lab]:
    """A service with one workspace, whose history is told by a story."""
    site = Site(WORKSPACE, "eastus", "tenant", "guid-1", "stcalm", lambda: {"cpu-cluster"})
    service = JobService(lambda: [site], lambda: lab.at, Signer(b"key"), page_size=page_size)
    service.book.histories[WORKSPACE.lower()] = tell(WORKSPACE, 7, NOON)
    service.models.stock(stock.models(WORKSPACE, NOON, ["calm_pear_1"]))
    service.endpoints.stock(stock.endpoints(WORKSPACE, NOON))

    async def blob(request: Request) -> Response:
        return service.blob(request)

    async def operation(request: Request) -> Response:
        found = service.cancellation(request.path_params["operation"])
        return found or JSONResponse({}, 404)

    async def rest(request: Request) -> Response:
        base = str(request.base_url).rstrip("/")
        return await service.answer(request, base, "Alex") or JSONResponse({}, 404)

    app = Starlette(
        routes=[
            Route("/{account}.blob.core.windows.net/{path:path}", blob),
            Route(OPERATIONS, operation),
            Route("/{path:path}", rest, methods=["GET", "PUT", "POST", "PATCH", "DELETE"]),
        ]
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://lab") as client:
        lab = Lab(client, service)
        yield lab
