"""What amltui changes of computes, seen with Microsoft's own client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

WAIT = 60
FILE = """\
$schema: https://azuremlschemas.azureedge.net/latest/computeInstance.schema.json
name: from-file
type: computeinstance
size: Standard_F4s_v2
idle_time_before_shutdown_minutes: 45
"""


@pytest.fixture
def cluster(ml: Any, amltui: Callable[..., Any]) -> Iterator[Any]:
    """Made by amltui."""
    amltui("create-compute", "by-amltui", "--size", "F4s_v2", "--max", "2", "--wait")
    yield ml.compute.get("by-amltui")
    ml.compute.begin_delete("by-amltui").result(WAIT)


def test_a_cluster_made_and_scaled(ml: Any, amltui: Callable[..., Any], cluster: Any):
    """Its size, its nodes, and what becomes of them: azure-ai-ml tells what was asked for."""
    assert (cluster.size.lower(), cluster.max_instances) == ("standard_f4s_v2", 2)
    amltui("scale", "by-amltui", "--min", "1", "--max", "3", "--idle", "10m", "--wait")
    now = ml.compute.get("by-amltui")
    assert (now.min_instances, now.max_instances) == (1, 3)
    assert now.idle_time_before_scale_down == 600


def test_an_instance_from_a_file_with_a_schedule(
    ml: Any, amltui: Callable[..., Any], tmp_path: Path
):
    """The file that az ml reads; then its idle shutdown and a schedule, then it is gone."""
    from azure.ai.ml import load_compute
    from azure.core.exceptions import ResourceNotFoundError

    file = tmp_path / "ci.yml"
    file.write_text(FILE)
    theirs = load_compute(file)
    amltui("create-compute", "--file", str(file), "--wait")
    made = ml.compute.get("from-file")
    assert made.size.lower() == theirs.size.lower()
    assert made.idle_time_before_shutdown_minutes == theirs.idle_time_before_shutdown_minutes == 45
    amltui("idle-shutdown", "from-file", "--after", "2h")
    amltui("schedule", "from-file", "--change", "add stop 0 19 * * 1-5", "--wait")
    now = ml.compute.get("from-file")
    assert now.idle_time_before_shutdown_minutes == 120
    (schedule,) = now.schedules.compute_start_stop
    assert str(schedule.action).lower().endswith("stop")
    assert schedule.trigger.expression == "0 19 * * 1-5"
    amltui("delete-compute", "from-file", "--yes", "--wait")
    with pytest.raises(ResourceNotFoundError):
        ml.compute.get("from-file")
