"""What a URL is about, in words for a person; never with its query, which may hold a signature."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, unquote, urlsplit

_TOLD = {
    "api-version",
    "$top",
    "$orderby",
    "$filter",
    "$skip",
    "listviewtype",
    "run_id",
    "metric_key",
    "type",
}
"""Query parameters whose values may be shown; of all others only the name is."""

_ONE = {
    "computes": "compute",
    "jobs": "job",
    "runs": "run",
    "models": "model",
    "versions": "version",
    "workspaces": "workspace",
    "subscriptions": "subscription",
    "experiments": "experiment",
    "locations": "region",
    "onlineEndpoints": "endpoint",
}


def host(url: str) -> str:
    """The host and port, as far as there is one."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2] or "the service"
    except ValueError:
        return "the service"


def last(url: str) -> str:
    """The last segment of the path."""
    return _segments(url)[-1] if _segments(url) else ""


def target(url: str) -> str:
    """`compute ci-anna`, `the computes of workspace vision`, or else the end of the path."""
    parts = _segments(url)
    index = _innermost(parts)
    if index is None:
        return "/".join(parts[-2:]) or host(url)
    rest = parts[index + 2 :]
    named = f"{_ONE[parts[index]]} {parts[index + 1]}"
    return f"the {rest[0]} of {named}" if rest else named


def subject(url: str) -> str:
    """The bare name in `target`: `ci-anna`."""
    parts = _segments(url)
    index = _innermost(parts)
    return last(url) if index is None else parts[index + 1]


def shown(url: str) -> str:
    """The URL as it may be logged: values of unknown query parameters are left out."""
    try:
        split = urlsplit(url)
        pairs = parse_qsl(split.query, keep_blank_values=True)
    except ValueError:
        return "(unreadable URL)"
    query = "&".join(f"{name}={value if name.lower() in _TOLD else '…'}" for name, value in pairs)
    where = f"{split.scheme}://{host(url)}{split.path}" if split.netloc else split.path
    return f"{where}?{query}" if query else where


def segment(name: str) -> str:
    """A name as one segment of a path, whatever is in it, also where it looks like a way up."""
    return quote(name, safe="") if name.strip(".") else name.replace(".", "%2E")


def path(written: str) -> str:
    """A path whose segments may hold anything but a slash."""
    return quote(written, safe="/:")


def _innermost(parts: list[str]) -> int | None:
    """Where the innermost resource that has a word for it begins."""
    return next((i for i in range(len(parts) - 2, -1, -1) if parts[i] in _ONE), None)


def _segments(url: str) -> list[str]:
    try:
        return [unquote(each) for each in urlsplit(url).path.split("/") if each]
    except ValueError:
        return []
