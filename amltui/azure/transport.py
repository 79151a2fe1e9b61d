"""The one HTTP client, and what can go wrong below HTTP."""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from amltui import __version__
from amltui.azure import address, errors, trust

CONNECTIONS = 12
KEPT_FREE = 4
"""Of those, for what is looked at and what the user does."""
LONGEST_IDLE = 120.0
"""Seconds that an unused connection is kept: longer than the calm pace of a screen."""


def client_for(arm: str, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """The HTTP client of a cloud. HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE are honoured by httpx."""
    try:
        return httpx.AsyncClient(
            transport=transport,
            # What goes to this machine goes there directly: over plain http a proxy, which knows
            # another 127.0.0.1, would read the token.
            mounts={f"all://{_bare_host(arm)}": None}
            if transport is None and trust.is_loopback(arm)
            else None,
            headers={"User-Agent": f"amltui/{__version__}", "Accept": "application/json"},
            timeout=httpx.Timeout(30.0, connect=5.0, pool=60.0),
            limits=httpx.Limits(
                max_connections=CONNECTIONS,
                max_keepalive_connections=CONNECTIONS,
                keepalive_expiry=LONGEST_IDLE,
            ),
            follow_redirects=False,
        )
    except (OSError, ssl.SSLError) as error:
        raise errors.Unreachable(
            f"the certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read: {error}"
        ) from error
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise errors.Unreachable(
            f"a proxy of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY cannot be used: {error}"
        ) from error


def unreachable(error: httpx.HTTPError | OSError, url: str) -> errors.AzureError:
    """What happened to a request without an answer, in one sentence."""
    host = address.host(url)
    if isinstance(error, httpx.DecodingError):
        return errors.ServiceBroken(f"{host} sent an answer that cannot be decompressed")
    proxy = _proxy_of(url) if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout) else None
    if proxy is not None and not any(isinstance(each, ssl.SSLError) for each in _chain(error)):
        return errors.Unreachable(f"the proxy {proxy} {_cause(error)}")
    return errors.Unreachable(f"{host} {_cause(error)}")


def never_arrived(error: httpx.HTTPError) -> bool:
    """Whether the service cannot have seen the request, so that sending it again is safe."""
    return isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


def _proxy_of(url: str) -> str | None:
    """Host and port of the proxy that the environment names for this address."""
    named = getproxies()
    target = urlsplit(url)
    proxy = named.get(target.scheme) or named.get("all")
    if not proxy or trust.is_loopback(url) or proxy_bypass(target.netloc):
        return None
    return address.host(proxy if "://" in proxy else f"http://{proxy}")


def _cause(error: httpx.HTTPError | OSError) -> str:
    causes = list(_chain(error))
    said = " ".join(str(error).split())
    if isinstance(error, httpx.ProxyError):
        return f"cannot be reached through the proxy: {said}"
    if isinstance(error, httpx.ConnectTimeout):
        return "cannot be reached: no connection within 5 seconds"
    if isinstance(error, httpx.PoolTimeout):
        return "was not asked: all connections are busy"
    if isinstance(error, httpx.TimeoutException):
        return "did not answer in time"
    if any(isinstance(each, socket.gaierror) for each in causes) or "Name or service" in said:
        return "cannot be reached: its name is not known here (check the network and DNS)"
    for each in causes:
        if isinstance(each, ssl.SSLCertVerificationError):
            return (
                f"shows a certificate that is not trusted: {each.verify_message};"
                " behind an inspecting proxy, set SSL_CERT_FILE"
            )
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return f"cannot be reached over TLS: {said}"
    if any(isinstance(each, ConnectionRefusedError) for each in causes):
        return "refused the connection"
    if isinstance(error, httpx.ConnectError):
        return f"cannot be reached: {said or 'the connection failed'}"
    return f"broke off the connection{f': {said}' if said else ''}"


def _chain(error: BaseException) -> list[BaseException]:
    """The error and what caused it; connection attempts side by side come as a group."""
    found: list[BaseException] = []
    todo: list[BaseException | None] = [error]
    while todo and len(found) < 50:
        each = todo.pop()
        if each is None or each in found:
            continue
        found.append(each)
        todo += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            todo += each.exceptions
    return found


def _bare_host(url: str) -> str:
    host = httpx.URL(url).host
    return f"[{host}]" if ":" in host else host
