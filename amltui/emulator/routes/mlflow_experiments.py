"""MLflow's experiments: those of run history, in other words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.http.call import Call
from amltui.emulator.jobs import mlflow_body, mlflow_clauses
from amltui.emulator.jobs.experiments import Experiment
from amltui.emulator.jobs.mlflow_clauses import BadSearch
from amltui.emulator.routes.mlflow import (
    BAD,
    DOES_NOT_EXIST,
    EXISTS,
    asked_of,
    nothing,
    page,
    refused,
)

DEFAULT = "Default"


async def search(call: Call) -> Response:
    asked = await asked_of(call)
    view = (asked.maybe("view_type") or "ACTIVE_ONLY").upper()
    clauses = mlflow_clauses.parse(asked.raw("filter"))
    orders = mlflow_clauses.orders(asked.texts("order_by"))
    found = [
        each
        for each in _all(call)
        if (view == "ALL" or (each.archived is not None) is (view == "DELETED_ONLY"))
        and all(clause.holds(_value(each, clause.kind, clause.name)) for clause in clauses)
    ]
    ordered = mlflow_clauses.sort(found, orders, _value)
    return page("experiments", ordered, asked, mlflow_body.experiment, asked.results())


async def get(call: Call) -> Response:
    asked = await asked_of(call)
    return _answer(experiment_of(call, asked.maybe("experiment_id") or ""))


async def get_by_name(call: Call) -> Response:
    name = (await asked_of(call)).text("experiment_name")
    found = _named(call, name)
    if found is None:
        raise refused(404, DOES_NOT_EXIST, f"Could not find experiment with name '{name}'")
    return _answer(found)


async def create(call: Call) -> Response:
    asked = await asked_of(call)
    name = asked.text("name")
    if _named(call, name) is not None:
        raise refused(400, EXISTS, f"Experiment(name={name}) already exists.")
    made = call.world.jobs.begin_experiment(call.workspace.id, name, call.now)
    if tags := asked.pairs("tags"):
        made = call.world.jobs.experiments.put(replace(made, tags=tags))
    return JSONResponse({"experiment_id": made.id})


async def update(call: Call) -> Response:
    """Another name; its id and its runs stay."""
    asked = await asked_of(call)
    held, title = _asked(call, asked.text("experiment_id")), asked.text("new_name")
    if held.archived is not None:
        raise refused(400, BAD, "Cannot rename a non-active experiment.")
    other = _named(call, title)
    if other is not None and other.name != held.name:
        raise refused(400, EXISTS, f"Experiment(name={title}) already exists.")
    _keep(call, held, title=title)
    return nothing()


async def delete(call: Call) -> Response:
    held = _asked(call, (await asked_of(call)).text("experiment_id"))
    _keep(call, held, archived=call.now)
    return nothing()


async def restore(call: Call) -> Response:
    held = _asked(call, (await asked_of(call)).text("experiment_id"))
    _keep(call, held, archived=None)
    return nothing()


async def set_tag(call: Call) -> Response:
    asked = await asked_of(call)
    held = _asked(call, asked.text("experiment_id"))
    more = {asked.text("key"): asked.maybe("value") or ""}
    _keep(call, held, tags={**held.tags, **more})
    return nothing()


async def delete_tag(call: Call) -> Response:
    asked = await asked_of(call)
    held, key = _asked(call, asked.text("experiment_id")), asked.text("key")
    if key not in held.tags:
        raise refused(404, DOES_NOT_EXIST, f"No tag with name: {key}")
    _keep(call, held, tags={name: value for name, value in held.tags.items() if name != key})
    return nothing()


def experiment_of(call: Call, identity: str) -> Experiment:
    """The experiment of an id; `0` is what MLflow calls the one that is always there."""
    if identity == "0":
        found = _named(call, DEFAULT)
        return found or call.world.jobs.begin_experiment(call.workspace.id, DEFAULT, call.now)
    return _asked(call, identity)


def _asked(call: Call, identity: str) -> Experiment:
    found = next((each for each in _all(call) if each.id == identity.lower()), None)
    if found is None:
        raise refused(404, DOES_NOT_EXIST, f"Could not find experiment with ID {identity}")
    return found


def _named(call: Call, name: str) -> Experiment | None:
    return next((each for each in _all(call) if each.shown == name), None)


def _all(call: Call) -> list[Experiment]:
    return call.world.jobs.experiments_of(call.workspace.id, call.now)


def _keep(call: Call, held: Experiment, **changes: Any) -> None:
    call.world.jobs.experiments.put(replace(held, modified=call.now, **changes))


def _answer(experiment: Experiment) -> Response:
    return JSONResponse({"experiment": mlflow_body.experiment(experiment)})


def _value(experiment: Experiment, kind: str, name: str) -> Any:
    if kind == "tag":
        return experiment.tags.get(name)
    if kind != "attribute":
        raise BadSearch(f"Experiments have no {kind}s.")
    match name.lower():
        case "name":
            return experiment.shown
        case "creation_time":
            return mlflow_body.milliseconds(experiment.created)
        case "last_update_time":
            return mlflow_body.milliseconds(experiment.changed)
        case "experiment_id":
            return experiment.id
    raise BadSearch(f"Invalid attribute key '{name}' specified.")
