"""Command lines that do what a key does, to be pasted into a shell whatever a name has in it."""

from __future__ import annotations

import shlex

from amltui.domain.arm_id import WorkspaceId


def az_ml(verb: str, place: WorkspaceId, words: str) -> str:
    """`az ml job cancel -n NAME` in a workspace; the words are quoted already."""
    return f"az ml {verb} {words} -w {shlex.quote(place.name)} {group(place)}"


def group(place: WorkspaceId) -> str:
    """Where the workspace itself is."""
    subscription = shlex.quote(place.subscription_id)
    return f"-g {shlex.quote(place.resource_group)} --subscription {subscription}"
