"""The service's own knobs, under `/emulator`: none of this is Azure's."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from amltui.emulator import errors
from amltui.emulator.arm.route import Ask, Route
from amltui.emulator.faults import Fault


async def faults(ask: Ask) -> Response:
    """The plan, how much of it was met, and every call so far."""
    return JSONResponse(ask.world.faults.account())


async def plan_fault(ask: Ask) -> Response:
    """`{"operation": "Computes_List", "kind": "429", "retry_after": 20, "times": 1}`"""
    asked = await ask.body()
    known = {name: asked[name] for name in Fault.__dataclass_fields__ if name in asked}
    try:
        ask.world.faults.add(str(known.pop("operation", "*")), str(known.pop("kind")), **known)
    except (KeyError, ValueError, TypeError) as error:
        return errors.gateway(400, "InvalidFault", f"This is no fault: {error}")
    return JSONResponse(ask.world.faults.account(), 201)


async def forget_faults(ask: Ask) -> Response:
    ask.world.faults.faults.clear()
    return JSONResponse(ask.world.faults.account())


ROUTES = [
    Route("GET", "/emulator/faults", faults, "Emulator_Faults", open=True),
    Route("POST", "/emulator/faults", plan_fault, "Emulator_PlanFault", open=True),
    Route("DELETE", "/emulator/faults", forget_faults, "Emulator_ForgetFaults", open=True),
]
