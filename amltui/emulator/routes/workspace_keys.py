"""What opens a workspace's storage, insights, container registry and notebooks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.dependents import account_keys
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Route
from amltui.emulator.operations import Style
from amltui.emulator.places import guid

RESYNC, PREPARATION = 3.0, 4.0
"""Seconds that they take."""


async def keys(call: Call) -> Response:
    """All of them; those of a container registry only where the workspace has one."""
    place = call.workspace
    registry = place.stands_on["containerRegistry"]
    credentials = None
    if registry:
        name = registry.rpartition("/")[2]
        credentials = {
            "location": place.location,
            "username": name,
            "passwords": [
                {"name": each, "value": guid(registry.lower(), each).replace("-", "")}
                for each in ("password", "password2")
            ],
        }
    return JSONResponse(
        {
            "userStorageKey": account_keys(call.world, place.account)[0],
            "userStorageResourceId": place.stands_on["storageAccount"],
            "appInsightsInstrumentationKey": _insights(call),
            "containerRegistryCredentials": credentials,
            "notebookAccessKeys": _notebook_keys(call),
        }
    )


async def storage_keys(call: Call) -> Response:
    key = account_keys(call.world, call.workspace.account)[0]
    return JSONResponse({"userStorageKey": key})


async def notebook_keys(call: Call) -> Response:
    return JSONResponse(_notebook_keys(call))


async def notebook_token(call: Call) -> Response:
    place, mint = call.workspace, call.world.mint
    token, _ = mint.issue("https://ml.azure.com")
    info = _notebooks(call)
    return JSONResponse(
        {
            "notebookResourceId": info["resourceId"],
            "hostName": info["fqdn"],
            "publicDns": f"{place.location}.notebooks.azure.net",
            "accessToken": token,
            "tokenType": "Bearer",
            "expiresIn": 3600,
            "refreshToken": guid(place.guid, "notebooks"),
            "scope": "aznb_identity",
        }
    )


async def resync(call: Call) -> Response:
    """Workspace and resources agree on their keys again: they always do."""
    begun = operations.begin(call, Style.WORKSPACE, RESYNC)
    return Response(b"", 202, operations.following(call, begun, call.workspace.location))


async def prepare_notebook(call: Call) -> Response:
    """The place for notebooks is there from the start; a client may ask for it once more."""
    place = call.workspace
    call.world.put_workspace(replace(place, modified=call.now, modified_by=call.who))
    begun = operations.begin(call, Style.WORKSPACE, PREPARATION, result=_notebooks(call))
    return Response(b"", 202, operations.following(call, begun, place.location))


def _insights(call: Call) -> str | None:
    insights = call.workspace.stands_on["applicationInsights"]
    if insights is None:
        return None
    known = call.world.resources.get(insights, call.now)
    key = known.properties.get("InstrumentationKey") if known else None
    return str(key or guid("Microsoft.Insights/components", insights.rpartition("/")[2]))


def _notebook_keys(call: Call) -> dict[str, str]:
    known = call.workspace.guid
    return {
        f"{which}AccessKey": guid(known, "notebook", which).replace("-", "")
        for which in ("primary", "secondary")
    }


def _notebooks(call: Call) -> dict[str, Any]:
    shown = call.workspace.body(call.base, call.now)["properties"]["notebookInfo"]
    return dict(shown)


ROUTES = [
    Route("POST", f"{WORKSPACE}/{path}", handler, f"Workspaces_{operation}")
    for path, handler, operation in (
        ("listKeys", keys, "ListKeys"),
        ("listStorageAccountKeys", storage_keys, "ListStorageAccountKeys"),
        ("listNotebookKeys", notebook_keys, "ListNotebookKeys"),
        ("listNotebookAccessToken", notebook_token, "ListNotebookAccessToken"),
        ("resyncKeys", resync, "ResyncKeys"),
        ("prepareNotebook", prepare_notebook, "PrepareNotebook"),
    )
]
