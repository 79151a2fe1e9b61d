"""Microsoft Entra: tokens for applications and users, for whatever tenant the path names.

Nobody is there to approve, so codes approve themselves.
"""

from __future__ import annotations

import time
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from starlette.responses import JSONResponse, RedirectResponse, Response

from amltui.emulator import grants
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import Plane, Route


async def configuration(call: Call) -> Response:
    """Where the rest is: with https, the only kind of address that clients sign in at."""
    authority = f"https://{call.base.partition('://')[2]}/{call.params['tenant']}"
    return JSONResponse(
        {
            "token_endpoint": f"{authority}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": [
                "client_secret_post",
                "private_key_jwt",
                "client_secret_basic",
            ],
            "jwks_uri": f"{authority}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["HS256"],
            "response_types_supported": ["code", "id_token", "code id_token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": grants.issuer(call),
            "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{authority}/oauth2/v2.0/devicecode",
            "end_session_endpoint": f"{authority}/oauth2/v2.0/logout",
            "tenant_region_scope": "EU",
            "cloud_instance_name": call.base.partition("://")[2],
            "cloud_graph_host_name": "graph.windows.net",
            "msgraph_host": "graph.microsoft.com",
        }
    )


async def instances(call: Call) -> Response:
    """This is the only cloud there is."""
    host = call.base.partition("://")[2]
    known = f"https://{host}/{call.world.tenant}/v2.0/.well-known/openid-configuration"
    return JSONResponse(
        {
            "tenant_discovery_endpoint": known,
            "api-version": call.version or "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        }
    )


async def keys(call: Call) -> Response:
    """None: tokens are signed with a secret."""
    return JSONResponse({"keys": []})


async def device_code(call: Call) -> Response:
    form = await grants.form(call)
    code = call.world.mint.seal(
        {
            "use": "device",
            "id": str(uuid4()),
            "client": grants.wanted(call, form, "client_id"),
            "scope": grants.wanted(call, form, "scope"),
            "exp": int(time.time()) + 900,
        }
    )
    place, word = "https://microsoft.com/devicelogin", uuid4().hex[:9].upper()
    return JSONResponse(
        {
            "user_code": word,
            "device_code": code,
            "verification_uri": place,
            "expires_in": 900,
            "interval": 1,
            "message": f"To sign in, use a web browser to open the page {place} and enter the"
            f" code {word} to authenticate. (This emulator approves it by itself.)",
        }
    )


async def authorize(call: Call) -> Response:
    """The page of a browser's sign-in, which asks nothing and leads straight back."""
    query = call.request.query_params
    code = call.world.mint.seal(
        {
            "use": "code",
            "client": query.get("client_id", ""),
            "scope": query.get("scope", ""),
            "nonce": query.get("nonce", ""),
            "exp": int(time.time()) + 600,
        }
    )
    told = {"code": code, "state": query.get("state", ""), "session_state": str(uuid4())}
    back = query.get("redirect_uri", "")
    if urlsplit(back).hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise grants.refused(
            call, 400, "invalid_request", 50011, "The redirect URI is not this machine."
        )
    return RedirectResponse(f"{back}{'&' if '?' in back else '?'}{urlencode(told)}", 302)


async def token(call: Call) -> Response:
    """The answer to any kind of grant."""
    return grants.answer(call, await grants.form(call))


_TENANT = "/{tenant}"

ROUTES = [
    Route("GET", f"{_TENANT}{path}", handler, f"SignIn_{operation}", Plane.OPEN)
    for path, handler, operation in (
        ("/v2.0/.well-known/openid-configuration", configuration, "Configuration"),
        ("/.well-known/openid-configuration", configuration, "Configuration"),
        ("/discovery/instance", instances, "Instances"),
        ("/discovery/v2.0/keys", keys, "Keys"),
        ("/discovery/keys", keys, "Keys"),
        ("/oauth2/v2.0/authorize", authorize, "Authorize"),
    )
] + [
    Route("POST", f"{_TENANT}{path}", handler, f"SignIn_{operation}", Plane.OPEN)
    for path, handler, operation in (
        ("/oauth2/v2.0/token", token, "Token"),
        ("/oauth2/token", token, "Token"),
        ("/oauth2/v2.0/devicecode", device_code, "DeviceCode"),
        ("/oauth2/devicecode", device_code, "DeviceCode"),
    )
]
