"""A service of canned answers, and a client of it that waits on paper only."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from amltui.azure.auth import TokenAuth
from amltui.azure.client import AzureClient, WorkspaceClient
from amltui.azure.clouds import AZURE, Cloud
from amltui.azure.transport import client_for
from amltui.domain.arm_id import WorkspaceId

PLACE = WorkspaceId("00000000-0000-0000-0000-000000000000", "00000", "00000")
"""The workspace of the recordings."""
API = "https://eastus.api.azureml.ms"
HISTORY = f"{API}/history/v1.0{PLACE.path}"
NOW = 1_800_000_000.0


@dataclass(frozen=True)
class Token:
    """What azure-core calls an AccessToken."""

    token: str
    expires_on: int


@dataclass
class Credential:
    """Gives numbered tokens, and keeps how it was asked."""

    seconds: float = 3600.0
    now: Callable[[], float] = lambda: NOW
    asked: list[tuple[tuple[str, ...], dict[str, Any]]] = field(default_factory=list)

    def get_token(self, *scopes: str, **options: Any) -> Token:
        self.asked.append((scopes, options))
        return Token(f"token-{len(self.asked)}", int(self.now() + self.seconds))


@dataclass(frozen=True)
class Reply:
    """An answer. A body of bytes is sent as it is, any other as JSON; None is no body at all."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> httpx.Response:
        if self.body is None:
            content = b""
        elif isinstance(self.body, bytes):
            content = self.body
        else:
            content = json.dumps(self.body).encode()
        return httpx.Response(self.status, content=content, headers=dict(self.headers))


Answer = Reply | Exception | Callable[[httpx.Request], Reply | Awaitable[Reply]]


@dataclass
class Service:
    """Answers by method and the end of the path; what nobody planned is a 404 of the gateway."""

    requests: list[httpx.Request] = field(default_factory=list)
    bearers: list[str | None] = field(default_factory=list)
    """The Authorization of each request as it arrived: a request is signed anew where it lies."""
    most_at_once: int = 0
    _busy: int = 0
    _plans: list[tuple[str, re.Pattern[str], list[Answer]]] = field(default_factory=list)

    def on(self, method: str, path: str, *answers: Answer) -> None:
        """Answer a path that ends so, one answer after the other; the last one stays."""
        self._plans.insert(0, (method, re.compile(path + "$"), list(answers)))

    def data_plane(self, api: str = API) -> None:
        """Let the workspace say where its data plane is."""
        properties = {"discoveryUrl": f"{API}/discovery"}
        self.on("GET", f"/workspaces/{PLACE.name}", Reply(200, {"properties": properties}))
        self.on("GET", "/discovery", Reply(200, {"api": api}))

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.bearers.append(request.headers.get("Authorization"))
        self._busy += 1
        self.most_at_once = max(self.most_at_once, self._busy)
        await asyncio.sleep(0)
        self._busy -= 1
        reply = self._planned(request)
        return (reply if isinstance(reply, Reply) else await reply).response()

    def _planned(self, request: httpx.Request) -> Reply | Awaitable[Reply]:
        for method, path, answers in self._plans:
            if method == request.method and path.search(request.url.path):
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                if isinstance(answer, Exception):
                    raise answer
                return answer if isinstance(answer, Reply) else answer(request)
        return Reply(404, {"error": {"code": "ResourceNotFound", "message": "Nothing."}})

    def sent(self, method: str, path: str) -> list[httpx.Request]:
        """The requests of a method whose path ends so."""
        pattern = re.compile(path + "$")
        return [
            request
            for request in self.requests
            if request.method == method and pattern.search(request.url.path)
        ]


@dataclass
class Rig:
    """A client and everything around it that a test looks at."""

    service: Service
    credential: Credential
    client: AzureClient
    slept: list[float]
    """Seconds of every pause, none of which was waited for."""

    @property
    def place(self) -> WorkspaceClient:
        return self.client.workspace(PLACE)


def rig(service: Service | None = None, *, cloud: Cloud = AZURE, tenant: str | None = None) -> Rig:
    """A client of a cloud whose whole network is one `Service`."""
    service, credential, slept = service or Service(), Credential(), []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    auth = TokenAuth(cloud, credential, tenant, clock=lambda: NOW)
    http = client_for(cloud.arm, httpx.MockTransport(service.answer))
    client = AzureClient(cloud, auth, http, sleep=sleep, random=lambda: 1.0)
    return Rig(service, credential, client, slept)
