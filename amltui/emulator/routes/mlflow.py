"""What MLflow's calls have in common: their parameters, their refusals, their pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from starlette.responses import JSONResponse, Response

from amltui.emulator.http import errors, paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.jobs.mlflow_clauses import BadSearch
from amltui.emulator.jobs.record import JobRecord

T = TypeVar("T")
DOES_NOT_EXIST = "RESOURCE_DOES_NOT_EXIST"
EXISTS = "RESOURCE_ALREADY_EXISTS"
BAD = "INVALID_PARAMETER_VALUE"
MOST_RESULTS = 50_000


class Asked:
    """The parameters of a call, from the query of a GET or from a body."""

    def __init__(self, values: Mapping[str, Any], lists: Mapping[str, list[str]]) -> None:
        self._values = values
        self._lists = lists

    def text(self, name: str) -> str:
        """A parameter that must be there."""
        found = self.maybe(name)
        if not found:
            raise refused(400, BAD, f"Missing value for required parameter '{name}'.")
        return found

    def maybe(self, name: str) -> str | None:
        """A text, or nothing; numbers are texts, too."""
        value = self._values.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, (int, float)):
            return str(value)
        raise refused(400, BAD, f"Invalid value {value!r} for parameter '{name}' supplied.")

    def whole(self, name: str, usual: int) -> int:
        value = self._values.get(name)
        if value is None or value == "":
            return usual
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise refused(
                400, BAD, f"Invalid value {value!r} for parameter '{name}' supplied."
            ) from error

    def results(self, usual: int = 1000, most: int = MOST_RESULTS) -> int:
        """`max_results`, within its bounds."""
        found = self.whole("max_results", usual)
        if not 0 < found <= most:
            message = f"Invalid value for max_results: it must be between 1 and {most}."
            raise refused(400, BAD, message)
        return found

    def items(self, name: str) -> list[dict[str, Any]]:
        """A list of objects."""
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise refused(400, BAD, f"Invalid value for parameter '{name}': a list is expected.")
        return value

    def pairs(self, name: str) -> dict[str, str]:
        """A list of `{key, value}`."""
        return {str(each.get("key")): str(each.get("value", "")) for each in self.items(name)}

    def texts(self, name: str) -> list[str]:
        """A list of texts; in a query the parameter comes several times."""
        value = self._lists.get(name, self._values.get(name))
        if isinstance(value, str):
            return [value]
        return [str(each) for each in value] if isinstance(value, list) else []

    def raw(self, name: str) -> Any:
        return self._values.get(name)


RunHandler = Callable[[Call, JobRecord, Asked], Awaitable[Response]]


async def asked_of(call: Call) -> Asked:
    query = call.request.query_params
    if call.request.method == "GET":
        return Asked(dict(query), {name: query.getlist(name) for name in query})
    value = await call.json()
    if not isinstance(value, (dict, type(None))):
        raise refused(400, BAD, "The request's body must be an object.")
    return Asked(value or {}, {})


def of_run(handler: RunHandler, *, is_write: bool = False) -> Callable[[Call], Awaitable[Response]]:
    """A route that works on the run that the parameters name; one that writes, on a live one."""

    async def route(call: Call) -> Response:
        asked = await asked_of(call)
        name = asked.maybe("run_id") or asked.maybe("run_uuid") or ""
        record = call.history.get(name, call.now)
        if record is None:
            raise refused(404, DOES_NOT_EXIST, f"Run with id={name} not found")
        if is_write and record.is_archived:
            message = f"The run {record.name} must be in the 'active' state. It is 'deleted'."
            raise refused(400, BAD, message)
        return await handler(call, record, asked)

    return route


def refused(status: int, code: str, message: str) -> Refusal:
    """To be raised: MLflow's own format."""
    return Refusal(errors.mlflow(status, code, message))


def answering(
    handler: Callable[[Call], Awaitable[Response]],
) -> Callable[[Call], Awaitable[Response]]:
    """Refuses what cannot be searched for."""

    async def route(call: Call) -> Response:
        try:
            return await handler(call)
        except BadSearch as error:
            raise refused(400, BAD, str(error)) from error

    return route


def page(
    name: str, found: Sequence[T], asked: Asked, body: Callable[[T], Any], most: int
) -> Response:
    """The page that is asked for of a list that is all here."""
    start = paging.index(asked.maybe("page_token"))
    cut, following = paging.page(found, start, most)
    answer: dict[str, Any] = {name: [body(each) for each in cut]}
    if following is not None:
        answer["next_page_token"] = paging.token(following)
    return JSONResponse(answer)


def nothing() -> Response:
    """What MLflow says where there is nothing to say."""
    return JSONResponse({})
