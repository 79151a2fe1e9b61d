"""Carrying a template out: each of its resources is put as a client would put it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from amltui.emulator.deployments import record
from amltui.emulator.deployments.expression import TemplateError
from amltui.emulator.deployments.record import Step
from amltui.emulator.deployments.template import Planned, needs

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

QUICK = 3.0
"""Seconds that a resource takes which is there at once."""
_OPERATION = re.compile(r"OperationsStatus/([^?]+)")
_Said = dict[str, Any]
"""Why a resource is not there: code and message."""


async def all_of(call: Call, wanted: Sequence[Planned]) -> list[Step]:
    """Put them in order, but for those that need one which could not be put."""
    done: list[Step] = []
    failed: list[Planned] = []
    for each in wanted:
        if any(needs(each, other) for other in failed):
            failed.append(each)
            continue
        step = await _put(call, each)
        done.append(step)
        if step.error:
            failed.append(each)
    return done


async def _put(call: Call, wanted: Planned) -> Step:
    """Put a resource, and see how long it takes."""
    status, takes, said = await _answered(call, wanted)
    return Step(wanted.id, wanted.type, wanted.name, status, call.now, takes, said)


async def _answered(call: Call, wanted: Planned) -> tuple[int, float, _Said | None]:
    assert call.put is not None
    try:
        body = wanted.body()
    except (TemplateError, RecursionError) as error:
        return 400, 0.0, {"code": "InvalidTemplate", "message": str(error)}
    answer = await call.put(wanted.id, wanted.version or call.version, body)
    if answer.status_code >= 400:
        return answer.status_code, 0.0, _said(answer)
    takes, said = _operation(call, answer)
    return answer.status_code, takes, said


def _operation(call: Call, answer: Response) -> tuple[float, _Said | None]:
    """How long the operation of an answer takes, and why it fails."""
    address = answer.headers.get("azure-asyncoperation", "")
    found = _OPERATION.search(address)
    begun = call.world.operations.get(found[1]) if found else None
    if begun is not None:
        said = {"code": "ResourceDeploymentFailure", "message": begun.error}
        return begun.takes, said if begun.error else None
    nested = address.partition("/operationStatuses/")[0].removeprefix(call.base)
    inner = call.world.resources.get(nested, call.now) if nested else None
    if inner is None:
        return QUICK, None
    end = record.ends(inner)
    failed = record.state(inner, end) == "Failed"
    return end - call.now, record.error(record.steps(inner)) if failed else None


def _said(answer: Response) -> _Said:
    """What a provider said; in words of our own where that was no JSON."""
    try:
        told = json.loads(bytes(answer.body))["error"]
        return {"code": str(told["code"]), "message": str(told["message"])}
    except (ValueError, LookupError, TypeError):
        return {"code": "ResourceDeploymentFailure", "message": f"HTTP {answer.status_code}"}
