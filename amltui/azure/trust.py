"""Which addresses may see a token.

Decided on the text of the URL and strictly: what is spelled in an unusual way is refused, so that
no two readers of a URL can disagree on the host that it names.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amltui.azure.clouds import Cloud

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<rest>[/?#][^\s\\\x00-\x1f\x7f]*)?",
    re.ASCII,
)
_PORTS = {"http": "80", "https": "443"}


def may_see_token(url: str, cloud: Cloud, also: Collection[str] = ()) -> bool:
    """Whether a token of `cloud` may go there: its Resource Manager, or its data plane.

    `also` names further origins, spelled `https://host:port`.
    """
    origin = origin_of(url)
    if origin is None or not has_safe_scheme(url):
        return False
    if origin == origin_of(cloud.arm) or origin in {origin_of(each) for each in also}:
        return True
    scheme, host, port = origin
    below = any(host.endswith(f".{suffix}") for suffix in cloud.data_plane_suffixes)
    return below and scheme == "https" and port == "443"


def may_be_read(url: str, cloud: Cloud) -> bool:
    """Whether a signed link may be followed: by https; by http only in a loopback cloud."""
    return has_safe_scheme(url) and (
        url.startswith("https:") or (is_loopback(cloud.arm) and is_loopback(url))
    )


def has_safe_scheme(url: str) -> bool:
    """https, or http to this very machine."""
    origin = origin_of(url)
    return origin is not None and (origin[0] == "https" or is_loopback(url))


def is_loopback(url: str) -> bool:
    """Whether the host is this machine, by its own spelling and without asking a name server."""
    origin = origin_of(url)
    if origin is None:
        return False
    host = origin[1]
    return host in {"localhost", "[::1]"} or bool(
        re.fullmatch(r"127(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}", host, re.ASCII)
    )


def origin_of(url: str) -> tuple[str, str, str] | None:
    """Scheme, host and port; None where the URL is not spelled plainly (user info, capitals…)."""
    found = _URL.fullmatch(url)
    if found is None or ".." in found["host"]:
        return None
    return found["scheme"], found["host"], found["port"] or _PORTS[found["scheme"]]
