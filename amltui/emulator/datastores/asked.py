"""A datastore from the body that a client put."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from amltui.emulator.blobs.containers import is_name
from amltui.emulator.datastores.kinds import IDENTITY, KINDS, SECRETS
from amltui.emulator.http.asked import object_of, text_of
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call
    from amltui.emulator.http.errors import Refusal

_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")


def resource(
    call: Call, identity: str, before: Resource | None, asked: Mapping[str, Any]
) -> Resource:
    """The datastore that is asked for; a refusal where there can be none."""
    kind = text_of(asked, "datastoreType")
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise _bad(call, f"The field datastoreType is required, and is one of {known}.")
    if before is not None and before.properties["datastoreType"] != kind:
        raise _bad(call, f"The type of datastore {before.name} cannot be changed.")
    for name in KINDS[kind].needs:
        if not (object_of if name == "artifact" else text_of)(asked, name):
            raise _bad(call, f"The field {name} is required for a datastore of type {kind}.")
    for name in ("tags", "properties"):
        object_of(asked, name)
    shown, secrets = _credentials(call, before, object_of(asked, "credentials"))
    if call.query.get("skipvalidation", "").lower() != "true":
        _validate(call, kind, asked, secrets)
    own = {name: value for name, value in asked.items() if name not in _COMPUTED}
    given = {name: value for name, value in own.items() if value is not None}
    properties = {
        "description": None,
        "tags": None,
        "properties": None,
        "credentials": shown,
        "datastoreType": kind,
        **KINDS[kind].usual,
        **given,
    }
    if before is None:
        return Resource(identity, call.now, call.who, properties, kept={"secrets": secrets})
    return replace(
        before,
        properties=properties,
        modified=call.now,
        modified_by=call.who,
        kept={**before.kept, "secrets": secrets},
    )


_COMPUTED = {"isDefault", "credentials", "datastoreType"}


def _credentials(
    call: Call, before: Resource | None, asked: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is shown of the credentials, and what is not."""
    kind = text_of(asked, "credentialsType")
    if kind not in SECRETS:
        raise _bad(
            call, f"The field credentialsType is required, and is one of {', '.join(SECRETS)}."
        )
    given = object_of(asked, "secrets")
    secrets = {name: text_of(given, name) for name in SECRETS[kind] if given.get(name)}
    if before is not None and not secrets and _is_of(before, kind):
        secrets = dict(before.kept.get("secrets") or {})  # what a GET brought has no secrets
    elif len(secrets) < len(SECRETS[kind]):
        raise _bad(call, f"Credentials of type {kind} need {', '.join(SECRETS[kind])}.")
    for name in IDENTITY.get(kind, ()):
        if not text_of(asked, name):
            raise _bad(call, f"Credentials of type {kind} need {name}.")
    return {name: value for name, value in asked.items() if name != "secrets"}, secrets


def _is_of(before: Resource, kind: str) -> bool:
    return bool(before.properties["credentials"]["credentialsType"] == kind)


def _validate(call: Call, kind: str, asked: Mapping[str, Any], secrets: Mapping[str, Any]) -> None:
    """What Azure finds out by connecting, as far as names and keys tell."""
    account = asked.get("accountName")
    if account is not None and not _ACCOUNT.fullmatch(str(account)):
        raise _bad(call, f"The storage account '{account}' was not found.")
    if kind == "AzureBlob" and not is_name(str(asked.get("containerName"))):
        raise _bad(call, f"The container '{asked.get('containerName')}' was not found.")
    try:
        b64decode(str(secrets.get("key", "")), validate=True)
    except ValueError as error:
        raise _bad(call, "The account key is not valid.") from error


def _bad(call: Call, message: str) -> Refusal:
    return call.refused(400, message, "BadArgument", "ArgumentInvalid")
