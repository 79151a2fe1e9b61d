"""`amltui metrics NAME --system`: the load of a job's machines, for people and for scripts."""

from __future__ import annotations

import csv
import io

from tests.cli.conftest import Amltui

GPUS = "resnet50-aug-lr1e3"


def test_a_line_for_each_gpu_and_gauge(on_busy: Amltui) -> None:
    """The table has trends; JSON has every sample with its time; CSV one line for each."""
    table = on_busy("metrics", GPUS, "--system")
    assert "gpu 0" in table.out
    assert "GPU memory %" in table.out
    found = on_busy("metrics", GPUS, "--system", "-o", "json").json
    assert {each["gpu"] for each in found if each["metric"] == "GPU %"} == {"0", "1"}
    assert all(each["samples"][0]["time"].endswith("Z") for each in found)
    lines = list(csv.DictReader(io.StringIO(on_busy("metrics", GPUS, "--system", "-o", "csv").out)))
    assert len(lines) >= sum(len(each["samples"]) for each in found)
    assert set(lines[0]) == {"metric", "node", "gpu", "time", "value"}


def test_it_takes_no_metric(on_busy: Amltui) -> None:
    """What cannot be meant is refused, not ignored."""
    ended = on_busy("metrics", GPUS, "loss", "--system")
    assert ended.code == 2
    assert "--system" in ended.complaint


def test_without_samples_it_says_why(on_busy: Amltui) -> None:
    """A sweep holds no machines: nothing on stdout but the head, and a sentence."""
    ended = on_busy("metrics", "resnet101-sweep", "--system", "-o", "json")
    assert ended.json == []
    assert "children" in ended.complaint
