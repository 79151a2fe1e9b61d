"""Refusals that concern no workspace: the gateway's own envelope, and sign-in's."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response


def gateway(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> Response:
    """ARM's envelope as its gateway writes it, without a resource provider behind it."""
    return JSONResponse(
        {"error": {"code": code, "message": message}},
        status,
        {"x-ms-failure-cause": "gateway", "x-ms-response-type": "error", **(headers or {})},
    )


def provider(status: int, code: str, message: str) -> Response:
    """ARM's envelope as a resource provider writes it."""
    error = {"code": code, "message": message, "details": [], "additionalInfo": []}
    return JSONResponse({"error": error}, status, {"x-ms-failure-cause": "service"})


def unauthorized(
    tenant: str, code: str, message: str, challenge: str = "invalid_token"
) -> Response:
    """401 with the challenge that Entra clients read."""
    bearer = (
        f'Bearer authorization_uri="https://login.windows.net/{tenant}",'
        f' error="{challenge}", error_description="{message}"'
    )
    return gateway(401, code, message, {"WWW-Authenticate": bearer})


def no_such_route(path: str) -> Response:
    return gateway(404, "InvalidResourceType", f"No operation of this service answers {path!r}.")
