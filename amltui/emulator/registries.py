"""Registries: what ARM and their own front end say of them, and of the assets in them.

ARM writes the id of an asset as it writes any other; the front end writes `azureml://registries/…`
with a type of one word. Both keep assets as long-running operations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.blobs.address import SUFFIX, place_of
from amltui.emulator.http.asked import text_of
from amltui.emulator.http.route import FRONT_END
from amltui.emulator.operations import Style
from amltui.emulator.places import PROVIDER, guid, identity_body
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

TAKES = 3.0
"""Seconds until an asset is kept or gone."""


def id_of(subscription: str, group: str, name: str) -> str:
    return (
        f"/subscriptions/{subscription}/resourceGroups/{group}"
        f"/providers/{PROVIDER}/registries/{name}"
    )


def regions(registry: Resource) -> list[str]:
    """The regions of a registry, its own first."""
    details = registry.properties.get("regionDetails") or ()
    named = [str(each.get("location")) for each in details if isinstance(each, dict)]
    own = str(registry.members["location"])
    return [own, *(each for each in named if each.lower() != own.lower())]


def account(registry: Resource) -> str:
    """Its storage account: three to 24 letters and digits."""
    letters = "".join(glyph for glyph in registry.name.lower() if glyph.isalnum())
    return f"{letters[:13]}{guid(registry.id.lower())[:11].replace('-', '')}"


def body(call: Call, registry: Resource) -> dict[str, Any]:
    """As ARM shows it, with every link on the host that was asked."""
    host = call.base.partition("://")[2]
    shown = registry.body(
        discoveryUrl=f"{call.base}/registrymanagement/v1.0/registries/{registry.name}/discovery",
        mlFlowRegistryUri=f"azureml://{host}/mlflow/v1.0{registry.id}",
        provisioningState=registry.state(call.now),
    )
    if shown.get("identity") is not None:
        shown["identity"] = identity_body(shown["identity"], registry.id, call.world.tenant)
    return {**shown, "systemData": None}  # so in every recording


def discovery(call: Call, registry: Resource) -> dict[str, Any]:
    """Where the registry's front ends are: here, in every region."""
    _, _, subscription, _, group, *_ = registry.id.split("/")
    uri = f"{call.base}/"
    return {
        "registryName": registry.name,
        "registryId": guid(registry.id.lower()),
        "tenantId": call.world.tenant,
        "primaryRegion": registry.members["location"],
        "regions": regions(registry),
        "subscriptionId": subscription,
        "resourceGroup": group,
        "workspaceName": None,
        "primaryRegionResourceProviderUri": uri,
        "registryFqdns": {region: {"uri": uri} for region in regions(registry)},
        "intellectualPropertyPublisher": registry.properties.get("intellectualPropertyPublisher"),
    }


def may_write(call: Call, registry: Resource) -> None:
    """Refuse to write in a registry of somebody else: with a 401, as the service does."""
    if registry.kept.get("is_foreign"):
        message = f"User/tenant/subscription is not allowed to access registry {registry.name}"
        raise call.refused(401, message, "Unauthorized")


def asset_uri(asset: Resource) -> str:
    """`azureml://registries/azureml/models/m/versions/1`."""
    return "azureml://registries/" + asset.id.partition(f"/{PROVIDER}/registries/")[2]


def asset_of(call: Call, uri: str) -> Resource | None:
    """The asset, or container of assets, that a URI of a registry names."""
    name, _, rest = uri.partition("://registries/")[2].partition("/")
    registry = call.world.registry_named(name)
    return registry and call.world.resources.get(f"{registry.id}/{rest}", call.now)


def placed(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of an asset, with its files where Azure has them: clients read the path off it.

    azure-ai-ml names them by the link that it was given to write them, which is on this host.
    """
    told = dict(asked)
    for name in ("modelUri", "dataUri", "codeUri"):
        found = place_of(text_of(asked, name))
        if found is not None:
            host, container, path = found
            told[name] = f"https://{host}.{SUFFIX}/{container}/{path}".rstrip("/")
    return told


def at_front_end(call: Call) -> bool:
    """Whether the registry's own front end was asked rather than ARM."""
    return call.request.url.path.lower().startswith(f"{FRONT_END}/")


def shown(call: Call, asset: Resource, shown: dict[str, Any]) -> dict[str, Any]:
    """An asset of a registry, as ARM or the front end shows it."""
    if "provisioningState" in shown["properties"]:
        shown["properties"]["provisioningState"] = asset.state(call.now)
    if at_front_end(call):
        parts = asset.id.split("/")
        shown.update(id=asset_uri(asset), type=parts[9])
    return shown


def kept(call: Call, shown: dict[str, Any]) -> Response:
    """The answer to a PUT of an asset: the front end does not show it yet."""
    if at_front_end(call):
        return accepted(call, shown)
    begun = operations.begin(call, Style.REGISTRY, TAKES, result=shown)
    headers = operations.following(call, begun, call.location)
    del headers["Location"]
    return JSONResponse(shown, 201, {**headers, "x-ms-async-operation-timeout": "PT30M"})


def dropped(call: Call) -> Response:
    """The answer to a DELETE of an asset."""
    if at_front_end(call):
        return accepted(call, None)
    begun = operations.begin(call, Style.REGISTRY, TAKES)
    headers = operations.following(call, begun, call.location)
    return Response(b"", 202, {**headers, "x-ms-async-operation-timeout": "PT30M"})


def accepted(call: Call, result: Any) -> Response:
    """The front end's answer to what takes its time: a Location to look at."""
    begun = operations.begin(call, Style.REGISTRY, TAKES, result=result)
    location = f"{call.base}/assetstore/v1.0/operations/{begun.id}"
    told = {"location": location, "operationResult": None}
    return JSONResponse(told, 202, {"Location": location, **operations.hint(call)})
