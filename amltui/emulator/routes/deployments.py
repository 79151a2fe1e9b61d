"""Template deployments of a resource group: every resource is put as a client would put it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.change import DELETING, Change
from amltui.emulator.deployments import carrying_out, record
from amltui.emulator.deployments.expression import TemplateError
from amltui.emulator.deployments.record import Step
from amltui.emulator.deployments.scope import Scope
from amltui.emulator.deployments.template import Planned, planned
from amltui.emulator.http import errors, odata, paging
from amltui.emulator.http.asked import object_of, text_of, wrong
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import GROUP, Route
from amltui.emulator.operations import Style
from amltui.emulator.resources import Resource
from amltui.emulator.routes import resource_groups

DEPLOYMENTS = f"{GROUP}/providers/Microsoft.Resources/deployments"
DEPLOYMENT = f"{DEPLOYMENTS}/{{deployment}}"
DELETION = 2.0
"""Seconds that it takes."""
_NAME = re.compile(r"[\w().-]{1,64}")


async def put(call: Call) -> Response:
    """Accepted, with the resources on their way."""
    group = resource_groups.asked(call)
    told, name = await call.body(), call.params["deployment"]
    if not _NAME.fullmatch(name):
        return errors.gateway(400, "InvalidDeploymentName", f"'{name}' is no deployment's name.")
    held = _held(call)
    if held is not None and record.state(held, call.now) == "Running":
        message = f"The deployment '{name}' is still running."
        return errors.gateway(409, "DeploymentActive", message)
    properties, template, scope, wanted = _understood(call, told)
    done = await carrying_out.all_of(call, wanted)
    failed = [each for each in done if each.error]
    try:
        outputs = {} if failed else _outputs(template, scope)
    except TemplateError as error:
        raise _invalid(error) from error
    deployment = Resource(
        f"{group.id}/providers/Microsoft.Resources/deployments/{name}",
        call.now,
        call.who,
        properties,
        {"tags": object_of(told, "tags")},
        record.kept(done, template, outputs),
    )
    call.world.resources.put(deployment)
    shown = record.body(deployment, call.now)
    shown["properties"]["provisioningState"] = "Accepted"
    address = f"{call.base}{deployment.id}/operationStatuses/{int(call.now * 1e7):020d}"
    headers = {
        "Azure-AsyncOperation": f"{address}?api-version={call.version}",
        **operations.hint(call),
    }
    return JSONResponse(shown, 200 if held else 201, headers)


async def validate(call: Call) -> Response:
    """What a PUT would do, without doing it."""
    group = resource_groups.asked(call)
    properties, _, _, wanted = _understood(call, await call.body())
    identity = f"{group.id}/providers/Microsoft.Resources/deployments/{call.params['deployment']}"
    steps = [Step(each.id, each.type, each.name, 200, call.now, 0) for each in wanted]
    shown = record.body(
        Resource(identity, call.now, call.who, properties, kept=record.kept(steps, {}, {})),
        call.now,
    )
    shown["properties"]["validatedResources"] = [{"id": each.id} for each in wanted]
    return JSONResponse(shown)


def _understood(
    call: Call, told: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], Scope, list[Planned]]:
    """What is shown of a deployment, its template, where that is evaluated, and what it puts."""
    asked = object_of(told, "properties")
    template, given = object_of(asked, "template"), object_of(asked, "parameters")
    mode = text_of(asked, "mode") or "Incremental"
    if mode.lower() not in {"incremental", "complete"}:
        raise wrong("mode", "Incremental or Complete")
    if not template:
        message = "The template is missing: links to templates are not followed here."
        raise errors.Refusal(errors.gateway(400, "InvalidTemplate", message))
    if "parameters" in given and "$schema" in given:
        given = object_of(given, "parameters")  # a whole parameter file
    try:
        scope = _scope(call).of(template, given)
        wanted = planned(template, scope)
        shown = record.parameters(scope.declared, scope.parameter)
    except (TemplateError, RecursionError) as error:
        raise _invalid(error) from error
    properties = {
        "templateHash": record.hash_of(template),
        "parameters": shown,
        "mode": mode.capitalize(),
    }
    return properties, template, scope, wanted


def _scope(call: Call) -> Scope:
    group, held = resource_groups.asked(call), call.subscription
    about = {
        "id": f"/subscriptions/{held.id}",
        "subscriptionId": held.id,
        "tenantId": held.tenant,
        "displayName": held.name,
    }
    return Scope(about, group.body(call.now), call.params["deployment"], _look_up(call))


def _look_up(call: Call) -> Any:
    def properties_of(identity: str) -> Mapping[str, Any] | None:
        if not identity.startswith("/"):
            identity = f"{resource_groups.asked(call).id}/providers/{identity}"
        place = call.world.workspaces.get(identity.lower())
        if place is not None:
            return place.body(call.base, call.now)
        found = call.world.resources.get(identity, call.now)
        return found.body() if found else None

    return properties_of


def _outputs(template: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    told = template.get("outputs")
    outputs = told if isinstance(told, dict) else {}
    return {
        name: {
            "type": str(each.get("type") or "").capitalize(),
            "value": scope.value(each.get("value")),
        }
        for name, each in outputs.items()
        if isinstance(each, dict)
    }


async def listing(call: Call) -> Response:
    group = resource_groups.asked(call)
    held = call.world.resources.within(
        f"{group.id}/providers/Microsoft.Resources/deployments", call.now
    )
    condition = odata.Condition.of(call)
    shown = [record.body(each, call.now) for each in held]
    found = [
        each
        for each in shown
        if condition.holds({**each, "provisioningState": each["properties"]["provisioningState"]})
    ]
    return paging.listed(call, found, paging.count(call.query.get("$top"), 100))


async def get(call: Call) -> Response:
    return JSONResponse(record.body(_asked(call), call.now))


async def exists(call: Call) -> Response:
    return Response(status_code=204 if _held(call) else 404)


async def delete(call: Call) -> Response:
    """The deployment is forgotten; what it has put stays."""
    held = _held(call)
    if held is None:
        return Response(status_code=204)
    change = Change(DELETING, call.now, *call.fate(DELETION))
    call.world.resources.put(replace(held, change=change))
    begun = operations.begin(call, Style.RESOURCES, DELETION)
    return Response(b"", 202, operations.result_only(call, begun))


async def cancel(call: Call) -> Response:
    """Only while it is running; what is on its way arrives."""
    held = _asked(call)
    if record.state(held, call.now) != "Running":
        message = f"The deployment '{held.name}' is not running: it cannot be canceled."
        return errors.gateway(409, "DeploymentCannotBeCanceled", message)
    call.world.resources.put(replace(held, kept={**held.kept, "canceled": call.now}))
    return Response(status_code=204)


async def export(call: Call) -> Response:
    return JSONResponse({"template": _asked(call).kept.get("template")})


async def status(call: Call) -> Response:
    """What `Azure-AsyncOperation` leads to."""
    held = _asked(call)
    told: dict[str, Any] = {"status": record.state(held, call.now)}
    if told["status"] == "Failed":
        told["error"] = record.error(record.steps(held))
    running = told["status"] == "Running"
    return JSONResponse(told, headers=operations.hint(call) if running else {})


async def steps(call: Call) -> Response:
    held = _asked(call)
    bodies = [record.operation(held, each, call.now) for each in record.steps(held)]
    return paging.listed(call, bodies, paging.count(call.query.get("$top"), 100))


async def step(call: Call) -> Response:
    held = _asked(call)
    for each in record.steps(held):
        shown = record.operation(held, each, call.now)
        if shown["operationId"].lower() == call.params["step"].lower():
            return JSONResponse(shown)
    message = f"Deployment operation '{call.params['step']}' could not be found."
    return errors.gateway(404, "DeploymentOperationNotFound", message)


def _held(call: Call) -> Resource | None:
    group, name = resource_groups.asked(call), call.params["deployment"]
    identity = f"{group.id}/providers/Microsoft.Resources/deployments/{name}"
    return call.world.resources.get(identity, call.now)


def _asked(call: Call) -> Resource:
    found = _held(call)
    if found is None:
        message = f"Deployment '{call.params['deployment']}' could not be found."
        raise errors.Refusal(errors.gateway(404, "DeploymentNotFound", message))
    return found


def _invalid(error: Exception) -> errors.Refusal:
    told = str(error) if isinstance(error, TemplateError) else "it is nested too deeply."
    message = f"Deployment template validation failed: '{told}'"
    return errors.Refusal(errors.gateway(400, "InvalidTemplate", message))


ROUTES = [
    Route("GET", DEPLOYMENTS, listing, "Deployments_ListByResourceGroup"),
    Route("GET", DEPLOYMENT, get, "Deployments_Get"),
    Route("HEAD", DEPLOYMENT, exists, "Deployments_CheckExistence"),
    Route("PUT", DEPLOYMENT, put, "Deployments_CreateOrUpdate"),
    Route("DELETE", DEPLOYMENT, delete, "Deployments_Delete"),
    Route("POST", f"{DEPLOYMENT}/validate", validate, "Deployments_Validate"),
    Route("POST", f"{DEPLOYMENT}/cancel", cancel, "Deployments_Cancel"),
    Route("POST", f"{DEPLOYMENT}/exportTemplate", export, "Deployments_ExportTemplate"),
    Route("GET", f"{DEPLOYMENT}/operationStatuses/{{status}}", status, "Deployments_Status"),
    *(
        route
        for deployment in (DEPLOYMENT, f"{GROUP}/deployments/{{deployment}}")
        for route in (
            Route("GET", f"{deployment}/operations", steps, "DeploymentOperations_List"),
            Route("GET", f"{deployment}/operations/{{step}}", step, "DeploymentOperations_Get"),
        )
    ),
]
