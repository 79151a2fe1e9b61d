"""Resource Graph: queries over all subscriptions, page by page."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from amltui.emulator.graph import rows as graph_rows
from amltui.emulator.graph.steps import Query, read
from amltui.emulator.graph.tokens import QueryError
from amltui.emulator.http.asked import object_of, text_of, wrong
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.paging import index, token
from amltui.emulator.http.route import Route
from amltui.emulator.jobs.wiretime import iso

MOST = 1000
"""Rows on a page."""


async def query(call: Call) -> Response:
    """Rows; what this service does not understand of a query it refuses, as the graph does."""
    asked = await call.body()
    text, options = text_of(asked, "query"), object_of(asked, "options")
    began = time.perf_counter()
    try:
        understood = read(text)
        understood.check(graph_rows.COLUMNS, call.now)
        found = understood.run(await _rows(call, understood, asked), call.now)
    except (QueryError, RecursionError) as error:
        raise _refused(call, text, error) from error
    answer = JSONResponse(_page(options, found))
    took = time.perf_counter() - began
    answer.headers["x-ms-resource-graph-request-duration"] = f"0:00:00:{took:010.7f}"
    return answer


async def _rows(call: Call, understood: Query, asked: dict[str, Any]) -> list[dict[str, Any]]:
    held = _subscriptions(call, asked.get("subscriptions"))
    if understood.source == "containers":
        return graph_rows.containers(call, held, understood.may_be)
    return await graph_rows.resources(call, held, understood.may_be)


def _subscriptions(call: Call, asked: Any) -> set[str]:
    """Those that are asked for, in lower case; all of the tenant where none are."""
    known = {each.id.lower() for each in call.world.subscriptions}
    if asked is None or asked == []:
        return known
    if not isinstance(asked, list):
        raise wrong("subscriptions", "an array")
    found = known & {str(each).lower() for each in asked}
    if not found:
        code = "NoValidSubscriptionsInQueryRequest"
        message = (
            "There must be at least one subscription that is eligible to contain resources. Given:"
            f" '{', '.join(str(each) for each in asked)}'."
        )
        raise _bad(call, {"code": code, "message": message})
    return found


def _page(options: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    start = index(text_of(options, "$skipToken")) or _number(options, "$skip", 0, 0)
    size = min(_number(options, "$top", MOST, 1), MOST)
    page = rows[start : start + size]
    answer: dict[str, Any] = {
        "totalRecords": len(rows),
        "count": len(page),
        "data": page,
        "facets": [],
        "resultTruncated": "false",
    }
    if text_of(options, "resultFormat").lower() == "table":
        answer["data"] = _table(page, rows)
    if start + size < len(rows):
        # Without an id in the projection pages would not be stable, and the graph offers none.
        if "id" in rows[0]:
            answer["$skipToken"] = token(start + size)
        else:
            answer["resultTruncated"] = "true"
    return answer


def _number(options: dict[str, Any], name: str, usual: int, least: int) -> int:
    value = options.get(name)
    if value is None:
        return usual
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise wrong(name, f"a number from {least}")
    return value


def _table(page: list[dict[str, Any]], rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = list(rows[0]) if rows else []
    return {
        "columns": [{"name": name, "type": _type(name, rows)} for name in names],
        "rows": [[row.get(name) for name in names] for row in page],
    }


def _type(name: str, rows: list[dict[str, Any]]) -> str:
    """The type of a column, from the first value that is there."""
    value = next((row[name] for row in rows if row.get(name) is not None), None)
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
    return "object"


def _refused(call: Call, text: str, error: Exception) -> Refusal:
    """To be raised: where and why a query is not understood."""
    found = error.token if isinstance(error, QueryError) else None
    reason = str(error) if isinstance(error, QueryError) else "the query is nested too deeply"
    if found is None:
        return _invalid(call, {"code": "Default", "message": reason})
    before = text[: found.at]
    return _invalid(
        call,
        {
            "code": "ParserFailure",
            "message": f"ParserFailure: {reason}",
            "line": before.count("\n") + 1,
            "characterPositionInLine": found.at - (before.rfind("\n") + 1),
            "token": found.word,
            "expectedToken": "",
        },
    )


def _invalid(call: Call, detail: dict[str, Any]) -> Refusal:
    message = (
        "Query is invalid. Please refer to the documentation for the Azure Resource Graph service"
        " and fix the error before retrying."
    )
    return _bad(call, {"code": "InvalidQuery", "message": message}, detail)


def _bad(call: Call, *details: dict[str, Any]) -> Refusal:
    message = (
        "Please provide below info when asking for support:"
        f" timestamp = {iso(call.now)}, correlationId = {uuid4()}."
    )
    error = {"code": "BadRequest", "message": message, "details": list(details)}
    headers = {"x-ms-failure-cause": "service", "x-ms-response-type": "error"}
    return Refusal(JSONResponse({"error": error}, 400, headers))


ROUTES = [
    Route("POST", "/providers/Microsoft.ResourceGraph/resources", query, "ResourceGraph_Query")
]
