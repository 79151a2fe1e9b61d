"""How far a job is and how long it will take, as far as anything tells, and what told it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from statistics import median

from msgspec import Struct

from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.metric import LastValue

_WHOLES = {
    "epoch": ("epochs", "max_epochs", "num_epochs", "num_train_epochs", "n_epochs"),
    "step": ("max_steps", "steps", "total_steps", "num_steps", "max_iters", "iterations"),
}
"""Parameters that tell how many there will be, by what is counted."""
_COUNTERS = {
    "epoch": ("epoch", "train/epoch", "current_epoch"),
    "step": ("step", "global_step", "train/global_step", "iteration"),
}
"""Metrics that count."""
_BAR = re.compile(
    r"(\d{1,3})%\|[^|\r\n]{0,200}\|\s*(\d{1,12})/(\d{1,12})\s*"
    r"\[(\d{1,4}(?::\d{2}){1,2})(?:<(\d{1,4}(?::\d{2}){1,2}|\?))?"
)
"""What tqdm writes: `42%|███ | 610/5004 [01:12<08:41`."""
LEAST_SHARE = 0.005
"""Below it, what is left is a guess about a guess."""


class Progress(Struct, frozen=True):
    """A share that is done, seconds that are left, or both."""

    source: str
    """What tells so: `epoch 4 of 10`, `3 earlier runs`."""
    share: float | None = None
    left: float | None = None


def progress(
    job: Job,
    now: datetime,
    values: Mapping[str, LastValue] | None = None,
    line: str = "",
    others: Iterable[Job] = (),
) -> Progress | None:
    """The best that is known of a running job: metrics, then the log's bar, then earlier runs.

    `line` is the end of its log. None where nothing tells.
    """
    if not job.is_running:
        return None
    ran = job.seconds(now)
    counted = of_metrics(job.parameters, values or {}, ran)
    if counted is not None and counted.left is not None:
        return counted
    return of_bar(line) or of_earlier(job, ran, others) or counted


def of_metrics(
    parameters: Mapping[str, str], values: Mapping[str, LastValue], ran: float | None
) -> Progress | None:
    """By a metric that counts epochs or steps, or the steps of any, and how many there will be."""
    known = {name.lower(): text for name, text in parameters.items()}
    for unit, names in _WHOLES.items():
        whole = next((n for name in names if (n := _number(known.get(name))) is not None), None)
        done = _counted(unit, values)
        if whole is None or done is None or done > whole * 1.02:
            continue
        share = min(1.0, done / whole)
        source = f"{unit} {done:,.5g} of {whole:,.5g}"
        left = None if ran is None or share < LEAST_SHARE else ran * (1 - share) / share
        return Progress(source, share, left)
    return None


def of_bar(line: str) -> Progress | None:
    """By the newest bar in a log."""
    bars = _BAR.findall(line)
    if not bars:
        return None
    percent, done, whole, _, left = bars[-1]
    share = int(done) / int(whole) if int(whole) else int(percent) / 100
    if share > 1:
        return None
    source = f"bar in the log, {int(done):,}/{int(whole):,}"
    return Progress(source, share, _clock(left))


def of_earlier(job: Job, ran: float | None, others: Iterable[Job]) -> Progress | None:
    """By how long completed runs of the same name took, or of the same experiment."""
    if ran is None:
        return None
    done = [
        (other, took)
        for other in others
        if other.health is Health.DONE
        and other.workspace == job.workspace
        and other.type == job.type
        and (took := _took(other)) is not None
    ]
    named = [took for other, took in done if job.display_name == other.display_name is not None]
    filed = [
        took
        for other, took in done
        if job.experiment == other.experiment is not None and job.compute == other.compute
    ]
    for what, spans in (("of this name", named), ("of this experiment", filed)):
        if spans and (whole := median(spans)) > ran:
            runs = f"{len(spans)} earlier run{'s' * (len(spans) != 1)}"
            return Progress(f"{runs} {what}", ran / whole, whole - ran)
    return None


def _counted(unit: str, values: Mapping[str, LastValue]) -> float | None:
    known = {name.lower(): value for name, value in values.items()}
    for name in _COUNTERS[unit]:
        found = known.get(name)
        if found is not None and math.isfinite(found.value) and found.value >= 0:
            return found.value
    if unit != "step":
        return None
    return max((float(value.step) for value in values.values() if value.step > 0), default=None)


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return value if 0 < value < math.inf else None


def _clock(text: str) -> float | None:
    """Seconds of `1:02:03` or `08:41`; None of a question mark."""
    parts: Sequence[str] = text.split(":") if text and text != "?" else ()
    seconds = 0.0
    for part in parts:
        seconds = seconds * 60 + int(part)
    return seconds if parts else None


def _took(job: Job) -> float | None:
    if job.started is None or job.ended is None:
        return None
    return (job.ended - job.started).total_seconds()
