"""Five workspaces in three subscriptions, late in the day: some work, some waste, some failures."""

from __future__ import annotations

from typing import Any

from amltui.emulator.computes.record import CLUSTER, INSTANCE, Compute
from amltui.emulator.jobs import stories
from amltui.emulator.places import Workspace
from amltui.emulator.scenarios import stock_places
from amltui.emulator.scenarios.filling import DAY, HOUR, filled, subscription
from amltui.emulator.world import World

KIM, LI, ANA, PAUL = "kim@contoso.com", "li@contoso.com", "ana@contoso.com", "paul@contoso.com"


_AT_QUOTA = (
    "ClusterCoreQuotaReached",
    "The family standardNCADSA100v4Family is at its quota of 240 vCPUs: no more nodes can come.",
)
_DISK_FULL = (
    "DiskFull",
    "There is not enough disk space on the node tvmps_9d2e: /mnt is 99% full. Delete files or"
    " wait until the node is replaced.",
)
_EVENING = {
    "id": "0d7a1b52-3f7e-4a0e-9d0c-6b7f6c1f2a11",
    "status": "Enabled",
    "action": "Stop",
    "triggerType": "Cron",
    "cron": {
        "startTime": "2026-01-05T00:00:00",
        "timeZone": "W. Europe Standard Time",
        "expression": "0 20 * * *",
    },
    "recurrence": None,
}


_BEHIND = {"risk-prod": "pe-risk-jumphost"}
"""Workspaces that are reached only from a virtual network, and by which endpoint."""


def busy_night(world: World) -> None:
    """The demo."""
    for name, group, location, holder, tags in (
        ("vision-prod", "rg-vision", "eastus2", "ML Research", {"team": "vision"}),
        ("nlp-dev", "rg-nlp", "westeurope", "ML Research", {"team": "nlp"}),
        ("edu-lab", "rg-edu", "eastus", "Teaching", {}),
        ("risk-prod", "rg-risk", "northeurope", "Contoso Production", {"team": "risk"}),
        ("contoso-dev", "rg-contoso-dev", "westus2", "Contoso Production", {}),
    ):
        created = world.epoch - (900 - 7 * len(name)) * DAY
        place = Workspace(
            subscription(world, holder), group, name, location, created, KIM, tags=tags
        )
        if name in _BEHIND:
            place.properties.update(publicNetworkAccess="Disabled", privateLinkCount=1)
            world.resources.stock([stock_places.private_endpoint(place, _BEHIND[name])])
        world.add(place, filled(stories.busy_night, _computes))
    research = subscription(world, "ML Research")
    world.resources.stock(stock_places.registry(research, "rg-vision", world.epoch))


def _computes(place: Workspace, epoch: float) -> list[Compute]:
    def cluster(name: str, size: str, most: int, **more: Any) -> Compute:
        return Compute(place.id, name, CLUSTER, epoch - 200 * DAY, size, max_nodes=most, **more)

    def instance(name: str, size: str, owner: str, on: float | None, **more: Any) -> Compute:
        """`on` is for how many hours it has been up; None is off."""
        since = 30.0 if on is None else on
        more.setdefault("state", "Stopped" if on is None else "Running")
        last = ("Stop" if on is None else "Start", epoch - since * HOUR, "Succeeded", "User")
        more.setdefault("last_operation", last)
        return Compute(place.id, name, INSTANCE, epoch - 120 * DAY, size, owner, **more)

    def attached(name: str, kind: str, resource: str) -> Compute:
        full = f"{place.group_id}/providers/{resource}"
        return Compute(place.id, name, kind, epoch - 300 * DAY, resource=full, owner="ops")

    return {
        "vision-prod": [
            cluster("gpu-a100", "Standard_NC48ads_A100_v4", 6, errors=(_AT_QUOTA,)),
            cluster("spot-v100", "Standard_NC24s_v3", 8, low_priority=True, preempted=1),
            cluster("cpu-d13", "Standard_D13_v2", 10, unusable=1, errors=(_DISK_FULL,)),
            instance("kim-dev", "Standard_DS3_v2", KIM, 9.2, idle_shutdown="PT60M"),
            instance("kim-a10", "Standard_NV36ads_A10_v5", KIM, 74, owner_is_named=False),
            attached("aks-inf", "Kubernetes", "Microsoft.ContainerService/managedClusters/inf"),
            attached("dbx", "Databricks", "Microsoft.Databricks/workspaces/dbx"),
        ],
        "nlp-dev": [
            cluster("nlp-gpu", "Standard_NC6s_v3", 4, min_nodes=2, owner=LI),
            cluster("nlp-cpu", "Standard_F16s_v2", 6),
            instance("li-nb", "Standard_DS12_v2", LI, 1.7, idle_shutdown="PT60M"),
            instance("paul-ci", "Standard_DS3_v2", PAUL, 3.1, refuses="Stop"),
        ],
        "edu-lab": [
            cluster("edu-cpu", "Standard_DS2_v2", 2),
            instance("intern-1", "Standard_NC4as_T4_v3", ANA, 155),
            instance("kim-old", "Standard_DS3_v2", KIM, None, schedules=(_EVENING,)),
            instance(
                "broken-ci",
                "Standard_DS3_v2",
                ANA,
                0.5,
                state="SetupFailed",
                errors=(("SetupScriptFailed", "Setup script exited with code 1."),),
            ),
            instance("gpu-demo", "Standard_NV36ads_A10_v5", ANA, None, refuses="Start"),
        ],
        "risk-prod": [
            cluster("risk-cpu", "Standard_E16ds_v4", 4),
            cluster(
                "risk-gpu",
                "Standard_ND96asr_v4",
                2,
                provisioning="Failed",
                errors=(
                    (
                        "ClusterMinNodesExceedCoreQuota",
                        "The minimum number of nodes needs 96 vCPUs; 0 are left in this family.",
                    ),
                ),
            ),
        ],
        "contoso-dev": [
            cluster("cpu-cluster", "Standard_DS3_v2", 4, tags=None),
            instance("noor-nb", "Standard_E4ds_v4", "noor@contoso.com", 5.5),
        ],
    }[place.name]
