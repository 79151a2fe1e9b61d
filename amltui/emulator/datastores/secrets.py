"""What opens a datastore, as `listSecrets` tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

HOUR = 3600.0
LONGEST = 24


async def told(call: Call, held: Resource) -> dict[str, Any]:
    """Key, signature or secret. For a key that may expire a signature is given in its place."""
    kind = str(held.properties["credentials"]["credentialsType"])
    asked = await call.body()
    if kind == "None":
        message = "No secrets for credentials of type None."
        raise call.refused(400, message, "BadArgument", "NoSecretsForCredentials")
    kept: Mapping[str, Any] = held.kept.get("secrets") or {}
    is_blob = held.properties["datastoreType"] == "AzureBlob"
    if is_blob and (kind == "AccountKey" and asked.get("expirableSecret") is True):
        return _signature(call, held, asked.get("expireAfterHours"))
    if kept:
        return {"secretsType": kind, **kept}
    if kind == "Sas":
        return _signature(call, held, None)
    account = str(held.properties["accountName"])
    return {"secretsType": kind, "key": call.world.signer.account_keys(account)[0]}


def _signature(call: Call, held: Resource, hours: object) -> dict[str, Any]:
    lasts = hours if isinstance(hours, int) and 0 < hours <= LONGEST else 8
    account = str(held.properties["accountName"])
    container = str(held.properties.get("containerName") or held.properties.get("fileShareName"))
    token = call.world.signer.token(account, container, call.now, "racwdl", lasts * HOUR)
    return {"secretsType": "Sas", "sasToken": token}
