"""Cost Management's query: what a subscription, a group or a workspace has cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.costs import charges, question
from amltui.emulator.costs.question import Bill, Question
from amltui.emulator.http import errors, paging
from amltui.emulator.http.asked import Malformed, mapping
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import GROUP, SUBSCRIPTION, WORKSPACE, Route
from amltui.emulator.places import Workspace, guid

LATE = 8 * 3600.0
"""Seconds until a charge is told of."""
PAGE = 1000
_QUERY = "providers/Microsoft.CostManagement/query"


async def query(call: Call) -> Response:
    """Rows by day and group; 204 where there are none."""
    places = _places(call)
    asked = _read(call, await call.json())
    rows = _rows(call, asked, places)
    if not rows:
        return Response(status_code=204)
    start = paging.index(paging.asked_token(call))
    page, following = paging.page(rows, start, PAGE)
    scope = call.request.url.path.partition("/providers/Microsoft.CostManagement")[0].strip("/")
    name = guid(scope, str(call.now))
    return JSONResponse(
        {
            "id": f"{scope}/providers/Microsoft.CostManagement/Query/{name}",
            "name": name,
            "type": "Microsoft.CostManagement/query",
            "location": None,
            "sku": None,
            "eTag": None,
            "properties": {
                "nextLink": None if following is None else paging.next_link(call, following),
                "columns": _columns(asked),
                "rows": list(page),
            },
        }
    )


def _places(call: Call) -> list[Workspace]:
    if "ws" in call.params:
        return [call.workspace]
    return list(call.world.workspaces_of(call.subscription.id, call.params.get("rg")))


def _read(call: Call, body: Any) -> Question:
    try:
        return question.read(mapping(body, "body"), call.now)
    except Malformed as error:
        raise Refusal(errors.gateway(400, "BadRequest", str(error))) from error


def _columns(asked: Question) -> list[dict[str, str]]:
    columns = [(name, "Number") for name in asked.amounts]
    for kind, name in asked.groups:
        columns += (
            [(name, "String")]
            if kind == "Dimension"
            else [("TagKey", "String"), ("TagValue", "String")]
        )
    if asked.granularity == "Daily":
        columns.append(("UsageDate", "Number"))
    elif asked.granularity == "Monthly":
        columns.append(("BillingMonth", "Datetime"))
    columns.append(("Currency", "String"))
    return [{"name": name, "type": kind} for name, kind in columns]


def _rows(call: Call, asked: Question, places: list[Workspace]) -> list[list[Any]]:
    """One row for each group and day, the oldest day first."""
    sums: dict[tuple[Any, ...], list[float]] = defaultdict(lambda: [0.0] * len(asked.amounts))
    for bill in _bills(call, asked, places):
        if not asked.wants(bill):
            continue
        amounts = sums[_key(asked, bill)]
        for place, name in enumerate(asked.amounts):
            amounts[place] += bill[1].quantity if name == "UsageQuantity" else bill[1].cost
    ordered = sorted(sums.items(), key=lambda each: (str(each[0][-1]), each[0][:-1]))
    return [
        [*(round(each, 10) for each in amounts), *_told(asked, key), "USD"]
        for key, amounts in ordered
    ]


def _bills(call: Call, asked: Question, places: list[Workspace]) -> Iterator[Bill]:
    end = min(asked.end, call.now - LATE)
    for place in places:
        for charge in charges.of(call.world, place, asked.start, end):
            yield place, charge


def _key(asked: Question, bill: Bill) -> tuple[Any, ...]:
    """Its groups, and last its day."""
    place, charge = bill
    groups: list[str] = []
    for kind, name in asked.groups:
        if kind == "Dimension":
            groups.append(question.DIMENSIONS[name](place, charge))
        else:
            groups += [name, place.tags.get(name) or ""]
    when = {
        "Daily": int(f"{charge.day:%Y%m%d}"),
        "Monthly": f"{charge.day:%Y-%m}-01T00:00:00",
    }.get(asked.granularity, "")
    return (*groups, when)


def _told(asked: Question, key: tuple[Any, ...]) -> tuple[Any, ...]:
    return key[:-1] if asked.granularity == "None" else key


ROUTES = [
    Route("POST", f"{SUBSCRIPTION}/{_QUERY}", query, "Query_Usage"),
    Route("POST", f"{GROUP}/{_QUERY}", query, "Query_Usage"),
    Route("POST", f"{WORKSPACE}/{_QUERY}", query, "Query_Usage"),
]
