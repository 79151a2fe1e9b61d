"""Run history: one run, its details and data, and what clients change of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.blobs.run_files import blob_path
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import HISTORY, Handler, Plane, Route
from amltui.emulator.jobs import job_services, run_body, run_changes, timeline
from amltui.emulator.jobs.experiments import Experiment
from amltui.emulator.jobs.log_files import log_files
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.run_changes import BadChange
from amltui.emulator.routes.jobs import cancel


async def get_run(call: Call) -> Response:
    record = asked_run(call)
    return JSONResponse(run_body.run(record, call.now, call.place))


async def details(call: Call) -> Response:
    record = asked_run(call)
    links = {path: call.link(blob_path(record.name, path)) for path in log_files(record, call.now)}
    return JSONResponse(run_body.details(record, call.now, call.place, links))


async def run_data(call: Call) -> Response:
    body = await call.body()
    record = asked_run(call, str(body.get("runId")))
    return JSONResponse(_data(call, record, body))


async def batch_run_data(call: Call) -> Response:
    """Several of them, each under the key it was asked by."""
    found: dict[str, Any] = {}
    failed: dict[str, Any] = {}
    asked = (await call.body()).get("requests")
    for key, request in asked.items() if isinstance(asked, dict) else ():
        wanted = request if isinstance(request, dict) else {}
        record = call.history.get(str(wanted.get("runId")), call.now)
        if record is None:
            failed[key] = no_run(str(wanted.get("runId")))
        else:
            found[key] = _data(call, record, wanted)
    return JSONResponse({"successfulResults": found, "failedResults": failed})


async def add_run(call: Call) -> Response:
    """A run that a client tells of; its name must be a new one."""
    name = call.params["run"]
    if call.history.get(name, call.now) is not None:
        raise call.data_refused(409, f"Run {name} already exists.", "Conflict")
    made = _checked(call, lambda asked: _begun(call, name, asked), await call.json())
    return _run_answer(call, call.world.jobs.put(made))


async def patch_run(call: Call) -> Response:
    """A change; where the body names the run itself, it may also be a new one."""
    name, asked = call.params["run"], await call.json()
    record = call.history.get(name, call.now)
    names_it = isinstance(asked, dict) and str(asked.get("runId")).lower() == name.lower()
    if record is None and not names_it:
        record = asked_run(call)
    return _run_answer(call, _added_or_modified(call, name, asked))


async def patch_runs(call: Call) -> Response:
    """Several runs of an experiment, old and new ones."""
    runs: dict[str, Any] = {}
    failed: dict[str, Any] = {}
    for asked in objects((await call.body()).get("runs")):
        name = str(asked.get("runId") or "")
        try:
            if not name:
                raise BadChange("The field runId is required.")
            record = _added_or_modified(call, name, run_changes.check(asked))
            runs[name] = run_body.run(record, call.now, call.place)
        except BadChange as error:
            failed[name] = {"error": {"code": "UserError", "message": str(error)}}
    return JSONResponse({"runs": runs, "errors": failed})


async def patch_tags(call: Call) -> Response:
    record, asked = asked_run(call), await call.body()
    gone = asked.get("tagsToDelete") or []
    more = {"tags": asked.get("tagsToModify")}
    changed = _checked(call, lambda told: run_changes.changed(record, told, call.now), more)
    return _run_answer(call, call.world.jobs.put(_without_tags(call, changed, gone)))


async def delete_tags(call: Call) -> Response:
    changed = _without_tags(call, asked_run(call), await call.json() or [])
    return _run_answer(call, call.world.jobs.put(changed))


async def cancel_run(call: Call) -> Response:
    record = asked_run(call)
    if timeline.is_terminal(record, call.now):
        message = f"Run {record.name} is in terminal status, it can't be canceled."
        raise call.data_refused(400, message, "BadArgument")
    cancel(call, record)
    return _run_answer(call, call.history.get(record.name, call.now) or record)


async def service_instances(call: Call) -> Response:
    """What runs on one node of the job."""
    record, node = asked_run(call), call.params["node"]
    if not node.isdigit():
        raise call.data_refused(400, f"'{node}' is not the number of a node.", "BadArgument")
    return JSONResponse({"instances": job_services.instances(record, int(node), call.now)})


async def patch_service_instances(call: Call) -> Response:
    record, node = asked_run(call), call.params["node"]
    asked = (await call.body()).get("instances")
    if not node.isdigit() or not isinstance(asked, dict):
        raise call.data_refused(400, "The field instances must be an object.", "BadArgument")
    told = record.specification.get("instances") or {}
    more = {str(name): each for name, each in asked.items() if isinstance(each, dict)}
    held = {**told, node: {**told.get(node, {}), **more}}
    changed = replace(record, specification={**record.specification, "instances": held})
    call.world.jobs.put(changed)
    return JSONResponse({"instances": job_services.instances(changed, int(node), call.now)})


async def delete_services(call: Call) -> Response:
    record = asked_run(call)
    gone = (await call.body()).get("servicesToDelete") or []
    names = {str(each) for each in gone} if isinstance(gone, list) else set()
    kept = {k: each for k, each in job_services.asked(record).items() if k not in names}
    changed = replace(record, specification={**record.specification, "services": kept})
    return _run_answer(call, call.world.jobs.put(changed))


def experiment_of(call: Call) -> Experiment:
    """The experiment of the path, addressed by its name or by its id."""
    begun = call.world.jobs.experiments_of(call.workspace.id, call.now)
    if (asked := call.params.get("experiment")) is not None:
        found = next((each for each in begun if each.shown.lower() == asked.lower()), None)
    else:
        asked = call.params["experiment_id"].lower()
        found = next((each for each in begun if each.id == asked), None)
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


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; nothing where there is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def no_run(name: str) -> dict[str, Any]:
    return {"error": {"code": "UserError", "message": f"Run {name} was not found."}}


def _data(call: Call, record: JobRecord, asked: dict[str, Any]) -> dict[str, Any]:
    run = run_body.run(record, call.now, call.place)
    wanted = asked.get("selectRunDefinition")
    definition = run_body.definition(record, call.place) if wanted else None
    return {"runMetadata": run, "runDefinition": definition, "jobSpecification": None}


def _added_or_modified(call: Call, name: str, asked: Any) -> JobRecord:
    def make(told: Any) -> JobRecord:
        record = call.history.get(name, call.now)
        if record is None:
            return _begun(call, name, told)
        return run_changes.changed(record, told, call.now)

    return call.world.jobs.put(_checked(call, make, asked))


def _begun(call: Call, name: str, asked: Any) -> JobRecord:
    experiment = asked.get("experimentName") or "Default"
    if "experiment" in call.params:
        experiment = call.params["experiment"]
    elif "experiment_id" in call.params:
        experiment = experiment_of(call).shown
    filed = call.world.jobs.experiments.filed(call.workspace.id, str(experiment))
    return run_changes.begun(name, call.workspace.id, filed, asked, call.now, call.who)


def _checked(call: Call, make: Callable[[Any], JobRecord], asked: Any) -> JobRecord:
    try:
        return make(run_changes.check({} if asked is None else asked))
    except BadChange as error:
        raise call.data_refused(400, str(error), "BadArgument") from error


def _without_tags(call: Call, record: JobRecord, gone: Any) -> JobRecord:
    if not isinstance(gone, list):
        raise call.data_refused(400, "The tags to delete must be a list.", "BadArgument")
    names = {str(each) for each in gone}
    tags = {key: value for key, value in (record.tags or {}).items() if key not in names}
    return replace(record, tags=tags)


def _run_answer(call: Call, record: JobRecord) -> Response:
    return JSONResponse(run_body.run(record, call.now, call.place))


def under_experiments(method: str, path: str, handler: Handler, operation: str) -> list[Route]:
    """A run's path stands alone, or below its experiment's name or id."""
    owners = ("", "/experiments/{experiment}", "/experimentids/{experiment_id}")
    return [
        Route(method, f"{HISTORY}{owner}{path}", handler, operation, Plane.DATA) for owner in owners
    ]


_RUN = "/runs/{run}"
ROUTES = [
    Route("POST", f"{HISTORY}/rundata", run_data, "Runs_GetRunData", Plane.DATA),
    Route("POST", f"{HISTORY}/batchrundata", batch_run_data, "Runs_BatchGetRunData", Plane.DATA),
    Route("POST", f"{HISTORY}{_RUN}", add_run, "Runs_Add", Plane.DATA),
    *under_experiments("GET", _RUN, get_run, "Runs_Get"),
    *under_experiments("PATCH", _RUN, patch_run, "Runs_AddOrModify"),
    *under_experiments("PATCH", "/batch/runs", patch_runs, "Runs_BatchAddOrModify"),
    *under_experiments("GET", f"{_RUN}/details", details, "Runs_GetDetails"),
    *under_experiments(
        "GET", f"{_RUN}/serviceinstances/{{node}}", service_instances, "Runs_GetServiceInstances"
    ),
    *under_experiments(
        "PATCH",
        f"{_RUN}/serviceinstances/{{node}}",
        patch_service_instances,
        "Runs_AddOrModifyServiceInstances",
    ),
    *under_experiments("DELETE", f"{_RUN}/services", delete_services, "Runs_DeleteServices"),
    *under_experiments("PATCH", f"{_RUN}/tags", patch_tags, "Runs_ModifyOrDeleteTags"),
    *under_experiments("DELETE", f"{_RUN}/tags", delete_tags, "Runs_DeleteTags"),
    *under_experiments("POST", f"{_RUN}/cancel", cancel_run, "Runs_CancelRunWithUri"),
]
