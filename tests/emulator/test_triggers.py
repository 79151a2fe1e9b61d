"""When schedules are due."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.emulator.triggers.trigger import Trigger, trigger_of
from amltui.emulator.triggers.windows_zones import ZONES, zone_of

JUNE = datetime(2023, 6, 1, tzinfo=UTC).timestamp()


def due(body: dict[str, Any], count: int = 3, after: float = JUNE) -> list[str]:
    return [_told(at) for at in islice(trigger_of(body, 0.0).forward(after), count)]


def _told(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")


def cron(expression: str, **more: str) -> dict[str, Any]:
    return {"triggerType": "Cron", "expression": expression, **more}


def every(frequency: str, interval: int = 1, **more: Any) -> dict[str, Any]:
    start = {"startTime": "2023-05-01T06:30:00"}
    return {
        "triggerType": "Recurrence",
        "frequency": frequency,
        "interval": interval,
        **start,
        **more,
    }


@pytest.mark.parametrize(
    ("expression", "moments"),
    [
        ("0 18 * * *", ["2023-06-01 18:00", "2023-06-02 18:00", "2023-06-03 18:00"]),
        ("*/20 7-8 * * 1", ["2023-06-05 07:00", "2023-06-05 07:20", "2023-06-05 07:40"]),
        ("0 0 13 * FRI", ["2023-06-02 00:00", "2023-06-09 00:00", "2023-06-13 00:00"]),
        ("30 4 1,15 JAN-FEB *", ["2024-01-01 04:30", "2024-01-15 04:30", "2024-02-01 04:30"]),
        ("0 12 29 2 *", ["2024-02-29 12:00", "2028-02-29 12:00"]),
        ("5 0 * * 7", ["2023-06-04 00:05", "2023-06-11 00:05", "2023-06-18 00:05"]),
    ],
)
def test_cron_expressions_name_moments(expression: str, moments: list[str]) -> None:
    """Lists, ranges, steps, names, leap days, and Sunday as 0 and as 7."""
    assert due(cron(expression), len(moments)) == moments


def test_the_zone_decides_with_its_summer_time() -> None:
    """Eight in Berlin is six in summer and seven in winter, by universal time."""
    berlin = cron("0 8 * * *", timeZone="W. Europe Standard Time")
    assert due(berlin, 1) == ["2023-06-01 06:00"]
    winter = datetime(2023, 12, 1, tzinfo=UTC).timestamp()
    assert due(berlin, 1, winter) == ["2023-12-01 07:00"]


@pytest.mark.parametrize(
    ("body", "moments"),
    [
        (every("Minute", 90), ["2023-06-01 00:30", "2023-06-01 02:00"]),
        (every("Hour", 12), ["2023-06-01 06:30", "2023-06-01 18:30"]),
        (every("Day", 2), ["2023-06-02 06:30", "2023-06-04 06:30"]),
        (
            every("day", schedule={"hours": [8, 20], "minutes": [0]}),
            ["2023-06-01 08:00", "2023-06-01 20:00"],
        ),
        (every("Week", 2), ["2023-06-12 06:30", "2023-06-26 06:30"]),
        (
            every("Week", schedule={"hours": [9], "minutes": [15], "weekDays": ["friday"]}),
            ["2023-06-02 09:15", "2023-06-09 09:15"],
        ),
        (every("Month"), ["2023-06-01 06:30", "2023-07-01 06:30"]),
        (
            every("Month", schedule={"hours": [1], "monthDays": [-1]}),
            ["2023-06-30 01:00", "2023-07-31 01:00"],
        ),
    ],
)
def test_recurrences_name_moments(body: dict[str, Any], moments: list[str]) -> None:
    assert due(body, len(moments)) == moments


def test_nothing_is_due_before_its_start_or_from_its_end_on() -> None:
    body = cron("0 12 * * *", startTime="2023-06-03T12:00:00", endTime="2023-06-05T12:00:00Z")
    assert due(body, 9) == ["2023-06-03 12:00", "2023-06-04 12:00"]
    assert list(trigger_of(body, 0.0).backward(JUNE)) == []


@given(
    st.sampled_from([
        cron("7,47 */5 * * 2-4", timeZone="Newfoundland Standard Time"),
        every("Minute", 35),
        every("Week", 3, schedule={"hours": [0, 23], "weekDays": ["Monday"]}),
        every("Month", 2, schedule={"hours": [2], "monthDays": [1, 31]}),
    ]),
    st.floats(JUNE, JUNE + 4e7),
    st.floats(0, 5e6),
)  # fmt: skip
def test_forward_and_backward_agree(body: dict[str, Any], after: float, length: float) -> None:
    """What is due between two moments is the same from either end."""
    trigger: Trigger = trigger_of(body, 0.0)
    there: list[float] = []
    for at in trigger.forward(after):
        if at > after + length:
            break
        there.append(at)
    assert there == sorted(trigger.within(after, after + length))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"triggerType": "Moon"},
        cron(""),
        cron("60 * * * *"),
        cron("* * * *"),
        cron("*/0 * * * *"),
        cron("5-1 * * * *"),
        cron("a * * * *"),
        cron("* * * * *", timeZone="Middle Earth Standard Time"),
        cron("* * * * *", startTime="soon"),
        cron("* * * * *", startTime="0001-01-01T00:00:00", endTime="9999-12-31T23:59:59-23:00"),
        {"triggerType": "Cron", "expression": ["*"]},
        every("Fortnight"),
        every("Day", 0),
        every("Day", 10**400),
        {**every("Day"), "interval": "2"},
        every("Day", schedule=["x"]),
        every("Day", schedule={"hours": [24]}),
        every("Day", schedule={"hours": ["8"]}),
        every("Day", schedule={"minutes": 5}),
        every("Week", schedule={"weekDays": ["Someday", 3]}),
        every("Month", schedule={"monthDays": [0]}),
    ],
)
def test_nonsense_is_refused_in_a_sentence(body: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        trigger_of(body, 0.0)


def test_every_name_that_windows_has_leads_to_a_zone() -> None:
    assert len(ZONES) > 125
    for name in ZONES:
        assert zone_of(name.upper()).utcoffset(datetime(2023, 6, 1)) is not None  # noqa: DTZ001
    assert zone_of("UTC-08").utcoffset(None) == -zone_of("UTC+08").utcoffset(None)  # type: ignore[operator]
