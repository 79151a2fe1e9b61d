"""What every request passes: its route, its token, its api-version, planned faults, headers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from amltui.emulator import activity, faults, locks
from amltui.emulator.activity import Event
from amltui.emulator.blobs.address import storage_path
from amltui.emulator.http import errors, quirks
from amltui.emulator.http.asked import Malformed
from amltui.emulator.http.call import Call, Put
from amltui.emulator.http.route import Plane
from amltui.emulator.http.table import OPERATIONS, TABLE, Match
from amltui.emulator.tokens import Refused
from amltui.emulator.world import World

_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z]+)?")


class Gateway:
    """The ASGI application."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.faults.operations = OPERATIONS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        request = Request(scope, receive)
        signature = _signature(request)
        try:
            response = await self._answer(request, signature)
        except errors.Refusal as refusal:
            response = refusal.response
        except faults.ConnectionReset:
            # Leaving without an answer has the server cut the connection.
            if cut := scope.get("extensions", {}).get("amltui.cut"):
                cut()
            return
        if self.world.is_tidy:
            response = quirks.tidied(response)
        for name, value in signature.items():
            response.headers.setdefault(name, value)
        await response(scope, receive, send)

    async def _answer(self, request: Request, signature: dict[str, str]) -> Response:
        path, base = raw_path(request), base_of(request)
        stored = storage_path(request.headers.get("host", ""), path)
        query = {name.lower(): value for name, value in request.query_params.items()}
        match = TABLE.match(request.method, stored or path, query)
        if match is None and stored is not None:
            return errors.no_such_storage_operation()
        plane = match.route.plane if match else Plane.ARM
        caller = None if plane is Plane.OPEN else self._caller(request, base)
        if match is None:
            return errors.no_such_route(request.url.path)
        if plane is Plane.ARM and (refused := _version_refusal(request)) is not None:
            return refused
        if caller is not None and (refused := self._limit(match, caller, request, signature)):
            return refused
        call = Call(self.world, request, base, match.params, self.world.now, _name(caller))
        call = replace(call, put=self._inside(call))
        if plane is not Plane.ARM or not activity.is_noted(request.method, request.url.path):
            return await self._through(match, call)
        try:
            response = await self._through(match, call)
        except errors.Refusal as refusal:
            self._note(call, caller, refusal.response, signature)
            raise
        self._note(call, caller, response, signature)
        return response

    def _note(
        self,
        call: Call,
        caller: dict[str, Any] | None,
        response: Response,
        signature: dict[str, str],
    ) -> None:
        """Into the activity log."""
        who = str((caller or {}).get("upn") or call.who)
        request = call.request
        correlation = signature["x-ms-correlation-request-id"]
        self.world.activity.note(
            Event(
                call.now,
                who,
                request.method,
                request.url.path.rstrip("/"),
                response.status_code,
                correlation,
            )
        )

    def _inside(self, outer: Call) -> Put:
        """What a call needs to put other resources, all in the same moment."""

        async def put(path: str, version: str, body: Any) -> Response:
            scope = {
                **outer.request.scope,
                "method": "PUT",
                "path": path,
                "raw_path": quote(path).encode(),
                "query_string": urlencode({"api-version": version}).encode(),
            }
            content = {"type": "http.request", "body": json.dumps(body).encode()}

            async def receive() -> Message:
                return content

            request = Request(scope, receive)
            match = TABLE.match("PUT", quote(path))
            if match is None:
                return errors.no_such_route(path)
            call = replace(outer, request=request, params=match.params, fault=None, put=put)
            try:
                return await self._through(match, call)
            except errors.Refusal as refusal:
                return refusal.response

        return put

    def _caller(self, request: Request, base: str) -> dict[str, Any]:
        """The claims of the token; a 401 for a token that opens nothing."""
        try:
            return self.world.mint.check(request.headers.get("authorization"), base)
        except Refused as refusal:
            tenant = self.world.tenant
            answer = errors.unauthorized(tenant, refusal.code, str(refusal))
            raise errors.Refusal(answer) from refusal

    def _limit(
        self,
        match: Match,
        caller: dict[str, Any],
        request: Request,
        signature: dict[str, str],
    ) -> Response | None:
        """What is left to the caller goes into the headers; a 429 where nothing is."""
        sort, holder = _bucket(match, request.method)
        allowance = self.world.limits.spend(
            sort, f"{caller.get('oid') or caller.get('appid')}{holder}", self.world.now
        )
        signature |= _told(sort, allowance.left, within=bool(holder))
        if not allowance.wait:
            return None
        code = {"graph": "RateLimiting", "data": "RequestThrottled"}.get(sort, "TooManyRequests")
        message = f"Too many {sort}: try again after {allowance.wait} seconds."
        return errors.gateway(429, code, message, {"Retry-After": str(allowance.wait)})

    async def _through(self, match: Match, call: Call) -> Response:
        """The planned fault of this call if there is one, else the answer."""
        operation = match.route.operation
        if operation.startswith("Emulator_"):
            return await _answer(match, call)
        method, path = call.request.method, call.request.url.path
        if match.route.plane is Plane.ARM and (locked := locks.refusal(self.world, method, path)):
            return locked
        fault = self.world.faults.next(operation, call.request.url.path)
        if fault is None:
            return await _answer(match, call)
        of_storage = operation.startswith(("Blobs_", "Containers_"))
        instead = await faults.instead(fault, self.world.tenant, of_storage=of_storage)
        if instead is not None:
            return instead
        if fault.kind in {faults.FAILS, faults.HANGS}:
            call = replace(call, fault=fault)
        return await _answer(match, call)


async def _answer(match: Match, call: Call) -> Response:
    try:
        return await match.route.handler(call)
    except Malformed as error:
        raise call.malformed(error) from error


def _name(caller: dict[str, Any] | None) -> str:
    """What a caller is called in what it makes."""
    told = caller or {}
    return str(told.get("name") or told.get("upn") or told.get("appid") or "")


def _bucket(match: Match, method: str) -> tuple[str, str]:
    """Whose tokens a call takes: the sort of bucket, and whether a place has one of its own."""
    params = match.params
    if match.route.operation == "ResourceGraph_Query":
        return "graph", ""
    place = f"/{params['sub']}".lower() if "sub" in params else ""
    if match.route.plane is Plane.DATA:
        return "data", f"{place}/{params.get('ws', '')}".lower()
    sort = {"GET": "reads", "HEAD": "reads", "DELETE": "deletes"}.get(method, "writes")
    return sort, place


def _told(sort: str, left: int, *, within: bool) -> dict[str, str]:
    """The headers that say what is left."""
    if sort == "graph":
        return {
            "x-ms-user-quota-remaining": str(left),
            "x-ms-user-quota-resets-after": "00:00:05",
            "x-ms-ratelimit-remaining-tenant-resource-requests": str(left),
        }
    if sort == "data":
        return {}
    scope = "subscription" if within else "tenant"
    return {f"x-ms-ratelimit-remaining-{scope}-{sort}": str(left)}


def _signature(request: Request) -> dict[str, str]:
    """The headers that every answer carries."""
    correlation = request.headers.get("x-ms-correlation-request-id") or str(uuid4())
    return {
        "x-ms-request-id": str(uuid4()),
        "x-ms-correlation-request-id": correlation,
        "x-ms-response-type": "standard",
    }


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
