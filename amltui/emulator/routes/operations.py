"""Where long-running operations are followed, whoever began them."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import errors
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import REGION, SUBSCRIPTION, Route
from amltui.emulator.jobs import timeline
from amltui.emulator.operations import Operation, Style, following, hint


async def status(call: Call) -> Response:
    """What `Azure-AsyncOperation` leads to; with `type=location`, what `Location` does."""
    if call.query.get("type") == "location":
        return await result(call)
    found = call.world.operations.get(call.params["operation"])
    if found is None:
        return _none()
    told = found.status(call.now) | {"id": call.request.url.path}
    return JSONResponse(told, headers=_hint(call, found))


async def result(call: Call) -> Response:
    """What `Location` leads to: 202 until the operation is over."""
    if call.params["operation"].startswith("jc:"):
        return _cancellation(call)
    found = call.world.operations.get(call.params["operation"])
    if found is None:
        return _none()
    outcome = found.outcome(call.now)
    if outcome.status_code == 202 and found.style == Style.WORKSPACE.value:
        outcome.headers.update(following(call, found, call.params["location"]))
    outcome.headers.update(_hint(call, found))
    return outcome


def _cancellation(call: Call) -> Response:
    """Of `jc:{workspace's guid}:{job}`: over when the job is."""
    _, _, rest = call.params["operation"].partition(":")
    guid, _, name = rest.partition(":")
    place = next((each for each in call.world.workspaces.values() if each.guid == guid), None)
    if place is None:
        return _none()
    call.world.enter(place)
    job = call.world.jobs.of(place.id).get(name, call.now)
    if job is None:
        return _none()
    if timeline.is_terminal(job, call.now):
        return Response(status_code=200)
    return JSONResponse({}, 202, hint(call))


def _hint(call: Call, operation: Operation) -> dict[str, str]:
    return {} if operation.is_over(call.now) else hint(call)


def _none() -> Response:
    return errors.gateway(404, "NotFound", "There is no such operation.")


ROUTES = [
    Route("GET", f"{SUBSCRIPTION}/operationresults/{{operation}}", result, "Operations_Result")
] + [
    Route(
        "GET",
        f"{REGION}/{style}{address}/{{operation}}",
        handler,
        f"{style.title()}_{address}",
    )
    for style in ("compute", "workspace", "mfe", "registry")
    for address, handler in (("OperationsStatus", status), ("OperationResults", result))
]
