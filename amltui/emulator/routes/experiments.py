"""Experiments in run history: found, made, renamed, archived, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import HISTORY, Handler, Plane, Route
from amltui.emulator.jobs.experiments import Experiment
from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.operations import Style
from amltui.emulator.routes.run_history import experiment_of
from amltui.emulator.routes.run_queries import top


async def query(call: Call) -> Response:
    asked = await call.body()
    view = str(asked.get("viewType") or "Default").lower()
    begun = call.world.jobs.experiments_of(call.workspace.id, call.now)
    found = [each for each in begun if _is_in_view(each, view) and _is_meant(asked, each)]
    token = asked.get("continuationToken")
    start = paging.index(token if isinstance(token, str) else None)
    page, following = paging.page(found, start, top(call, asked.get("top")))
    return JSONResponse(
        {
            "value": [_body(each) for each in page],
            "continuationToken": None if following is None else paging.token(following),
            "nextLink": None,
        }
    )


async def get(call: Call) -> Response:
    return JSONResponse(_body(experiment_of(call)))


async def create(call: Call) -> Response:
    """An experiment of that name: the one that is there, or a new one."""
    name = call.params["experiment"]
    begun = call.world.jobs.experiments_of(call.workspace.id, call.now)
    found = next((each for each in begun if each.shown.lower() == name.lower()), None)
    if found is None:
        found = call.world.jobs.begin_experiment(call.workspace.id, name, call.now)
    return JSONResponse(_body(found))


async def modify(call: Call) -> Response:
    """Another name, description, tags; out of sight and back."""
    held, asked = experiment_of(call), await call.json()
    if not isinstance(asked, dict) or not isinstance(asked.get("tags"), (dict, type(None))):
        raise call.data_refused(400, "The body and its tags must be objects.", "BadArgument")
    for name in ("name", "description"):
        if not isinstance(asked.get(name), (str, type(None))):
            raise call.data_refused(400, f"The field {name} must be a string.", "BadArgument")
    title = asked.get("name")
    if title and title != held.shown and _is_taken(call, title):
        message = f"An experiment with the name {title} exists already."
        raise call.data_refused(409, message, "Conflict")
    archive = asked.get("archive")
    changed = replace(
        held,
        title=title or held.title,
        description=asked.get("description", held.description),
        tags={**held.tags, **{str(k): str(v) for k, v in (asked.get("tags") or {}).items()}},
        archived=held.archived if archive is None else (call.now if archive else None),
        is_retained=bool(asked.get("retainForLifetimeOfWorkspace", held.is_retained)),
        modified=call.now,
    )
    return JSONResponse(_body(call.world.jobs.experiments.put(changed)))


async def delete(call: Call) -> Response:
    """Only what has no runs can be deleted."""
    held = experiment_of(call)
    runs = call.history.newest_first(call.now, experiments={held.name}, with_children=True)
    if next(runs, None) is not None:
        message = "Only empty experiments can be deleted. This experiment contains run(s)."
        raise call.data_refused(400, message, "BadArgument")
    call.world.jobs.experiments.put(replace(held, is_deleted=True))
    begun = operations.begin(call, Style.FRONT_END, 1.0, kind="ex", word="Deleting")
    headers = operations.following(call, begun, call.workspace.location)
    return Response(b"null", 202, headers, "application/json")


async def delete_tags(call: Call) -> Response:
    held, asked = experiment_of(call), (await call.body()).get("tags")
    names = {str(each) for each in asked} if isinstance(asked, Sequence) else set()
    tags = {key: value for key, value in held.tags.items() if key not in names}
    call.world.jobs.experiments.put(replace(held, tags=tags, modified=call.now))
    return JSONResponse({"errors": {}})


def _is_in_view(experiment: Experiment, view: str) -> bool:
    if view == "all":
        return True
    return (experiment.archived is not None) is (view == "archivedonly")


def _is_meant(asked: dict[str, Any], experiment: Experiment) -> bool:
    """`name eq 'x'` is the one filter there is; another lets everything through."""
    text = asked.get("filter")
    if not isinstance(text, str) or not text.lower().startswith("name eq "):
        return True
    return experiment.shown == text[len("name eq ") :].strip().strip("'")


def _is_taken(call: Call, name: str) -> bool:
    begun = call.world.jobs.experiments_of(call.workspace.id, call.now)
    return any(each.shown.lower() == name.lower() for each in begun)


def _body(experiment: Experiment) -> dict[str, Any]:
    return {
        "experimentId": experiment.id,
        "name": experiment.shown,
        "description": experiment.description,
        "createdUtc": iso(experiment.created),
        "tags": dict(experiment.tags),
        "archivedTime": iso(experiment.archived),
        "retainForLifetimeOfWorkspace": experiment.is_retained,
        "artifactLocation": None,
    }


def _route(method: str, path: str, handler: Handler, operation: str) -> Route:
    return Route(method, f"{HISTORY}{path}", handler, operation, Plane.DATA)


_BY_ID = "/experimentids/{experiment_id}"
ROUTES = [
    _route("POST", "/experiments:query", query, "Experiments_GetByQuery"),
    _route("GET", "/experiments/{experiment}", get, "Experiments_Get"),
    _route("POST", "/experiments/{experiment}", create, "Experiments_Create"),
    _route("GET", _BY_ID, get, "Experiments_GetById"),
    _route("PATCH", _BY_ID, modify, "Experiments_Update"),
    _route("DELETE", _BY_ID, delete, "Experiments_Delete"),
    _route("POST", f"{_BY_ID}/tags:delete", delete_tags, "Experiments_DeleteTags"),
]
