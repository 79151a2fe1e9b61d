"""`amltui diagnose WORKSPACE`: what the service finds wrong with one."""

from __future__ import annotations

import argparse
import asyncio

from amltui.cli import find, records, session
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import DONE, FAILED, Usage, say
from amltui.cli.settings import Settings
from amltui.domain.health import Health
from amltui.kinds.format import literal, one_line
from amltui.kinds.workspace import WORKSPACE


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "diagnose", "what the service finds wrong with a workspace")
    made.add_argument("name", metavar="NAME")
    made.add_argument("-o", "--output", choices=("table", "json"), default="table")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_diagnose(asked, settings)))


async def _diagnose(asked: argparse.Namespace, settings: Settings) -> int:
    """1 where it finds an error."""
    from amltui.azure import workspace_changes

    async with session.signed_in(settings) as client:
        workspace = await find.one(client, WORKSPACE, (), asked.name)
        if workspace.is_registry:
            raise Usage(f"{workspace.name} is a registry: only workspaces are diagnosed")
        found = await workspace_changes.diagnose(client.workspace(workspace.id))
    if asked.output == "json":
        told = [
            {"area": f.area, "level": f.level, "code": f.code, "message": f.message} for f in found
        ]
        print(records.to_json(told))
    else:
        for each in found:
            print(literal(one_line(f"{each.level}  {each.area}  {each.code}: {each.message}")))
    say(f"{literal(workspace.name)}: {workspace_changes.told_of(found)}")
    return FAILED if any(each.health is Health.BAD for each in found) else DONE
