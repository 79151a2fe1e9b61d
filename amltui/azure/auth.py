"""Tokens on requests: fetched once for all who wait, renewed in time, for trusted hosts only."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import time
from collections.abc import AsyncGenerator, Callable, Collection
from typing import TYPE_CHECKING, Any, Protocol

import httpx
from msgspec import Struct

from amltui.azure import address
from amltui.azure.aside import aside
from amltui.azure.errors import AzureError, NotSignedIn, Untrusted, first_line
from amltui.azure.headers import challenge
from amltui.azure.kept import Kept
from amltui.azure.trust import may_see_token

if TYPE_CHECKING:
    from amltui.azure.clouds import Cloud

EARLY = 300.0
"""Seconds before its end at which a token is renewed; of a short-lived one the last fifth."""

_SENDABLE = re.compile(r"[\x21-\x7e]+")


class Token(Protocol):
    """An `AccessToken` of azure-core, or what looks like one."""

    @property
    def token(self) -> str: ...

    @property
    def expires_on(self) -> int: ...


class TokenCredential(Protocol):
    """A synchronous credential of azure-identity, or what looks like one."""

    def get_token(self, *scopes: str, **options: Any) -> Token: ...


class _Held(Struct, frozen=True):
    """A token, when to renew it, and the claims it was asked for with."""

    token: Token
    renew: float
    claims: str | None


class TokenAuth(httpx.Auth):
    """Signs requests. Tokens are per scope; their text never leaves this class but to be sent."""

    def __init__(
        self,
        cloud: Cloud,
        credential: TokenCredential,
        tenant: str | None = None,
        also_trusted: Collection[str] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.cloud = cloud
        self.credential = credential
        self.tenant = tenant
        self.also_trusted = also_trusted
        self.clock = clock
        self._held: dict[str, _Held] = {}
        """By scope."""
        self._asking = Kept()
        self._turn = asyncio.Lock()

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Sign; on 401 renew and try once more, answering a claims challenge if there is one."""
        url = str(request.url)
        if not may_see_token(url, self.cloud, self.also_trusted):
            raise Untrusted(
                f"{address.host(url)} does not belong to {self.cloud.name}:"
                " no token was sent there, and nothing was asked"
            )
        token = await self._token()
        request.headers["Authorization"] = f"Bearer {token.token}"
        response = yield request
        if response.status_code == 401:
            told = challenge(response.headers)
            claims = _claims(told) if told.get("error") == "insufficient_claims" else None
            token = await self._renewed(token, claims)
            request.headers["Authorization"] = f"Bearer {token.token}"
            yield request

    async def claims(self) -> dict[str, Any]:
        """Who the token says the user is; decoded for display, not verified."""
        token = await self._token()
        return {"exp": token.expires_on, **_payload(token.token)}

    async def _token(self) -> Token:
        scope = self.cloud.arm_scope
        if (held := self._fresh(scope)) is not None:
            return held.token
        return await self._asking.together((scope, None), lambda: self._acquire(scope, None))

    async def _renewed(self, refused: Token, claims: str | None) -> Token:
        """Another token than the refused one; one that was fetched for it meanwhile will do."""
        scope = self.cloud.arm_scope
        held = self._held.get(scope)
        if held is not None and held.token.token != refused.token and claims in {None, held.claims}:
            return held.token
        self._held.pop(scope, None)
        return await self._asking.together((scope, claims), lambda: self._acquire(scope, claims))

    async def _acquire(self, scope: str, claims: str | None) -> Token:
        options: dict[str, Any] = {"enable_cae": True}
        if claims is not None:
            options["claims"] = claims
        if self.tenant is not None:
            options["tenant_id"] = self.tenant
        async with self._turn:
            if claims is None and (held := self._fresh(scope)) is not None:
                return held.token
            try:
                token = await aside(lambda: self.credential.get_token(scope, **options))
            except AzureError:
                raise
            except Exception as failure:
                raise NotSignedIn(f"signing in failed: {first_line(failure)}") from failure
            if not _SENDABLE.fullmatch(str(getattr(token, "token", None) or "")):
                # The text of a header that cannot be sent would end up in an error.
                raise NotSignedIn("the credential gave something that is not a token")
            now = self.clock()
            left = max(0.0, token.expires_on - now)
            self._held[scope] = _Held(token, now + left - min(EARLY, left / 5), claims)
            return token

    def _fresh(self, scope: str) -> _Held | None:
        held = self._held.get(scope)
        return held if held is not None and self.clock() < held.renew else None


def _claims(told: dict[str, str]) -> str | None:
    """The claims of a challenge: base64url, often without its padding."""
    written = told.get("claims", "")
    try:
        return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode() or None
    except ValueError:
        return None


def _payload(token: str) -> dict[str, Any]:
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
