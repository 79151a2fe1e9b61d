"""Runs side by side: the best, deltas, and what differs."""

from __future__ import annotations

from datetime import timedelta
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.comparison import METRIC, Line, Side, lines, main_metric
from amltui.domain.job import Job
from amltui.domain.job_details import Binding, Git, JobDetails
from amltui.domain.metric import LastValue
from amltui.kinds.comparison import (
    delta_of,
    differences,
    from_difference,
    markdown,
    record,
    value_of,
    verdict,
)
from tests.stage import START


def side(name: str, details: JobDetails | None = None, lr: str = "", **metrics: float) -> Side:
    job = Job(WorkspaceId("s", "g", "w"), name, None, None, "Command", "Completed")
    if lr:
        job.parameters["lr"] = lr
    values = {key: LastValue(key, value, 1) for key, value in metrics.items()}
    return Side(job, details or JobDetails(), values)


def of(name: str, *sides: Side) -> Line:
    return next(line for line in lines(sides, START) if line.name == name)


def test_the_lowest_loss_and_the_highest_accuracy_are_best():
    """By the rule of names; NaN, infinities and missing values are never best."""
    runs = (side("a", loss=1.0, acc=0.5), side("b", loss=0.5, acc=0.4), side("c", loss=nan))
    loss, acc = of("loss", *runs), of("acc", *runs)
    assert (loss.best, acc.best) == ({1}, {0})
    assert loss.delta(1, 0) == -0.5
    assert (loss.delta(0, 0), loss.delta(2, 0), acc.delta(2, 0)) == (None, None, None)
    assert of("loss", side("a", loss=inf), side("b", loss=1.0)).best == frozenset()
    assert of("loss", side("a", loss=1.0), side("b", loss=1.0)).best == frozenset()
    assert of("loss", side("a", loss=0.0), side("b", loss=1.0)).delta(1, 0) is None
    assert of("epoch", side("a", epoch=1.0), side("b", epoch=2.0)).best == frozenset()
    assert main_metric(runs) == "loss"


def test_what_is_written_differently_is_not_different():
    """1e-3 is 0.001; None is not an empty text."""
    assert not of("lr", side("a", lr="1e-3"), side("b", lr="0.001")).differs
    assert of("lr", side("a", lr="1e-3"), side("b", lr="3e-4")).differs
    assert of("lr", side("a", lr="1e-3"), side("b")).differs
    assert not of("loss", side("a", loss=nan), side("b", loss=nan)).differs


def test_environment_data_and_code_are_compared():
    """Each is a line of its own."""
    one = JobDetails(
        inputs=(Binding("data", "uri_folder", "azureml:cifar:3"),),
        environment="env:1",
        git=Git(commit="91aa0c2"),
    )
    two = JobDetails(
        inputs=(Binding("data", "uri_folder", "azureml:cifar:4"),),
        environment="env:1",
        git=Git(commit="4f2c1d9"),
    )
    runs = (side("a", one), side("b", two))
    differing = {line.name for line in lines(runs, START) if line.differs}
    assert differing == {"data", "git commit"}


def test_it_is_copied_as_a_table_that_no_name_breaks():
    """A bar in a name is escaped; the baseline has no delta."""
    runs = (side("a|b", loss=1.0), side("c", loss=0.5))
    text = markdown(runs, [of("loss", *runs)], 0)
    assert text.splitlines() == [
        "|  | a\\|b | c |",
        "| --- | --- | --- |",
        "| loss | 1 | 0.5* (-50.0%) |",
    ]
    told = record(runs, [of("loss", *runs)], 0)
    assert [(each["job"], each["value"], each["best"]) for each in told] == [
        ("a|b", 1.0, False),
        ("c", 0.5, True),
    ]


@given(st.lists(st.none() | st.floats(), min_size=2, max_size=5))
def test_no_numbers_break_it(numbers: list[float | None]):
    """Whatever was logged has a text, a delta or none, and at most all are best."""
    line = Line(METRIC, "loss", numbers=tuple(numbers), falls=True)
    for index in range(len(numbers)):
        assert value_of(line, index)
        assert delta_of(line, index, 0)
    assert len(line.best) < len(numbers) or len(numbers) == len(line.best)


def test_one_sentence_says_which_is_best_and_by_how_much():
    """Of the metric that all are judged by, against the baseline, with the time it took."""
    runs = (side("one", loss=2.0), side("two", loss=1.5), side("three", loss=1.8))
    told = lines(runs, START)
    assert verdict(runs, told, 0) == "b best: lowest loss 1.5, -25.0% of a"
    assert verdict(runs, told, 1) == "b best: lowest loss 1.5"
    same = (side("one", loss=2.0), side("two", loss=2.0))
    assert verdict(same, lines(same, START), 0) == "none is best by loss"
    alone = (side("one", loss=nan), side("two", loss=2.0), side("three"))
    assert verdict(alone, lines(alone, START), 0) == "only b has loss"
    bare = (side("one"), side("two"))
    assert verdict(bare, lines(bare, START), 0) == "no metric to judge by"


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (("python train.py --lr 3e-3", "python train.py --lr 3e-4"), "…--lr 3e-3"),
        (("python train.py --lr 3e-3", "bash run.sh"), "python train.py --lr 3e-3"),
        (("python train.py --lr 3e-3", None), "python train.py --lr 3e-3"),
        (("azureml:images-for-training:3", "azureml:images-for-training:4"), "…or-training:3"),
        (("a short one", "a short two"), "a short one"),
        (("python train.py --epochs 3", "python train.py"), "…--epochs 3"),
        (("python train.py --epochs 3", "python train.py --epochs 30"), "…--epochs 3"),
    ],
)
def test_long_texts_are_shown_from_where_they_differ(texts: tuple[str | None, ...], shown: str):
    """A column has no room for what they have in common."""
    assert from_difference(texts[0] or "", texts) == shown


def test_what_a_run_has_cost_is_compared_where_it_is_known():
    """Price, nodes and hours; a price that is unknown is no zero, and the verdict names it not."""
    hour = START - timedelta(hours=1)

    def run(name: str, price: float | None, nodes: int, **metrics: float) -> Side:
        made = side(name, JobDetails(price_per_hour=price), **metrics)
        job = replace(made.job, started=hour, ended=START, node_count=nodes)
        return replace(made, job=job)

    runs = (run("a", 4.0, 1, loss=2.0), run("b", 1.5, 2, loss=1.0), run("c", None, 1, loss=3.0))
    line = of("estimate, retail", *runs)
    assert [value_of(line, index) for index in range(3)] == ["~$4.00", "~$3.00", "-"]
    told = verdict(runs, lines(runs, START), 0)
    assert told == "b best: lowest loss 1, -50.0%, -25.0% cost of a"
    assert "cost" not in verdict(runs, lines(runs, START), 2)


def test_how_much_differs_is_counted():
    """Parameters by number, the rest by group; what is the same is not named."""
    one, two = side("one", lr="1e-3"), side("two", lr="3e-4")
    assert differences(lines((one, two), START)) == "1 of 1 params"
    git = JobDetails(git=Git(commit="91aa0c2"))
    assert differences(lines((one, side("two", git, lr="0.001")), START)) == "0 of 1 params · code"
