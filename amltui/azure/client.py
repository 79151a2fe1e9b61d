"""The client: requests that are signed, retried where that is safe, logged, and told apart."""

from __future__ import annotations

import asyncio
import random as random_numbers
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx

from amltui.azure import (
    address,
    blobs,
    envelope,
    errors,
    headers,
    loose,
    operations,
    paging,
    transport,
    unhurried,
)
from amltui.azure.answer import Answer, Page
from amltui.azure.auth import TokenAuth
from amltui.azure.guard import Guard
from amltui.azure.kept import Kept
from amltui.azure.protocol import RETRYABLE, UNCERTAIN, backoff
from amltui.azure.request_log import RequestLog, RequestRecord
from amltui.azure.shape import ANYTHING, Shape
from amltui.azure.trust import may_see_token
from amltui.azure.turns import Turns, Urgency, asking
from amltui.azure.workspace_client import WorkspaceClient

if TYPE_CHECKING:
    from amltui.azure.audit import AuditLog
    from amltui.azure.clouds import Cloud
    from amltui.azure.operation import Operation
    from amltui.domain.arm_id import WorkspaceId
    from amltui.domain.log import LogChunk

__all__ = ["API_VERSION", "AzureClient", "WorkspaceClient"]

API_VERSION = "2025-12-01"
TRIES = 3
LONGEST_WAIT = 30.0
"""Seconds of `Retry-After` that are waited for here; a longer one is the caller's to wait."""
POLLS = 40.0
"""A second, of all operations that are followed: thousands at once are looked at less often."""
LONG = 1_000_000
"""Bytes of an answer whose decoding takes a millisecond, for which others wait."""

Sleep = Callable[[float], Awaitable[None]]


