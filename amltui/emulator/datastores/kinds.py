"""What a datastore of each type needs, and what opens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A type of datastore."""

    needs: tuple[str, ...]
    """Properties without which there is none."""
    usual: Mapping[str, str | None]
    """Properties as they are where a client puts none."""


_CLOUD: dict[str, str | None] = {"endpoint": "core.windows.net", "protocol": "https"}
_ACCESS: dict[str, str | None] = {
    "serviceDataAccessAuthIdentity": "None",
    "subscriptionId": None,
    "resourceGroup": None,
}
KINDS = {
    "AzureBlob": Kind(("accountName", "containerName"), {**_CLOUD, **_ACCESS}),
    "AzureFile": Kind(("accountName", "fileShareName"), {**_CLOUD, **_ACCESS}),
    "AzureDataLakeGen2": Kind(("accountName", "filesystem"), {**_CLOUD, **_ACCESS}),
    "AzureDataLakeGen1": Kind(("storeName",), _ACCESS),
    "OneLake": Kind(
        ("oneLakeWorkspaceName", "artifact"),
        {
            "endpoint": "onelake.dfs.fabric.microsoft.com",
            "serviceDataAccessAuthIdentity": "None",
        },
    ),
    "Hdfs": Kind(("nameNodeAddress",), {"protocol": "http", "hdfsServerCertificate": None}),
}
SECRETS: dict[str, tuple[str, ...]] = {
    "None": (),
    "AccountKey": ("key",),
    "Sas": ("sasToken",),
    "ServicePrincipal": ("clientSecret",),
    "Certificate": ("certificate",),
    "KerberosKeytab": ("kerberosKeytab",),
    "KerberosPassword": ("kerberosPassword",),
}
"""What credentials of each type keep secret."""
IDENTITY = {
    "ServicePrincipal": ("clientId", "tenantId"),
    "Certificate": ("clientId", "tenantId", "thumbprint"),
}
"""Who signs in, by credentials that name one."""
