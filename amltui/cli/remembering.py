"""Where the dashboard keeps what it remembers, and for which way of starting it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from amltui.cli.settings import Settings

if TYPE_CHECKING:
    from amltui.feeds.cache.memory import Memory

NAME = "cache.sqlite3"
_IDENTITY = ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CONFIG_DIR", "AZURE_FEDERATED_TOKEN_FILE")
"""Variables that decide who signs in; none of them is a secret."""


def place(settings: Settings) -> Path:
    """The file, which need not be there."""
    if settings.cache_dir is not None:
        return Path(settings.cache_dir).expanduser() / NAME
    from platformdirs import user_cache_path

    return user_cache_path("amltui") / NAME


def memory(settings: Settings, environment: Mapping[str, str]) -> Memory:
    """What is remembered of starts like this one."""
    from amltui.feeds.cache.file import CacheFile
    from amltui.feeds.cache.memory import Memory
    from amltui.feeds.clock import SystemClock
    from amltui.kinds.registry import KINDS

    kinds = {kind.name: kind.resource for kind in KINDS if kind.resource is not None}
    return Memory(CacheFile(place(settings)), entrance(settings, environment), kinds, SystemClock())


def entrance(settings: Settings, environment: Mapping[str, str]) -> str:
    """All that decides who will be signed in where, and which workspaces are looked at."""
    wish = settings.wish
    return json.dumps(
        [
            settings.cloud.strip().rstrip("/").lower(),
            settings.auth,
            settings.tenant,
            wish.subscription,
            wish.resource_group,
            wish.workspace,
            settings.all_workspaces,
            *(environment.get(name) for name in _IDENTITY),
        ]
    )
