"""Where a blob is asked for: by the path, or by the name of the host as Azure has it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

SUFFIX = "blob.core.windows.net"
"""How the paths of the service name an account: `/{account}.blob.core.windows.net/…`."""
_HOST = re.compile(r"([a-z0-9]{3,24})\.blob\.", re.IGNORECASE)
_PATH = re.compile(
    r"(?:/[a-z0-9]+\.blob\.[^/]+)*/([a-z0-9]{3,24})\.blob\.[^/]+(/.*)?", re.IGNORECASE
)


def storage_path(host: str, path: str) -> str | None:
    """The path of a request to a storage account as the routes know it; None for another request.

    `host` may be `{account}.blob.…`; otherwise the path begins with that.
    """
    named = _HOST.match(host)
    if named is not None:
        return f"/{named[1].lower()}.{SUFFIX}{path}"
    found = _PATH.fullmatch(path) if ".blob." in path else None
    return f"/{found[1].lower()}.{SUFFIX}{found[2] or ''}" if found else None


def suffix_of(base: str) -> str:
    """What a cloud on this host calls its storage: accounts are `{account}.blob.{suffix}`.

    Names below localhost are this machine, which names below an address are not.
    """
    host = base.partition("://")[2]
    name, colon, port = host.rpartition(":") if re.search(r":\d+$", host) else (host, "", "")
    name = "localhost" if name in {"127.0.0.1", "[::1]", "::1"} else name
    return f"{name}{colon}{port}"


def place_of(url: str) -> tuple[str, str, str] | None:
    """Account, container and blob of a blob's address; None for an address of something else."""
    try:
        split = urlsplit(url)
    except ValueError:  # brackets without an address in them
        return None
    path = storage_path(split.netloc, split.path)
    if path is None:
        return None
    account, _, rest = path.lstrip("/").partition("/")
    container, _, blob = rest.partition("/")
    return account.partition(".")[0], unquote(container), unquote(blob)
