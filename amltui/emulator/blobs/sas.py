"""Signed links: they carry their own permission and their own end."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote, urlencode

from amltui.emulator.jobs.wiretime import parse

LIFETIME = 8 * 3600.0
VERSION = "2021-08-06"


@dataclass(frozen=True)
class Signer:
    """Signs links to blobs, and checks what comes back."""

    key: bytes

    def link(self, base: str, account: str, path: str, now: float, may: str = "r") -> str:
        """A link to `container/blob…` that works from now on for a few hours."""
        query = {
            "sv": VERSION,
            "sr": "b",
            "st": _stamp(now - 600.0),
            "se": _stamp(now + LIFETIME),
            "sp": may,
        }
        query["sig"] = self._signature(account, path, query)
        return f"{base}/{account}.blob.core.windows.net/{quote(path)}?{urlencode(query)}"

    def refusal(
        self, account: str, path: str, query: Mapping[str, str], now: float, need: str
    ) -> str | None:
        """Why a request may not pass; None where it may."""
        if "sig" not in query or "se" not in query:
            return "The signature is missing."
        if not hmac.compare_digest(self._signature(account, path, query), query["sig"]):
            return "Signature did not match."
        try:
            until = parse(query["se"])
        except ValueError:
            return "The expiry cannot be read."
        if now >= until:
            return f"Signature not valid in the specified time frame: Expiry [{query['se']}]"
        if need not in query.get("sp", ""):
            return f"The permission '{need}' is not among those granted."
        return None

    def _signature(self, account: str, path: str, query: Mapping[str, str]) -> str:
        signed = [query.get(name, "") for name in ("sp", "st", "se", "sr", "sv")]
        text = "\n".join([*signed, f"/blob/{account}/{path}"])
        return b64encode(hmac.digest(self.key, text.encode(), sha256)).decode()


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
