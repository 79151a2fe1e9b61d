"""Where the dashboard keeps what it remembers, and for which way of starting it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    from amltui.kinds.registry import ENTRIES

    def resource(kind: str) -> type[Any] | None:
        return next(entry.kind.resource for entry in ENTRIES if entry.name == kind)

    file = CacheFile(place(settings))
    return Memory(file, entrance(settings, environment), resource, SystemClock())


def entrance(settings: Settings, environment: Mapping[str, str]) -> str:
    """All that decides who will be signed in where, and which workspaces are looked at."""
    wish = settings.wish
    asks_cli = settings.auth in {"auto", "cli"}
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
            _cli_account(environment) if asks_cli else None,
        ]
    )


def _cli_account(environment: Mapping[str, str]) -> list[str] | None:
    """Tenant and user that the Azure CLI would sign in, as its profile says; None if it does not.

    So that after `az login` as somebody else nothing of the one before is shown, not for a second.
    """
    folder = environment.get("AZURE_CONFIG_DIR") or "~/.azure"
    try:
        # The CLI writes a byte-order mark.
        text = (Path(folder).expanduser() / "azureProfile.json").read_text(encoding="utf-8-sig")
        chosen = next(each for each in json.loads(text)["subscriptions"] if each["isDefault"])
        return [str(chosen["tenantId"]), str(chosen["user"]["name"])]
    except (OSError, ValueError, LookupError, TypeError, StopIteration):
        return None
