"""Idle shutdown: an instance that is not used is stopped by the service itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from amltui.domain.compute import Compute, ComputeKind
from amltui.kinds import format as fmt
from amltui.kinds.compute_words import az_rest, not_settled, only, request, span, spanned
from amltui.kinds.kind import Action, Prompt, Row, Unusable

if TYPE_CHECKING:
    from amltui.azure.operation import Operation
    from amltui.azure.workspace_client import WorkspaceClient

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(days=3)
"""What the service accepts."""
OFF = ("off", "none", "never")
_TAIL, _VERSION = "/updateIdleShutdownSetting", "2024-10-01-preview"


def cannot_idle(compute: Compute) -> str | None:
    """Why this compute has no idle shutdown that could be set."""
    return only(ComputeKind.INSTANCE, compute, "have an idle shutdown") or not_settled(compute)


def idling(words: str) -> Action[Compute]:
    """`2h`, or `off`."""
    if words.strip().lower() in OFF:
        return _idle_shutdown(None, given=True)
    after = span(words)
    if not SHORTEST <= after <= LONGEST:
        raise Unusable(f"{spanned(after)} is not within 15m and 3d, which the service accepts")
    return _idle_shutdown(after, given=True)


def _idle_shutdown(after: timedelta | None = None, *, given: bool = False) -> Action[Compute]:
    shown = "off" if after is None else spanned(after)
    minutes = None if after is None else f"PT{int(after.total_seconds() // 60)}M"
    body: dict[str, Any] = {"idleTimeBeforeShutdown": minutes}

    async def run(place: WorkspaceClient, compute: Compute) -> Operation:
        from amltui.azure import compute_changes

        return await compute_changes.set_idle_shutdown(place, compute.name, after)

    def effect(row: Row[Compute]) -> Sequence[str]:
        now = row.resource.idle_shutdown
        told = [f"idle shutdown {'off' if now is None else spanned(now)} → {shown}"]
        if after is None:
            return [*told, "! it is billed until somebody stops it"]
        price = row.resource.price_per_hour
        rate = fmt.UNKNOWN if price is None else f"{price:,.2f}"
        return [
            *told,
            f"without a kernel, terminal or job for {shown} it is stopped, which ends ~${rate}/h",
        ]

    def refusal(compute: Compute) -> str | None:
        reason = cannot_idle(compute)
        if reason is None and given and compute.idle_shutdown == after:
            return f"{compute.name} has this setting already: {shown}"
        return reason

    return Action(
        name="idle-shutdown",
        key="I",
        title="Idle stop",
        doing="setting idle shutdown",
        done="set",
        run=run,
        request=lambda compute: request("POST", compute, _TAIL, body),
        command=lambda compute: az_rest("POST", compute, _TAIL, body, _VERSION),
        effect=effect,
        refusal=refusal,
        prompt=Prompt(
            "after how long unused: 30m, 2h, 1d, or off",
            "--after",
            idling,
            before=lambda c: "off" if c.idle_shutdown is None else spanned(c.idle_shutdown),
        ),
    )


IDLE_SHUTDOWN = _idle_shutdown()
