"""`amltui start|stop|restart|cancel NAME…`: the actions that the kinds declare."""

from __future__ import annotations

import argparse
import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from amltui.azure.errors import AzureError, Conflict, OperationFailed
from amltui.cli import find, records, session
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import DONE, code_of, say, sentence, worst
from amltui.cli.settings import Settings
from amltui.kinds.format import literal
from amltui.kinds.kind import Action, Kind
from amltui.kinds.registry import KINDS

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient

MOST = 600
"""Looks at a resource whose operation is over but which is still in transition."""
PAUSE = 1.0


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    for kind in KINDS:
        for action in kind.actions:
            about = f"{action.name} {kind.noun[1]}"
            made = command(parsers, action.name, about)
            made.add_argument("names", metavar="NAME", nargs="+")
            made.add_argument("--wait", action="store_true", help="until it is done")
            made.add_argument("--dry-run", action="store_true", help="only say what would be sent")
            made.add_argument("-o", "--output", choices=("table", "json"), default="table")
            made.set_defaults(run=partial(_run, kind, action))


def _run(
    kind: Kind[Any], action: Action[Any], asked: argparse.Namespace, settings: Settings
) -> int:
    return asyncio.run(_perform(kind, action, asked, settings))


async def _perform(
    kind: Kind[Any], action: Action[Any], asked: argparse.Namespace, settings: Settings
) -> int:
    async with session.signed_in(settings) as client:
        places = await session.scope(client, settings)

        async def one(name: str) -> tuple[dict[str, Any], int]:
            told: dict[str, Any] = {"name": name, "workspace": None, "action": action.name}
            try:
                resource = await find.one(client, kind, places, name)
                told["workspace"] = resource.workspace.name
                result = await _act(client, kind, action, resource, asked)
            except AzureError as error:
                told |= {"result": "failed", "error": str(error), "request_id": error.request_id}
                said = sentence(error)
                say(said if name in said else f"{literal(name)}: {said}")
                return told, code_of(error)
            told |= {"result": result, "error": None, "request_id": None}
            if asked.output == "table":
                print(f"{literal(name)}: {result}")
            return told, DONE

        ends = await asyncio.gather(*(one(name) for name in dict.fromkeys(asked.names)))
    if asked.output == "json":
        print(records.to_json([told for told, _ in ends]))
    return worst([code for _, code in ends])


async def _act(
    client: AzureClient,
    kind: Kind[Any],
    action: Action[Any],
    resource: Any,
    asked: argparse.Namespace,
) -> str:
    """Do it to one resource; how far it came."""
    refusal = action.refusal(resource)
    if refusal is not None:
        raise Conflict(refusal)
    if asked.dry_run:
        return f"would send {action.request(resource)}  # {action.command(resource)}"
    place = client.workspace(resource.workspace)
    operation = await action.run(place, resource)
    if not asked.wait:
        return f"{action.doing}, accepted"
    if operation is not None:
        await client.wait_for(operation)
    for _ in range(MOST):
        now = await find.one(client, kind, (resource.workspace,), resource.name)
        if not now.health.moving:
            return action.done
        await asyncio.sleep(PAUSE)
    raise OperationFailed(f"{resource.name} is still {action.doing}: not waited for any longer")
