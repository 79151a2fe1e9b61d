"""From a refusal in any of the services' formats to one error that says what the user must do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from amltui.azure import address, errors, loose, roles
from amltui.azure.headers import challenge, header, retry_after

LONGEST = 600
"""Characters of a message that are shown: services quote whole requests in theirs."""

_HEADINGS = {"DeploymentFailed", "ResourceDeploymentFailure", "MultipleErrorsOccurred",
             "InvalidTemplateDeployment"}  # fmt: skip
"""Codes of errors that only say that something within has failed."""
_REQUEST_IDS = ("x-ms-correlation-request-id", "x-ms-request-id", "x-ms-client-request-id")
_XML_CODE = re.compile(r"<Code>\s*([^<]{1,200}?)\s*</Code>")
_XML_MESSAGE = re.compile(r"<Message>\s*([^<]{1,2000}?)\s*</Message>")


class Told(Struct, frozen=True):
    """What an error body says of itself."""

    code: str | None = None
    message: str | None = None
    request_id: str | None = None


def read(body: Any) -> Told:
    """ARM's envelope, the services' own, MLflow's, or a bare error object."""
    error = loose.obj(body, "error")
    # MLflow and some gateways put code and message at the top.
    code = loose.text(body, "error_code") or loose.text(error, "code") or loose.text(body, "code")
    message = loose.text(error, "message") or loose.text(body, "message")
    details = loose.objects(error, "details")
    if code in {None, "UserError"} and details:
        # Beside UserError the useful code is in the details, where it is not a mere heading.
        useful = loose.text(details[0], "code")
        code = useful if useful and useful != "Message" else code
    if code in _HEADINGS and (parts := [part for part in map(_part, details) if part]):
        message = "; ".join(dict.fromkeys(parts))
    return Told(innermost(error) or code, message and tidy(message), _correlation(body, error))


def _part(detail: dict[str, Any]) -> str | None:
    """`new-ws: …`: which resource of a deployment failed, and why.

    What a resource's own service answered is often JSON within the text.
    """
    message = loose.text(detail, "message")
    inner = _json((message or "").encode()) if (message or "").lstrip().startswith("{") else None
    if isinstance(inner, dict):
        message = read(inner).message or message
    elif deeper := [part for part in map(_part, loose.objects(detail, "details")) if part]:
        message = "; ".join(deeper)
    target = (loose.text(detail, "target") or "").rstrip("/").rpartition("/")[2]
    return f"{target}: {message}" if target and message else message


def error_for(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    method: str,
    url: str,
    now: datetime | None = None,
) -> errors.AzureError:
    """The error for an answer that is not a success."""
    document = _json(body)
    told = read(document) if isinstance(document, dict) else _from_text(body)
    code = told.code or header(headers, "x-ms-error-code")
    request_ids = (header(headers, name) for name in _REQUEST_IDS)
    kind = _kind(status, code, told.message)
    return kind(
        _sentence(kind, status, code, told.message, headers, method, url),
        code=code,
        status=status,
        request_id=next((each for each in request_ids if each), told.request_id),
        retry_after=retry_after(headers, document, now) if now else None,
    )


def tidy(message: str) -> str:
    """A message on one line and of a length that a person reads."""
    line = errors.one_line(message)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _json(body: bytes) -> Any:
    try:
        return loose.document(body) if body else None
    except ValueError:
        return None


def _from_text(body: bytes) -> Told:
    """Storage answers XML, often behind a byte-order mark; proxies and gateways answer HTML."""
    text = body[:20_000].decode("utf-8-sig", "replace")
    code, message = _XML_CODE.search(text), _XML_MESSAGE.search(text)
    return Told(code and code[1], tidy(message[1]) if message else None)


def innermost(error: dict[str, Any]) -> str | None:
    """The deepest code, which is the useful one: nearly every outer code is UserError."""
    inner = loose.obj(error, "innerError") or loose.obj(error, "innererror")
    for each in loose.objects(error, "additionalInfo"):
        if loose.text(each, "type") == "InnerError":
            inner = inner or loose.obj(each, "info", "value")
    code: str | None = None
    for _ in range(50):
        if not inner:
            break
        code = loose.text(inner, "code") or code
        inner = loose.obj(inner, "innerError")
    return code


def _correlation(body: Any, error: dict[str, Any]) -> str | None:
    for each in loose.objects(error, "additionalInfo"):
        if loose.text(each, "type") == "Correlation":
            return loose.text(each, "info", "value", "operation")
    return loose.text(body, "correlation", "operation")


def _kind(status: int, code: str | None, message: str | None) -> type[errors.AzureError]:
    if status == 401:
        # The services say 401 for "no right" too; the token is fine then.
        refused = "not allowed" in (message or "") or "not authorized" in (message or "")
        return errors.NotAllowed if refused else errors.NotSignedIn
    if status == 400 and "TerminalStatus" in (code or ""):
        return errors.Conflict
    kinds: dict[int, type[errors.AzureError]] = {
        403: errors.NotAllowed,
        404: errors.NotFound,
        410: errors.NotFound,
        409: errors.Conflict,
        412: errors.Conflict,
        423: errors.Conflict,
        408: errors.ServiceBroken,
        429: errors.Throttled,
    }
    if status in kinds:
        return kinds[status]
    return errors.BadRequest if 400 <= status < 500 else errors.ServiceBroken


def _sentence(
    kind: type[errors.AzureError],
    status: int,
    code: str | None,
    message: str | None,
    headers: Mapping[str, str],
    method: str,
    url: str,
) -> str:
    target = address.target(url)
    if kind is errors.NotSignedIn:
        return _sign_in_again(code, message, headers)
    if message:
        said = message.removesuffix(".")
        if kind is errors.NotAllowed and (role := roles.needed(message)):
            said = f"{said}; the role {role} has this right"
        return said if address.subject(url).lower() in said.lower() else f"{said} ({target})"
    named = f", {code}" if code else ""
    host = address.host(url)
    if kind is errors.NotFound:
        return f"{target} does not exist"
    if kind is errors.NotAllowed:
        return f"{host} does not allow this account to {method} {target}{named}"
    if kind is errors.Throttled:
        return f"{host} has had too many requests, the last for {target}"
    return f"{host} answered {status}{named} to {method} {target}"


def _sign_in_again(code: str | None, message: str | None, headers: Mapping[str, str]) -> str:
    if code == "InvalidAuthenticationTokenTenant":
        tenant = address.last(challenge(headers).get("authorization_uri", ""))
        return (
            f"the sign-in is for another tenant: name the right one with --tenant {tenant}".strip()
        )
    reason = (message or challenge(headers).get("error_description") or code or "").removesuffix(
        "."
    )
    return "the service did not accept the sign-in: sign in again" + (
        f" ({tidy(reason)})" if reason else ""
    )
