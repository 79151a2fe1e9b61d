"""Whether a deployment can be made: its VM size, quota, model, environment and code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amltui.emulator import quotas, vm_sizes
from amltui.emulator.endpoints import assets, changes, script
from amltui.emulator.endpoints.deployments import instances
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

_GUIDE = "Please see troubleshooting guide, available here: https://aka.ms/oe-tsg"
_RESERVE = 0.2
"""The share of instances, on top, that an upgrade needs: quota for them must be left, too."""
MOST_DEPLOYMENTS = 20
"""Of one endpoint: https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas."""


def check(call: Call, made: Resource, held: Resource | None) -> None:
    """Refuse what could never start."""
    asked = made.properties
    if asked["endpointComputeType"] == "Managed":
        quota(call, made, held)
    model, environment = asked["model"], asked["environmentId"]
    code = (asked["codeConfiguration"] or {}).get("codeId")
    if not model and not environment:
        raise changes.bad(call, "A deployment needs a model, or an environment that brings one.")
    assets.need(call, "models", "model", model)
    assets.need(call, "environments", "environment", environment)
    assets.need(call, "codes", "code", code)
    if model and not environment and _kind_of(call, model) == "custom_model":
        message = "The environment of the deployment is required for a model of type custom_model."
        raise changes.bad(call, message)


def room(call: Call, endpoint: Resource) -> None:
    """Refuse a new deployment where an endpoint has as many as it can have."""
    below = call.world.resources.within(f"{endpoint.id}/deployments", call.now)
    if len(below) >= MOST_DEPLOYMENTS:
        message = (
            f"The endpoint {endpoint.name} has {len(below)} deployments: the limit of deployments"
            f" per endpoint is {MOST_DEPLOYMENTS}."
        )
        raise changes.bad(call, message, "DeploymentsLimitReached")


def quota(call: Call, made: Resource, held: Resource | None) -> None:
    """Refuse a size that does not exist, or more of it than is left."""
    name = str(made.properties["instanceType"])
    size = vm_sizes.SIZES.get(name.lower())
    if size is None:
        message = (
            f"The specified instance type {name} is not supported for managed online endpoints."
            f" {_GUIDE}#error-badargument"
        )
        raise changes.bad(call, message, "InvalidInstanceType")
    before = 0
    if held is not None and str(held.properties.get("instanceType")).lower() == name.lower():
        before = instances(held)
    more = instances(made) - before
    if more <= 0:
        return
    limit = quotas.of_workspace(call.world, call.workspace, size.family)
    used = limit - quotas.left(call.world, call.workspace, size.family)
    needed = size.vcpus * (more + round(_RESERVE * more + 0.499))
    if used + needed > limit:
        message = (
            f"Not enough quota available for {name} in SubscriptionId"
            f" {call.workspace.subscription.id}. Current usage/limit: {used}/{limit}."
            f" Additional needed: {needed}. {_GUIDE}#error-outofquota"
        )
        raise changes.bad(call, message, "OutOfQuota")


def failure(call: Call, made: Resource) -> dict[str, Any] | None:
    """What is going to go wrong when it starts, as its log tells; None if nothing is."""
    reference = made.properties["environmentId"]
    environment = assets.find(call, "environments", reference) if reference else None
    if environment is not None and not _can_be_built(environment.properties):
        name = "/".join(environment.id.split("/")[-3::2])
        return {
            "at": "image",
            "error": f"ImageBuildFailure: the image of environment {name} cannot be built:"
            " it names no image and no build context.",
            "lines": [f"Image build failed: environment {name} has no base image."],
        }
    return script.failure(call, made)


def _can_be_built(environment: Mapping[str, Any]) -> bool:
    return bool(environment.get("image") or environment.get("build"))


def _kind_of(call: Call, model: str) -> str | None:
    found = assets.find(call, "models", model)
    return str(found.properties.get("modelType")) if found else None
