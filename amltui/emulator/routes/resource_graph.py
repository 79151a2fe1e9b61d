"""Resource Graph: the part of its language that lists workspaces."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.http.call import Call
from amltui.emulator.http.paging import index, token
from amltui.emulator.http.route import Route
from amltui.emulator.places import PROVIDER, Workspace

_TYPE = re.compile(r"where\s+type\s*(=~|==)\s*['\"]([^'\"]*)['\"]", re.IGNORECASE)
_PROJECT = re.compile(r"project\s+(.+)", re.IGNORECASE | re.DOTALL)
_IGNORED = re.compile(r"(order|sort)\s+by\s+.+|resources", re.IGNORECASE | re.DOTALL)
_TAKE = re.compile(r"(?:take|limit)\s+(\d+)", re.IGNORECASE)


async def query(call: Call) -> Response:
    """Rows of workspaces; what this service does not understand of a query it refuses."""
    asked = await call.body()
    places = _in(call, asked.get("subscriptions"))
    rows = [_row(call, place) for place in sorted(places, key=lambda place: place.id.lower())]
    for step in str(asked.get("query", "")).split("|"):
        step = step.strip()
        if wanted := _TYPE.fullmatch(step):
            rows = rows if wanted[2].lower() == f"{PROVIDER}/workspaces".lower() else []
        elif columns := _PROJECT.fullmatch(step):
            names = [name.strip() for name in columns[1].split(",")]
            rows = [{name: row.get(name) for name in names} for row in rows]
        elif taken := _TAKE.fullmatch(step):
            rows = rows[: int(taken[1])]
        elif not _IGNORED.fullmatch(step):
            message = f"This service does not know the query step {step!r}."
            error = {"code": "InvalidQuery", "message": message, "details": []}
            return JSONResponse({"error": error}, 400)
    return JSONResponse(_page(asked.get("options") or {}, rows))


def _in(call: Call, subscriptions: Any) -> list[Workspace]:
    places = list(call.world.workspaces.values())
    if not isinstance(subscriptions, list) or not subscriptions:
        return places
    wanted = {str(each).lower() for each in subscriptions}
    return [place for place in places if place.subscription.id.lower() in wanted]


def _row(call: Call, place: Workspace) -> dict[str, Any]:
    """The graph writes types in lower case, and resource groups too."""
    body = place.body(call.base, call.now)
    return {
        **{name: body[name] for name in ("id", "name", "kind", "location", "tags", "sku")},
        "identity": body["identity"],
        "properties": body["properties"],
        "systemData": body["systemData"],
        "type": body["type"].lower(),
        "resourceGroup": place.group.lower(),
        "subscriptionId": place.subscription.id,
        "tenantId": place.subscription.tenant,
    }


def _page(options: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    start = index(options.get("$skipToken")) or int(options.get("$skip") or 0)
    size = min(int(options.get("$top") or 1000), 1000)
    page = rows[start : start + size]
    more = start + size < len(rows)
    answer: dict[str, Any] = {
        "totalRecords": len(rows),
        "count": len(page),
        "data": page,
        "facets": [],
        "resultTruncated": "false",
    }
    if options.get("resultFormat") == "table":
        names = list(page[0]) if page else []
        answer["data"] = {
            "columns": [{"name": name, "type": "string"} for name in names],
            "rows": [[row[name] for name in names] for row in page],
        }
    if more:
        # Without an id in the projection pages would not be stable, and the graph offers none.
        if page and "id" in page[0]:
            answer["$skipToken"] = token(start + size)
        else:
            answer["resultTruncated"] = "true"
    return answer


ROUTES = [
    Route("POST", "/providers/Microsoft.ResourceGraph/resources", query, "ResourceGraph_Query")
]
