"""What Entra gives tokens for: secrets, assertions, codes, refresh tokens and passwords.

Refusals carry Entra's AADSTS texts, which clients show.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from amltui.emulator import tokens
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.tokens import Principal

SECRET = "emulator-secret"
"""What every application signs in with, and every user."""
POLLS = 2
"""A device code is approved at this poll."""
_REFRESH = 90 * 24 * 3600

Form = Mapping[str, str]


def answer(call: Call, form: Form) -> Response:
    """The tokens for a form; Entra's refusal for one that proves nothing."""
    kind = wanted(call, form, "grant_type")
    grant = _GRANTS.get(kind)
    if grant is None:
        text = f"The app requested an unsupported grant type '{kind}'."
        raise refused(call, 400, "unsupported_grant_type", 70003, text)
    return grant(call, form)


def _application(call: Call, form: Form) -> Response:
    """An application by itself."""
    client = wanted(call, form, "client_id")
    _prove(call, form, client)
    scope = form.get("scope") or f"{wanted(call, form, 'resource')}/.default"
    if not scope.partition(" ")[0].endswith("/.default"):
        text = (
            f"The provided value for scope {scope} is not valid. Client credential flows must have"
            " a scope value with /.default suffixed to the resource identifier."
        )
        raise refused(call, 400, "invalid_scope", 1002012, text)
    return _issued(call, form, Principal.application(client), scope)


def _prove(call: Call, form: Form, client: str) -> None:
    """By the secret that every application has, or by an assertion: any is trusted."""
    if form.get("client_assertion"):
        return
    if "client_secret" not in form:
        text = (
            "The request body must contain the following parameter:"
            " 'client_assertion' or 'client_secret'."
        )
        raise refused(call, 401, "invalid_client", 7000218, text)
    if form["client_secret"] != SECRET:
        text = (
            "Invalid client secret provided. Ensure the secret being sent in the request is the"
            " client secret value, not the client secret ID, for a secret added to app"
            f" '{client}'."
        )
        raise refused(call, 401, "invalid_client", 7000215, text)


def _approved(call: Call, form: Form) -> Response:
    """A user by a device code, once it has been asked for often enough."""
    code = wanted(call, form, "device_code")
    claims = call.world.mint.unseal(code)
    if claims is None or claims.get("use") != "device":
        text = "The provided device code is malformed or has expired."
        raise refused(call, 400, "expired_token", 70020, text)
    polls = call.world.polls
    polls[claims["id"]] += 1
    if polls[claims["id"]] < POLLS:
        text = "OAuth 2.0 device flow error. Authorization is pending. Continue polling."
        raise refused(call, 400, "authorization_pending", 70016, text)
    return _issued(call, form, Principal(claims["client"]), claims["scope"])


def _returned(call: Call, form: Form) -> Response:
    """A user by a code from the page of a browser's sign-in."""
    claims = call.world.mint.unseal(wanted(call, form, "code"))
    if claims is None or claims.get("use") != "code":
        text = "The provided authorization code is malformed or has expired."
        raise refused(call, 400, "invalid_grant", 70008, text)
    scope = form.get("scope") or claims["scope"]
    return _issued(call, form, Principal(claims["client"]), scope, claims["nonce"])


def _refreshed(call: Call, form: Form) -> Response:
    """A user who has signed in before."""
    claims = call.world.mint.unseal(wanted(call, form, "refresh_token"))
    if claims is None or claims.get("use") != "refresh":
        text = "The provided refresh token is malformed or has expired."
        raise refused(call, 400, "invalid_grant", 9002313, text)
    scope = form.get("scope") or claims["scope"]
    who = Principal(claims["client"], claims["user"], claims["name"])
    return _issued(call, form, who, scope)


def _by_password(call: Call, form: Form) -> Response:
    """A user by name and password."""
    user = wanted(call, form, "username")
    if form.get("password") != SECRET:
        text = "Error validating credentials due to invalid username or password."
        raise refused(call, 400, "invalid_grant", 50126, text)
    who = Principal(wanted(call, form, "client_id"), user, user.partition("@")[0])
    return _issued(call, form, who, wanted(call, form, "scope"))


