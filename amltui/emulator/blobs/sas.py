"""Shared access signatures: links and tokens that carry their own permission and their own end.

Signed and checked as Azure Storage documents it ("Create a service SAS", "Create an account SAS"),
so that clients can sign for themselves with the account's key. What the service itself hands out
is signed with a key of its own: it ends by the world's clock, what clients sign by the wall's.
"""

from __future__ import annotations

import hmac
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256, sha512
from urllib.parse import quote, urlencode

from amltui.emulator.blobs.address import SUFFIX
from amltui.emulator.jobs.wiretime import parse

LIFETIME = 8 * 3600.0
VERSION = "2021-08-06"
OBJECT, CONTAINER, SERVICE = "object", "container", "service"
"""What is asked for: a blob, a container or what is in it, an account."""


class Denied(Exception):
    """A request that may not pass: what storage calls it, what it says, and why."""

    def __init__(self, code: str, message: str, detail: str | None = None) -> None:
        super().__init__(message)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Target:
    """What a request is about."""

    account: str
    container: str = ""
    blob: str = ""
    is_https: bool = True

    @property
    def level(self) -> str:
        if not self.container:
            return SERVICE
        return OBJECT if self.blob else CONTAINER


@dataclass(frozen=True)
class Signer:
    """Signs links to blobs, and checks what comes back."""

    key: bytes

    def account_keys(self, account: str) -> tuple[str, str]:
        """The two keys of an account, in base64 as `listKeys` gives them."""
        first, second = (
            b64encode(hmac.digest(self.key, f"{account.lower()}/{turn}".encode(), sha512)).decode()
            for turn in (1, 2)
        )
        return first, second

    def link(self, base: str, account: str, path: str, now: float, may: str = "r") -> str:
        """A link to `container/blob…` that works from now on for a few hours."""
        container, _, blob = path.partition("/")
        token = self._token("b", Target(account, container, blob), now, may, LIFETIME)
        return f"{base}/{account}.{SUFFIX}/{quote(path)}?{token}"

    def token(
        self, account: str, container: str, now: float, may: str, lifetime: float = LIFETIME
    ) -> str:
        """What opens all of a container for a while: the query of a link."""
        return self._token("c", Target(account, container), now, may, lifetime)

    def account_token(self, account: str, now: float, may: str, lifetime: float = LIFETIME) -> str:
        """What opens all containers of an account for a while."""
        query = {
            "sv": VERSION,
            "ss": "bf",
            "srt": "sco",
            "st": _stamp(now - 600.0),
            "se": _stamp(now + lifetime),
            "sp": may,
        }
        query["sig"] = sign(self._own_key(account), _account_text(query, Target(account)))
        return urlencode(query)

    def _token(self, kind: str, target: Target, now: float, may: str, lifetime: float) -> str:
        query = {
            "sv": VERSION,
            "sr": kind,
            "st": _stamp(now - 600.0),
            "se": _stamp(now + lifetime),
            "sp": may,
        }
        query["sig"] = sign(self._own_key(target.account), _service_text(query, target))
        return urlencode(query)

    def granted(
        self, query: Mapping[str, str], target: Target, keys: Iterable[str], now: float
    ) -> str:
        """The letters of what a signature permits on a target; Denied where it opens nothing.

        `keys` are those that clients may have signed with; `now` is the world's.
        """
        if query.get("sv", "") < "2015-04-05" or "se" not in query:
            raise _unsigned("sv and se are mandatory. Neither can be empty")
        for_account = "ss" in query
        text = _account_text(query, target) if for_account else _service_text(query, target)
        if is_same(sign(self._own_key(target.account), text), query["sig"]):
            _in_time(query, now)
        elif any(is_same(sign(key, text), query["sig"]) for key in keys):
            _in_time(query, time.time())
        else:
            raise _unsigned(f"Signature did not match. String to sign used was {text}")
        if query.get("spr") == "https" and not target.is_https:
            code = "AuthorizationProtocolMismatch"
            message = (
                "This request is not authorized to perform this operation using this protocol."
            )
            raise Denied(code, message)
        if for_account:
            _of_account(query, target)
        elif target.level == SERVICE:
            raise mismatch("ResourceType")
        return query.get("sp", "")

    def _own_key(self, account: str) -> str:
        return b64encode(hmac.digest(self.key, f"own/{account}".encode(), sha256)).decode()


def sign(key: str, text: str) -> str:
    """The signature by an account's key; by a key that is no base64 nothing is signed."""
    try:
        secret = b64decode(key)
    except ValueError:
        return ""
    return b64encode(hmac.digest(secret, text.encode(), sha256)).decode()


def is_same(signature: str, given: str) -> bool:
    """Whether a signature is the one that was given, which may be any text."""
    return bool(signature) and hmac.compare_digest(signature.encode(), given.encode())


def mismatch(what: str) -> Denied:
    """A signature that is good, but not for this: of another Permission, ResourceType, Service."""
    words = {"Permission": "permission", "ResourceType": "resource type", "Service": "service"}
    message = f"This request is not authorized to perform this operation using this {words[what]}."
    return Denied(f"Authorization{what}Mismatch", message)


def _of_account(query: Mapping[str, str], target: Target) -> None:
    if "b" not in query["ss"]:
        raise mismatch("Service")
    if target.level[0] not in query.get("srt", ""):
        raise mismatch("ResourceType")


def _service_text(query: Mapping[str, str], target: Target) -> str:
    """The string to sign of a signature for a blob, a directory or a container."""
    resource = f"/blob/{target.account}/{target.container}"
    kind = query.get("sr", "")
    if kind in {"b", "bs"}:
        resource += f"/{target.blob}"
    elif kind == "d" and (depth := query.get("sdd", "")).isdecimal() and len(depth) < 4:
        resource += "/" + "/".join(target.blob.split("/")[: int(depth)])
    version = query.get("sv", "")
    names = ["si", "sip", "spr", "sv"]
    names += ["sr", "snapshot"] if version >= "2018-11-09" else []
    names += ["ses"] if version >= "2020-12-06" else []
    # Only what is signed for one snapshot names its moment: others may be read with it.
    query = query if kind == "bs" else {**query, "snapshot": ""}
    fields = [query.get(name, "") for name in ("sp", "st", "se")]
    fields += [resource, *(query.get(name, "") for name in names)]
    fields += [query.get(name, "") for name in ("rscc", "rscd", "rsce", "rscl", "rsct")]
    return "\n".join(fields)


def _account_text(query: Mapping[str, str], target: Target) -> str:
    """The string to sign of a signature for a whole account."""
    names = ["sp", "ss", "srt", "st", "se", "sip", "spr", "sv"]
    names += ["ses"] if query.get("sv", "") >= "2020-12-06" else []
    return "".join(f"{text}\n" for text in (target.account, *(query.get(n, "") for n in names)))


def _in_time(query: Mapping[str, str], now: float) -> None:
    try:
        since, until = parse(query.get("st") or "1970-01-01"), parse(query["se"])
    except ValueError as error:
        raise _unsigned("The start or the expiry cannot be read.") from error
    if not since <= now < until:
        told = f"Start [{query.get('st', '')}] - Current [{_stamp(now)}] - Expiry [{query['se']}]"
        raise _unsigned(f"Signature not valid in the specified time frame: {told}")


def _unsigned(detail: str) -> Denied:
    message = (
        "Server failed to authenticate the request. Make sure the value of Authorization header "
        "is formed correctly including the signature."
    )
    return Denied("AuthenticationFailed", message, detail)


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
