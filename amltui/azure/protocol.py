"""What an answer means, without any input or output: pages, waits, long-running operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from amltui.azure import envelope, loose
from amltui.azure.headers import header

RETRYABLE = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that another try may cure."""
UNCERTAIN = frozenset({408, 502, 504})
"""Of gateways that had no answer in time: what was asked for may have been done behind them."""
LONGEST_PAUSE = 8.0
"""Seconds between two tries of one request, where the service does not say."""


class Running(Struct, frozen=True):
    """Not over yet."""

    state: str | None = None
    next_url: str | None = None
    """Where to ask from now on, when the service moved it."""


class Succeeded(Struct, frozen=True):
    """Over, and done."""


class Failed(Struct, frozen=True):
    """Over, and not done."""

    reason: str
    code: str | None = None


Verdict = Running | Succeeded | Failed


def next_link(body: Any) -> str | None:
    """The opaque address of the next page; absent or null on the last one.

    What is no address is no link: the official examples say `nextLink` there.
    """
    link = loose.text(body, "nextLink")
    return link if link and (link.startswith("/") or "://" in link) else None


def operation_verdict(status: int, headers: Mapping[str, str], body: Any) -> Verdict:
    """What an `Azure-AsyncOperation` address said.

    Only succeeded, failed and canceled end an operation: the services have many words for the
    rest. A body without a status is the finished resource itself.
    """
    if status >= 400:
        return _refused(status, body)
    state = loose.text(body, "status")
    if state is None:
        if status == 202:
            return Running(next_url=header(headers, "location"))
        state = loose.text(body, "properties", "provisioningState") or "Succeeded"
    return _by_state(state, body)


def location_verdict(status: int, headers: Mapping[str, str], body: Any) -> Verdict:
    """What a `Location` address said: 202 goes on, 200 and 204 are the end, whatever the body."""
    if status >= 400:
        return _refused(status, body)
    if status == 202:
        return Running(loose.text(body, "status"), header(headers, "location"))
    verdict = _by_state(loose.text(body, "status") or "Succeeded", body)
    return verdict if isinstance(verdict, Failed) else Succeeded()


def _by_state(state: str, body: Any) -> Verdict:
    match state.lower():
        case "succeeded":
            return Succeeded()
        case "failed" | "canceled" | "cancelled":
            told = envelope.read(body)
            return Failed(told.message or f"the service says {state}, and not why", told.code)
    return Running(state)


def _refused(status: int, body: Any) -> Failed:
    told = envelope.read(body)
    return Failed(told.message or f"the service answered {status}", told.code)


def backoff(attempt: int, random: Callable[[], float]) -> float:
    """Seconds before the next try: doubling from half a second, capped, spread by half."""
    return min(0.5 * 2.0 ** min(attempt, 16), LONGEST_PAUSE) * (0.5 + random() / 2)
