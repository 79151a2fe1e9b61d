"""The progress lines of training scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from amltui.emulator.jobs import series
from amltui.emulator.jobs.log_file import Lines
from amltui.emulator.jobs.record import JobRecord

SECONDS_PER_LINE = 1.5
"""A script prints about this often."""
BAR = 24
CHATTER = 84
"""Debug lines for each step of a chatty script: a gigabyte in a day."""

Writer = Callable[["Progress", int], str]


class Progress:
    """What a script knows when it prints its line of an index."""

    def __init__(self, record: JobRecord, rank: int) -> None:
        self.record = record
        self.rank = rank
        self.stride = max(1, round(SECONDS_PER_LINE / record.step_seconds))
        self.metrics = list(series.curves(record))

    def step(self, index: int) -> int:
        return index * self.stride

    def stamp(self, index: int) -> str:
        return stamp(series.step_time(self.record, self.step(index)))

    def value(self, metric: int, index: int) -> float:
        name = self.metrics[metric % len(self.metrics)]
        return series.value_at(self.record, name, self.step(index))


def stamp(at: float) -> str:
    """A moment, as Python's logging writes it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S,%f")[:23]


def training(progress: Progress, index: int) -> str:
    record = progress.record
    first, second = progress.metrics[0], progress.metrics[1 % len(progress.metrics)]
    return (
        f"{progress.stamp(index)} INFO  train: [rank {progress.rank}] "
        f"step {progress.step(index):>7}/{record.steps:<7} "
        f"{first} {progress.value(0, index):9.4f}  {second} {progress.value(1, index):11.5g}"
    )


def evaluation(progress: Progress, index: int) -> str:
    name = progress.metrics[2 % len(progress.metrics)]
    return (
        f"{progress.stamp(index)} INFO  eval: {name} {progress.value(2, index):9.4f} "
        f"at step {progress.step(index):>7}"
    )


def checkpoint(progress: Progress, index: int) -> str:
    return (
        f"{progress.stamp(index)} INFO  saved outputs/checkpoint-{progress.step(index):07d}.pt "
        f"(rank {progress.rank})"
    )


def bar(progress: Progress, index: int) -> str:
    """A progress bar that redrew itself a few times, carriage returns and all."""
    record, step = progress.record, progress.step(index)
    drawn = []
    for at in (max(0, step - 2 * progress.stride), max(0, step - progress.stride), step):
        full = min(BAR, at * BAR // max(1, record.steps))
        spent, left = at * record.step_seconds, (record.steps - at) * record.step_seconds
        drawn.append(
            f"train: {min(100, at * 100 // max(1, record.steps)):3d}%|"
            f"{'█' * full}{'░' * (BAR - full)}| {at:>7}/{record.steps:<7} "
            f"[{_clock(spent)}<{_clock(left)}, {1 / record.step_seconds:8.2f}it/s]"
        )
    return "\r".join(drawn)


def warning(progress: Progress, index: int) -> str:
    return (
        f"{progress.stamp(index)} WARNING data: worker {index % 8} was slow "
        f"({0.5 + index % 37 / 10:5.2f}s), prefetch queue is empty"
    )


def coloured(progress: Progress, index: int) -> str:
    name = progress.metrics[0]
    return (
        f"\x1b[2m{progress.stamp(index)}\x1b[0m \x1b[1;32mINFO\x1b[0m \x1b[36mtrainer\x1b[0m "
        f"step \x1b[1m{progress.step(index):>7}\x1b[0m {name} "
        f"\x1b[33m{progress.value(0, index):9.4f}\x1b[0m"
    )


def hostile(progress: Progress, index: int) -> str:
    del progress
    return (
        "\x1b[2J\x1b[H\x1b]0;owned\x07[bold red]not markup[/] [link=file:///etc/passwd]x[/link] "
        f"\x1b]8;;http://example.invalid\x07click\x1b]8;;\x07 \x00\x08 línea {index:>7} "
        "\x1b]52;c;b3duZWQ=\x07\x9b31m\x1b[8mhidden\x1b[0m\t日本語 ‮rtl\udcff\udcfe"
    )


def chatty(progress: Progress, index: int) -> str:
    """What a debug level that somebody forgot prints for each step."""
    at = progress.stamp(index)
    drawn = (f"batch {index:>9} {tenth}0%|{'█' * tenth:<10}|" for tenth in range(1, 10))
    lines = [training(progress, index), "\r".join(drawn)]
    for line in range(CHATTER):
        shard, offset = (index * 7 + line) % 4096, (index * CHATTER + line) * 4096
        lines.append(
            f"{at} DEBUG loader: worker {line % 16:02} read shard-{shard:05}.tar "
            f"at {offset:>16} and queued it for the next batch"
        )
    return "\n".join(lines)


PLAIN: tuple[Writer, ...] = (
    *(training,) * 7,
    evaluation,
    *(training,) * 4,
    bar,
    *(training,) * 5,
    checkpoint,
    training,
    evaluation,
    warning,
)
COLOURED: tuple[Writer, ...] = (*(coloured,) * 9, bar)
HOSTILE: tuple[Writer, ...] = (training, hostile, coloured, bar)
STYLES = {"plain": PLAIN, "coloured": COLOURED, "hostile": HOSTILE, "chatty": (chatty,)}


def lines(record: JobRecord, rank: int, style: str) -> Lines:
    """The endless progress of one process of a job."""
    cycle = STYLES[style]
    progress = Progress(record, rank)

    def render(index: int) -> bytes:
        # Half a surrogate is a byte that is no UTF-8.
        return cycle[index % len(cycle)](progress, index).encode("utf-8", "surrogateescape")

    return Lines(len(cycle), render)


def count(record: JobRecord, now: float) -> int:
    """How many progress lines are written by now."""
    done = series.steps_done(record, now)
    stride = max(1, round(SECONDS_PER_LINE / record.step_seconds))
    return (done - 1) // stride + 1 if done else 0


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(min(seconds, 359999)), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest:02d}"
