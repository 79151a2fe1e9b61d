"""Half past seven in the evening: what people have left on, and services that will not help."""

from __future__ import annotations

from typing import Any

from amltui.emulator.computes.record import CLUSTER, INSTANCE, Compute
from amltui.emulator.jobs import stories
from amltui.emulator.places import Workspace, guid
from amltui.emulator.scenarios.filling import DAY, HOUR, filled, subscription
from amltui.emulator.world import World

KIM, LI, ANA, PAUL = "kim@contoso.com", "li@contoso.com", "ana@contoso.com", "paul@contoso.com"
THROTTLED, SEALED, LOST = "Teaching", "Audit", "Plant 7"
"""Subscriptions that answer every second question only, none, and never."""
_PLACES = (
    ("vision-prod", "rg-vision", "eastus2", "ML Research"),
    ("nlp-dev", "rg-nlp", "westeurope", "ML Research"),
    ("edu-lab", "rg-edu", "eastus", THROTTLED),
    ("risk-prod", "rg-risk", "northeurope", "Contoso Production"),
    ("contoso-dev", "rg-contoso-dev", "westus2", "Contoso Production"),
    ("audit-prod", "rg-audit", "eastus2", SEALED),
    ("line-vision", "rg-line", "germanywestcentral", LOST),
)
NEVER = 86_400.0
"""Seconds until an answer that nobody waits for."""


def end_of_day(world: World) -> None:
    """Forgotten instances, idle clusters, ghost deployments; 429, 403, silence, a refusal."""
    for name, group, location, holder in _PLACES:
        created = world.epoch - (700 - 7 * len(name)) * DAY
        place = Workspace(subscription(world, holder), group, name, location, created, KIM)
        world.add(place, filled(stories.busy_night, _computes))
    for holder, told in (
        (THROTTLED, {"kind": "429", "every": 2, "retry_after": 1}),
        (SEALED, {"kind": "403"}),
        (LOST, {"kind": "slow", "seconds": NEVER}),
    ):
        path = f"/subscriptions/{guid('subscription', holder)}/"
        world.faults.plan({"operation": "*", "times": None, "path": path, **told})


def _computes(place: Workspace, epoch: float) -> list[Compute]:
    def cluster(name: str, size: str, most: int, **more: Any) -> Compute:
        return Compute(place.id, name, CLUSTER, epoch - 200 * DAY, size, max_nodes=most, **more)

    def left_on(name: str, size: str, owner: str, hours: float, **more: Any) -> Compute:
        last = ("Start", epoch - hours * HOUR, "Succeeded", "User")
        return Compute(
            place.id, name, INSTANCE, epoch - 90 * DAY, size, owner, last_operation=last, **more
        )

    return {
        "vision-prod": [
            cluster("gpu-a100", "Standard_NC48ads_A100_v4", 6),
            cluster("spot-v100", "Standard_NC24s_v3", 8, low_priority=True),
            cluster("cpu-d13", "Standard_D13_v2", 10),
            cluster("gpu-debug", "Standard_NC6s_v3", 2, min_nodes=1, owner=KIM),
            left_on("kim-a10", "Standard_NV36ads_A10_v5", KIM, 74),
            left_on("kim-dev", "Standard_DS3_v2", KIM, 9.2, idle_shutdown="PT60M"),
        ],
        "nlp-dev": [
            cluster("nlp-gpu", "Standard_NC6s_v3", 4),
            cluster("nlp-cpu", "Standard_F16s_v2", 6),
            cluster("nlp-batch", "Standard_NC12s_v3", 4, min_nodes=2, owner=LI),
            left_on("li-nb", "Standard_DS12_v2", LI, 1.7),
            left_on("li-big", "Standard_D14_v2", LI, 30),
        ],
        "edu-lab": [
            cluster("edu-cpu", "Standard_DS2_v2", 2),
            *(
                left_on(f"student-{number:02}", "Standard_DS3_v2", ANA, 24.0 + 9 * number)
                for number in range(1, 7)
            ),
            left_on("intern-1", "Standard_NC4as_T4_v3", ANA, 155),
        ],
        "risk-prod": [
            cluster("risk-cpu", "Standard_E16ds_v4", 4),
            left_on("paul-ci", "Standard_DS3_v2", PAUL, 55, refuses="Stop"),
        ],
        "contoso-dev": [
            cluster("cpu-cluster", "Standard_DS3_v2", 4),
            left_on("noor-nb", "Standard_E4ds_v4", "noor@contoso.com", 5.5),
        ],
        "audit-prod": [left_on("audit-nb", "Standard_DS3_v2", PAUL, 400)],
        "line-vision": [left_on("line-nb", "Standard_DS3_v2", PAUL, 400)],
    }[place.name]
