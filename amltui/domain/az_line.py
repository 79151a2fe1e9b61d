"""A line of the Azure CLI, pasted as it was typed: what it is about."""

from __future__ import annotations

import shlex

from amltui.domain.arm_id import WorkspaceId

_GROUPS = {
    "job": "job",
    "compute": "compute",
    "model": "model",
    "online-endpoint": "endpoint",
    "batch-endpoint": "endpoint",
    "serverless-endpoint": "endpoint",
    "online-deployment": "endpoint",
    "batch-deployment": "endpoint",
    "data": "data",
    "datastore": "datastore",
    "environment": "environment",
    "component": "component",
    "schedule": "schedule",
    "workspace": "workspace",
}
"""Kinds by what stands behind `az ml`."""
_OPTIONS = {
    "-n": "name",
    "--name": "name",
    "-e": "endpoint",
    "--endpoint-name": "endpoint",
    "-w": "workspace",
    "--workspace-name": "workspace",
    "-g": "group",
    "--resource-group": "group",
    "--subscription": "subscription",
}


def read(text: str) -> tuple[str, str, WorkspaceId | None] | None:
    """Kind, name and place of `az ml job show -n X -w W`; None where there is no name.

    What the line leaves out of the place, as the CLI's defaults allow, is empty.
    """
    try:
        words = shlex.split(text)
    except ValueError:
        return None
    if words[:1] == ["$"]:
        words = words[1:]
    if words[:2] != ["az", "ml"] or len(words) < 3 or words[2] not in _GROUPS:
        return None
    kind, told = _GROUPS[words[2]], _options(words[3:])
    name = told.get("name", "")
    if kind == "endpoint":
        name = told.get("endpoint") or name
    if kind == "workspace":
        name = told.setdefault("workspace", name)
    if not name or name.startswith("-"):
        return None
    parts = [told.get(part, "") for part in ("subscription", "group", "workspace")]
    return kind, name, WorkspaceId(*parts) if any(parts) else None


def _options(words: list[str]) -> dict[str, str]:
    """Values by what they are, also of `--name=X`."""
    told: dict[str, str] = {}
    waiting = None
    for word in words:
        flag, equals, value = word.partition("=")
        if waiting is not None:
            told[waiting], waiting = word, None
        elif flag in _OPTIONS and equals:
            told[_OPTIONS[flag]] = value
        elif flag in _OPTIONS:
            waiting = _OPTIONS[flag]
    return told
