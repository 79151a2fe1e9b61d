"""A job as the services have written it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from amltui.azure import address, jobs
from amltui.azure.errors import AzureError, NotSignedIn
from amltui.domain.listing import Listing

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient

_SIGNATURE = re.compile(r"(?i)([?&]sig=)[^&\"\s]+")
_SECRETS = frozenset({"token", "accesstoken", "sastoken", "password", "secret", "accountkey"})
"""Members, in lower case, that open doors: what is on a screen is in pictures of it."""
HIDDEN = "(not shown)"


class Document(Struct, frozen=True):
    """What one service says of the job, or why it says nothing."""

    title: str
    body: Any = None
    error: AzureError | None = None

    @property
    def text(self) -> str:
        """As JSON whose members are in the service's own order; empty where there is none."""
        return "" if self.error is not None else json.dumps(self.told, indent=2)

    @property
    def told(self) -> Any:
        """The body without what must not be seen."""
        return _told(self.body)


async def of_job(place: WorkspaceClient, name: str) -> Listing[Document]:
    """Resource Manager's job and run history's run. Raises only where neither can be had."""
    path = f"/runs/{address.segment(name)}"
    arm, run = await asyncio.gather(
        _document("Resource Manager's job", jobs.raw(place, name)),
        _document("run history's run", place.history("GET", path)),
    )
    if arm.error is not None and run.error is not None:
        raise arm.error
    return Listing((arm, run))


async def _document(title: str, asking: Awaitable[Any]) -> Document:
    try:
        return Document(title, await asking)
    except NotSignedIn:
        raise
    except AzureError as error:
        return Document(title, error=error)


def _told(value: Any) -> Any:
    """Without what must not be seen."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if name.lower() in _SECRETS and isinstance(each, str) else _told(each)
            for name, each in value.items()
        }
    if isinstance(value, str):
        return _SIGNATURE.sub(rf"\1{HIDDEN}", value)
    return [_told(each) for each in value] if isinstance(value, list) else value
