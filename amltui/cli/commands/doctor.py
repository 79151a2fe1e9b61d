"""`amltui doctor`: who am I, what answers and how fast, and what this terminal can do."""

from __future__ import annotations

import argparse
import asyncio
import platform
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field
from msgspec.structs import asdict

from amltui import __version__
from amltui.azure.errors import AzureError
from amltui.cli import records, session, surroundings
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import DONE, FAILED, code_of, sentence, worst
from amltui.cli.settings import Settings
from amltui.kinds.format import literal

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient
    from amltui.azure.identity import Identity
    from amltui.domain.arm_id import WorkspaceId

T = TypeVar("T")

MOST = 20
"""Workspaces that are asked one by one."""
_MARKS = {True: "ok", False: "FAIL", None: ""}


class Finding(Struct, frozen=True):
    """One line of the report."""

    what: str
    ok: bool | None
    """None is for what is neither right nor wrong."""
    told: str
    milliseconds: float | None = None

    def __str__(self) -> str:
        took = "" if self.milliseconds is None else f"  {self.milliseconds:.0f} ms"
        return f"{_MARKS[self.ok]:<4} {literal(self.what):<14} {literal(self.told)}{took}"


class Report(Struct):
    """What was found, in the order in which it is told, and the exit codes of what failed."""

    findings: list[Finding] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)

    def note(self, what: str, told: str, ok: bool | None = None) -> None:
        self.findings.append(Finding(what, ok, told))
        self.codes.append(FAILED if ok is False else DONE)

    async def ask(
        self, what: str, question: Callable[[], Awaitable[T]], tell: Callable[[T], str]
    ) -> T | None:
        """Ask, and note the answer and how long it took; None if it was an error."""
        began = time.perf_counter()
        try:
            answer = await question()
        except AzureError as error:
            self.findings.append(Finding(what, False, sentence(error)))
            self.codes.append(code_of(error))
            return None
        took = round((time.perf_counter() - began) * 1000, 1)
        self.findings.append(Finding(what, True, tell(answer), took))
        return answer


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "doctor", "check sign-in, services and terminal")
    made.add_argument("-o", "--output", choices=("table", "json"), default="table")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_examine(asked, settings)))


async def _examine(asked: argparse.Namespace, settings: Settings) -> int:
    report = Report()
    report.note("version", f"amltui {__version__}, Python {platform.python_version()}")
    report.note("configuration", str(settings.config or "no file"))
    report.note("network", ", ".join(surroundings.network()) or "no proxy, usual certificates")
    for what, ok, told in surroundings.terminal():
        report.note(what, told, ok)
    client = await report.ask(
        "cloud",
        lambda: session.connect(settings),
        lambda client: f"{client.cloud.name} at {client.cloud.arm}",
    )
    if client is not None:
        try:
            await _services(report, client, settings)
        finally:
            await client.aclose()
    if asked.output == "json":
        print(records.to_json([asdict(finding) for finding in report.findings]))
    else:
        for finding in report.findings:
            print(finding)
    return worst(report.codes)


async def _services(report: Report, client: AzureClient, settings: Settings) -> None:
    from amltui.azure import identity, places, subscriptions

    def who_is(who: Identity) -> str:
        until = f", until {who.expires:%H:%M} UTC" if who.expires else ""
        how = who.credential or settings.auth
        return f"{who.name or 'somebody'} by {how}, tenant {who.tenant or 'unknown'}{until}"

    if await report.ask("sign-in", lambda: identity.who(client), who_is) is None:
        return
    await report.ask("subscriptions", lambda: subscriptions.list_all(client), _readable)
    found = await report.ask(
        "workspaces",
        lambda: places.find(client, settings.wish, all_workspaces=True),
        lambda found: f"{found[0].name} was named" if settings.wish.exact else _readable(found),
    )
    if found is None:
        return
    for part in await asyncio.gather(*(_workspace(client, place) for place in found[:MOST])):
        report.findings += part.findings
        report.codes += part.codes
    if len(found) > MOST:
        report.note("workspaces", f"{len(found) - MOST} more were not asked")


async def _workspace(client: AzureClient, place: WorkspaceId) -> Report:
    from amltui.azure import computes

    report, here = Report(), client.workspace(place)

    async def ask() -> int:
        await here.services()
        return len((await computes.list_all(here)).items)

    await report.ask(place.name, ask, lambda count: f"data plane found, {count} computes")
    return report


def _readable(found: tuple[object, ...]) -> str:
    return f"{len(found)} can be read"
