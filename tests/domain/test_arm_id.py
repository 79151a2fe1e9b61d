"""Workspace ids are compared without regard to case and never taken for GUIDs."""

from __future__ import annotations

import pytest

from amltui.domain.arm_id import WorkspaceId, last_segment

PATH = (
    "/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws"
)


def test_a_resource_inside_names_its_workspace_in_any_casing():
    found = WorkspaceId.parse(PATH.replace("resourceGroups", "resourcegroups") + "/computes/c")
    assert found == WorkspaceId("s-1", "rg", "ws")
    assert found.path == PATH
    assert WorkspaceId.parse(PATH.upper()).key == found.key


@pytest.mark.parametrize("text", ["", "/", "/subscriptions/s", "ws", PATH.replace("/ws", "")])
def test_what_is_no_workspace_is_refused(text):
    with pytest.raises(ValueError, match="not the id of a workspace"):
        WorkspaceId.parse(text)


def test_the_last_segment_of_an_id_or_a_bare_name():
    assert last_segment(f"{PATH}/computes/cpu/") == "cpu"
    assert last_segment("cpu") == "cpu"
    assert last_segment(None) is None
