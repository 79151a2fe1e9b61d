"""What can be done to a deployment: its share of the requests, its machines, its end."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from amltui.domain.endpoint import Deployment
from amltui.kinds import format as fmt
from amltui.kinds.kind import Action, Prompt, Row, Unusable
from amltui.kinds.money import per_hour
from amltui.kinds.shell import az_ml

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient
    from amltui.azure.operation import Operation


def cannot_change(each: Deployment) -> str | None:
    """Why nothing can be done to this deployment now."""
    if each.health.moving:
        return f"{each.title} is {(each.provisioning_state or '').lower()}"
    return None


def cannot_scale(each: Deployment) -> str | None:
    """Why its machines cannot be counted otherwise now."""
    if each.is_batch:
        return f"{each.title} runs on {each.size or 'a compute'}: scale that"
    if not each.is_managed:
        return f"{each.title} is on Kubernetes: its nodes are scaled there"
    return cannot_change(each)


def cannot_shift(each: Deployment) -> str | None:
    """Why its share of the requests cannot be set now."""
    if each.is_batch:
        return f"{each.title} is of a batch endpoint: that has a default, not a split"
    if each.has_failed:
        return f"{each.title} has failed: nothing would answer"
    return cannot_change(each)


def path(each: Deployment, *, endpoint: bool = False) -> str:
    """Of the deployment, or of its endpoint."""
    kind = "batchEndpoints" if each.is_batch else "onlineEndpoints"
    above = f"{each.workspace.path}/{kind}/{each.endpoint}"
    return above if endpoint else f"{above}/deployments/{each.name}"


def az(verb: str, each: Deployment, more: str) -> str:
    """The same for `az ml`: `online-deployment delete`."""
    return az_ml(verb, each.workspace, more)


async def _delete(place: WorkspaceClient, each: Deployment) -> Operation | None:
    from amltui.azure import endpoints

    return await endpoints.delete(place, each)


def _end(row: Row[Deployment]) -> Sequence[str]:
    each = row.resource
    if each.is_batch:
        told = ["nothing is saved: a batch deployment is paid for by its jobs; cannot be undone"]
        if each.traffic:
            told.append("! it is the default: requests that name no deployment will fail")
        return told
    told = [f"stops billing {per_hour(each.burn_per_hour)} retail; cannot be undone"]
    if each.traffic:
        told.append(
            f"! it gets {each.traffic} % of the traffic, which goes to the others first:"
            f" PUT …/onlineEndpoints/{each.endpoint}"
        )
    elif each.traffic is None:
        told.append("! its share of the traffic is unknown: it goes to the others first")
    return told


def _deletion(each: Deployment) -> str:
    kind = "batch" if each.is_batch else "online"
    return az(f"{kind}-deployment delete", each, _named(each)) + " --yes"


def _named(each: Deployment) -> str:
    return f"-n {shlex.quote(each.name)} -e {shlex.quote(each.endpoint)}"


DELETE: Action[Deployment] = Action(
    name="delete-deployment",
    key="X",
    title="Delete",
    doing="deleting",
    done="deleted",
    run=_delete,
    request=lambda each: f"DELETE {path(each)}",
    command=_deletion,
    effect=_end,
    refusal=cannot_change,
    saves=lambda each: each.burn_per_hour,
    typed=True,
)


def _number(words: str, least: int, most: int, what: str) -> int:
    text = words.strip().removesuffix("%").strip()
    if not text.isdecimal() or not text.isascii() or not least <= int(text) <= most:
        raise Unusable(f"{what} is a whole number from {least} to {most}")
    return int(text)


def _shift(share: int | None = None) -> Action[Deployment]:
    async def run(place: WorkspaceClient, each: Deployment) -> Operation | None:
        from amltui.azure import endpoints

        return await endpoints.shift(place, each, share or 0)

    def refusal(each: Deployment) -> str | None:
        if share is not None and share == each.traffic:
            return f"{each.title} gets {share} % already"
        return cannot_shift(each)

    def effect(row: Row[Deployment]) -> Sequence[str]:
        before = fmt.UNKNOWN if row.resource.traffic is None else row.resource.traffic
        told = [
            f"traffic {before} % → {share} %; the others share the rest as they share it now",
            "its machines are paid for as before",
        ]
        if share == 0:
            told.append("! where no other has a share, the endpoint answers nobody")
        return told

    return Action(
        name="traffic",
        key="percent_sign",
        title="Traffic",
        doing="shifting",
        done="shifted",
        run=run,
        request=lambda each: _put(each, share),
        command=lambda each: az(
            "online-endpoint update",
            each,
            f"-n {shlex.quote(each.endpoint)} --traffic {shlex.quote(f'{each.name}={share}')}",
        ),
        effect=effect,
        refusal=refusal,
        prompt=Prompt(
            "percent of the endpoint's requests",
            "--to",
            lambda words: _shift(_number(words, 0, 100, "A share")),
            before=lambda each: "" if each.traffic is None else str(each.traffic),
        ),
    )


def _put(each: Deployment, share: int | None) -> str:
    split = f'{{"{each.name}": {"…" if share is None else share}, …}}'
    return f'PUT {path(each, endpoint=True)} {{"properties": {{"traffic": {split}}}}}'


SHIFT = _shift()
MOST = 500
"""Machines that a deployment can have; the region's quota usually allows fewer."""


def _scale(count: int | None = None) -> Action[Deployment]:
    async def run(place: WorkspaceClient, each: Deployment) -> Operation | None:
        from amltui.azure import endpoints

        return await endpoints.scale(place, each, count or 1)

    def refusal(each: Deployment) -> str | None:
        if count is not None and count == each.instances:
            return f"{each.title} has {count} already"
        return cannot_scale(each)

    def saves(each: Deployment) -> float | None:
        if count is None or each.instances is None or each.price_per_hour is None:
            return None
        return (each.instances - count) * each.price_per_hour

    def effect(row: Row[Deployment]) -> Sequence[str]:
        each = row.resource
        price = each.price_per_hour
        then = None if price is None or count is None else count * price
        before = fmt.UNKNOWN if each.instances is None else each.instances
        return (
            f"{before} → {count} × {each.size or fmt.UNKNOWN}:"
            f" {per_hour(each.burn_per_hour)} → {per_hour(then)} retail",
        )

    return Action(
        name="scale-deployment",
        key="n",
        title="Scale",
        doing="scaling",
        done="scaled",
        run=run,
        request=lambda each: f'PATCH {path(each)} {{"sku": {{"capacity": {count or "…"}}}}}',
        command=lambda each: az(
            "online-deployment update",
            each,
            f"{_named(each)} --set instance_count={count or '…'}",
        ),
        effect=effect,
        refusal=refusal,
        saves=saves,
        prompt=Prompt(
            "how many machines",
            "--to",
            lambda words: _scale(_number(words, 1, MOST, "A number of machines")),
            before=lambda each: "" if each.instances is None else str(each.instances),
        ),
    )


SCALE = _scale()
