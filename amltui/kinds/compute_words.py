"""How requests and commands about computes are written down for the user, and spans read."""

from __future__ import annotations

import json
import re
import shlex
from datetime import timedelta
from typing import Any

from amltui.domain.compute import Compute, ComputeKind
from amltui.kinds.kind import Unusable
from amltui.kinds.shell import az_ml

_SPAN = re.compile(r"(\d{1,6})\s*(s|m|min|h|d)", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "min": "minutes", "h": "hours", "d": "days"}


def az_compute(verb: str, compute: Compute, more: str = "") -> str:
    """What does the same on the command line."""
    return az_ml(f"compute {verb}", compute.workspace, f"-n {shlex.quote(compute.name)}{more}")


def az_rest(method: str, compute: Compute, tail: str, body: Any = None, version: str = "") -> str:
    """What does the same where `az ml` has no command for it."""
    url = f"{compute.workspace.path}/computes/{compute.name}{tail}?api-version={version}"
    said = "" if body is None else f" --body {shlex.quote(json.dumps(body))}"
    return f"az rest --method {method.lower()} --url {shlex.quote(url)}{said}"


def request(method: str, compute: Compute, tail: str = "", body: Any = None) -> str:
    """The request: its path, and what it says."""
    said = "" if body is None else f" {json.dumps(body, ensure_ascii=False)}"
    return f"{method} {compute.workspace.path}/computes/{compute.name}{tail}{said}"


def span(words: str) -> timedelta:
    """`30m`, `2h`, `1d`; Unusable for what is none."""
    found = _SPAN.fullmatch(words.strip().lower())
    if found is None:
        raise Unusable(f"{words.strip() or 'nothing'} is no span of time: write 90s, 30m, 2h or 1d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def spanned(length: timedelta) -> str:
    """To be read by `span` again: `120s`, `30m`, `2h`."""
    seconds = int(length.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def whole(words: str) -> int:
    """A number of nodes; Unusable for what is none."""
    text = words.strip()
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise Unusable(f"{text or 'nothing'} is no number of nodes: write 0, 1, 2 …")
    return int(text)


def not_settled(compute: Compute) -> str | None:
    """Why a compute cannot be changed now, if it is being made, changed or deleted."""
    state = compute.provisioning_state or "in an unknown state"
    return None if state.lower() in {"succeeded", "failed"} else f"{compute.name} is {state}"


def only(kind: ComputeKind, compute: Compute, what: str) -> str | None:
    """Why this cannot be done, if the compute is of another kind."""
    if compute.kind is kind:
        return None
    if reason := nothing_to_change(compute):
        return reason
    return f"{compute.name} is {a(compute.kind)}: only {kind.value}s {what}"


def nothing_to_change(compute: Compute) -> str | None:
    """Why nothing can be done to it at all, if it is only there in its jobs."""
    if not compute.is_serverless:
        return None
    return "serverless machines come and go with their jobs: J lists them, and x cancels one"


def a(kind: ComputeKind) -> str:
    """`a cluster`, `an instance`."""
    return f"{'an' if kind.value[0] in 'aeiou' else 'a'} {kind.value}"
