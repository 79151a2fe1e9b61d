"""`amltui doctor`: who am I, what answers and how fast, and what this terminal can do."""

from __future__ import annotations

import argparse
import asyncio
import locale
import os
import platform
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from amltui import __version__
from amltui.azure.errors import AzureError
from amltui.cli import records, session
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import DONE, FAILED, NOT_SIGNED_IN, code_of, sentence
from amltui.cli.settings import Settings
from amltui.kinds.format import literal

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient

MOST = 20
"""Workspaces that are asked one by one."""


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    what: str
    ok: bool | None
    """None is for what is neither right nor wrong."""
    told: str
    milliseconds: float | None = None


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "doctor", "check sign-in, services and terminal")
    made.add_argument("-o", "--output", choices=("table", "json"), default="table")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_examine(asked, settings)))


async def _examine(asked: argparse.Namespace, settings: Settings) -> int:
    findings = [
        Finding("version", None, f"amltui {__version__}, Python {platform.python_version()}"),
        Finding("configuration", None, str(settings.config or "no file")),
        Finding("cloud", None, f"{settings.cloud}, sign-in by {settings.auth}"),
        Finding("proxies", None, ", ".join(_proxies()) or "none"),
        *_terminal(),
    ]
    code = DONE
    try:
        async with session.signed_in(settings) as client:
            findings += await _services(client, settings)
    except AzureError as error:
        findings.append(Finding("sign-in", False, sentence(error)))
        code = code_of(error)
    if code == DONE and any(finding.ok is False for finding in findings):
        code = FAILED
    if asked.output == "json":
        print(records.to_json([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            mark = {True: "ok  ", False: "FAIL", None: "    "}[finding.ok]
            took = f"  {finding.milliseconds:.0f} ms" if finding.milliseconds is not None else ""
            print(f"{mark} {finding.what:<14} {literal(finding.told)}{took}")
    return NOT_SIGNED_IN if code == NOT_SIGNED_IN else code


async def _services(client: AzureClient, settings: Settings) -> list[Finding]:
    from amltui.azure import identity, places, subscriptions

    who, took = await _timed(lambda: identity.who(client))
    until = f", until {who.expires:%H:%M} UTC" if who.expires else ""
    findings = [
        Finding(
            "sign-in",
            True,
            f"{who.name or 'somebody'} by {who.credential or settings.auth}"
            f", tenant {who.tenant or 'unknown'}{until}",
            took,
        )
    ]
    listed, took = await _timed(lambda: subscriptions.list_all(client))
    findings.append(Finding("subscriptions", True, f"{len(listed)} can be read", took))
    found, took = await _timed(lambda: places.find(client, settings.wish, all_workspaces=True))
    findings.append(Finding("workspaces", True, f"{len(found)} can be read", took))
    checks = [_workspace(client, place) for place in found[:MOST]]
    findings += await asyncio.gather(*checks)
    if len(found) > MOST:
        findings.append(Finding("workspaces", None, f"{len(found) - MOST} more were not asked"))
    return findings


async def _workspace(client: AzureClient, place: Any) -> Finding:
    from amltui.azure import computes

    here = client.workspace(place)

    async def ask() -> int:
        await here.services()
        return len((await computes.list_all(here)).items)

    try:
        count, took = await _timed(ask)
    except AzureError as error:
        return Finding(place.name, False, sentence(error))
    return Finding(place.name, True, f"data plane found, {count} computes", took)


async def _timed(ask: Callable[[], Awaitable[Any]]) -> tuple[Any, float]:
    began = time.perf_counter()
    answer = await ask()
    return answer, (time.perf_counter() - began) * 1000


def _terminal() -> list[Finding]:
    size = shutil.get_terminal_size()
    names = {"TMUX": "tmux", "STY": "screen", "SSH_CONNECTION": "SSH"}
    inside = [name for variable, name in names.items() if os.environ.get(variable)]
    kind = os.environ.get("TERM") or "not set"
    colours = os.environ.get("COLORTERM") or "not announced"
    encoding = locale.getpreferredencoding(False)
    large = size.columns >= 60 and size.lines >= 16
    return [
        Finding(
            "terminal",
            None if not sys.stdout.isatty() else kind not in {"not set", "dumb"},
            f"TERM {kind}, COLORTERM {colours}, {', '.join(inside) or 'no multiplexer'}",
        ),
        Finding(
            "size",
            large if sys.stdout.isatty() else None,
            f"{size.columns}×{size.lines}" + ("" if large else "; the dashboard wants 60×16"),
        ),
        Finding(
            "encoding",
            "UTF" in encoding.upper(),
            encoding + ("" if "UTF" in encoding.upper() else "; set LC_ALL to a UTF-8 locale"),
        ),
    ]


def _proxies() -> list[str]:
    """Names only: a proxy's URL may hold a password."""
    names = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE")
    return [name for name in names if os.environ.get(name) or os.environ.get(name.lower())]
