"""Who may do what in a storage account: by a signature in the link, a key, or a token."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from amltui.emulator.blobs import shared_key
from amltui.emulator.blobs.address import storage_path
from amltui.emulator.blobs.sas import SERVICE, Denied, Target, mismatch
from amltui.emulator.http import errors
from amltui.emulator.tokens import Refused

if TYPE_CHECKING:
    from starlette.responses import Response

    from amltui.emulator.http.call import Call

STORAGE = "https://storage.azure.com"
_BAD_TOKEN = (
    "Server failed to authenticate the request. Please refer to the information in the "
    "www-authenticate header."
)


def refusal(call: Call, may: str, *, by_account: bool = False) -> Response | None:
    """Why this call may not pass; None where it may.

    One of the letters of `may` has to be granted. `by_account` is for what no signature of one
    container or blob opens.
    """
    target = target_of(call)
    header = call.request.headers.get("authorization")
    if "sig" in call.query and header is not None:
        # A signed link with a token beside it: the caller leaks its token to a storage account.
        message = "An Authorization header was sent to a SAS URL."
        return errors.storage(400, "InvalidHeaderValue", message)
    try:
        if "sig" in call.query:
            _by_signature(call, target, may, by_account)
            return None
        if header is not None:
            return _by_header(call, target, header)
    except Denied as denied:
        return errors.storage(403, denied.code, str(denied), denied.detail)
    return _anonymous(call)


def target_of(call: Call) -> Target:
    """What the call is about."""
    given = call.params
    is_https = call.base.startswith("https:")
    account = given["account"].lower()
    return Target(account, given.get("container", ""), given.get("blob", ""), is_https)


def keys_of(call: Call, account: str) -> list[str]:
    """What opens an account: its own keys, and those that clients said it has."""
    own = call.world.signer.account_keys(account)
    return [*own, *call.world.storage.containers.keys(account)]


def _by_signature(call: Call, target: Target, may: str, by_account: bool) -> None:
    query = dict(call.request.query_params)
    keys = keys_of(call, target.account)
    granted = call.world.signer.granted(query, target, keys, call.now)
    if by_account and target.level != SERVICE and "ss" not in query:
        raise mismatch("ResourceType")
    if not set(may) & set(granted):
        raise mismatch("Permission")


def _by_header(call: Call, target: Target, header: str) -> Response | None:
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() == "bearer":
        audiences = {STORAGE, f"https://{target.account}.blob.core.windows.net"}
        try:
            call.world.mint.check(header, call.base, frozenset(audiences))
        except Refused as refused:
            return _challenge(call, "InvalidAuthenticationInfo", str(refused))
        return None
    path = call.request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0]
    known = storage_path(call.request.headers.get("host", ""), path) or path
    own = "/" + known.lstrip("/").partition("/")[2]
    shared_key.check(
        credentials if scheme.lower() == "sharedkey" else "",
        call.request.method,
        call.request.headers,
        call.request.query_params.multi_items(),
        dict.fromkeys([path, own, f"/{target.account}{own}", unquote(path), unquote(own)]),
        target.account,
        keys_of(call, target.account),
    )
    return None


def _anonymous(call: Call) -> Response:
    """Accounts of workspaces let nobody read without saying who they are."""
    if "x-ms-version" in call.request.headers:
        return _challenge(call, "NoAuthenticationInformation", None)
    message = "The specified resource does not exist."
    return errors.storage(404, "ResourceNotFound", message)


def _challenge(call: Call, code: str, detail: str | None) -> Response:
    login = f"https://login.microsoftonline.com/{call.world.tenant}/oauth2/authorize"
    bearer = f"Bearer authorization_uri={login} resource_id={STORAGE}"
    return errors.storage(401, code, _BAD_TOKEN, detail, {"WWW-Authenticate": bearer})
