"""The busy night on a service that fails in every way it can, again and again, and recovers."""

from __future__ import annotations

from typing import Any

from amltui.emulator.scenarios.busy_night import busy_night
from amltui.emulator.world import World

_PLAN: tuple[dict[str, Any], ...] = (
    {"operation": "Compute_List", "kind": "429", "every": 5},
    {"operation": "Compute_List", "kind": "html502", "every": 7},
    {"operation": "Compute_Get", "kind": "500", "every": 4},
    {"operation": "Compute_Stop", "kind": "operation-fails", "every": 2},
    {"operation": "Compute_Start", "kind": "409", "every": 3},
    {"operation": "Compute_Start", "kind": "operation-hangs", "every": 4},
    {"operation": "Jobs_List", "kind": "truncated", "every": 6},
    {"operation": "Jobs_List", "kind": "slow", "every": 4, "seconds": 4.0},
    {"operation": "Jobs_Get", "kind": "reset", "every": 5},
    {"operation": "Jobs_Cancel", "kind": "html504", "every": 3},
    {"operation": "Runs_Query", "kind": "429", "every": 6, "retry_after": 5},
    {"operation": "Runs_GetDetails", "kind": "503", "every": 5},
    {"operation": "Mlflow_RunsGet", "kind": "html504", "every": 6},
    {"operation": "Metrics_GetFull", "kind": "truncated", "every": 8},
    {"operation": "Blobs_Get", "kind": "sas-expired", "every": 5},
    {"operation": "Workspaces_Get", "kind": "claims", "every": 9},
    {"operation": "VirtualMachineSizes_List", "kind": "404", "every": 2},
    {"operation": "ModelContainers_List", "kind": "403", "path": "/workspaces/nlp-dev/"},
    {"operation": "*", "kind": "401", "every": 40},
    {"operation": "*", "kind": "429", "path": "/workspaces/edu-lab/", "every": 2},
)


def everything_broken(world: World) -> None:
    """What a dashboard must live through."""
    busy_night(world)
    for told in _PLAN:
        world.faults.plan({"times": None, **told})
