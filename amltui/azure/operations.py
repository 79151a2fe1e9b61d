"""Following a long-running operation to its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from amltui.azure import errors
from amltui.azure.protocol import Failed, Running, location_verdict, operation_verdict

if TYPE_CHECKING:
    from amltui.azure.answer import Answer
    from amltui.azure.operation import Operation

PAUSES = (2.0, 2.0, 5.0, 5.0, 10.0)
"""Seconds between polls where the service does not say, which it never did in a recording."""
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 600.0
"""Seconds that a `Retry-After` is taken for at least and at most."""
LONGEST = 2 * 3600.0
"""Seconds after which an operation is given up on; the service's own limit is an hour."""
MOST_FAILURES = 8
"""Polls in a row that may fail: polling an operation that is well can answer 500."""


async def follow(
    operation: Operation,
    read: Callable[[str], Awaitable[Answer]],
    sleep: Callable[[float], Awaitable[None]],
) -> None:
    """Poll until it is over; OperationFailed if it did not succeed."""
    url = operation.status_url or operation.result_url
    judge = operation_verdict if operation.status_url else location_verdict
    waited, polls, failures = 0.0, 0, 0
    pause = operation.retry_after
    while url is not None:
        if pause is None:
            pause = PAUSES[min(polls, len(PAUSES) - 1)]
        pause = min(max(pause, SHORTEST_PAUSE), LONGEST_PAUSE)
        await sleep(pause)
        waited += pause
        polls += 1
        try:
            answer = await read(url)
        except (errors.Throttled, errors.Unreachable, errors.ServiceBroken) as error:
            failures += 1
            if failures > MOST_FAILURES:
                raise
            pause = error.retry_after
            continue
        except (errors.NotFound, errors.BadRequest, errors.Conflict) as error:
            raise _failed(operation, str(error), error.code, error.request_id) from error
        failures, pause = 0, answer.retry_after
        verdict = judge(answer.status, answer.headers, answer.body)
        if isinstance(verdict, Failed):
            raise _failed(operation, verdict.reason, verdict.code)
        if not isinstance(verdict, Running):
            return
        url = verdict.next_url or url
        if waited > LONGEST:
            raise _failed(operation, "it was not over after two hours")


def _failed(
    operation: Operation, reason: str, code: str | None = None, request_id: str | None = None
) -> errors.OperationFailed:
    return errors.OperationFailed(
        f"{operation.title} failed: {reason}", code=code, request_id=request_id
    )
