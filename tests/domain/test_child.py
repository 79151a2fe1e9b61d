"""Who leads: the best value first, whatever is missing."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.child import Child, Leaderboard
from amltui.domain.job import Job
from amltui.domain.metric import LastValue

PLACE = WorkspaceId("sub", "rg", "ws")


def child(name: str, value: float | None = None, metric: str = "loss", **parameters: str) -> Child:
    job = Job(PLACE, name, None, None, "Sweep", "Completed", parameters=parameters)
    metrics = {} if value is None else {metric: LastValue(metric, value, 1)}
    return Child(job, metrics)


VALUES = st.lists(st.none() | st.floats(), max_size=8)


@given(VALUES, st.sampled_from(["val/loss", "val/acc"]))
def test_nobody_is_lost_and_the_best_lead(values: list[float | None], metric: str):
    """A loss falls, a score rises; NaN and no value come last."""
    trials = [child(f"t{i}", value, metric, lr=str(i)) for i, value in enumerate(values)]
    trials.append(child("last", None, metric, lr="none"))
    board = Leaderboard.of(trials, metric)
    ranked = board.ranked(trials)
    assert sorted(each.name for each in ranked) == sorted(each.name for each in trials)
    scores = [each.score(metric) for each in ranked] if board.is_one else []
    known = [score for score in scores if score is not None]
    assert scores[: len(known)] == known
    assert known == sorted(known, reverse=metric == "val/acc")


def test_only_what_differs_is_a_column():
    """The most varied parameter first."""
    trials = [
        child("a", 1.0, lr="0.1", seed="1", net="small"),
        child("b", 2.0, lr="0.2", seed="1", net="large"),
        child("c", 3.0, lr="0.3", seed="1", net="small"),
    ]
    assert Leaderboard.of(trials).parameters == ("lr", "net")


def test_steps_of_a_pipeline_do_not_compete():
    """Without a parameter that differs there is no leaderboard."""
    assert not Leaderboard.of([child("a", 1.0), child("b", 2.0)]).is_one
    assert not Leaderboard.of([child("a", lr="1"), child("b", lr="2")]).is_one


def test_the_declared_metric_decides():
    """A sweep names its primary metric; NaN is no score."""
    both = {"loss": LastValue("loss", 1.0, 1), "acc": LastValue("acc", math.nan, 1)}
    one = Child(child("a", lr="1").job, both)
    board = Leaderboard.of([one, child("b", 2.0, lr="2")], "acc")
    assert board.metric == "acc"
    assert one.score("acc") is None
