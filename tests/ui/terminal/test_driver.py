"""The terminal is told once, and what was told is taken back."""

from __future__ import annotations

from typing import Any

import pytest

from amltui.ui.terminal.driver import BUSY, IDLE, polite
from amltui.ui.terminal.meter import Meter


class Platform:
    """A driver that only writes."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def write(self, data: str) -> None:
        self.said.append(data)

    def start_application_mode(self) -> None:
        self.write("<start>")

    def stop_application_mode(self) -> None:
        self.write("<stop>")


@pytest.fixture
def meter() -> Meter:
    return Meter()


@pytest.fixture
def driver(meter: Meter) -> Any:
    return polite(Platform, meter)()  # type: ignore[arg-type]


def test_a_title_is_told_when_it_changes(driver: Any) -> None:
    """The first one keeps what was there before."""
    for title in ("run 1", "run 1", "run 2"):
        driver.tell(title, busy=False)
    assert driver.said == ["\x1b[22;0t\x1b]2;run 1\x07", "\x1b]2;run 2\x07"]


def test_progress_is_told_when_it_begins_and_ends(driver: Any) -> None:
    for busy in (False, True, True, False):
        driver.tell("", busy)
    assert driver.said == [BUSY, IDLE]


def test_leaving_takes_everything_back_before_the_platform_leaves(driver: Any) -> None:
    """Style and margins first: they hold on the other screen too."""
    driver.tell("run 1", busy=True)
    driver.said.clear()
    driver.stop_application_mode()
    said = "".join(driver.said)
    assert said == f"\x1b[m\x1b[r\x1b[?1016l{IDLE}\x1b]2;\x07\x1b[23;0t<stop>"


def test_coming_back_tells_it_again(driver: Any) -> None:
    driver.start_application_mode()
    assert driver.said == ["<start>"]
    driver.tell("run 1", busy=True)
    driver.stop_application_mode()
    driver.said.clear()
    driver.start_application_mode()
    assert driver.said == ["<start>", "\x1b[22;0t\x1b]2;run 1\x07", BUSY]


def test_bytes_are_counted_not_characters(driver: Any, meter: Meter) -> None:
    driver.write("abc")
    driver.write("●")
    assert (meter.total, meter.writes) == (6, 2)


def test_the_rate_is_that_of_the_last_ten_seconds() -> None:
    now = [100.0]
    meter = Meter(clock=lambda: now[0])
    meter.add("x" * 50)
    now[0] += 9
    meter.add("x" * 50)
    assert meter.rate == 10.0
    now[0] += 2
    assert meter.rate == 5.0
    now[0] += 20
    assert (meter.rate, meter.total) == (0.0, 100)
