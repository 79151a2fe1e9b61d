"""What only compute instances can do: start, stop, restart, resize, and what is set one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations, vm_sizes
from amltui.emulator.computes import asked as asks
from amltui.emulator.computes import making
from amltui.emulator.computes.record import INSTANCE, Compute, Fate
from amltui.emulator.http.asked import flag_of, objects_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import Handler, Route
from amltui.emulator.operations import Style
from amltui.emulator.routes import computes
from amltui.emulator.routes.computes import COMPUTE
from amltui.emulator.vm_sizes import SIZES


def switch(operation: str) -> Handler:
    """Start, Stop or Restart: 202 without a body."""

    async def answer(call: Call) -> Response:
        compute = _asked(call, operation)
        size = SIZES.get((compute.size or "").lower())
        short = None
        if operation == "Start" and size is not None and compute.refuses is None:
            short = making.short_for(call, compute, size)
        return _accepted(call, _switched(call, compute, operation, short))

    return answer


async def resize(call: Call) -> Response:
    """Another machine for an instance, which is off meanwhile."""
    compute = _asked(call, "Resize")
    size = asks.size_of(call, await call.body(), "targetVMSize")
    if size not in _allowed(compute):
        message = f"The instance {compute.name} cannot be resized to {size.name}."
        raise call.refused(400, message, "BadArgument", "VmSizeNotSupported")
    resized = _switched(call, compute, "Resize")
    if resized.switch is not None and resized.switch.error is None:
        resized = replace(resized, size=size.name, modified=call.now)
    return _accepted(call, resized)


async def sizes(call: Call) -> Response:
    compute = _asked(call, "Resize")
    return JSONResponse({"value": [vm_sizes.body(each) for each in _allowed(compute)]})


async def idle_shutdown(call: Call) -> Response:
    """200 without a body: nothing takes its time here."""
    compute = _asked(call, "UpdateIdleShutdownSetting")
    patience = asks.idle_shutdown_of(call, await call.body())
    return _set(call, making.idling(call, compute, patience))


async def custom_services(call: Call) -> Response:
    compute = _asked(call, "UpdateCustomServices")
    return _set_member(call, compute, "customServices", await _array(call))


async def data_mounts(call: Call) -> Response:
    compute = _asked(call, "UpdateDataMounts")
    return _set_member(call, compute, "dataMounts", await _array(call))


async def single_sign_on(call: Call) -> Response:
    """Microsoft's client asks for this by a body of its own: `{"enableSSO": true}`."""
    compute = _asked(call, "UpdateSsoSettings")
    wanted = flag_of(await call.body(), "enableSSO")
    return _set_member(call, compute, "enableSSO", wanted)


def _asked(call: Call, operation: str) -> Compute:
    """The instance of the path; a 400 for a compute of another kind."""
    compute = computes.asked(call).compute
    if compute.type != INSTANCE:
        message = f"{operation} is not supported for computes of type {compute.type}."
        raise call.refused(400, message, "BadArgument")
    return compute


def _switched(call: Call, compute: Compute, operation: str, short: str | None = None) -> Compute:
    """On its way; a 409 in a state in which this cannot be asked for."""
    changed = compute.switched(operation, call.now, _fate(call, short))
    if changed is None:
        state = compute.state_at(call.now)
        message = f"{operation} cannot be performed on {compute.name} in state {state}."
        raise call.refused(409, message, code="Conflict")
    return changed


def _fate(call: Call, short: str | None) -> Fate:
    return lambda takes, error: call.fate(takes, error or short)


def _accepted(call: Call, compute: Compute) -> Response:
    call.world.put(compute)
    change = compute.switch
    takes, error = (0.0, None) if change is None else (change.takes, change.error)
    begun = operations.begin(call, Style.COMPUTE, takes, error=error)
    return Response(b"", 202, operations.following(call, begun, call.workspace.location))


def _allowed(compute: Compute) -> list[vm_sizes.Size]:
    """The sizes an instance can have instead: those with GPUs are for each other only."""
    now = SIZES.get((compute.size or "").lower())
    has_gpus = now is not None and now.gpus > 0
    return [each for each in SIZES.values() if each != now and (each.gpus > 0) is has_gpus]


async def _array(call: Call) -> list[dict[str, Any]]:
    return objects_of({"body": await call.json()}, "body")


def _set_member(call: Call, compute: Compute, name: str, value: Any) -> Response:
    return _set(call, replace(compute, asked={**compute.asked, name: value}))


def _set(call: Call, compute: Compute) -> Response:
    call.world.put(replace(compute, modified=call.now))
    return Response(b"", 200)


ROUTES = [
    Route("POST", f"{COMPUTE}/start", switch("Start"), "Compute_Start"),
    Route("POST", f"{COMPUTE}/stop", switch("Stop"), "Compute_Stop"),
    Route("POST", f"{COMPUTE}/restart", switch("Restart"), "Compute_Restart"),
    Route("POST", f"{COMPUTE}/resize", resize, "Compute_Resize"),
    Route(
        "POST",
        f"{COMPUTE}/getAllowedVmSizesForResize",
        sizes,
        "Compute_GetAllowedResizeSizes",
    ),
    Route(
        "POST",
        f"{COMPUTE}/updateIdleShutdownSetting",
        idle_shutdown,
        "Compute_UpdateIdleShutdownSetting",
    ),
    Route("POST", f"{COMPUTE}/customServices", custom_services, "Compute_UpdateCustomServices"),
    Route("POST", f"{COMPUTE}/updateDataMounts", data_mounts, "Compute_UpdateDataMounts"),
    Route("POST", f"{COMPUTE}/enableSso", single_sign_on, "Compute_UpdateSsoSettings"),
]
