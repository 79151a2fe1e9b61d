"""Resource Graph: questions about resources of any subscription and provider, page by page.

https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amltui.azure import loose
from amltui.azure.shape import ANYTHING, Shape

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient

API_VERSION = "2022-10-01"
PAGE = 1000
MOST_PAGES = 100


async def rows(
    client: AzureClient,
    query: str,
    subscriptions: Sequence[str] = (),
    shape: Shape = ANYTHING,
) -> list[Any]:
    """Every row of the answer. Without the id among its columns there is no second page."""
    found: list[Any] = []
    options: dict[str, Any] = {"$top": PAGE, "resultFormat": "objectArray"}
    question: dict[str, Any] = {"query": query, "options": options}
    if subscriptions:
        question["subscriptions"] = list(subscriptions)
    for _ in range(MOST_PAGES):
        answer = await client.post(
            "/providers/Microsoft.ResourceGraph/resources",
            json=question,
            api_version=API_VERSION,
            reads=True,
            shape=shape,
        )
        found += objects(answer)
        token = loose.text(answer, "$skipToken")
        if token is None or token == options.get("$skipToken"):
            break
        options["$skipToken"] = token
    return found


def quoted(text: str) -> str:
    """A text as Kusto writes it: whatever is in it stays in it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def objects(answer: Any) -> list[Any]:
    """Rows as objects, in whichever of its two formats the service has answered."""
    if not isinstance(loose.at(answer, "data"), dict):
        return loose.objects(answer, "data")
    names = [
        loose.text(column, "name") or "" for column in loose.objects(answer, "data", "columns")
    ]
    told = loose.at(answer, "data", "rows")
    lists = [row for row in told if isinstance(row, list)] if isinstance(told, list) else []
    return [dict(zip(names, row, strict=False)) for row in lists]
