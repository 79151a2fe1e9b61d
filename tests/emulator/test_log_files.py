"""Log files follow from the record and the clock, and only ever grow."""

from __future__ import annotations

from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from amltui.emulator.jobs import plans, stories
from amltui.emulator.jobs.log_files import log_files
from amltui.emulator.jobs.record import JobRecord

NOON = 1_700_000_000.0
EVERYTHING = 1 << 40


def failing(**members: object) -> JobRecord:
    members = {
        "timeline": plans.command(5.0, 10.0, 300.0, "Failed"),
        "failure": "cuda-out-of-memory",
        "script": "vision",
        "steps": 500,
        "gpus": 4,
        "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 4},
        **members,
    }
    return JobRecord("calm_pear_1", "/ws", NOON, **members)  # type: ignore[arg-type]


def text(job: JobRecord, path: str, now: float) -> bytes:
    files = log_files(job, now)
    return files[path].read(0, EVERYTHING, now) if path in files else b""


def test_files_appear_as_the_job_gets_going() -> None:
    job = failing()
    assert log_files(job, NOON + 3) == {}
    assert all(path.startswith("system_logs/") for path in log_files(job, NOON + 10))
    ranks = [path for path in log_files(job, NOON + 30) if path.startswith("user_logs/")]
    assert ranks == [f"user_logs/std_log_process_{rank}.txt" for rank in range(4)]


def test_only_the_failing_rank_has_the_traceback() -> None:
    job = failing()
    end = NOON + 1000
    assert b"CUDA out of memory" in text(job, "user_logs/std_log_process_3.txt", end)
    assert b"Traceback" not in text(job, "user_logs/std_log_process_0.txt", end)
    assert b"remote rank 3 has died" in text(job, "user_logs/std_log_process_0.txt", end)


@given(
    st.floats(0, 500),
    st.floats(0, 500),
    st.sampled_from(["plain", "coloured", "hostile", "chatty"]),
)
def test_a_log_only_grows(one: float, two: float, style: str) -> None:
    """What was read earlier is the beginning of what is read later."""
    job = failing(properties={"demo.log": style})
    path = "user_logs/std_log_process_3.txt"
    early, late = text(job, path, NOON + min(one, two)), text(job, path, NOON + max(one, two))
    assert late.startswith(early)


@given(st.integers(0, 60_000), st.integers(0, 60_000), st.floats(20, 400))
def test_a_range_is_that_part_of_the_whole(one: int, two: int, at: float) -> None:
    job = failing()
    log = log_files(job, NOON + at)["user_logs/std_log_process_0.txt"]
    whole = log.read(0, EVERYTHING, NOON + at)
    assert len(whole) == log.size(NOON + at)
    start, stop = sorted((one, two))
    assert log.read(start, stop, NOON + at) == whole[start:stop]


def test_the_end_of_a_huge_log_costs_no_more_than_its_beginning() -> None:
    job = failing(timeline=plans.command(1.0, 1.0, 4e7), steps=20_000_000, step_seconds=2.0)
    now = NOON + 4e7
    log = log_files(job, now)["user_logs/std_log_process_0.txt"]
    size = log.size(now)
    assert size > 1_000_000_000
    started = perf_counter()
    assert len(log.read(size - 65_536, size, now)) == 65_536
    assert perf_counter() - started < 0.5


def test_a_canceled_job_says_so_and_stops() -> None:
    job = failing(cancel_requested_at=NOON + 60)
    log = text(job, "user_logs/std_log_process_0.txt", NOON + 100)
    assert b"the run was canceled" in log
    assert log == text(job, "user_logs/std_log_process_0.txt", NOON + 1e6)


def test_a_gigabyte_is_written_and_none_of_it_is_held() -> None:
    """The run that has logged for as long as anybody remembers, read where it is asked for."""
    history = stories.hundred_thousand("/ws", 0, NOON)
    job = next(each for each in history.newest_first(NOON) if each.display_name == "gigabyte-log")
    log = log_files(job, NOON)["user_logs/std_log.txt"]
    size = log.size(NOON)
    assert 0.9e9 < size < 1.2e9
    assert log.size(NOON + 10) > size
    started = perf_counter()
    middle = log.read(size // 2, size // 2 + 1_000_000, NOON)
    assert len(middle) == 1_000_000
    assert perf_counter() - started < 1
    lines = middle.split(b"\n")[1:-1]
    assert all(line.rstrip() for line in lines)
    assert any(b"\r" in line for line in lines)


def test_an_image_is_built_while_a_job_prepares_for_long() -> None:
    """Docker's steps and pip's bars come one after the other; a quick start needed no build."""
    job = failing(timeline=plans.command(5.0, 300.0, 300.0))
    path = "azureml-logs/20_image_build_log.txt"
    early, late = text(job, path, NOON + 100), text(job, path, NOON + 400)
    assert late.startswith(early)
    assert len(late) > len(early) > 0
    assert b"\r   " in late
    assert late.endswith(b"digest sha256:5f2a9c1e77b0\n")
    assert path not in log_files(failing(), NOON + 400)
    broken = failing(timeline=plans.command(5.0, 30.0, 1.0, "Failed"), failure="environment")
    assert text(broken, path, NOON + 400).endswith(b"image build failed\n")
