"""The wait that a service asks for is understood wherever it says it, within reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.azure.headers import LONGEST, challenge, header, retry_after

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


def said(message: str) -> dict[str, dict[str, str]]:
    return {"error": {"code": "UserError", "message": message}}


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({}, None, None),
        ({"Retry-After": "7"}, None, 7),
        ({"retry-after": "0"}, None, 0),
        ({"RETRY-AFTER": " 1.5 "}, None, 1.5),
        ({"retry-after-ms": "250"}, None, 0.25),
        ({"x-ms-retry-after-ms": "1500", "Retry-After": "9"}, None, 1.5),
        ({"Retry-After": "Tue, 24 Nov 2026 12:00:30 GMT"}, None, 30),
        ({"Retry-After": "Tue, 24 Nov 2026 11:00:00 GMT"}, None, 0),
        ({}, said("Too many. Retry again after 20 seconds."), 20),
        ({}, said("Please try again in 5 s"), 5),
        ({}, said("Please try again later"), None),
        ({"Retry-After": "3"}, said("Retry again after 20 seconds."), 3),
        ({"Retry-After": "soon"}, said("Retry again after 20 seconds."), 20),
        ({"Retry-After": "-1"}, None, None),
        ({"Retry-After": "nan"}, None, None),
        ({"Retry-After": ""}, None, None),
        ({"Retry-After": "inf"}, None, LONGEST),
        ({"Retry-After": "9" * 400}, None, LONGEST),
        ({"retry-after-ms": "inf"}, None, LONGEST),
        ({"Retry-After": "Fri, 24 Nov 2090 12:00:00 GMT"}, None, LONGEST),
        ({"Retry-After": "Mon, 01 Jan 99999999999 00:00:00 GMT"}, None, None),
    ],
)
def test_the_wait_that_is_asked_for(headers, body, seconds):
    assert retry_after(headers, body, NOW) == seconds


@given(st.text(), st.text())
def test_no_header_and_no_message_makes_it_fail(written, message):
    seconds = retry_after({"Retry-After": written}, said(message), NOW)
    assert seconds is None or 0 <= seconds <= LONGEST
    timedelta(seconds=seconds or 0)


def test_headers_are_found_in_any_casing_and_empty_ones_are_none():
    assert header({"Azure-AsyncOperation": "https://x"}, "azure-asyncoperation") == "https://x"
    assert header({"Location": ""}, "location") is None
    assert header({}, "location") is None


def test_the_parameters_of_a_challenge():
    written = (
        'Bearer authorization_uri="https://login.windows.net/t1", error="insufficient_claims",'
        ' claims="eyJhIjoxfQ"'
    )
    assert challenge({"WWW-Authenticate": written}) == {
        "authorization_uri": "https://login.windows.net/t1",
        "error": "insufficient_claims",
        "claims": "eyJhIjoxfQ",
    }
    assert challenge({"WWW-Authenticate": "Basic"}) == {}
    assert challenge({}) == {}
