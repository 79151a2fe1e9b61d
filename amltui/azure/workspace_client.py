"""One workspace: its ARM path, and its data plane, found through its discovery document."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from amltui.azure import address, loose
from amltui.azure.answer import Answer, Page
from amltui.azure.errors import NotAllowed, ServiceBroken, Unreachable, Untrusted, because
from amltui.azure.shape import ANYTHING, Shape
from amltui.azure.trust import may_see_token

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient
    from amltui.azure.run_facts import RunFacts
    from amltui.domain.arm_id import WorkspaceId

AT_ONCE = 4
"""Requests of one workspace that are under way at the same time."""


class Services(Struct, frozen=True):
    """Where the data plane of a workspace is."""

    api: str
    mlflow: str
    is_closed: bool = False
    """Whether they are reached only through a private endpoint."""


class WorkspaceClient:
    """Requests below one workspace, a few at a time."""

    def __init__(self, place: WorkspaceId, client: AzureClient) -> None:
        self.id = place
        self.client = client
        self.path = address.path(place.path)
        self.search_rung = 0
        """How much of a search this workspace has refused: what is left is asked for."""
        self.ended_runs: dict[str, RunFacts] = {}
        """Facts that will not change any more, so that they need not be asked again."""
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def send(self, method: str, below: str, **options: Any) -> Answer:
        """A request below the workspace's ARM path: `/computes/ci-anna/stop`."""
        async with self._turn:
            return await self.client.send(method, self.path + below, **options)

    async def get(self, below: str, *, params: Mapping[str, str] | None = None) -> Any:
        return (await self.send("GET", below, params=params)).body

    async def post(
        self,
        below: str,
        *,
        json: Any = None,
        params: Mapping[str, str] | None = None,
        reads: bool = False,
    ) -> Any:
        return (await self.send("POST", below, json=json, params=params, reads=reads)).body

    async def put(self, below: str, *, json: Any) -> Any:
        return (await self.send("PUT", below, json=json)).body

    async def patch(self, below: str, *, json: Any) -> Any:
        return (await self.send("PATCH", below, json=json)).body

    async def delete(self, below: str, *, params: Mapping[str, str] | None = None) -> Any:
        return (await self.send("DELETE", below, params=params)).body

    async def pages(
        self,
        below: str,
        *,
        method: str = "GET",
        params: Mapping[str, str] | None = None,
        array: str = "value",
        start: str | None = None,
        shape: Shape = ANYTHING,
    ) -> AsyncIterator[Page]:
        """A list below the workspace; each page waits for its turn."""
        pages = self.client.pages(
            self.path + below, method=method, params=params, array=array, start=start, shape=shape
        )
        while True:
            async with self._turn:
                page = await anext(pages, None)
            if page is None:
                return
            yield page

    async def history(
        self,
        method: str,
        below: str,
        json: Any = None,
        params: Mapping[str, str] | None = None,
        *,
        reads: bool = False,
        shape: Shape = ANYTHING,
    ) -> Any:
        """Run history: `GET /runs/train1/details`."""
        url = f"{(await self.services()).api}/history/v1.0{self.path}{below}"
        return await self._data_plane(method, url, json, params, reads, shape)

    async def metric(
        self, method: str, below: str, json: Any = None, *, shape: Shape = ANYTHING
    ) -> Any:
        """The metric service, whose questions are POSTs: `POST /runs/train1/full`."""
        url = f"{(await self.services()).api}/metric/v2.0{self.path}{below}"
        return await self._data_plane(method, url, json, None, True, shape)

    async def artifact(
        self, method: str, below: str, json: Any = None, params: Mapping[str, str] | None = None
    ) -> Any:
        """The artifact service: `GET /ExperimentRun/dcid.train1/contentinfo`."""
        url = f"{(await self.services()).api}/artifact/v2.0{self.path}/artifacts{below}"
        return await self._data_plane(method, url, json, params, False, ANYTHING)

    async def mlflow(
        self,
        method: str,
        below: str,
        json: Any = None,
        params: Mapping[str, str] | None = None,
        *,
        reads: bool = False,
        shape: Shape = ANYTHING,
    ) -> Any:
        """MLflow's REST interface: `GET /runs/get`."""
        url = f"{(await self.services()).mlflow}/api/2.0/mlflow{below}"
        return await self._data_plane(method, url, json, params, reads, shape)

    async def services(self) -> Services:
        """The data plane's addresses, asked for once."""
        return await self.client.kept.get(("services", self.id.key), self._discover, float("inf"))

    async def _data_plane(
        self,
        method: str,
        url: str,
        json: Any,
        params: Mapping[str, str] | None,
        reads: bool,
        shape: Shape,
    ) -> Any:
        async with self._turn:
            try:
                answer = await self.client.send(
                    method, url, json=json, params=params, reads=reads, shape=shape
                )
            except (NotAllowed, Unreachable) as error:
                if not (await self.services()).is_closed:
                    raise
                raise because(error, self._closed) from error
            return answer.body

    @property
    def _closed(self) -> str:
        """Why a refusal, or no answer, of its data plane is no wonder."""
        return (
            f"workspace {self.id.name} is closed to public networks: jobs' times, metrics and logs"
            " are read through its private endpoint, from a network that has one"
        )

    async def _discover(self) -> Services:
        """Never built from the region: private-link workspaces have hosts of their own."""
        workspace = await self.client.get(self.path)
        discovery = loose.text(workspace, "properties", "discoveryUrl")
        if discovery is None:
            raise ServiceBroken(f"workspace {self.id.name} does not say where its data plane is")
        # Microsoft's client sends no token to discovery, which may be anybody's to read.
        access = loose.text(workspace, "properties", "publicNetworkAccess") or ""
        is_closed = access.lower() == "disabled"
        try:
            services = (await self.client.send("GET", discovery, signed=False)).body
        except (NotAllowed, Unreachable) as error:
            if not is_closed:
                raise
            raise because(error, self._closed) from error
        api = (loose.text(services, "api") or "").rstrip("/")
        tracking = loose.text(workspace, "properties", "mlFlowTrackingUri")
        for url in (api, mlflow := _mlflow(api, tracking, self.path)):
            if not may_see_token(url, self.client.cloud, self.client.auth.also_trusted):
                raise Untrusted(
                    f"workspace {self.id.name} names {address.host(url)} as its data plane, which"
                    f" does not belong to {self.client.cloud.name}: nothing was sent there"
                )
        return Services(api, mlflow, is_closed)


def _mlflow(api: str, tracking: str | None, path: str) -> str:
    """The tracking URI over the scheme of `api`; MLflow 2 and 3 clients speak v2.0."""
    if tracking is None or not tracking.startswith("azureml://"):
        return f"{api}/mlflow/v2.0{path}"
    scheme = api.partition("://")[0]
    written = tracking.removeprefix("azureml://").partition("?")[0].rstrip("/")
    return f"{scheme}://{written}".replace("/mlflow/v1.0/", "/mlflow/v2.0/", 1)
