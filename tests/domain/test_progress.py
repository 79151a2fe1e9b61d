"""Progress and what is left: from metrics, a bar in the log, or earlier runs, or unknown."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.job import Job
from amltui.domain.metric import LastValue
from amltui.domain.progress import of_bar, of_earlier, of_metrics, progress

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
RUNNING = Job(
    WorkspaceId("s", "g", "w"), "j", "train", "e", "command", "Running",
    compute="gpu", started=NOON - timedelta(hours=1),
)  # fmt: skip
BAR = "x\rtrain:  42%|████▏     | 2,0\rtrain:  42%|████▏     | 2108/5004 [08:10<11:15,  4.29it/s]"


def values(**held: float) -> dict[str, LastValue]:
    return {name: LastValue(name, value, 500) for name, value in held.items()}


@pytest.mark.parametrize(
    ("parameters", "held", "share", "source"),
    [
        ({"epochs": "10"}, {"epoch": 4.0}, 0.4, "epoch 4 of 10"),
        ({"num_train_epochs": "3.0"}, {"train/epoch": 1.5}, 0.5, "epoch 1.5 of 3"),
        ({"max_steps": "1000"}, {"loss": 0.3}, 0.5, "step 500 of 1,000"),
        ({"max_steps": "1000"}, {"global_step": 250.0}, 0.25, "step 250 of 1,000"),
    ],
)
def test_metrics_that_count(
    parameters: dict[str, str], held: dict[str, float], share: float, source: str
):
    """What is left follows from how long it took so far."""
    found = of_metrics(parameters, values(**held), 3600.0)
    assert found is not None
    assert (found.share, found.source) == (share, source)
    assert found.left == pytest.approx(3600.0 * (1 - share) / share)


@pytest.mark.parametrize(
    ("parameters", "held"),
    [
        ({}, {"epoch": 4.0}),
        ({"epochs": "10"}, {"loss": 1.0}),
        ({"epochs": "many"}, {"epoch": 4.0}),
        ({"epochs": "0"}, {"epoch": 0.0}),
        ({"epochs": "3"}, {"epoch": 40.0}),
        ({"epochs": "3"}, {"epoch": math.nan}),
    ],
)
def test_what_does_not_fit_tells_nothing(parameters: dict[str, str], held: dict[str, float]):
    """Nothing rather than nonsense."""
    assert of_metrics(parameters, values(**held), 3600.0) is None


def test_nothing_done_yet_has_a_share_and_no_end():
    found = of_metrics({"epochs": "10"}, values(epoch=0.0), 60.0)
    assert found is not None
    assert (found.share, found.left) == (0.0, None)


def test_the_newest_bar_of_a_log():
    found = of_bar(BAR)
    assert found is not None
    assert found.share == pytest.approx(2108 / 5004)
    assert found.left == 675.0
    assert "bar in the log" in found.source
    unknown = of_bar("  0%|          | 0/40 [00:00<?, ?it/s]")
    assert unknown is not None
    assert (unknown.share, unknown.left) == (0.0, None)
    assert of_bar("50% of the disk is full") is None
    assert of_bar("9%|x| 7/0 [00:01<00:02]") is not None
    assert of_bar("9%|x| 9/3 [00:01<00:02]") is None


def earlier(hours: float, **changes: str) -> Job:
    ended = NOON - timedelta(days=1)
    job = replace(RUNNING, status="Completed", started=ended - timedelta(hours=hours), ended=ended)
    return replace(job, **changes)


def test_earlier_runs_of_the_name_come_before_those_of_the_experiment():
    others = [earlier(2), earlier(4), earlier(3), earlier(9, display_name="other")]
    found = of_earlier(RUNNING, 3600.0, others)
    assert found is not None
    assert found.left == pytest.approx(2 * 3600.0)
    assert found.source == "3 earlier runs of this name"
    filed = of_earlier(RUNNING, 3600.0, [earlier(2, display_name="other")])
    assert filed is not None
    assert filed.source == "1 earlier run of this experiment"


def test_what_is_not_alike_or_was_quicker_tells_nothing():
    other = [earlier(2, display_name="o", experiment="x"), earlier(2, status="Failed")]
    assert of_earlier(RUNNING, 3600.0, other) is None
    assert of_earlier(RUNNING, 3600.0 * 5, [earlier(2)]) is None


def test_metrics_come_first_then_the_bar_then_earlier_runs():
    counted = replace(RUNNING, parameters={"epochs": "10"})
    sources = [
        found.source.partition(" ")[0]
        for found in (
            progress(counted, NOON, values(epoch=5.0), BAR, [earlier(2)]),
            progress(counted, NOON, {}, BAR, [earlier(2)]),
            progress(counted, NOON, {}, "", [earlier(2)]),
        )
        if found is not None
    ]
    assert sources == ["epoch", "bar", "1"]
    assert progress(counted, NOON) is None
    assert progress(replace(RUNNING, status="Queued"), NOON, {}, BAR) is None
