"""The moment that a line begins with."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amltui.domain.log_stamp import stamp

NOON = datetime(2026, 11, 24, 12, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("2026-11-24 12:00:05,000 INFO  x", "INFO  x"),
        ("2026-11-24T12:00:05Z x", "x"),
        ("[2026-11-24 12:00:05] x", "x"),
        ("2026/11/24 14:00:05.000 +02:00 | x", "x"),
        ("2026-11-24T07:00:05-0500: x", "x"),
        ("2026-11-24T12:00:05", ""),
    ],
)
def test_what_is_a_moment(text, rest):
    """As logging, ISO 8601 and launchers write it, in any zone."""
    found = stamp(text)
    assert found is not None
    assert (found.at, text[found.length :]) == (NOON, rest)


@pytest.mark.parametrize(
    "text",
    ["", "x 2026-11-24 12:00:05", "2026-13-24 12:00:05", "2026-11-24", "9999-12-31T23:59:59-12:00"],
)
def test_what_is_none(text):
    """Nor is what no calendar has."""
    assert stamp(text) is None
