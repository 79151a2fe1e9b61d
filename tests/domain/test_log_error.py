"""The first error of a log, and the process that failed first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amltui.domain.log_error import Finding, earliest, first_error
from amltui.domain.log_window import LogWindow

RANK3 = """\
2026-11-24 19:04:30,000 INFO step 1
2026-11-24 19:04:31,000 WARNING ERROR rate is high
[rank3]: Traceback (most recent call last):
[rank3]:   File "train.py", line 212, in <module>
[rank3]:     main(cfg)
[rank3]: RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "x.py", line 1
ValueError: second
"""
RANK0 = """\
2026-11-24 19:04:29,000 INFO step 1
[E ProcessGroupNCCL.cpp:828] [Rank 0] Watchdog caught: remote rank 3 has died
Traceback (most recent call last):
  File "x.py", line 1
torch.distributed.elastic.multiprocessing.errors.ChildFailedError: train.py FAILED
"""


def of(text: str) -> LogWindow:
    window = LogWindow()
    window.append(text.encode())
    return window


def test_a_traceback_is_told_by_its_last_line():
    """The first of a chain, without the launcher's prefix, at the time last written before it."""
    window = of(RANK3)
    found = first_error(window)
    assert found is not None
    assert found.summary == "RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB"
    assert found.at == datetime(2026, 11, 24, 19, 4, 31, tzinfo=UTC)
    assert window.row(found.offset) == 5


def test_the_cause_wins_over_its_consequences():
    """Also where the other process wrote its own traceback, and earlier."""
    errors = [(rank, first_error(of(text))) for rank, text in ((0, RANK0), (3, RANK3))]
    won = earliest([(rank, error) for rank, error in errors if error])
    assert won is not None
    assert won[0] == 3
    early = datetime(2020, 1, 1, tzinfo=UTC)
    dead = Finding(0, "RuntimeError: Connection closed by peer", early, is_traceback=True)
    assert earliest([(0, dead), won])[0] == 3


def test_of_two_causes_the_earliest_wins():
    """Whichever rank it is."""
    later, sooner = (
        Finding(0, "KeyError: 1", datetime(2026, 1, 1, hour, tzinfo=UTC), is_traceback=True)
        for hour in (2, 1)
    )
    assert earliest([(0, later), (1, sooner), (2, Finding(0, "ERROR x"))]) == (1, sooner)
    assert earliest([]) is None


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("Segmentation fault (core dumped)", True),
        ("2026-11-24 19:04:30,000 ERROR no disk", True),
        ("bash: line 1: nvcc: command not found", True),
        ("FileNotFoundError: [Errno 2] No such file", True),
        ("Process exited with status code 137", True),
        ("Process exited with status code 0", False),
        ("0 errors, error rate 0.1", False),
        ("loss 0.3", False),
    ],
)
def test_remarks(line, wrong):
    """What says that something went wrong without a traceback."""
    assert (first_error(of(line + "\n")) is not None) is wrong


def test_a_traceback_without_an_end():
    """The log stops in the middle of it."""
    found = first_error(of("Traceback (most recent call last):\n  File x\n"))
    assert found is not None
    assert found.summary == "File x"
