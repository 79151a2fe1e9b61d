"""Several processes' logs as one, by time."""

from __future__ import annotations

from amltui.domain.log_merge import Source, merged
from amltui.domain.log_text import plain
from amltui.domain.log_window import LogWindow


def source(label: str, text: str, base: int = 0) -> Source:
    window = LogWindow(base)
    window.append(text.encode())
    return Source(label, window)


def at(second: int, text: str) -> str:
    return f"2026-11-24 19:04:{second:02},000 {text}\n"


def lines(*sources: Source) -> list[str]:
    window = merged(sources).window
    return [plain(window.text(row)).replace("2026-11-24 19:04:", "") for row in range(len(window))]


def test_lines_stand_in_the_order_of_their_times():
    """What has no time of its own stays with the line before it."""
    zero = source("0", at(1, "a") + at(5, "b") + "  continued\n")
    one = source("1", "starting\n" + at(3, "c") + at(5, "d") + "unfinished")
    assert lines(zero, one) == [
        "1│ starting",
        "0│ 01,000 a",
        "1│ 03,000 c",
        "0│ 05,000 b",
        "0│   continued",
        "1│ 05,000 d",
    ]


def test_what_is_held_of_some_only_is_left_out():
    """It would look as if the others had said nothing then: all begin where the last one does."""
    zero = source("0", "half\n" + at(4, "b") + at(6, "d"), base=500)
    one = source("1", at(1, "a") + at(5, "c"))
    made = merged([zero, one])
    assert lines(zero, one) == ["0│ 04,000 b", "1│ 05,000 c", "0│ 06,000 d"]
    assert made.since is not None
    assert merged([one]).since is None


def test_a_log_without_any_times_is_named():
    """It cannot be put in order."""
    zero = source("0", "half\nno time\n", base=500)
    one = source("1", at(1, "a"))
    made = merged([zero, one])
    assert (made.timeless, len(made.window)) == (("0",), 1)


def test_a_line_is_found_again_after_others_came_before_it():
    """So that a reader is left where they read."""
    zero, one = source("0", at(5, "b")), source("1", at(1, "a"))
    place = merged([zero]).places[0]
    assert merged([zero, one]).row_of(place) == 1
    assert merged([]).row_of(place) is None


def test_a_bar_does_not_overwrite_the_label():
    """Only its last state is merged."""
    assert lines(source("0", at(1, "10%\r20%").replace("20%", at(1, "20%").strip()))) == [
        "0│ 01,000 20%"
    ]
