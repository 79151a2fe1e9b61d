"""The service's own knobs, under `/emulator`: none of this is Azure's."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import errors
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import Plane, Route


async def faults(call: Call) -> Response:
    """The plan, how much of it was met, and every call so far."""
    return JSONResponse(call.world.faults.account())


async def plan_fault(call: Call) -> Response:
    """`{"operation": "Compute_List", "kind": "429", "retry_after": 20, "times": 1}`, or a list.

    All of a list, or nothing where one of them is no fault.
    """
    asked = await call.json()
    planned = call.world.faults.faults
    before = len(planned)
    try:
        for each in asked if isinstance(asked, list) else [asked]:
            call.world.faults.plan(each if isinstance(each, dict) else {})
    except ValueError as error:
        del planned[before:]
        return errors.gateway(400, "InvalidFault", f"This is no fault: {error}.")
    return JSONResponse(call.world.faults.account(), 201)


async def forget_faults(call: Call) -> Response:
    call.world.faults.faults.clear()
    return JSONResponse(call.world.faults.account())


ROUTES = [
    Route("GET", "/emulator/faults", faults, "Emulator_Faults", plane=Plane.OPEN),
    Route("POST", "/emulator/faults", plan_fault, "Emulator_PlanFault", plane=Plane.OPEN),
    Route("DELETE", "/emulator/faults", forget_faults, "Emulator_ForgetFaults", plane=Plane.OPEN),
]
