"""Cost Management: what was billed. Reading it takes a role that few have, and it is asked seldom.

https://learn.microsoft.com/rest/api/cost-management/query/usage
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from amltui.azure import address, loose
from amltui.domain.actual import Billed
from amltui.domain.dependent import Cost
from amltui.domain.listing import Listing

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient

API_VERSION = "2023-11-01"
MOST_PAGES = 20


def _question(dimension: str, values: Sequence[str], **more: Any) -> dict[str, Any]:
    """About the month so far, of what has one of these values."""
    return {
        "type": "ActualCost",
        "timeframe": "MonthToDate",
        "dataset": {
            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
            "filter": {"dimensions": {"name": dimension, "operator": "In", "values": list(values)}},
            **more,
        },
    }


async def of_month(client: AzureClient, subscription: str, now: datetime) -> Listing[Billed]:
    """What the workspaces of a subscription have cost this month; empty where nothing is told."""
    kinds = ["microsoft.machinelearningservices/workspaces"]
    rows = await _asked(client, subscription, _question("ResourceType", kinds, granularity="Daily"))
    return Listing((summed(subscription, rows, now),) if rows else ())


async def of_resources(
    client: AzureClient, subscription: str, ids: Sequence[str]
) -> dict[str, Cost]:
    """What each of some resources has cost this month, by its id in lower case.

    UNVERIFIED: that the ids come back as they are in Resource Manager, but for their case.
    """
    grouping = [{"type": "Dimension", "name": "ResourceId"}]
    rows = await _asked(client, subscription, _question("ResourceId", ids, grouping=grouping))
    found: dict[str, Cost] = {}
    for row in rows:
        identity = (loose.text(row, "ResourceId") or "").rstrip("/").lower()
        known = found.get(identity, Cost(0.0, loose.text(row, "Currency") or "?"))
        found[identity] = Cost(known.month + (loose.number(row, "Cost") or 0.0), known.currency)
    return found


async def _asked(
    client: AzureClient, subscription: str, question: dict[str, Any]
) -> list[dict[str, Any]]:
    """The rows of every page."""
    url = f"/subscriptions/{address.segment(subscription)}/providers/Microsoft.CostManagement/query"
    rows: list[dict[str, Any]] = []
    for _ in range(MOST_PAGES):
        body = await client.post(url, json=question, api_version=API_VERSION, reads=True)
        rows += _rows(body)
        link = loose.text(body, "properties", "nextLink")
        if link is None or link == url:
            break
        url = link
    return rows


def summed(subscription: str, rows: list[dict[str, Any]], now: datetime) -> Billed:
    """The month, and the day before today in UTC."""
    before = int(f"{now.astimezone(UTC) - timedelta(days=1):%Y%m%d}")
    costs = [(loose.whole(row, "UsageDate"), loose.number(row, "Cost") or 0.0) for row in rows]
    days = [cost for day, cost in costs if day == before]
    currency = next((name for row in rows if (name := loose.text(row, "Currency"))), "?")
    return Billed(
        subscription, currency, sum(cost for _, cost in costs), sum(days) if days else None
    )


def _rows(body: Any) -> list[dict[str, Any]]:
    """Rows by the names of their columns: their order is not promised."""
    told = loose.obj(body, "properties")
    names = [loose.text(column, "name") or "" for column in loose.objects(told, "columns")]
    rows = loose.at(told, "rows")
    lists = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    return [
        {"Cost": row_.get("totalCost"), **row_}
        for row in lists
        if (row_ := dict(zip(names, row, strict=False)))
    ]
