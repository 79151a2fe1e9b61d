"""What is said when a call cannot be served: each side of Azure has an envelope of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

from starlette.responses import JSONResponse, Response

from amltui.emulator.jobs.wiretime import iso

_FAILED = {"x-ms-response-type": "error"}
_BOM = "\ufeff"
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold."""


class Refusal(Exception):
    """Ends a handler with this answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def gateway(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> Response:
    """ARM's envelope as its gateway writes it, without a resource provider behind it."""
    return JSONResponse(
        {"error": {"code": code, "message": message}},
        status,
        {"x-ms-failure-cause": "gateway", **_FAILED, **(headers or {})},
    )


def unauthorized(
    tenant: str, code: str, message: str, challenge: str = "invalid_token", claims: str = ""
) -> Response:
    """401 with the challenge that Entra clients read."""
    bearer = (
        f'Bearer authorization_uri="https://login.windows.net/{tenant}",'
        f' error="{challenge}", error_description="{message}"'
    )
    bearer += f', claims="{claims}"' if claims else ""
    return gateway(401, code, message, {"WWW-Authenticate": bearer})


def no_such_route(path: str) -> Response:
    return gateway(404, "InvalidResourceType", f"No operation of this service answers {path!r}.")


def provider(
    status: int,
    code: str,
    message: str,
    location: str,
    now: float,
    inner: Sequence[str] = (),
    details: Sequence[tuple[str, str]] = (),
) -> Response:
    """ARM's envelope as Azure ML writes it: the useful code is deep in `additionalInfo`."""
    info: list[dict[str, Any]] = [
        _info("ComponentName", "managementfrontend"),
        _info("Correlation", {"operation": uuid4().hex, "request": uuid4().hex[:16]}),
        _info("Environment", location),
        _info("Location", location),
        _info("Time", iso(now)),
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
    headers = {"x-ms-failure-cause": "service", **_FAILED}
    return JSONResponse({"error": error}, status, headers)


def service(
    status: int, code: str, message: str, location: str, now: float, inner: Sequence[str] = ()
) -> Response:
    """The envelope behind the data plane: the same facts as real members."""
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
        "environment": location,
        "location": location,
        "time": iso(now),
        "componentName": "run-history",
    }
    return JSONResponse(body, status, _FAILED)


def mlflow(status: int, code: str, message: str) -> Response:
    """MLflow's own format."""
    return JSONResponse({"error_code": code, "message": message}, status)


def storage(
    status: int,
    code: str,
    message: str,
    detail: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Storage answers in XML, with a byte-order mark."""
    fit = _UNFIT.sub("?", detail or "")
    more = f"<AuthenticationErrorDetail>{escape(fit)}</AuthenticationErrorDetail>" if fit else ""
    text = (
        f'{_BOM}<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code>'
        f"<Message>{escape(message)}\nRequestId:{uuid4()}</Message>{more}</Error>"
    )
    return Response(
        text.encode(), status, {"x-ms-error-code": code, **(headers or {})}, "application/xml"
    )


def _info(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "info": {"value": value}}


def _nested(codes: Sequence[str]) -> dict[str, Any]:
    nested: dict[str, Any] | None = None
    for code in reversed(codes):
        nested = {"code": code, "innerError": nested}
    return nested or {}
