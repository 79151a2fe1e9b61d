"""New computes from words and from files: what they become, and one sentence per mistake."""

from __future__ import annotations

import pytest

from amltui.azure import compute_changes, computes
from amltui.azure.client import AzureClient
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import ComputeKind
from amltui.kinds import compute_draft
from amltui.kinds.kind import Unusable
from tests.kinds.anything import PLACE
from tests.stage import Stage

CLUSTER = """\
name: gpu-new
type: amlcompute
size: Standard_NC6s_v3
min_instances: 1
max_instances: 3
idle_time_before_scale_down: 300
tier: low_priority
tags: {"team": "nlp"}
ssh_settings:
  admin_username: azureuser
  ssh_key_value: ssh-rsa AAAA
"""
INSTANCE = """\
name: kim-new
type: computeinstance
size: Standard_DS3_v2
idle_time_before_shutdown: PT90M
description: hers
schedules:
  compute_start_stop:
  - action: stop
    trigger:
      type: cron
      expression: 0 19 * * 1-5
      time_zone: W. Europe Standard Time
"""


def test_a_cluster_from_a_file():
    """What `az ml compute create -f` would send."""
    draft = compute_draft.read(PLACE, CLUSTER)
    assert draft.compute.kind is ComputeKind.CLUSTER
    body = draft.body("westeurope")
    assert (body["location"], body["tags"]) == ("westeurope", {"team": "nlp"})
    inner = body["properties"]["properties"]
    assert (inner["vmSize"], inner["vmPriority"]) == ("Standard_NC6s_v3", "LowPriority")
    assert inner["scaleSettings"] == {
        "minNodeCount": 1,
        "maxNodeCount": 3,
        "nodeIdleTimeBeforeScaleDown": "PT300S",
    }
    assert inner["userAccountCredentials"]["adminUserName"] == "azureuser"


def test_an_instance_from_a_file():
    """With its idle shutdown, schedule and description."""
    properties = compute_draft.read(PLACE, INSTANCE).body("eastus")["properties"]
    assert (properties["computeType"], properties["description"]) == ("ComputeInstance", "hers")
    inner = properties["properties"]
    assert inner["idleTimeBeforeShutdown"] == "PT90M"
    (schedule,) = inner["schedules"]["computeStartStop"]
    assert (schedule["action"], schedule["cron"]["timeZone"]) == ("Stop", "W. Europe Standard Time")


RECURRING = """\
name: kim-new
type: computeinstance
size: Standard_DS3_v2
schedules:
  compute_start_stop:
  - action: stop
    state: disabled
    trigger:
      type: recurrence
      frequency: week
      interval: 1
      time_zone: UTC
      schedule:
        hours: [19]
        minutes: 30
        week_days: [monday, Friday]
"""


async def test_a_recurrence_is_sent_as_the_service_writes_it(stage: Stage, azure: AzureClient):
    """And read back from it in words, among the schedules of the instance."""
    place = next(iter(stage.world.workspaces.values()))
    client = azure.workspace(WorkspaceId.parse(place.id))
    body = compute_draft.read(client.id, RECURRING).body(place.location)
    (told,) = body["properties"]["properties"]["schedules"]["computeStartStop"]
    assert (told["triggerType"], told["status"]) == ("Recurrence", "Disabled")
    assert told["recurrence"]["schedule"] == {
        "hours": [19],
        "minutes": [30],
        "weekDays": ["Monday", "Friday"],
        "monthDays": None,
    }
    await compute_changes.create(client, "kim-new", body)
    made = await computes.get(client, "kim-new")
    (held,) = made.schedules
    assert (held.action, held.is_enabled) == ("Stop", False)
    assert held.when == "every week on Monday Friday at 19:30"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("type: recurrence", "type: moon"), "cron or recurrence"),
        (("frequency: week", "frequency: weak"), "minute, hour, day, week, month"),
        (("interval: 1", "interval: often"), "a number from 1 on"),
    ],
)
def test_a_recurrence_that_is_none_is_refused(change: tuple[str, str], words: str):
    """In a sentence that says what would be one."""
    with pytest.raises(Unusable, match=words):
        compute_draft.read(PLACE, RECURRING.replace(*change)).body("eastus")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("type: kubernetes", "type is amlcompute or computeinstance"),
        ("name: x", "A name has 3 to 24"),
        ("size: $!", "A size is written like"),
        ("max_instances: 0", "that is no range"),
        ("tier: cheap", "cheap is no tier"),
        ("idle_time_before_scale_down: later", "is no span of time"),
        ("max_instances: [1]", "max_instances is one value"),
        ("tags: yes", "tags has members"),
        ("data_disks: 3", "data_disks cannot be made from a file here"),
        ("name gpu", "line 12: could not find expected"),
    ],
)
def test_each_mistake_has_a_sentence(line: str, words: str):
    """Whatever is wrong with one line of a file that is right otherwise."""
    key = line.partition(":")[0]
    kept = [each for each in CLUSTER.splitlines() if each.partition(":")[0] != key]
    with pytest.raises(Unusable, match=words):
        compute_draft.read(PLACE, "\n".join([*kept, line]))


def test_instances_are_not_preemptible():
    """Azure has no such machines."""
    with pytest.raises(Unusable, match="Instances are dedicated"):
        compute_draft.of(PLACE, "instance", "kim-new", "DS3_v2", tier="low_priority")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: a\n  type: b", "line 2: mapping values are not allowed here"),
        ("name: 'open", "found unexpected end of stream"),
        ("name:\n\ttype: b", "line 2: found character"),
        ("name: [1, {", "line 1: "),
        ("name: \x00", "this is no YAML"),
        ("name: !!python/object:os.system x", "line 1: could not determine a constructor"),
        ("name: a\n---\nname: b", "line 2: but found another document"),
        ("[" * 5000, "this is no YAML"),
        ("- 1\n- 2", "A compute is written as"),
    ],
)
def test_a_file_that_is_none_is_refused_by_its_line(text: str, words: str):
    """In one sentence, however broken it is."""
    with pytest.raises(Unusable) as told:
        compute_draft.read(PLACE, text)
    assert words in str(told.value)
    assert "\n" not in str(told.value)
