"""The clouds: where each has its Resource Manager, its sign-in and its data plane."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from amltui.azure import loose
from amltui.azure.trust import origin_of


class Cloud(Struct, frozen=True):
    """One Azure cloud, or an emulator of one. URLs have no slash at the end."""

    name: str
    arm: str
    authority: str
    arm_scope: str
    """Of the tokens for Resource Manager, and for the data plane: Microsoft's own client asks for
    no other."""
    ml_scope: str
    portal: str
    studio: str
    data_plane_suffixes: tuple[str, ...]
    """Domains whose hosts may see a token; empty for a custom cloud, which has one host only."""


AZURE = Cloud(
    name="AzureCloud",
    arm="https://management.azure.com",
    authority="https://login.microsoftonline.com",
    arm_scope="https://management.azure.com/.default",
    ml_scope="https://ml.azure.com/.default",
    portal="https://portal.azure.com",
    studio="https://ml.azure.com",
    data_plane_suffixes=("api.azureml.ms",),
)
US_GOVERNMENT = Cloud(
    name="AzureUSGovernment",
    arm="https://management.usgovcloudapi.net",
    authority="https://login.microsoftonline.us",
    arm_scope="https://management.usgovcloudapi.net/.default",
    ml_scope="https://ml.azure.us/.default",
    portal="https://portal.azure.us",
    studio="https://ml.azure.us",
    data_plane_suffixes=("api.ml.azure.us",),
)
CHINA = Cloud(
    name="AzureChinaCloud",
    arm="https://management.chinacloudapi.cn",
    authority="https://login.chinacloudapi.cn",
    arm_scope="https://management.chinacloudapi.cn/.default",
    ml_scope="https://ml.azure.cn/.default",
    portal="https://portal.azure.cn",
    studio="https://studio.ml.azure.cn",
    data_plane_suffixes=("api.ml.azure.cn",),
)
KNOWN = (AZURE, US_GOVERNMENT, CHINA)

_ALIASES = {
    "": AZURE,
    "azure": AZURE,
    "public": AZURE,
    "azurepubliccloud": AZURE,
    "usgov": US_GOVERNMENT,
    "usgovernment": US_GOVERNMENT,
    "gov": US_GOVERNMENT,
    "china": CHINA,
    "mooncake": CHINA,
} | {cloud.name.lower(): cloud for cloud in KNOWN}


def named(name: str) -> Cloud | None:
    """The cloud of a name, an alias or its own ARM URL; None for any other."""
    wanted = name.strip().rstrip("/").lower()
    by_url = {cloud.arm: cloud for cloud in KNOWN}
    return _ALIASES.get(wanted) or by_url.get(wanted.removesuffix(":443"))


def from_metadata(document: Any, arm_url: str) -> Cloud:
    """The cloud that an ARM endpoint describes itself to be. It stays where it was asked for."""
    arm = arm_url.rstrip("/")
    entries = [document] if isinstance(document, dict) else loose.objects({"all": document}, "all")
    entry = next((each for each in entries if _names(each, arm)), entries[0] if entries else {})
    portal = (loose.text(entry, "portal") or arm).rstrip("/")
    return Cloud(
        name=loose.text(entry, "name") or _host(arm),
        arm=arm,
        authority=(loose.text(entry, "authentication", "loginEndpoint") or arm).rstrip("/"),
        arm_scope=f"{_audience(entry, arm)}/.default",
        ml_scope=f"{_ml_resource(portal, arm)}/.default",
        portal=portal,
        studio=_ml_resource(portal, arm),
        data_plane_suffixes=(),
    )


def _names(entry: dict[str, Any], arm: str) -> bool:
    return (loose.text(entry, "resourceManager") or "").rstrip("/").lower() == arm.lower()


def _audience(entry: dict[str, Any], arm: str) -> str:
    """The audience of this cloud: the endpoint itself, spelled as it spells itself.

    A token for any other, be it Resource Manager's or a mailbox's, would let whoever runs the
    endpoint act as the user there.
    """
    offered = loose.at(entry, "authentication", "audiences")
    own = origin_of(arm)
    usable = (
        each.rstrip("/")
        for each in (offered if isinstance(offered, list) else [])
        if isinstance(each, str) and origin_of(each) == own is not None
    )
    return next(usable, arm)


def _ml_resource(portal: str, arm: str) -> str:
    """Microsoft's client derives it so: `https://ml.azure.` and the portal's suffix."""
    host = _host(portal)
    if host.startswith("portal.azure."):
        return f"https://ml.azure.{host.removeprefix('portal.azure.')}"
    return arm


def _host(url: str) -> str:
    """Host and port, without case; a bare name or nonsense is returned as it is."""
    try:
        return urlsplit(url).netloc.lower() or url.lower()
    except ValueError:
        return url.lower()
