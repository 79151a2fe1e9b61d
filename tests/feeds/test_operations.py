"""What was set going is marked, followed and reported once."""

from __future__ import annotations

import asyncio

from amltui.azure.errors import AzureError, OperationFailed
from amltui.feeds.operations import InFlight, Operations
from tests.waiting import wait_until

STOP = InFlight("k", "kim-dev", "stopping", "stopped")


class Report:
    def __init__(self) -> None:
        self.changes = 0
        self.ends: list[tuple[InFlight, AzureError | None]] = []
        self.operations = Operations(self.changed, lambda act, err: self.ends.append((act, err)))

    def changed(self, action: InFlight) -> None:
        self.changes += 1


async def test_the_row_is_marked_until_the_operation_is_over():
    report, over = Report(), asyncio.Event()

    async def ask():  # type: ignore[no-untyped-def]
        return over.wait

    report.operations.begin(STOP, ask)
    assert report.operations.pending("k") == "stopping"
    await wait_until(lambda: report.changes == 2)
    assert report.operations.pending("k") == "stopping"
    over.set()
    await wait_until(lambda: report.ends)
    assert report.operations.pending("k") is None
    assert report.ends == [(STOP, None)]


async def test_a_failure_is_reported_and_the_mark_goes():
    report = Report()
    error = OperationFailed("quota exceeded")

    async def ask():  # type: ignore[no-untyped-def]
        raise error

    report.operations.begin(STOP, ask)
    await wait_until(lambda: report.ends)
    assert report.ends == [(STOP, error)]
    assert report.operations.pending("k") is None


async def test_a_second_press_while_one_is_under_way_sends_nothing():
    report, sent, over = Report(), [], asyncio.Event()

    async def ask():  # type: ignore[no-untyped-def]
        sent.append(1)
        return over.wait

    report.operations.begin(STOP, ask)
    report.operations.begin(STOP, ask)
    over.set()
    await wait_until(lambda: report.ends)
    assert sent == [1]
