"""`amltui create-workspace`: dry, for real, again, and wrongly."""

from __future__ import annotations

from tests.cli.conftest import Amltui


def test_a_workspace_is_made(on_calm: Amltui) -> None:
    """Where the others are if nothing else is said; a second of that name is refused."""
    dry = on_calm("create-workspace", "cli-ws", "--region", "eastus2", "--dry-run")
    assert dry.code == 0
    assert "would send PUT /subscriptions/" in dry.out
    assert "az ml workspace create -n cli-ws" in dry.out
    assert "storage account cliwsstor" in dry.err
    assert "cli-ws" not in [each["name"] for each in on_calm("workspaces", "-o", "json").json]
    made = on_calm("create-workspace", "cli-ws", "--region", "eastus2", "--wait", "-o", "json")
    assert (made.code, made.json["result"]) == (0, "created")
    found = {each["name"]: each for each in on_calm("workspaces", "-o", "json").json}
    assert found["cli-ws"]["provisioning_state"] == "Succeeded"
    again = on_calm("create-workspace", "cli-ws", "--region", "eastus2")
    gone = on_calm("purge-workspace", "cli-ws", "--yes", "--wait")
    assert again.code == 1
    assert "there is a workspace cli-ws already" in again.err
    assert gone.code == 0


def test_what_is_wrong_is_one_sentence(on_calm: Amltui) -> None:
    """A region, a name, a group that is not there; nothing is made when read-only."""
    assert on_calm("create-workspace", "x").code == 2
    wrong = on_calm("create-workspace", "a b", "--region", "eastus2")
    assert (wrong.code, wrong.out) == (2, "")
    assert "A name has 3 to 33" in wrong.complaint
    lost = on_calm("create-workspace", "lost-ws", "--region", "eastus2", "--group", "nowhere")
    assert lost.code == 4
    assert "no resource group nowhere" in lost.err
    barred = on_calm("create-workspace", "no-ws", "--region", "eastus2", "--read-only")
    assert barred.code != 0
    assert "read-only" in barred.err
    assert "no-ws" not in [each["name"] for each in on_calm("workspaces", "-o", "json").json]


def test_what_is_there_already_is_named_by_its_id(on_calm: Amltui) -> None:
    """With the flags of `az ml`; the wrong sort of thing is refused."""
    group = "/subscriptions/s/resourceGroups/g/providers"
    account = f"{group}/Microsoft.Storage/storageAccounts/sa1"
    words = ("create-workspace", "use-ws", "--region", "eastus2", "--dry-run")
    dry = on_calm(*words, "--storage-account", account)
    assert dry.code == 0
    assert f"--storage-account {account}" in dry.out
    assert "stands on, shared with whatever uses it: storage sa1" in dry.err
    assert "storage account usewsstor" not in dry.err
    wrong = on_calm(*words, "--key-vault", f"{group}/Microsoft.Compute/disks/d1")
    assert wrong.code == 2
    assert "is no id of a storage account, key vault" in wrong.complaint
    mixed = on_calm(*words, "--key-vault", account)
    assert mixed.code == 2
    assert "what --key-vault names is something else" in mixed.complaint
