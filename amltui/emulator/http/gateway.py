"""What every request passes: its route, its token, its api-version, planned faults, headers."""

from __future__ import annotations

import re
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from amltui.emulator import faults
from amltui.emulator.http import errors
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import Plane
from amltui.emulator.http.table import TABLE, Match
from amltui.emulator.tokens import Refused
from amltui.emulator.world import World

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
        except errors.Refusal as refusal:
            response = refusal.response
        except faults.ConnectionReset:
            # Leaving without an answer has the server cut the connection.
            if cut := scope.get("extensions", {}).get("amltui.cut"):
                cut()
            return
        self._sign(request, response)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path, base = raw_path(request), base_of(request)
        match = TABLE.match(request.method, path)
        plane = match.route.plane if match else Plane.ARM
        who = "" if plane is Plane.OPEN else self._caller(request, base)
        if match is None:
            return errors.no_such_route(request.url.path)
        if plane is Plane.ARM and (refused := _version_refusal(request)) is not None:
            return refused
        call = Call(self.world, request, base, match.params, self.world.now, who)
        return await self._through(match, call)

    def _caller(self, request: Request, base: str) -> str:
        """The name in the token; a 401 for a token that opens nothing."""
        try:
            claims = self.world.mint.check(request.headers.get("authorization"), base)
        except Refused as refusal:
            tenant = self.world.tenant
            answer = errors.unauthorized(tenant, refusal.code, str(refusal))
            raise errors.Refusal(answer) from refusal
        return str(claims.get("name") or claims.get("upn") or claims.get("appid"))

    async def _through(self, match: Match, call: Call) -> Response:
        """The planned fault of this call if there is one, else the answer."""
        if match.route.operation.startswith("Emulator_"):
            return await match.route.handler(call)
        fault = self.world.faults.next(match.route.operation)
        if fault is not None:
            instead = await faults.instead(fault, self.world.tenant)
            if instead is not None:
                return instead
        return await match.route.handler(call)

    def _sign(self, request: Request, response: Response) -> None:
        """The headers that every answer of ARM carries."""
        self._reads = self._reads - 1 if self._reads > READS // 2 else READS
        response.headers.setdefault("x-ms-request-id", str(uuid4()))
        correlation = request.headers.get("x-ms-correlation-request-id") or str(uuid4())
        response.headers.setdefault("x-ms-correlation-request-id", correlation)
        response.headers.setdefault("x-ms-response-type", "standard")
        response.headers.setdefault("x-ms-ratelimit-remaining-subscription-reads", str(self._reads))


def raw_path(request: Request) -> str:
    """The path before decoding: an experiment's name may hold a slash."""
    raw = request.scope.get("raw_path")
    if isinstance(raw, bytes):
        return raw.decode("latin-1").partition("?")[0]
    return request.url.path


def base_of(request: Request) -> str:
    """Scheme and host as the client used them, also behind a front that ends TLS."""
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme).partition(",")[0].strip()
    return f"{scheme}://{request.headers.get('host', request.url.netloc)}"


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
