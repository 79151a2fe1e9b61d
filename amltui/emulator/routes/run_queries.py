"""Which runs: by a query, by their ids, of a parent, on a compute."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import HISTORY, Plane, Route
from amltui.emulator.jobs import run_body, run_filter, run_query
from amltui.emulator.jobs.narrowing import Narrowing
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.run_filter import BadFilter
from amltui.emulator.jobs.run_query import Question
from amltui.emulator.routes.run_history import asked_run, experiment_of, no_run, under_experiments

DEFAULT_TOP = 100
LARGEST_TOP = 500


async def query_runs(call: Call) -> Response:
    experiment = experiment_of(call).name
    return await _answer(call, await call.body(), Narrowing(), {experiment})


async def children(call: Call) -> Response:
    record = asked_run(call)
    query = {"orderBy": "CreatedUtc asc", **_options(call)}
    return await _answer(call, query, Narrowing(parents=frozenset({record.name})), by_link=True)


async def on_compute(call: Call) -> Response:
    """The runs that have, or had, nodes of a compute."""
    name = call.params["compute"].lower()

    def is_there(record: JobRecord) -> bool:
        return (record.compute or "").lower() == name

    return await _answer(call, _options(call), Narrowing(), by_link=True, also=is_there)


async def runs_by_id(call: Call) -> Response:
    asked = (await call.body()).get("runIds")
    names = [str(each) for each in asked] if isinstance(asked, list) else []
    found = {name: call.history.get(name, call.now) for name in names}
    runs = {
        name: run_body.run(record, call.now, call.place)
        for name, record in found.items()
        if record is not None
    }
    errors = {name: no_run(name) for name, record in found.items() if record is None}
    return JSONResponse({"runs": runs, "errors": errors})


def top(call: Call, asked: Any) -> int:
    """How many a page holds; a 400 for what is no number."""
    if asked is None or asked == "":
        return DEFAULT_TOP
    try:
        return max(1, min(int(asked), LARGEST_TOP))
    except (TypeError, ValueError, OverflowError) as error:
        raise call.data_refused(400, "The field top must be a number.", "BadArgument") from error


def _options(call: Call) -> dict[str, Any]:
    """A GET says the same as the body of a query, in its address."""
    names = {
        "filter": "$filter",
        "orderBy": "$orderby",
        "top": "$top",
        "continuationToken": "$continuationtoken",
    }
    return {name: call.query[asked] for name, asked in names.items() if call.query.get(asked)}


async def _answer(
    call: Call,
    query: Mapping[str, Any],
    narrowing: Narrowing,
    experiments: Collection[str] | None = None,
    *,
    by_link: bool = False,
    also: Any = None,
) -> Response:
    """One page of the runs that pass the filter, in the order that was asked for."""
    try:
        question = _question(call, query, narrowing, experiments, also)
        token = paging.position(_text(query.get("continuationToken")))
        size = top(call, query.get("top"))
        page, following = await run_query.page(question, call.history, call.now, token, size)
    except BadFilter as error:
        raise call.data_refused(400, str(error), "BadArgument") from error
    bodies = [run_body.run(each, call.now, call.place) for each in page]
    answer: dict[str, Any] = {"value": bodies}
    if following is not None or not by_link:
        mark = None if following is None else paging.token(following)
        answer["continuationToken"] = mark
        answer["nextLink"] = _link(call, mark) if by_link and mark else None
    return JSONResponse(answer)


def _question(
    call: Call,
    query: Mapping[str, Any],
    narrowing: Narrowing,
    experiments: Collection[str] | None,
    also: Any,
) -> Question:
    asked = run_filter.parse(_text(query.get("filter")))
    order = query.get("orderBy")
    order = order if isinstance(order, list) else _text(order)
    newest_first = run_filter.natural(order)

    def passes(record: JobRecord) -> bool:
        return (also is None or also(record)) and asked.test(record, call.now)

    return Question(
        passes,
        narrowing & asked.narrowing,
        experiments,
        run_filter.order_of(order, call.now) if newest_first is None else None,
        (
            call.request.url.path.lower(),
            _text(query.get("filter")),
            str(order),
            frozenset(experiments or ()),
        ),
        oldest_first=newest_first is False,
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _link(call: Call, mark: str) -> str:
    url = call.request.url.include_query_params(**{"$continuationtoken": mark})
    return f"{call.place.base}{url.path}?{url.query}"


_QUERY = "/runs:query"
ROUTES = [
    *(
        Route("POST", f"{HISTORY}/{owner}{_QUERY}", query_runs, "Runs_Query", Plane.DATA)
        for owner in ("experiments/{experiment}", "experimentids/{experiment_id}")
    ),
    Route(
        "GET", f"{HISTORY}/computes/{{compute}}/runs", on_compute, "Run_ListByCompute", Plane.DATA
    ),
    *under_experiments("POST", "/runs/runIds", runs_by_id, "Runs_GetByIds"),
    *under_experiments("GET", "/runs/{run}/children", children, "Runs_GetChildren"),
]
