"""What an answer means: whether an operation goes on, where the next page is, how long to wait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.azure.protocol import (
    LONGEST_PAUSE,
    Failed,
    Running,
    Succeeded,
    backoff,
    location_verdict,
    next_link,
    operation_verdict,
)
from tests.azure.samples import sample
from tests.azure.test_loose import JSON

REASON = "Cannot delete an active trigger test_858762450892"
FAILED = {"status": "Failed", "error": {"code": "UserError", "message": REASON}}


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, {"status": "Succeeded", "percentComplete": 100.0}, Succeeded()),
        (200, {"status": "SUCCEEDED"}, Succeeded()),
        *[
            (200, {"status": state}, Running(state))
            for state in (
                "InProgress",
                "Updating",
                "Creating",
                "Deleting",
                "NotStarted",
                "Inactive",
                "Active",
                "Accepted",
                "SomethingNew",
            )
        ],
        (200, FAILED, Failed(REASON, "UserError")),
        (200, {"status": "Failed"}, Failed("the service says Failed, and not why")),
        (200, {"status": "Failed", "error": None}, Failed("the service says Failed, and not why")),
        (200, {"status": "Canceled"}, Failed("the service says Canceled, and not why")),
        (200, {"status": "cancelled", "error": {"message": "by kim"}}, Failed("by kim")),
        # The finished resource itself, a result without a state, or nothing at all.
        (200, {"id": "/x", "properties": {"provisioningState": "Succeeded"}}, Succeeded()),
        (200, {"id": "/x", "properties": {"provisioningState": "Updating"}}, Running("Updating")),
        (200, {"id": "/x", "properties": {"provisioningState": "Failed"}}, Failed),
        (200, {"value": {"storageAccountResults": []}}, Succeeded()),
        (200, None, Succeeded()),
        (204, None, Succeeded()),
        (202, None, Running()),
        (202, {}, Running()),
        (404, None, Failed("the service answered 404")),
        (400, {"error": {"code": "Gone", "message": "It is gone."}}, Failed("It is gone.", "Gone")),
    ],
)
def test_an_operation_status(status, body, verdict):
    found = operation_verdict(status, {}, body)
    assert found == verdict if not isinstance(verdict, type) else isinstance(found, verdict)


@pytest.mark.parametrize(
    ("status", "headers", "body", "verdict"),
    [
        (202, {}, {}, Running()),
        (202, {}, None, Running()),
        (202, {"Location": "https://x/2"}, {}, Running(None, "https://x/2")),
        (
            202,
            {"location": "https://x/2"},
            {"status": "Running"},
            Running("Running", "https://x/2"),
        ),
        (200, {}, None, Succeeded()),
        (204, {}, None, Succeeded()),
        (200, {}, {"status": "Active", "sparkReady": False}, Succeeded()),
        (200, {}, {"id": "/x", "properties": {}}, Succeeded()),
        (200, {}, FAILED, Failed(REASON, "UserError")),
        (409, {}, {"error": {"code": "Conflict", "message": "Busy."}}, Failed("Busy.", "Conflict")),
        (500, {}, None, Failed("the service answered 500")),
    ],
)
def test_a_location(status, headers, body, verdict):
    assert location_verdict(status, headers, body) == verdict


def test_every_recorded_operation_is_understood():
    for polled in sample("operations"):
        by_location = "mfeOperationResults" in polled["url"] or "type=location" in polled["url"]
        judge = location_verdict if by_location else operation_verdict
        verdict = judge(polled["status"], polled["headers"], polled["responseBody"])
        state = (polled["responseBody"] or {}).get("status")
        if by_location:
            expected: type = Running if polled["status"] == 202 else Succeeded
        else:
            expected = {"Succeeded": Succeeded, "Failed": Failed}.get(state, Running)
        assert isinstance(verdict, expected), polled["url"]


@given(st.integers(200, 599), JSON)
def test_no_body_makes_a_verdict_fail(status, body):
    operation_verdict(status, {}, body)
    location_verdict(status, {}, body)
    next_link(body)


@pytest.mark.parametrize(
    ("body", "link"),
    [
        ({"value": [], "nextLink": "https://x/?$skipToken=a%2b"}, "https://x/?$skipToken=a%2b"),
        ({"nextLink": "/subscriptions/s?x=1"}, "/subscriptions/s?x=1"),
        ({"value": []}, None),
        ({"nextLink": None}, None),
        ({"nextLink": ""}, None),
        ({"nextLink": 5}, None),
        ({"nextLink": ["https://x"]}, None),
        # The official examples.
        ({"nextLink": "nextLink"}, None),
        ({"nextLink": "string"}, None),
        (None, None),
        ([], None),
    ],
)
def test_the_next_page(body, link):
    assert next_link(body) == link


def test_pauses_double_from_half_a_second_are_capped_and_spread_by_half():
    assert [backoff(attempt, lambda: 1.0) for attempt in range(5)] == [0.5, 1, 2, 4, LONGEST_PAUSE]
    assert [backoff(attempt, lambda: 0.0) for attempt in range(5)] == [0.25, 0.5, 1, 2, 4]
    assert backoff(10_000, lambda: 1.0) == LONGEST_PAUSE
