"""`amltui diagnose`: findings on stdout, the count beside it, and an exit code that tells."""

from __future__ import annotations

from tests.cli.conftest import Amltui
from tests.cli.service import Service


def test_a_healthy_workspace(on_calm: Amltui, calm: Service) -> None:
    """Nothing on stdout but an empty list where JSON is asked for."""
    ended = on_calm("diagnose", calm.workspace, "-o", "json")
    assert (ended.code, ended.json) == (0, [])
    assert ended.err.strip() == f"amltui: {calm.workspace}: nothing found"


def test_one_there_is_not(on_calm: Amltui) -> None:
    ended = on_calm("diagnose", "nonesuch")
    assert (ended.code, ended.out) == (4, "")
    assert "there is no workspace nonesuch" in ended.err


def test_a_refusal(on_calm: Amltui, calm: Service) -> None:
    """403 is an exit code of its own."""
    calm.plan("Workspaces_Diagnose", "403")
    assert on_calm("diagnose", calm.workspace).code == 3


def test_deleting_needs_more_than_a_name(on_calm: Amltui, calm: Service) -> None:
    """Without --yes nothing is sent; a dry run tells what would be, and what is in use."""
    before = calm.calls().get("Workspaces_Delete", 0)
    ended = on_calm("delete-workspace", calm.workspace)
    assert ended.code == 2
    assert "cannot be undone" in ended.err
    dry = on_calm("purge-workspace", calm.workspace, "--dry-run")
    assert dry.code == 0
    assert "forceToPurge=true" in dry.out
    assert "--permanently-delete" in dry.out
    assert "of them on" in dry.err
    assert calm.calls().get("Workspaces_Delete", 0) == before


def test_a_registry_is_neither_diagnosed_nor_deleted(on_busy: Amltui) -> None:
    """It is listed with the workspaces: what cannot be done to it is said in one sentence."""
    asked = on_busy("diagnose", "contoso-shared")
    assert (asked.code, asked.out) == (2, "")
    assert "contoso-shared is a registry: only workspaces are diagnosed" in asked.complaint
    kept = on_busy("workspace", "delete", "contoso-shared", "--yes")
    assert kept.code == 1
    assert "contoso-shared is a registry" in kept.err