def _on_behalf(call: Call, form: Form) -> Response:
    """A user whose token an application holds."""
    client = wanted(call, form, "client_id")
    _prove(call, form, client)
    claims = call.world.mint.unseal(wanted(call, form, "assertion"))
    if claims is None:
        raise refused(call, 400, "invalid_grant", 500133, "Assertion is not valid.")
    user, name = str(claims.get("upn") or ""), str(claims.get("name") or "")
    return _issued(call, form, Principal(client, user, name), wanted(call, form, "scope"))


_GRANTS: dict[str, Callable[[Call, Form], Response]] = {
    "client_credentials": _application,
    "urn:ietf:params:oauth:grant-type:device_code": _approved,
    "device_code": _approved,
    "authorization_code": _returned,
    "refresh_token": _refreshed,
    "password": _by_password,
    "urn:ietf:params:oauth:grant-type:jwt-bearer": _on_behalf,
}


def _issued(call: Call, form: Form, who: Principal, scope: str, nonce: str = "") -> Response:
    """The tokens of a scope: `https://management.azure.com/.default offline_access openid`."""
    words = scope.split()
    resource = next((word for word in words if "://" in word or "/" in word), "")
    if not resource:
        resource = "https://graph.microsoft.com/.default"
    mint, tenant = call.world.mint, call.world.tenant
    access, expires = mint.issue(resource.rpartition("/")[0], who=who)
    lifetime = expires - int(time.time())
    told: dict[str, Any] = {
        "token_type": "Bearer",
        "expires_in": lifetime,
        "ext_expires_in": lifetime,
        "access_token": access,
    }
    if "resource" in form:
        told |= {"resource": form["resource"], "expires_on": str(expires)}
    if who.user:
        told["scope"] = scope
    if "offline_access" in words and who.user:
        kept = {"use": "refresh", "client": who.client, "user": who.user, "name": who.name}
        late = int(time.time()) + _REFRESH
        told["refresh_token"] = mint.seal({**kept, "scope": scope, "exp": late})
    if "openid" in words and who.user:
        told["id_token"] = mint.seal(
            {
                "aud": who.client,
                "iss": issuer(call),
                "iat": expires - lifetime,
                "nbf": expires - lifetime,
                "exp": expires,
                "name": who.name,
                "oid": who.oid,
                "sub": who.oid,
                "preferred_username": who.user,
                "tid": tenant,
                "ver": "2.0",
                **({"nonce": nonce} if nonce else {}),
            }
        )
    if form.get("client_info"):
        told["client_info"] = tokens.packed({"uid": who.oid, "utid": tenant})
    return JSONResponse(told, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def issuer(call: Call) -> str:
    return f"https://{call.base.partition('://')[2]}/{call.world.tenant}/v2.0"


async def form(call: Call) -> Form:
    """The fields of a request's form."""
    text = (await call.request.body()).decode("utf-8", "replace")
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}


def wanted(call: Call, form: Form, name: str) -> str:
    """A field that has to be there."""
    if not form.get(name):
        text = f"The request body must contain the following parameter: '{name}'."
        raise refused(call, 400, "invalid_request", 900144, text)
    return form[name]


def refused(call: Call, status: int, error: str, number: int, text: str) -> Refusal:
    """To be raised: Entra's envelope, whose text clients show."""
    trace, correlation = str(uuid4()), call.request.headers.get("client-request-id", str(uuid4()))
    moment = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
    described = (
        f"AADSTS{number}: {text} Trace ID: {trace} Correlation ID: {correlation}"
        f" Timestamp: {moment}"
    )
    body = {
        "error": error,
        "error_description": described,
        "error_codes": [number],
        "timestamp": moment,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"{call.base}/error?code={number}",
    }
    return Refusal(JSONResponse(body, status))
