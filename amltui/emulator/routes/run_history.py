"""Run history: runs, their details and children, queries, patches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.blobs.run_files import blob_path
from amltui.emulator.jobs import run_body, run_filter, timeline
from amltui.emulator.jobs.log_files import log_files
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.run_filter import BadFilter
from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.routes import paging, refusals
from amltui.emulator.routes.call import Call, Handler, WorkspaceRoute
from amltui.emulator.routes.jobs import cancel

PREFIX = "/history/v1.0"
DEFAULT_TOP = 100
LARGEST_TOP = 500


async def get_run(call: Call) -> Response:
    record = _run(call)
    if record is None:
        return _missing(call)
    return JSONResponse(run_body.run(record, call.now, call.place))


async def details(call: Call) -> Response:
    record = _run(call)
    if record is None:
        return _missing(call)
    links = {path: log_link(call, record, path) for path in log_files(record, call.now)}
    return JSONResponse(run_body.details(record, call.now, call.place, links))


async def children(call: Call) -> Response:
    record = _run(call)
    if record is None:
        return _missing(call)
    asked = {name.lower(): value for name, value in call.query.items()}
    query = {
        "filter": asked.get("$filter"),
        "orderBy": asked.get("$orderby") or "CreatedUtc asc",
        "top": asked.get("$top"),
        "continuationToken": asked.get("$continuationtoken"),
    }
    return _answer(call, call.history.children(record.name, call.now), query, by_link=True)


async def query_runs(call: Call) -> Response:
    name = experiment_name(call)
    if name is None:
        return _no_experiment(call)
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
    record = call.history.get(str(body.get("runId")), call.now)
    if record is None:
        return refusals.no_such_run(call, str(body.get("runId")))
    run = run_body.run(record, call.now, call.place)
    run["outputs"] = {"default": {"assetId": None, "type": "UriFolder"}}
    return JSONResponse({"runMetadata": run, "runDefinition": None, "jobSpecification": None})


async def patch_run(call: Call) -> Response:
    """Tags and properties are merged; `hidden` archives."""
    record = _run(call)
    if record is None:
        return _missing(call)
    asked = await call.body()
    changed = replace(
        record,
        display_name=asked.get("displayName", record.display_name),
        description=asked.get("description", record.description),
        tags={**(record.tags or {}), **(asked.get("tags") or {})},
        properties={**record.properties, **(asked.get("properties") or {})},
        is_archived=record.is_archived if asked.get("hidden") is None else bool(asked["hidden"]),
    )
    return _run_answer(call, call.book.put(changed))


async def patch_tags(call: Call) -> Response:
    record = _run(call)
    if record is None:
        return _missing(call)
    asked = await call.body()
    gone = set(asked.get("tagsToDelete") or [])
    tags = {**(record.tags or {}), **(asked.get("tagsToModify") or {})}
    tags = {key: value for key, value in tags.items() if key not in gone}
    return _run_answer(call, call.book.put(replace(record, tags=tags)))


async def delete_tags(call: Call) -> Response:
    record = _run(call)
    if record is None:
        return _missing(call)
    gone = set(await call.body() or [])
    tags = {key: value for key, value in (record.tags or {}).items() if key not in gone}
    return _run_answer(call, call.book.put(replace(record, tags=tags)))


async def cancel_run(call: Call) -> Response:
    record = _run(call)
    if record is None:
        return _missing(call)
    if timeline.is_terminal(record, call.now):
        message = f"Run {record.name} is in terminal status, it can't be canceled."
        return refusals.dataplane(call, 400, message, inner=("BadArgument",))
    cancel(call, record)
    return _run_answer(call, call.history.get(record.name, call.now) or record)


async def service_instances(call: Call) -> Response:
    return JSONResponse({"instances": {}}) if _run(call) is not None else _missing(call)


async def query_experiments(call: Call) -> Response:
    asked = await call.body()
    begun = call.book.experiments_of(call.place.workspace, call.now)
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
    if name is None:
        return _no_experiment(call)
    begun = call.book.experiments_of(call.place.workspace, call.now)
    return JSONResponse(_experiment(call, name, begun[name]))


def log_link(call: Call, record: JobRecord, path: str) -> str:
    """A signed link to a file of a run."""
    blob = blob_path(record.name, path)
    return call.signer.link(call.place.base, call.account, blob, call.now)


def experiment_name(call: Call) -> str | None:
    """The experiment of the path, addressed by its name or by its id."""
    begun = call.book.experiments_of(call.place.workspace, call.now)
    asked = call.params.get("experiment")
    if asked is not None:
        return next((name for name in begun if name.lower() == asked.lower()), None)
    asked = call.params["experiment_id"].lower()
    return next((name for name in begun if call.place.experiment_id(name) == asked), None)


def _run(call: Call) -> JobRecord | None:
    return call.history.get(call.params["run"], call.now)


def _missing(call: Call) -> Response:
    return refusals.no_such_run(call, call.params["run"])


def _no_experiment(call: Call) -> Response:
    return refusals.dataplane(call, 404, "The experiment was not found.", inner=("NotFoundError",))


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
        return refusals.dataplane(call, 400, str(error), inner=("BadArgument",))
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


def under_experiments(method: str, path: str, handler: Handler) -> list[WorkspaceRoute]:
    """A run's path stands alone, or below its experiment's name or id."""
    owners = ("", "/experiments/{experiment}", "/experimentids/{experiment_id}")
    return [WorkspaceRoute(method, owner + path, handler, PREFIX) for owner in owners]


ROUTES = [
    WorkspaceRoute("POST", "/experiments:query", query_experiments, PREFIX),
    WorkspaceRoute("GET", "/experiments/{experiment}", get_experiment, PREFIX),
    WorkspaceRoute("GET", "/experimentids/{experiment_id}", get_experiment, PREFIX),
    WorkspaceRoute("POST", "/experiments/{experiment}/runs:query", query_runs, PREFIX),
    WorkspaceRoute("POST", "/experimentids/{experiment_id}/runs:query", query_runs, PREFIX),
    WorkspaceRoute("POST", "/rundata", run_data, PREFIX),
    *under_experiments("POST", "/runs/runIds", runs_by_id),
    *under_experiments("GET", "/runs/{run}", get_run),
    *under_experiments("PATCH", "/runs/{run}", patch_run),
    *under_experiments("GET", "/runs/{run}/details", details),
    *under_experiments("GET", "/runs/{run}/children", children),
    *under_experiments("GET", "/runs/{run}/serviceinstances/{node}", service_instances),
    *under_experiments("PATCH", "/runs/{run}/tags", patch_tags),
    *under_experiments("DELETE", "/runs/{run}/tags", delete_tags),
    *under_experiments("POST", "/runs/{run}/cancel", cancel_run),
]
