"""Another machine for an instance, which has to be off for that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from amltui.domain.compute import Compute, ComputeKind
from amltui.kinds import format as fmt
from amltui.kinds.compute_words import az_rest, only, request
from amltui.kinds.fitting import fits
from amltui.kinds.kind import Action, Prompt, Row, Unusable

if TYPE_CHECKING:
    from amltui.azure.operation import Operation
    from amltui.azure.workspace_client import WorkspaceClient

_VERSION = "2024-10-01-preview"
NAMED = 6
"""Sizes that are offered in place of one that cannot be had."""


def cannot_resize(compute: Compute) -> str | None:
    """Why this compute cannot have another machine now."""
    if reason := only(ComputeKind.INSTANCE, compute, "are resized"):
        return reason
    if (compute.state or "").lower() == "stopped":
        return None
    return f"{compute.name} is {compute.state or 'in an unknown state'}: stop it before resizing it"


def full_name(size: str) -> str:
    """`Standard_DS3_v2`, also where only `DS3_v2` was typed."""
    name = size.strip()
    if not name or not name.replace("_", "").isalnum() or not name.isascii():
        raise Unusable("A size is written like Standard_DS3_v2")
    return name if name.lower().startswith(("standard_", "basic_")) else f"Standard_{name}"


def _resizing(words: str) -> Action[Compute]:
    return _resize(full_name(words))


def _resize(size: str | None = None) -> Action[Compute]:
    async def run(place: WorkspaceClient, compute: Compute) -> Operation:
        from amltui.azure import compute_changes

        return await compute_changes.resize(place, compute.name, size or compute.size or "")

    def effect(row: Row[Compute]) -> Sequence[str]:
        return (
            f"{row.resource.size or fmt.UNKNOWN} → {size or '…'}, disks and files stay",
            "nothing is billed for the machine until it is started",
        )

    def refusal(compute: Compute) -> str | None:
        reason = cannot_resize(compute)
        if reason is None and size and (compute.size or "").lower() == size.lower():
            return f"{compute.name} has the size {compute.size} already"
        return reason

    async def check(place: WorkspaceClient, computes: Sequence[Compute]) -> Sequence[str]:
        from amltui.azure import compute_changes, prices
        from amltui.azure.errors import AzureError, NotSignedIn

        if size is None:
            return ()
        told: list[str] = []
        for compute in computes:
            try:
                allowed = await compute_changes.sizes_for(place, compute.name)
                listed = await prices.sizes(place, compute.location or "")
            except NotSignedIn:
                raise
            except AzureError as error:
                told.append(f"! which sizes are allowed is unknown: {fmt.one_line(str(error))}")
                continue
            if size.lower() not in {each.lower() for each in allowed}:
                some = ", ".join(sorted(allowed)[:NAMED])
                told.append(f"! {compute.name} cannot be resized to {size}: {some} … are allowed")
                continue
            found = listed.get(size.lower())
            price = found.price() if found else None
            told.append(f"then costs ${fmt.money(price)}/h retail while it is on")
        wanted = [(replace(each, size=size), 1) for each in computes]
        return [*told, *(await fits(place, wanted))]

    return Action(
        name="resize",
        key="",
        title="Resize",
        doing="resizing",
        done="resized",
        run=run,
        request=lambda compute: request("POST", compute, "/resize", {"targetVMSize": size or "…"}),
        command=lambda compute: az_rest(
            "POST", compute, "/resize", {"targetVMSize": size or "…"}, _VERSION
        ),
        effect=effect,
        refusal=refusal,
        prompt=Prompt("the size to have instead", "--to", _resizing, lambda c: c.size or ""),
        check=check,
    )


RESIZE = _resize()
