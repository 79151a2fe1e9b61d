"""Batch endpoints as their users call them: an invocation starts a job in the workspace."""

from __future__ import annotations

import re
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from amltui.emulator import intakes
from amltui.emulator.endpoints import batch_jobs, changes, hosts
from amltui.emulator.endpoints.changes import understood
from amltui.emulator.http import paging
from amltui.emulator.http.asked import text_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Plane, Route
from amltui.emulator.jobs.submissions import submitted
from amltui.emulator.resources import Resource
from amltui.emulator.routes import batch_deployments, batch_endpoints, scoring
from amltui.emulator.routes.scoring import HEADER, HOST

FRONT_END = f"/mferp/managementfrontend{WORKSPACE}/batchEndpoints/{{endpoint}}"
PAGE = 50
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}")


async def invoke(call: Call) -> Response:
    """Start a job of the deployment that the header names, or of the default one."""
    inside = _inside(call)
    endpoint = batch_endpoints.KIND.asked(inside)
    deployment = _deployment(inside, endpoint)
    wanted = await inside.body()
    with understood(inside):
        asked = batch_jobs.request(wanted)
        name = text_of(asked, "name") or f"batchjob-{uuid4()}"
        body = batch_jobs.specification(asked, endpoint, deployment)
    if not _NAME.fullmatch(name):
        raise changes.bad(inside, f"The job name '{name}' is not valid.")
    if inside.history.get(name, inside.now) is not None:
        message = f"A job with the name {name} exists already."
        raise inside.refused(409, message, "Conflict", code="Conflict")
    compute = str(deployment.properties["compute"] or "").rpartition("/")[2]
    if compute and inside.world.compute(inside.workspace, compute) is None:
        raise changes.bad(inside, f"The compute {compute} was not found.", "ComputeNotFound")
    intake = intakes.intake(inside.world, inside.workspace, inside.now, inside.who)
    job, *children = submitted(intake, name, body["properties"])
    for record in (job, *children):
        inside.world.jobs.put(record)
    return JSONResponse(batch_jobs.body(inside, job), 201)


async def get(call: Call) -> Response:
    inside = _inside(call)
    endpoint = batch_endpoints.KIND.asked(inside)
    found = batch_jobs.of(inside, endpoint.name)
    job = next((each for each in found if each.name == inside.params["job"]), None)
    if job is None:
        message = f"Job {inside.params['job']} not found."
        raise inside.refused(404, message, "NotFound", "JobNotFound")
    return JSONResponse(batch_jobs.body(inside, job))


async def listing(call: Call) -> Response:
    inside = _inside(call)
    endpoint = batch_endpoints.KIND.asked(inside)
    only = batch_deployments.KIND.asked(inside).name if "deployment" in inside.params else None
    bodies = [batch_jobs.body(inside, each) for each in batch_jobs.of(inside, endpoint.name, only)]
    return paging.listed(inside, bodies, PAGE)


def _inside(call: Call) -> Call:
    """The call as one within a workspace, whichever of its addresses was used."""
    if "guid" not in call.params:
        return call
    inside = scoring.at(call, scoring.workspace_of(call))
    name = hosts.endpoint_of(call.params["host"])
    return scoring.with_params(inside, endpoint=name)


def _deployment(call: Call, endpoint: Resource) -> Resource:
    default = (endpoint.properties.get("defaults") or {}).get("deploymentName")
    name = call.request.headers.get(HEADER) or default
    if not name:
        message = f"The endpoint {endpoint.name} has no default deployment."
        raise changes.bad(call, message, "NoDefaultDeployment")
    return batch_deployments.KIND.asked(scoring.with_params(call, deployment=name))


ROUTES = [
    Route("POST", f"{HOST}/jobs", invoke, "BatchJobEndpoint_Create", Plane.DATA),
    Route("GET", f"{HOST}/jobs", listing, "BatchJobEndpoint_ListByHost", Plane.DATA),
    Route("GET", f"{HOST}/jobs/{{job}}", get, "BatchJobEndpoint_GetByHost", Plane.DATA),
    Route("POST", f"{FRONT_END}/jobs", invoke, "BatchJobEndpoint_CreateByName", Plane.DATA),
    Route("GET", f"{FRONT_END}/jobs", listing, "BatchJobEndpoint_List", Plane.DATA),
    Route("GET", f"{FRONT_END}/jobs/{{job}}", get, "BatchJobEndpoint_Get", Plane.DATA),
    Route(
        "GET",
        f"{FRONT_END}/deployments/{{deployment}}/jobs",
        listing,
        "BatchJobDeployment_List",
        Plane.DATA,
    ),
]
