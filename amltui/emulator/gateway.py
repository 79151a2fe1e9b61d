"""What every request passes: its route, planned faults, its token, its api-version, its headers."""

from __future__ import annotations

import json
import re
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from amltui.emulator import errors, faults
from amltui.emulator.arm import (
    compute_routes,
    control,
    identity,
    resource_graph,
    subscriptions,
    workspaces,
)
from amltui.emulator.arm.route import Ask, Route
from amltui.emulator.routes import table
from amltui.emulator.routes.service import raw_path
from amltui.emulator.tokens import Refused
from amltui.emulator.world import World

ROUTES: tuple[Route, ...] = (
    *identity.ROUTES,
    *subscriptions.ROUTES,
    *workspaces.ROUTES,
    *compute_routes.ROUTES,
    *resource_graph.ROUTES,
    *control.ROUTES,
)
_BLOB = re.compile(r"/(?P<account>[^/]+)\.blob\.core\.windows\.net/(?P<path>.+)", re.IGNORECASE)
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z]+)?")
READS = 11_999


class Gateway:
    """The ASGI application."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._reads = READS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except faults.ConnectionReset:
            # Leaving without an answer has the server cut the connection.
            if cut := scope.get("extensions", {}).get("amltui.cut"):
                cut()
            return
        self._sign(request, response)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path, base = raw_path(request), base_of(request)
        blob = _BLOB.fullmatch(path)
        if blob is not None and request.method in {"GET", "HEAD"}:
            request.scope["path_params"] = _BLOB.fullmatch(request.url.path).groupdict()  # type: ignore[union-attr]
            return await self._through("Blobs_Get", lambda: self._blob(request))
        found = next(
            (
                (route, params)
                for route in ROUTES
                if (params := route.match(request.method, path)) is not None
            ),
            None,
        )
        if found is not None and found[0].open:
            return await found[0].handler(Ask(self.world, request, base, found[1]))
        try:
            claims = self.world.mint.check(request.headers.get("authorization"), base)
        except Refused as refusal:
            return errors.unauthorized(self.world.tenant, refusal.code, str(refusal))
        if not _data_plane(path) and (refused := _version_refusal(request)) is not None:
            return refused
        try:
            if found is not None:
                route, params = found
                ask = Ask(self.world, request, base, params)
                return await self._through(route.operation, lambda: route.handler(ask))
            return await self._jobs(request, base, str(claims.get("name") or claims.get("upn")))
        except json.JSONDecodeError:
            return errors.provider(400, "InvalidRequestContent", "The request's body is not JSON.")

    async def _jobs(self, request: Request, base: str, who: str) -> Response:
        """Jobs, their data, models and endpoints."""
        match = table.match(request.method, raw_path(request))
        if match is None:
            return errors.no_such_route(request.url.path)
        operation = (
            f"{match.route.handler.__module__.rpartition('.')[2]}.{match.route.handler.__name__}"
        )

        async def answer() -> Response:
            found = await self.world.jobs.answer(request, base, who)
            if found is not None:
                return found
            name = match.workspace.rpartition("/")[2]
            message = (
                f"The Resource 'Microsoft.MachineLearningServices/workspaces/{name}' was not found."
            )
            return errors.gateway(404, "ResourceNotFound", message)

        return await self._through(operation, answer)

    async def _blob(self, request: Request) -> Response:
        return self.world.jobs.blob(request)

    async def _through(self, operation: str, answer) -> Response:  # type: ignore[no-untyped-def]
        """The planned fault of this call if there is one, else the answer."""
        fault = self.world.faults.next(operation)
        if fault is not None:
            instead = await faults.instead(fault, self.world.tenant)
            if instead is not None:
                return instead
        response: Response = await answer()
        return response

    def _sign(self, request: Request, response: Response) -> None:
        """The headers that every answer of ARM carries."""
        self._reads = self._reads - 1 if self._reads > READS // 2 else READS
        response.headers.setdefault("x-ms-request-id", str(uuid4()))
        correlation = request.headers.get("x-ms-correlation-request-id") or str(uuid4())
        response.headers.setdefault("x-ms-correlation-request-id", correlation)
        response.headers.setdefault("x-ms-response-type", "standard")
        response.headers.setdefault("x-ms-ratelimit-remaining-subscription-reads", str(self._reads))


def base_of(request: Request) -> str:
    """Scheme and host as the client used them, also behind a front that ends TLS."""
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme).partition(",")[0].strip()
    return f"{scheme}://{request.headers.get('host', request.url.netloc)}"


def _data_plane(path: str) -> bool:
    return path.lower().startswith(("/history/", "/metric/", "/mlflow/", "/artifact/"))


def _version_refusal(request: Request) -> Response | None:
    version = next(
        (value for name, value in request.query_params.items() if name.lower() == "api-version"),
        None,
    )
    if version is None:
        return errors.gateway(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    if not _VERSION.fullmatch(version):
        message = f"The api-version '{version}' is invalid."
        return errors.gateway(400, "InvalidApiVersionParameter", message)
    return None


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        kind = message["type"].removeprefix("lifespan.")
        await send({"type": f"lifespan.{kind}.complete"})
        if kind == "shutdown":
            return
