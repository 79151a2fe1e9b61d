"""Who is signed in, as the token says."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from amltui.azure import loose
from amltui.azure.times import from_timestamp

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient

_NAMES = ("upn", "preferred_username", "unique_name", "email", "name", "app_displayname", "appid")


class Identity(Struct, frozen=True):
    """The account behind the requests; for display, since nothing here is verified."""

    name: str | None
    tenant: str | None
    object_id: str | None
    credential: str | None
    """The way of signing in that worked: cli, managed-identity …"""
    expires: datetime | None


async def who(client: AzureClient) -> Identity:
    """Signs in if that has not happened yet; NotSignedIn if it fails."""
    claims = await client.auth.claims()
    expires = loose.number(claims, "exp")
    return Identity(
        name=next((name for each in _NAMES if (name := loose.text(claims, each))), None),
        tenant=loose.text(claims, "tid"),
        object_id=loose.text(claims, "oid"),
        credential=getattr(client.auth.credential, "winner", None),
        expires=from_timestamp(expires),
    )


async def names(client: AzureClient) -> tuple[frozenset[str], str | None]:
    """All that the signed-in user is called, in lower case, and the object id.

    Empty where the token is opaque.
    """
    claims = await client.auth.claims()
    told = (loose.text(claims, each) for each in (*_NAMES, "oid"))
    return frozenset(name.lower() for name in told if name), loose.text(claims, "oid")


async def account(client: AzureClient) -> str | None:
    """Who is signed in where, the same for each token; None where the token does not tell.

    Signs in if that has not happened yet; NotSignedIn if it fails.
    """
    identity = await who(client)
    if identity.tenant is None or identity.object_id is None:
        return None
    return f"{client.cloud.arm} {identity.tenant} {identity.object_id}".lower()
