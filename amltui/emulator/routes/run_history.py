"""Run history: runs, their details and children, queries, patches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.blobs.run_files import blob_path
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import HISTORY, Handler, Plane, Route
from amltui.emulator.jobs import run_body, run_filter, timeline
from amltui.emulator.jobs.log_files import log_files
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.run_filter import BadFilter
from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.routes.jobs import cancel

DEFAULT_TOP = 100
LARGEST_TOP = 500


async def get_run(call: Call) -> Response:
    record = asked_run(call)
    return JSONResponse(run_body.run(record, call.now, call.place))


async def details(call: Call) -> Response:
    record = asked_run(call)
    links = {path: call.link(blob_path(record.name, path)) for path in log_files(record, call.now)}
    return JSONResponse(run_body.details(record, call.now, call.place, links))


async def children(call: Call) -> Response:
    record = asked_run(call)
    asked = call.query
    query = {
        "filter": asked.get("$filter"),
        "orderBy": asked.get("$orderby") or "CreatedUtc asc",
        "top": asked.get("$top"),
        "continuationToken": asked.get("$continuationtoken"),
    }
    return _answer(call, call.history.children(record.name, call.now), query, by_link=True)


async def query_runs(call: Call) -> Response:
    name = experiment_name(call)
    query = await call.body()
    runs = (each for each in call.history.everything(call.now) if each.experiment == name)
    return _answer(call, list(runs), query)


async def runs_by_id(call: Call) -> Response:
    asked = (await call.body()).get("runIds") or []
    found = {name: call.history.get(str(name), call.now) for name in asked}
    runs = {
        name: run_body.run(record, call.now, call.place)
        for name, record in found.items()
        if record is not None
    }
    errors = {
        name: {"error": {"code": "UserError", "message": f"Run {name} was not found."}}
        for name, record in found.items()
        if record is None
    }
    return JSONResponse({"runs": runs, "errors": errors})


async def run_data(call: Call) -> Response:
    body = await call.body()
    record = asked_run(call, str(body.get("runId")))
    run = run_body.run(record, call.now, call.place)
    run["outputs"] = {"default": {"assetId": None, "type": "UriFolder"}}
    return JSONResponse({"runMetadata": run, "runDefinition": None, "jobSpecification": None})


async def patch_run(call: Call) -> Response:
    """Tags and properties are merged; `hidden` archives."""
    record = asked_run(call)
    asked = await call.body()
    changed = replace(
        record,
        display_name=asked.get("displayName", record.display_name),
        description=asked.get("description", record.description),
        tags={**(record.tags or {}), **(asked.get("tags") or {})},
        properties={**record.properties, **(asked.get("properties") or {})},
        is_archived=record.is_archived if asked.get("hidden") is None else bool(asked["hidden"]),
    )
    return _run_answer(call, call.world.jobs.put(changed))


async def patch_tags(call: Call) -> Response:
    record = asked_run(call)
    asked = await call.body()
    gone = set(asked.get("tagsToDelete") or [])
    tags = {**(record.tags or {}), **(asked.get("tagsToModify") or {})}
    tags = {key: value for key, value in tags.items() if key not in gone}
    return _run_answer(call, call.world.jobs.put(replace(record, tags=tags)))


async def delete_tags(call: Call) -> Response:
    record = asked_run(call)
    gone = set(await call.json() or [])
    tags = {key: value for key, value in (record.tags or {}).items() if key not in gone}
    return _run_answer(call, call.world.jobs.put(replace(record, tags=tags)))


async def cancel_run(call: Call) -> Response:
    record = asked_run(call)
    if timeline.is_terminal(record, call.now):
        message = f"Run {record.name} is in terminal status, it can't be canceled."
        raise call.data_refused(400, message, "BadArgument")
    cancel(call, record)
    return _run_answer(call, call.history.get(record.name, call.now) or record)


async def service_instances(call: Call) -> Response:
    asked_run(call)
    return JSONResponse({"instances": {}})


async def query_experiments(call: Call) -> Response:
    asked = await call.body()
    begun = call.world.jobs.experiments_of(call.workspace.id, call.now)
    start = paging.position(asked.get("continuationToken")) or 0
    page, following = paging.page(list(begun.items()), start, _top(asked.get("top")))
    return JSONResponse(
        {
            "value": [_experiment(call, name, at) for name, at in page],
            "continuationToken": None if following is None else paging.token(following),
            "nextLink": None,
        }
    )


async def get_experiment(call: Call) -> Response:
    name = experiment_name(call)
    begun = call.world.jobs.experiments_of(call.workspace.id, call.now)
    return JSONResponse(_experiment(call, name, begun[name]))


def experiment_name(call: Call) -> str:
    """The experiment of the path, addressed by its name or by its id."""
    begun = call.world.jobs.experiments_of(call.workspace.id, call.now)
    if (asked := call.params.get("experiment")) is not None:
        found = next((name for name in begun if name.lower() == asked.lower()), None)
    else:
        asked = call.params["experiment_id"].lower()
        found = next((name for name in begun if call.place.experiment_id(name) == asked), None)
    if found is None:
        raise call.data_refused(404, "The experiment was not found.", "NotFoundError")
    return found


def asked_run(call: Call, name: str | None = None) -> JobRecord:
    """The run of the path, or of a name that the body gives."""
    name = call.params["run"] if name is None else name
    record = call.history.get(name, call.now)
    if record is None:
        message = f"Run {name} was not found."
        raise call.data_refused(404, message, "NotFoundError", "RunNotFoundError")
    return record


def _run_answer(call: Call, record: JobRecord) -> Response:
    return JSONResponse(run_body.run(record, call.now, call.place))


def _experiment(call: Call, name: str, begun: float) -> dict[str, Any]:
    return {
        "experimentId": call.place.experiment_id(name),
        "name": name,
        "description": None,
        "createdUtc": iso(begun),
        "tags": {},
        "archivedTime": None,
        "retainForLifetimeOfWorkspace": False,
        "artifactLocation": None,
    }


def _answer(
    call: Call, runs: list[JobRecord], query: dict[str, Any], *, by_link: bool = False
) -> Response:
    """One page of the runs that pass the filter, in the order that was asked for."""
    try:
        test = run_filter.parse(query.get("filter"))
        passing = [each for each in runs if test(each, call.now)]
        ordered = run_filter.ordered(passing, query.get("orderBy"), call.now)
    except BadFilter as error:
        raise call.data_refused(400, str(error), "BadArgument") from error
    start = paging.position(query.get("continuationToken")) or 0
    page, following = paging.page(ordered, int(start), _top(query.get("top")))
    answer: dict[str, Any] = {"value": [run_body.run(each, call.now, call.place) for each in page]}
    if following is not None or not by_link:
        mark = None if following is None else paging.token(following)
        answer["continuationToken"] = mark
        answer["nextLink"] = _children_link(call, mark) if by_link and mark else None
    return JSONResponse(answer)


def _children_link(call: Call, mark: str) -> str:
    url = call.request.url.include_query_params(**{"$continuationtoken": mark})
    return f"{call.place.base}{url.path}?{url.query}"


def _top(asked: Any) -> int:
    return max(1, min(int(asked), LARGEST_TOP)) if asked else DEFAULT_TOP


def under_experiments(method: str, path: str, handler: Handler, operation: str) -> list[Route]:
    """A run's path stands alone, or below its experiment's name or id."""
    owners = ("", "/experiments/{experiment}", "/experimentids/{experiment_id}")
    return [
        Route(method, f"{HISTORY}{owner}{path}", handler, operation, Plane.DATA) for owner in owners
    ]


def _route(method: str, path: str, handler: Handler, operation: str) -> Route:
    return Route(method, f"{HISTORY}{path}", handler, operation, Plane.DATA)


ROUTES = [
    _route("POST", "/experiments:query", query_experiments, "Experiments_Query"),
    _route("GET", "/experiments/{experiment}", get_experiment, "Experiments_Get"),
    _route("GET", "/experimentids/{experiment_id}", get_experiment, "Experiments_GetById"),
    _route("POST", "/experiments/{experiment}/runs:query", query_runs, "Runs_Query"),
    _route("POST", "/experimentids/{experiment_id}/runs:query", query_runs, "Runs_Query"),
    _route("POST", "/rundata", run_data, "Runs_GetRunData"),
    *under_experiments("POST", "/runs/runIds", runs_by_id, "Runs_GetByIds"),
    *under_experiments("GET", "/runs/{run}", get_run, "Runs_Get"),
    *under_experiments("PATCH", "/runs/{run}", patch_run, "Runs_Patch"),
    *under_experiments("GET", "/runs/{run}/details", details, "Runs_GetDetails"),
    *under_experiments("GET", "/runs/{run}/children", children, "Runs_GetChildren"),
    *under_experiments(
        "GET", "/runs/{run}/serviceinstances/{node}", service_instances, "Runs_GetServiceInstances"
    ),
    *under_experiments("PATCH", "/runs/{run}/tags", patch_tags, "Runs_ModifyTags"),
    *under_experiments("DELETE", "/runs/{run}/tags", delete_tags, "Runs_DeleteTags"),
    *under_experiments("POST", "/runs/{run}/cancel", cancel_run, "Runs_Cancel"),
]
