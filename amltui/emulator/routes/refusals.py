"""What is said when a job, run, model or endpoint cannot be served."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.routes.call import Call


def arm(
    call: Call,
    status: int,
    code: str,
    message: str,
    inner: tuple[str, ...] = (),
    details: tuple[tuple[str, str], ...] = (),
) -> Response:
    """ARM's envelope: the useful code is the deepest one in `additionalInfo`."""
    info: list[dict[str, Any]] = [
        _info("ComponentName", "managementfrontend"),
        _info("Correlation", {"operation": uuid4().hex, "request": uuid4().hex[:16]}),
        _info("Environment", call.place.location),
        _info("Location", call.place.location),
        _info("Time", iso(call.now)),
    ]
    if inner:
        info.append(_info("InnerError", _nested(inner)))
    error = {
        "code": code,
        "message": message,
        "details": [
            {"code": each, "message": text, "details": [], "additionalInfo": []}
            for each, text in details
        ],
        "additionalInfo": info,
    }
    return JSONResponse({"error": error}, status, {"x-ms-response-type": "error"})


def dataplane(
    call: Call, status: int, message: str, code: str = "UserError", inner: tuple[str, ...] = ()
) -> Response:
    """The services' own envelope: the same facts as real members."""
    body = {
        "error": {
            "code": code,
            "severity": None,
            "message": message,
            "messageFormat": None,
            "messageParameters": {},
            "referenceCode": None,
            "detailsUri": None,
            "target": None,
            "details": [],
            "innerError": _nested(inner) if inner else None,
            "debugInfo": None,
            "additionalInfo": None,
        },
        "correlation": {"operation": uuid4().hex, "request": uuid4().hex[:16]},
        "environment": call.place.location,
        "location": call.place.location,
        "time": iso(call.now),
        "componentName": "run-history",
    }
    return JSONResponse(body, status, {"x-ms-response-type": "error"})


def mlflow(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error_code": code, "message": message}, status)


def no_such_run(call: Call, run: str) -> Response:
    message = f"Run with RunId: {run} was not found."
    return dataplane(call, 404, message, inner=("NotFoundError",))


def _info(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "info": {"value": value}}


def _nested(codes: tuple[str, ...]) -> dict[str, Any]:
    nested: dict[str, Any] | None = None
    for code in reversed(codes):
        nested = {"code": code, "innerError": nested}
    return nested or {}
