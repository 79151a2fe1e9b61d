"""Who the service is and who asks: cloud metadata and managed-identity tokens."""

from __future__ import annotations

from urllib.parse import unquote

from starlette.responses import JSONResponse, Response

from amltui.emulator.blobs.address import suffix_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import Plane, Route
from amltui.emulator.tokens import Principal


async def metadata(call: Call) -> Response:
    """The cloud's description of itself, as custom clouds are found by."""
    return JSONResponse(
        [
            {
                "name": "AmltuiEmulator",
                "portal": "https://portal.azure.com",
                "resourceManager": f"{call.base}/",
                "graphAudience": "https://graph.windows.net/",
                "graph": "https://graph.windows.net/",
                "microsoftGraphResourceId": "https://graph.microsoft.com/",
                "batch": "https://batch.core.windows.net/",
                "gallery": "https://gallery.azure.com/",
                "media": "https://rest.media.azure.net",
                "sqlManagement": "https://management.core.windows.net:8443/",
                "activeDirectoryDataLake": "https://datalake.azure.net/",
                "logAnalyticsResourceId": "https://api.loganalytics.io",
                "appInsightsResourceId": "https://api.applicationinsights.io",
                "synapseAnalyticsResourceId": "https://dev.azuresynapse.net",
                "vmImageAliasDoc": "https://raw.githubusercontent.com/Azure/azure-rest-api-specs"
                "/master/arm-compute/quickstart-templates/aliases.json",
                "authentication": {
                    "loginEndpoint": f"{call.base}/",
                    "audiences": [f"{call.base}/", "https://management.azure.com/"],
                    "tenant": call.world.tenant,
                    "identityProvider": "AAD",
                },
                "suffixes": {
                    "storage": suffix_of(call.base),
                    "keyVaultDns": "vault.azure.net",
                    "acrLoginServer": "azurecr.io",
                    "sqlServerHostname": "database.windows.net",
                    "azureDataLakeStoreFileSystem": "azuredatalakestore.net",
                    "azureDataLakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
                    "synapseAnalytics": "dev.azuresynapse.net",
                    "storageSyncEndpointSuffix": "afs.azure.net",
                },
            }
        ]
    )


async def managed_identity(call: Call) -> Response:
    """App Service's and Azure ML's styles: a secret in a header says who may call."""
    headers = call.request.headers
    given = headers.get("x-identity-header") or headers.get("secret")
    if given != call.world.identity_header:
        return JSONResponse({"error": "unauthorized", "message": "wrong identity header"}, 401)
    return _token(call)


async def instance_metadata(call: Call) -> Response:
    """The style of virtual machines: the header keeps forwarded requests out."""
    if call.request.headers.get("metadata", "").lower() != "true":
        message = "Required metadata header not specified"
        return JSONResponse({"error": "bad_request", "error_description": message}, 400)
    return _token(call)


def _token(call: Call) -> Response:
    resource = unquote(call.query.get("resource", ""))
    if not resource:
        message = "The parameter 'resource' is missing."
        return JSONResponse({"error": "invalid_request", "error_description": message}, 400)
    client = call.query.get("client_id") or call.query.get("clientid")
    who = Principal(client) if client else None
    token, expires = call.world.mint.issue(resource, who=who)
    return JSONResponse(
        {
            "access_token": token,
            "expires_in": "3600",
            "expires_on": str(expires),
            "resource": resource,
            "token_type": "Bearer",
            **({"client_id": client} if client else {}),
        }
    )


ROUTES = [
    Route("GET", "/metadata/endpoints", metadata, "Metadata_Endpoints", plane=Plane.OPEN),
    Route("GET", "/msi/token", managed_identity, "Identity_Token", plane=Plane.OPEN),
    Route(
        "GET",
        "/metadata/identity/oauth2/token",
        instance_metadata,
        "Identity_InstanceToken",
        plane=Plane.OPEN,
    ),
]