class AzureClient:
    """Talks to one cloud as one user. Raises `AzureError` and nothing else."""

    def __init__(
        self,
        cloud: Cloud,
        auth: TokenAuth,
        http: httpx.AsyncClient,
        *,
        api_version: str = API_VERSION,
        sleep: Sleep = asyncio.sleep,
        random: Callable[[], float] = random_numbers.random,
    ) -> None:
        self.cloud = cloud
        self.auth = auth
        self.api_version = api_version
        self.requests = RequestLog()
        self.kept = Kept()
        self.guard = Guard()
        self.audit: AuditLog | None = None
        """Where changes are noted; None notes none."""
        self.sleep = sleep
        self._http = http
        self._turns = Turns(transport.CONNECTIONS, transport.KEPT_FREE)
        self._random = random
        self._followed = 0
        self._workspaces: dict[str, WorkspaceClient] = {}

    def workspace(self, place: WorkspaceId) -> WorkspaceClient:
        """The client of a workspace: the same one for the same place, with what it has learned."""
        known = self._workspaces.get(place.key)
        if known is None:
            known = self._workspaces[place.key] = WorkspaceClient(place, self)
        return known

    async def get(
        self, path: str, *, params: Mapping[str, str] | None = None, api_version: str | None = None
    ) -> Any:
        """The body of an ARM resource."""
        return (await self.send("GET", path, params=params, api_version=api_version)).body

    async def post(
        self,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, str] | None = None,
        api_version: str | None = None,
        reads: bool = False,
        shape: Shape = ANYTHING,
    ) -> Any:
        """The body of the answer. `reads` says that the request changes nothing."""
        answer = await self.send(
            "POST",
            path,
            json=json,
            params=params,
            api_version=api_version,
            reads=reads,
            shape=shape,
        )
        return answer.body

    async def put(self, path: str, *, json: Any, api_version: str | None = None) -> Any:
        return (await self.send("PUT", path, json=json, api_version=api_version)).body

    async def patch(self, path: str, *, json: Any, api_version: str | None = None) -> Any:
        return (await self.send("PATCH", path, json=json, api_version=api_version)).body

    async def delete(
        self, path: str, *, params: Mapping[str, str] | None = None, api_version: str | None = None
    ) -> Any:
        return (await self.send("DELETE", path, params=params, api_version=api_version)).body

    def pages(
        self,
        path: str,
        *,
        method: str = "GET",
        params: Mapping[str, str] | None = None,
        array: str = "value",
        api_version: str | None = None,
        start: str | None = None,
        shape: Shape = ANYTHING,
    ) -> AsyncIterator[Page]:
        """A list, page by page, as long as the service links on; `method` asks for the first.

        `start` is the link of an earlier page to go on from, `shape` what is read of a page.
        """

        def first() -> Awaitable[Answer]:
            if start is not None:
                return self.send("GET", start, shape=shape)
            return self.send(
                method, path, params=params, api_version=api_version, reads=True, shape=shape
            )

        return paging.follow(first, lambda url: self.send("GET", url, shape=shape), array)

    async def wait_for(self, operation: Operation) -> None:
        """Until the operation is over; OperationFailed with the service's reason if it failed."""

        async def look(url: str) -> Answer:
            with asking(Urgency.MANY):  # what is still to be sent goes first
                return await self.send("GET", url)

        async def sleep(seconds: float) -> None:
            await self.sleep(max(seconds, self._followed / POLLS))

        self._followed += 1
        try:
            await operations.follow(operation, look, sleep)
        except errors.AzureError as error:
            await self._note(operation.title, f"ended: {error}", error.request_id)
            raise
        finally:
            self._followed -= 1
        await self._note(operation.title, "ended: succeeded")

    async def read_blob(self, url: str, start: int, most: int = blobs.LARGEST) -> LogChunk:
        """Bytes from `start` on behind a signed link. No token goes there, and none is needed."""
        return await blobs.read(self._exchange_blob, self.cloud, url, start, most)

    async def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        api_version: str | None = None,
        reads: bool = False,
        signed: bool = True,
        shape: Shape = ANYTHING,
    ) -> Answer:
        """One request, with its retries. A path is Resource Manager's; a URL is sent as it is.

        Only what changes nothing is sent again after it may have arrived; anything is after a 429
        or a connection that never came about.
        """
        if url.startswith("/"):
            if "?" not in url:  # one of the service's own links is complete
                params = {"api-version": api_version or self.api_version, **(params or {})}
            url = self.cloud.arm + url
        # Checked here too, for the URL is normalised before the signer sees it.
        if not may_see_token(url, self.cloud, self.auth.also_trusted):
            raise errors.Untrusted(
                f"the service pointed to {address.host(url)}, which does not belong to"
                f" {self.cloud.name}: nothing was sent there"
            )
        if reads or method in {"GET", "HEAD"}:
            return await self._tried(method, url, params, json, signed, shape, safe=True)
        self.guard.check(method, url)
        what = f"{method} {address.shown(url)}"
        try:
            with asking(Urgency.CHANGE):
                answer = await self._tried(method, url, params, json, signed, shape, safe=False)
        except errors.AzureError as error:
            sure = "uncertain" if error.uncertain else "refused"
            await self._note(what, f"{sure}: {error}", error.request_id)
            raise
        await self._note(what, f"accepted: {answer.status}", _request_id(answer.headers))
        return answer

    async def _note(self, what: str, result: str, request_id: str | None = None) -> None:
        if self.audit is not None:
            from amltui.azure import identity

            try:
                who = (await identity.who(self)).name
            except errors.AzureError:
                who = None
            self.audit.note(who=who, what=what, result=result, request_id=request_id)

    async def _tried(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        json: Any,
        signed: bool,
        shape: Shape,
        *,
        safe: bool,
    ) -> Answer:
        """The answer, after as many attempts as are safe."""
        attempt = 0
        while True:
            attempt += 1
            pause: float | None = None
            try:
                response = await self._exchange(method, url, params, json, signed)
                if response.status_code < 300:
                    return await self._answer(response, url, shape, safe)
                error = self._refusal(response, method, url)
                error.uncertain = not safe and response.status_code in UNCERTAIN
                if response.status_code == 429 or (safe and response.status_code in RETRYABLE):
                    pause = self._pause(error, attempt)
            except _NoAnswer as failed:
                error = failed.error
                arrived = isinstance(error, errors.Unreachable) and not failed.never_arrived
                error.uncertain = arrived and not safe
                if safe or failed.never_arrived:
                    pause = self._pause(error, attempt)
            if pause is None:
                raise error
            await self.sleep(pause)

    async def aclose(self) -> None:
        await self._http.aclose()

    def _pause(self, error: errors.AzureError, attempt: int) -> float | None:
        """Seconds before another try; None where there is to be none."""
        if attempt >= TRIES:
            return None
        if error.retry_after is None:
            return backoff(attempt - 1, self._random)
        return error.retry_after if error.retry_after <= LONGEST_WAIT else None

    async def _exchange(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        body: Any,
        signed: bool,
        extra: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request in its turn, and its answer, logged; _NoAnswer where there was none."""
        async with self._turns.turn():
            return await self._exchanged(method, url, params, body, signed, extra)

    async def _exchanged(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        body: Any,
        signed: bool,
        extra: Mapping[str, str] | None,
    ) -> httpx.Response:
        if self._http.is_closed:
            raise errors.Unreachable(f"{address.host(url)} was not asked: the program is ending")
        began, at = time.monotonic(), datetime.now(UTC)
        response, error = None, None
        try:
            request = self._http.build_request(
                method, url, params=params, json=body, headers=dict(extra or {})
            )
            with self.requests.waiting(at, method, address.shown(url)):
                response = await self._http.send(request, auth=self.auth if signed else None)
            self.requests.note_budgets(headers.remaining(response.headers))
            return response
        except httpx.HTTPError as failure:
            error = transport.unreachable(failure, url)
            raise _NoAnswer(error, transport.never_arrived(failure)) from failure
        except OSError as failure:  # TLS that breaks in the middle is none of httpx's errors
            error = transport.unreachable(failure, url)
            raise _NoAnswer(error, False) from failure
        except httpx.InvalidURL as failure:
            error = errors.ServiceBroken(f"{address.host(url)} gave an address that is none")
            raise _NoAnswer(error, False) from failure
        except errors.AzureError as refused:
            error = refused
            raise
        finally:
            sent = response.request.url if response is not None else httpx.URL("")
            self.requests.add(
                RequestRecord(
                    at=at,
                    method=method,
                    url=address.shown(str(sent) or url),
                    status=response.status_code if response is not None else None,
                    seconds=time.monotonic() - began,
                    bytes=len(response.content) if response is not None else 0,
                    request_id=response.headers.get("x-ms-correlation-request-id")
                    if response is not None
                    else None,
                    error=str(error) if error else None,
                )
            )

    async def _exchange_blob(self, url: str, start: int, stop: int) -> httpx.Response:
        wanted = {
            "Range": f"bytes={start}-{stop - 1}",
            "Accept-Encoding": "identity",
            "Accept": "*/*",
        }
        attempt = 0
        while True:
            attempt += 1
            try:
                response = await self._exchange("GET", url, None, None, False, wanted)
                if response.status_code not in RETRYABLE or attempt >= TRIES:
                    return response
            except _NoAnswer as failed:
                if attempt >= TRIES:
                    raise failed.error from failed
            await self.sleep(backoff(attempt - 1, self._random))

    def _refusal(self, response: httpx.Response, method: str, url: str) -> errors.AzureError:
        return envelope.error_for(
            response.status_code,
            response.headers,
            response.content,
            method=method,
            url=url,
            now=datetime.now(UTC),
        )

    async def _answer(self, response: httpx.Response, url: str, shape: Shape, safe: bool) -> Answer:
        now = datetime.now(UTC)
        if is_long := len(response.content) >= LONG:
            await unhurried.turn()
        try:
            body = loose.document(response.content, shape) if response.content else None
        except ValueError as failure:
            broken = errors.ServiceBroken(
                f"{address.host(url)} sent something that is not JSON for {address.target(url)}",
                status=response.status_code,
                request_id=response.headers.get("x-ms-correlation-request-id"),
            )
            broken.uncertain = not safe
            raise broken from failure
        if is_long:
            await unhurried.turn()
        wait = headers.retry_after(response.headers, None, now)
        return Answer(response.status_code, response.headers, body, url, wait)


def _request_id(told: Mapping[str, str]) -> str | None:
    names = ("x-ms-correlation-request-id", "x-ms-request-id")
    return next((value for name in names if (value := headers.header(told, name))), None)


class _NoAnswer(Exception):
    """Below HTTP: the error, and whether the service cannot have seen the request."""

    def __init__(self, error: errors.AzureError, never_arrived: bool) -> None:
        super().__init__(str(error))
        self.error = error
        self.never_arrived = never_arrived
