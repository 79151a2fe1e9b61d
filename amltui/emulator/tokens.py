"""Access tokens: three-part JWTs signed with the world's own key, checked on every call."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

LIFETIME = 3600
AUDIENCES = {
    "https://management.azure.com",
    "https://management.core.windows.net",
    "https://ml.azure.com",
}


class Refused(Exception):
    """A token that opens nothing, with Entra's code for why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Principal:
    """Whom a token is for: a user, or an application without one."""

    client: str = "1950a258-227b-4e31-a9cf-717495945fc2"
    """The application's id: PowerShell's, unless another signs in."""
    user: str = "kim@contoso.com"
    """The user's sign-in name; empty for an application by itself."""
    name: str = "Kim Lang"

    @classmethod
    def application(cls, client: str) -> Principal:
        return cls(client, "", "")

    @property
    def oid(self) -> str:
        """Its id in the directory."""
        return str(uuid5(NAMESPACE_URL, self.user or f"service-principal/{self.client}"))

    def claims(self) -> dict[str, Any]:
        """What an access token says of it."""
        common = {"oid": self.oid, "sub": self.oid, "appid": self.client}
        if not self.user:
            return {**common, "idtyp": "app", "appidacr": "1"}
        names = {"upn": self.user, "unique_name": self.user, "name": self.name}
        return {**common, "idtyp": "user", "appidacr": "0", "scp": "user_impersonation", **names}


@dataclass(frozen=True)
class Mint:
    """Issues and checks tokens. Expiry goes by the wall: a client's clock does not run faster."""

    key: bytes
    tenant: str

    def issue(
        self, resource: str, lifetime: float = LIFETIME, who: Principal | None = None
    ) -> tuple[str, int]:
        """A token for a resource, and when it expires (epoch seconds)."""
        now = int(time.time())
        expires = int(now + lifetime)
        claims = {
            "aud": resource,
            "iss": f"https://sts.windows.net/{self.tenant}/",
            "iat": now,
            "nbf": now,
            "exp": expires,
            "tid": self.tenant,
            **(who or Principal()).claims(),
            "ver": "1.0",
        }
        return self.seal(claims), expires

    def seal(self, claims: dict[str, Any]) -> str:
        """A JWT of these claims."""
        head = packed({"typ": "JWT", "alg": "HS256"})
        body = f"{head}.{packed(claims)}"
        return f"{body}.{self._sign(body)}"

    def unseal(self, token: str) -> dict[str, Any] | None:
        """The claims of a JWT of this mint that has not expired; None for any other."""
        body, _, signature = token.rpartition(".")
        if body.count(".") != 1 or not self._is_signed(body, signature):
            return None
        claims = _unpack(body.partition(".")[2])
        return claims if claims.get("exp", 0) > time.time() else None

    def check(
        self, header: str | None, own: str, also: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        """The claims of an Authorization header; `own` is this service's own URL.

        `also` are further audiences that the service asked takes tokens for.
        """
        if not header:
            raise Refused(
                "AuthenticationFailed",
                "Authentication failed. The 'Authorization' header is missing.",
            )
        scheme, _, token = header.partition(" ")
        body, dot, signature = token.rpartition(".")
        if scheme.lower() != "bearer" or not dot or body.count(".") != 1:
            raise Refused("InvalidAuthenticationToken", "The access token is invalid.")
        if not self._is_signed(body, signature) and not self._late(body):
            raise Refused("InvalidAuthenticationToken", "The access token is invalid.")
        claims = _unpack(body.partition(".")[2])
        if claims.get("exp", 0) <= time.time():
            raise Refused("ExpiredAuthenticationToken", "The access token expiry has passed.")
        if str(claims.get("aud", "")).rstrip("/") not in AUDIENCES | also | {own.rstrip("/")}:
            raise Refused(
                "InvalidAuthenticationToken",
                f"The access token has been obtained for wrong audience '{claims.get('aud')}'.",
            )
        if claims.get("tid") != self.tenant:
            raise Refused(
                "InvalidAuthenticationTokenTenant", "The access token is from the wrong issuer."
            )
        return claims

    def _late(self, body: str) -> bool:
        """Whether the claims name a moment that has passed: said before anything else is."""
        expires = _unpack(body.partition(".")[2]).get("exp")
        return isinstance(expires, (int, float)) and expires <= time.time()

    def _is_signed(self, body: str, signature: str) -> bool:
        return hmac.compare_digest(signature.encode(), self._sign(body).encode())

    def _sign(self, body: str) -> str:
        return _encode(hmac.digest(self.key, body.encode(), sha256))


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def packed(value: dict[str, Any]) -> str:
    """An object as one word, as the parts of a token and Entra's `client_info` are written."""
    return _encode(json.dumps(value).encode())


def _unpack(text: str) -> dict[str, Any]:
    try:
        value = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError as error:
        raise Refused("InvalidAuthenticationToken", "The access token is invalid.") from error
    if not isinstance(value, dict):
        raise Refused("InvalidAuthenticationToken", "The access token is invalid.")
    return value
