"""Containers that the service opens for the files of an asset before the asset is put.

azure-ai-ml uploads code into one that `startPendingUpload` gives, and all that goes to a registry
into one of `tempdatarefs`; what is in a registry it reads by `datarefs`.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from amltui.emulator import registries
from amltui.emulator.blobs.address import SUFFIX, place_of
from amltui.emulator.blobs.containers import is_name
from amltui.emulator.http.asked import text_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import FRONT_END, REGISTRY, WORKSPACE, Plane, Route
from amltui.emulator.places import guid


async def start(call: Call) -> Response:
    """A new container, or again the one of a `pendingUploadId`."""
    asked = await call.body()
    upload = text_of(asked, "pendingUploadId") or str(uuid4())
    return JSONResponse(
        {
            "blobReferenceForConsumption": _opened(call, upload),
            "pendingUploadId": upload,
            "pendingUploadType": text_of(asked, "pendingUploadType") or "TemporaryBlobReference",
        }
    )


async def refer(call: Call) -> Response:
    """As `startPendingUpload`, by an older name, for an asset that is not there yet."""
    registries.may_write(call, call.registry)
    asked = await call.body()
    asset = registries.asset_of(call, text_of(asked, "assetId"))
    if asset is not None:
        message = f"Asset {asset.name} exists already."
        raise call.refused(409, message, "Conflict", code="Conflict")
    upload = str(uuid4())
    return JSONResponse(
        {
            "blobReferenceForConsumption": _opened(call, upload),
            "temporaryDataReferenceId": upload,
            "temporaryDataReferenceType": "TemporaryBlobReference",
        }
    )


async def read(call: Call) -> Response:
    """What opens the container in which an asset of a registry lies."""
    asked = await call.body()
    uri = text_of(asked, "blobUri")
    place = place_of(uri)
    if place is None or place[0] != registries.account(call.registry):
        message = f"The registry has no data at '{uri}'."
        raise call.refused(400, message, "BadArgument", "ArgumentInvalid")
    return JSONResponse({"blobReferenceForConsumption": _reference(call, *place[:2], "rl")})


def _opened(call: Call, upload: str) -> dict[str, Any]:
    """A container of its own for an upload, made where there is none."""
    account = _account(call)
    container = f"{guid(call.home.lower())[:8]}-{upload.lower()}"
    if not is_name(container):
        message = f"The upload '{upload}' cannot be called so."
        raise call.refused(400, message, "BadArgument", "ArgumentInvalid")
    held = call.world.storage.containers
    if held.get(account, container) is None:
        held.put(account, container, call.now)
    return _reference(call, account, container, "rcwl")


def _reference(call: Call, account: str, container: str, may: str) -> dict[str, Any]:
    token = call.world.signer.token(account, container, call.now, may)
    group = f"/subscriptions/{call.params['sub']}/resourceGroups/{call.params['rg']}"
    return {
        "blobUri": f"https://{account}.{SUFFIX}:443/{container}",
        "storageAccountArmId": f"{group}/providers/Microsoft.Storage/storageAccounts/{account}",
        "credential": {
            "credentialType": "SAS",
            "sasUri": f"{call.base}/{account}.{SUFFIX}/{container}?{token}",
        },
    }


def _account(call: Call) -> str:
    if "reg" in call.params:
        registries.may_write(call, call.registry)
        return registries.account(call.registry)
    return call.workspace.account


_VERSION = "{name}/versions/{version}"
_START = f"{_VERSION}/startPendingUpload"
_HOMES = (
    (WORKSPACE, "", Plane.ARM, (("codes", "Code"),)),
    (REGISTRY, "Registry", Plane.ARM, (("codes", "Code"), ("data", "Data"), ("models", "Model"))),
)
ROUTES = [
    *(
        Route(
            "POST",
            f"{home}/{segment}/{_START}",
            start,
            f"{prefix}{noun}Versions_CreateOrGetStartPendingUpload",
            plane,
        )
        for home, prefix, plane, kinds in _HOMES
        for segment, noun in kinds
    ),
    *(
        Route(method, f"{front}{REGISTRY}/{segment}/{_VERSION}", handler, name, plane)
        for front, plane in ((FRONT_END, Plane.DATA), ("", Plane.ARM))
        for method, segment, handler, name in (
            ("PUT", "tempdatarefs", refer, "TemporaryDataReferences_CreateOrGet"),
            ("POST", "datarefs", read, "DataReferences_GetBlobReferenceSas"),
        )
    ),
]
