"""Times and durations are read as every service writes them, and never invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amltui.azure.times import from_timestamp, parse_iso_duration, parse_time, parse_timespan

NINE = datetime(2023, 5, 22, 4, 38, 38, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2023-05-22T04:38:38.5054857+00:00", NINE.replace(microsecond=505485)),
        ("2023-05-22T04:38:38.505485Z", NINE.replace(microsecond=505485)),
        ("2023-05-22T04:38:38.50548Z", NINE.replace(microsecond=505480)),
        ("2023-05-22T04:38:38.5054Z", NINE.replace(microsecond=505400)),
        ("2023-05-22T04:38:38.505Z", NINE.replace(microsecond=505000)),
        ("2023-05-22T04:38:38.50Z", NINE.replace(microsecond=500000)),
        ("2023-05-22T04:38:38.5Z", NINE.replace(microsecond=500000)),
        ("2023-05-22T04:38:38Z", NINE),
        ("2023-05-22t04:38:38z", NINE),
        ("2023-05-22T04:38Z", NINE.replace(second=0)),
        ("2023-05-22T04:38:38", NINE),
        ("2023-05-22 04:38:38", NINE),
        ("2023-05-21 20:38:38-08:00", NINE),
        ("2023-05-22T10:08:38.0000000+05:30", NINE),
        ("2023-05-22T04:38:38 +0000", NINE),
        ("  2023-05-22T04:38:38Z\n", NINE),
    ],
)
def test_a_time_in_every_spelling_of_the_recordings(written, read):
    assert parse_time(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "",
        "0001-01-01T00:00:00+00:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00-08:00",
        "0001-01-01T00:00:00+08:00",
        "8/20/2024 4:48:47 PM",
        "2023-13-01T00:00:00Z",
        "2023-02-30T00:00:00Z",
        "2023-05-22T24:38:38Z",
        "2023-05-22",
        "1684730318",
        "2023-05-22T04:38:38.Z",
        "2023-05-22T04:38:38+99:00",
        "٢٠٢٣-٠٥-٢٢T٠٤:٣٨:٣٨Z",
        "never",
    ],
)
def test_what_says_never_or_nothing_readable_is_no_time(written):
    assert parse_time(written) is None


@given(
    st.datetimes(
        min_value=datetime(2, 1, 2),  # noqa: DTZ001
        max_value=datetime(9999, 12, 30),  # noqa: DTZ001
        timezones=st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
    ),
    st.integers(6, 7),
)
def test_whatever_dotnet_writes_is_read_back(moment, digits):
    written = f"{moment:%H:%M:%S}.{moment.microsecond:06}{'7' * (digits - 6)}"
    offset = moment.isoformat()[-6:]
    assert parse_time(f"{moment.date().isoformat()}T{written}{offset}") == moment


@given(st.text())
@example("9999-12-31T23:59:59.9999999-14:00")
def test_no_text_makes_the_reader_of_times_fail(text):
    for read in (parse_time, parse_timespan, parse_iso_duration):
        read(text)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("00:02:04.7583386", 124.758338),
        ("00:00:00", 0),
        ("1.02:03:04", 93784),
        ("25:00:00", 90000),
        ("0:29:45", 1785),
        ("-00:00:01.5", -1.5),
    ],
)
def test_timespans_of_run_history(written, seconds):
    assert parse_timespan(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize("written", ["", "PT1S", "00:02", "1:2:3", "99999999999.00:00:00", "soon"])
def test_what_is_no_timespan(written):
    assert parse_timespan(written) is None


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9_000)))
def test_a_timespan_is_read_back(span):
    hours, rest = divmod(span.seconds, 3600)
    written = f"{span.days}.{hours:02}:{rest // 60:02}:{rest % 60:02}.{span.microseconds:06}7"
    assert parse_timespan(written) == span


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("PT1M40S", 100),
        ("PT120M", 7200),
        ("P7D", 604800),
        ("P1W", 604800),
        ("P1DT2H", 93600),
        ("PT1M18.2642403S", 78.26424),
        ("PT0S", 0),
        ("-PT5S", -5),
        (" PT2M ", 120),
    ],
)
def test_durations_of_resource_manager(written, seconds):
    assert parse_iso_duration(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize("written", ["", "P", "PT", "P1Y", "P1M", "PT1H30", "00:02:04", "P1DT"])
def test_what_is_no_duration_or_has_no_length(written):
    assert parse_iso_duration(written) is None


@pytest.mark.parametrize("seconds", [None, float("nan"), float("inf"), 1e20, -1e20])
def test_seconds_that_no_calendar_has_are_no_time(seconds):
    assert from_timestamp(seconds) is None


def test_seconds_since_1970():
    assert from_timestamp(1684730318.5) == NINE.replace(microsecond=500000)
