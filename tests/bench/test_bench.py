"""The benchmark itself: that it still runs, and that its table says what was measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench import bench
from tests.bench.goals import GOALS as NUMBERED
from tests.bench.goals import verdicts
from tests.bench.report import GOALS, Goal, table


def test_it_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One quick round gives every measure of every program, as a table and as JSON."""
    kept = tmp_path / "figures.json"
    assert bench.main(["--rounds", "1", "--quick", "--json", str(kept)]) == 0
    printed = capsys.readouterr().out
    figures = json.loads(kept.read_text())["figures"]
    assert list(figures) == ["hello", "calm", "100,000 runs", "from cache"]
    assert all(set(each) == set(figures["hello"]) for each in figures.values())
    assert set(figures["hello"]) <= {goal.measure for goal in GOALS}
    assert all(name in printed for name in figures["hello"])
    assert json.loads(kept.read_text())["episodes"]["terminal gone, survivors"] == 0
    numbers = {line.split()[0] for line in printed.split("\n\n")[1].splitlines()[1:]}
    assert numbers == {str(number) for number in range(1, 21)}
    assert figures["calm"]["first rows, ms"] > figures["calm"]["first paint, ms"] > 0


def test_a_missed_goal_is_marked() -> None:
    """The mark stands at the figure that is above the bar, and at no other."""
    lines = table(
        {
            "hello": {"first paint, ms": 100.0, "start, bytes": 9_000.0},
            "slow": {"first paint, ms": 126.0, "start, bytes": 9_000.0},
        }
    )
    assert [("!" in line) for line in lines] == [False, True, False]
    assert "1.26" in lines[1]


def test_a_goal_without_a_bar_is_never_missed() -> None:
    """Some measures are told for comparison only."""
    assert Goal("a page, ms").is_met(1e9, 1.0) is None
    assert Goal("idle, bytes/s", most=0).is_met(0.0, 0.0) is True
    assert Goal("idle, bytes/s", most=0).is_met(1.0, 0.0) is False


def test_a_goal_without_a_figure_is_not_met() -> None:
    """What was not measured is not claimed."""
    told = verdicts({"hello": {"first paint, ms": 100.0}, "calm": {"first paint, ms": 126.0}}, {})
    assert [line.rpartition("  ")[2] for line in told if "first paint" in line] == ["missed"]
    assert len([line for line in told if "not measured" in line]) == len(NUMBERED) - 1
